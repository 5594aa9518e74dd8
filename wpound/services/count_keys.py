"""What a supplier calls a person, event or asset: known to the database by a pseudonym, and readable by the supplier.

The pseudonym is an HMAC under a key that is not in the database: who steals a copy can neither read it back nor try
payroll numbers. A person's is made with the supplier's number, as every firm has an employee 12; one of an event or
asset is the same whoever writes it, so that a fair is not counted in full by two firms.
"""

import hmac
from dataclasses import dataclass

from wpound.config import Settings
from wpound.core.claim_counting import EntryKind
from wpound.core.references import normal_reference
from wpound.services.open_server_key import open_pseudonym_key
from wpound.store.sealing import give_back, keep
from wpound.store.types import canonical_json

# A reference has at most 80 signs; nearly all of them fit one block, so that its length is not told.
REFERENCE_BLOCK = 96


@dataclass(frozen=True, slots=True)
class Pseudonyms:
    """The two keys drawn from the server's: one to recognise by, one to read again with."""

    recognising: bytes
    reading: bytes

    def name(self, kind: EntryKind, reference: str, supplier_id: int) -> str:
        """The pseudonym of a reference, in hexadecimal; the same for every spelling that means the same."""
        owner = supplier_id if kind is EntryKind.PERSON else None
        told = canonical_json([kind.value, owner, normal_reference(reference)])
        return hmac.digest(self.recognising, told.encode(), "sha256").hex()

    def seal(self, reference: str, claim_id: int, key: str) -> bytes:
        """A reference encrypted for its place: it cannot be moved to another claim or pseudonym."""
        return keep(self.reading, reference.encode(), {"claim": claim_id, "key": key}, REFERENCE_BLOCK)

    def read(self, sealed: bytes | None, claim_id: int, key: str) -> str | None:
        """The reference again, for the supplier's own pages only; None where it was purged. Raises StateError."""
        return None if sealed is None else give_back(self.reading, sealed, {"claim": claim_id, "key": key}).decode()


def open_pseudonyms(settings: Settings) -> Pseudonyms:
    """The keys of this installation; raises StateError where its key file holds none any more."""
    key = open_pseudonym_key(settings)
    recognising, reading = (hmac.digest(key, f"wpound {use}".encode(), "sha256") for use in ("pseudonym", "reference"))
    return Pseudonyms(recognising, reading)
