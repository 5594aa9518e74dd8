"""Keep the files that prove a claim: checked, looked through for malware, known by their hash, given to both sides."""

from collections.abc import Collection, Iterable, Mapping, Sequence

from sqlalchemy.orm import Session

from wpound.config import Settings
from wpound.core.delivery import ClaimState
from wpound.core.errors import InputError, NotFound, StateError
from wpound.core.merkle import merkle_root
from wpound.ingest.uploads import MOST_FILES
from wpound.services.access import Person
from wpound.services.check_file import CheckedFile
from wpound.services.reach_return import find_claim, hold_own_return, reach_own_return, reach_return
from wpound.services.tell_return import tell_audit
from wpound.store.base import add, touch
from wpound.store.evidence import get_evidence, list_evidence
from wpound.store.evidence_folder import drop_after_commit, put_evidence
from wpound.store.file_folder import get_file_content
from wpound.store.models.contracts import Contract
from wpound.store.models.evidence import Evidence
from wpound.store.models.returns import Claim, ReturnStatus, SocialValueReturn
from wpound.store.returns import list_claim_versions

FOLDER = "evidence"
MOST_OF_RETURN = 200 * 1024 * 1024
LONGEST_DESCRIPTION = 300


def add_evidence(
    session: Session,
    person: Person,
    return_id: int,
    claim_id: int,
    file: CheckedFile,
    *,
    description: str,
    has_personal_data: bool,
    settings: Settings,
) -> Evidence:
    """Put a checked file behind a claim of the supplier's own that is not sent yet, or was queried.

    Raises InputError (field ``file`` or ``description``), StateError where the claim is with the buyer,
    and NotFound for a claim of another supplier.
    """
    found, contract, claim = _hold_open_claim(session, person, return_id, claim_id)
    _require_room(list_evidence(session, claim_ids=[one.id for one in found.claims]), claim, file)
    words = " ".join(description.split())
    if not words or len(words) > LONGEST_DESCRIPTION:
        raise InputError("description", f"Say what the file shows, in up to {LONGEST_DESCRIPTION} characters.")
    sha256 = put_evidence(session, settings.data_dir / FOLDER, file.content)
    row = Evidence(claim_id=claim.id, sha256=sha256, name=file.name, media_type=file.media_type, description=words)
    row.byte_count, row.has_personal_data = len(file.content), has_personal_data
    row.added_by, row.scanned_by = person.email, file.scanned_by
    add(session, row)
    tell_audit(session, found, contract, person, "evidence.added", _facts(row), claim)
    return row


def remove_evidence(
    session: Session, person: Person, return_id: int, claim_id: int, evidence_id: int, *, settings: Settings
) -> Evidence:
    """Take a file away from a claim that is not sent yet, or was queried; versions that were sent keep its hash.

    The file leaves the disk unless another claim has it too. Raises as :func:`add_evidence` does.
    """
    found, contract, claim = _hold_open_claim(session, person, return_id, claim_id)
    row = get_evidence(session, evidence_id, claim_ids=[claim.id])
    session.delete(row)
    tell_audit(session, found, contract, person, "evidence.removed", _facts(row), claim)
    drop_after_commit(session, settings.data_dir / FOLDER, row.sha256)
    return row


def open_own_evidence(
    session: Session, person: Person, return_id: int, claim_id: int, evidence_id: int, *, settings: Settings
) -> tuple[Evidence, bytes]:
    """A file behind a claim of the supplier's own, as it was sent; raises NotFound for any other, or once purged."""
    found, _ = reach_own_return(session, person, return_id)
    claim = find_claim(session, found, claim_id)
    return _open(get_evidence(session, evidence_id, claim_ids=[claim.id]), settings)


def open_evidence(
    session: Session, person: Person, return_id: int, evidence_id: int, *, settings: Settings
) -> tuple[Evidence, bytes]:
    """A file that a supplier sent to the buyer of this person; raises NotFound for any other, or once purged."""
    found, _ = reach_return(session, person, return_id)
    for files in list_sent_evidence(session, found.claims).values():
        for row in files:
            if row.id == evidence_id:
                return _open(row, settings)
    raise NotFound("There is no such file in this return.")


def list_sent_evidence(session: Session, claims: Collection[Claim]) -> dict[int, list[Evidence]]:
    """The files behind claims as the buyer may see them: of a queried line those that were sent with it last.

    What the supplier adds while it answers is its own until it has answered.
    """
    found = list_evidence(session, claim_ids=[claim.id for claim in claims])
    queried = [claim.id for claim in claims if claim.state is ClaimState.QUERIED]
    # The newest version of a claim comes last.
    sent = {one.claim_id: set(one.content["evidence"]) for one in list_claim_versions(session, claim_ids=queried)}
    for claim_id, hashes in sent.items():
        found[claim_id] = [row for row in found.get(claim_id, []) if row.sha256 in hashes]
    return found


def evidence_root(session: Session, claim_ids: Iterable[int]) -> str:
    """The Merkle root over the files behind claims, by claim and in the order added; purged files count on."""
    found = list_evidence(session, claim_ids=claim_ids)
    return merkle_root([row.sha256 for files in found.values() for row in files])


def may_change(found: SocialValueReturn, claim: Claim) -> bool:
    """Whether the supplier may add and remove files of a line now."""
    return found.status is ReturnStatus.DRAFT or claim.state is ClaimState.QUERIED


def _hold_open_claim(
    session: Session, person: Person, return_id: int, claim_id: int
) -> tuple[SocialValueReturn, Contract, Claim]:
    found, contract = hold_own_return(session, person, return_id)
    claim = find_claim(session, found, claim_id)
    if not may_change(found, claim):
        raise StateError("This line is with the buyer. Files can be changed again only if the buyer queries it.")
    # Whoever is about to send the return looks at it again.
    touch(found)
    return found, contract, claim


def _require_room(files: Mapping[int, Sequence[Evidence]], claim: Claim, file: CheckedFile) -> None:
    """Raise InputError for the same file again, one too many, or more bytes than a return holds."""
    own = files.get(claim.id, ())
    same = next((row for row in own if row.sha256 == file.sha256), None)
    if same is not None:
        raise InputError("file", f"This file is behind this line already, as {same.name}. Choose another file.")
    if len(own) >= MOST_FILES:
        raise InputError("file", f"A line holds at most {MOST_FILES} files. Remove one first, or join two into one.")
    kept = sum(row.byte_count for rows in files.values() for row in rows)
    if kept + len(file.content) > MOST_OF_RETURN:
        most, left = MOST_OF_RETURN >> 20, max(MOST_OF_RETURN - kept, 0) // 1024
        raise InputError("file", f"All files of a return together hold at most {most} MB; {left:,} KB are left.")


def _facts(row: Evidence) -> dict[str, str | int]:
    return {"file": row.sha256, "bytes": row.byte_count}


def _open(row: Evidence, settings: Settings) -> tuple[Evidence, bytes]:
    if row.purged_at is not None:
        raise NotFound("This file was deleted because it may be kept no longer. Its hash is still on record.")
    return row, get_file_content(settings.data_dir / FOLDER, row.sha256)
