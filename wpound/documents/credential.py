"""A certificate as data that anybody can check: a W3C Verifiable Credential 2.0, signed with Ed25519.

The proof is of the suite eddsa-jcs-2022 (W3C, Data Integrity EdDSA Cryptosuites 1.0): the signature stands over two
SHA-256 hashes, of the proof without its value and of the document without its proof, both as canonical JSON
(RFC 8785). All our numbers are text and all our keys plain letters, so that an ordinary JSON library that sorts keys
writes the same bytes.
"""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from typing import Any
from zoneinfo import ZoneInfo

from wpound.core.periods import format_day
from wpound.documents.certificate_facts import CertificateFacts
from wpound.documents.credential_keys import KeyRing, SigningKey, decode_base58, encode_base58

CREDENTIAL_NAME = "certificate.json"
# The order matters: a reader that knows version 2 alone looks at the first.
CONTEXTS = ["https://www.w3.org/ns/credentials/v2", {"@vocab": "urn:wpound:certificate#"}]
TYPES = ["VerifiableCredential", "SocialValueCertificate"]
SUITE = "eddsa-jcs-2022"
# What a certificate's two bits in the list of messages say.
MESSAGES = ("valid", "revoked", "superseded", "expired")
# Each list by its purpose: how many bits an entry has. The first is the one that every reader of credentials knows.
STATUS_LISTS = {"revocation": 1, "message": 2}
LONDON = ZoneInfo("Europe/London")
LAST_SECOND = time(23, 59, 59)
NOT_SIGNED = "The data carries no signature of this kind."
UNKNOWN_KEY = "The data was not signed with a key this checker trusts."
CHANGED = "The data was changed after it was signed, or is damaged."
WRONG_TIME = "The data was signed at a time when its key was not in use."


@dataclass(frozen=True, slots=True)
class CredentialCheck:
    """The answer about signed data: ``facts`` are given only where the signature holds."""

    problems: tuple[str, ...]
    facts: CertificateFacts | None = None
    signed_at: datetime | None = None

    @property
    def ok(self) -> bool:
        """Whether nothing at all is wrong with it."""
        return self.facts is not None and not self.problems


def make_credential(facts: CertificateFacts, keys_url: str, lists_url: str, index: int) -> dict[str, Any]:
    """The facts as an unsigned credential.

    ``keys_url`` is where the keys are published and so the issuer's identifier; ``lists_url`` is where its status
    lists lie, in which it has the place ``index``.
    """
    return {
        "@context": CONTEXTS,
        "id": facts.verify_url,
        "type": TYPES,
        "name": f"Social value certificate {facts.serial}",
        "issuer": {"id": keys_url, "name": facts.issuer},
        "validFrom": datetime.combine(facts.issued_on, time(), LONDON).isoformat(),
        "validUntil": datetime.combine(facts.expires_on, LAST_SECOND, LONDON).isoformat(),
        "credentialStatus": [_status_entry(purpose, lists_url, index) for purpose in STATUS_LISTS],
        "credentialSubject": {"type": "SocialValueDelivery", **facts.to_dict()},
    }


def _status_entry(purpose: str, lists_url: str, index: int) -> dict[str, Any]:
    entry: dict[str, Any] = {
        "id": f"{lists_url}/{purpose}.json#{index}",
        "type": "BitstringStatusListEntry",
        "statusPurpose": purpose,
        "statusListIndex": str(index),
        "statusListCredential": f"{lists_url}/{purpose}.json",
    }
    if STATUS_LISTS[purpose] > 1:
        entry["statusSize"] = STATUS_LISTS[purpose]
        entry["statusMessage"] = [{"status": hex(number), "message": said} for number, said in enumerate(MESSAGES)]
    return entry


def sign_credential(document: Mapping[str, Any], key: SigningKey, at: datetime) -> dict[str, Any]:
    """The document with its proof; the issuer's identifier is where the key is published."""
    proof = {
        "@context": document["@context"],
        "type": "DataIntegrityProof",
        "cryptosuite": SUITE,
        "created": at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
        "verificationMethod": f"{_issuer_of(document)}#{key.public.multibase}",
        "proofPurpose": "assertionMethod",
    }
    signature = key.private.sign(_what_is_signed(document, proof))
    return {**document, "proof": {**proof, "proofValue": f"z{encode_base58(signature)}"}}


def write_credential(credential: Mapping[str, Any]) -> bytes:
    """A credential as canonical JSON: one credential is always the same bytes."""
    import rfc8785

    return rfc8785.dumps(dict(credential))


def check_credential(content: bytes, ring: KeyRing, today: date | None = None) -> CredentialCheck:
    """Check signed data: its form, its signature, its facts, and with ``today`` whether it has expired.

    Whether it was revoked is not written in it: look it up in the status list it names.
    """
    try:
        credential = json.loads(content)
        # Whatever JSON lets people write in two ways is refused: these are the bytes that were handed out, or not.
        if not isinstance(credential, dict) or write_credential(credential) != content:
            return CredentialCheck((CHANGED,))
    except (ValueError, RecursionError):
        return CredentialCheck((CHANGED,))
    return check_document(credential, ring, today)


def check_document(credential: Mapping[str, Any], ring: KeyRing, today: date | None = None) -> CredentialCheck:
    """The same of data that was read already."""
    problem, signed_at = check_signature(credential, ring)
    if problem:
        return CredentialCheck((problem,))
    try:
        facts = CertificateFacts.from_dict(
            {name: value for name, value in credential["credentialSubject"].items() if name != "type"}
        )
    except (KeyError, AttributeError, ValueError):
        return CredentialCheck(("The data is signed but is no social value certificate.",))
    expired = today is not None and today > facts.expires_on
    problems = (f"The certificate expired on {format_day(facts.expires_on)}.",) if expired else ()
    return CredentialCheck(problems, facts, signed_at)


def check_signature(document: Mapping[str, Any], ring: KeyRing) -> tuple[str | None, datetime | None]:
    """What is wrong with the signature of a document, None where nothing is, and when it was made."""
    from cryptography.exceptions import InvalidSignature

    try:
        proof = dict(document["proof"])
        value = str(proof.pop("proofValue"))
        named = str(proof["verificationMethod"]).rpartition("#")
        signed_at = datetime.fromisoformat(proof["created"])
        sound = proof["cryptosuite"] == SUITE and proof["proofPurpose"] == "assertionMethod" and value.startswith("z")
        if not sound or proof["@context"] != document["@context"] or named[0] != _issuer_of(document):
            return NOT_SIGNED, None
    except (KeyError, TypeError, ValueError):
        return NOT_SIGNED, None
    key = ring.find(named[2])
    if key is None:
        return UNKNOWN_KEY, None
    try:
        key.public.verify(decode_base58(value.removeprefix("z")), _what_is_signed(document, proof))
    except (InvalidSignature, ValueError):
        return CHANGED, None
    return (None if key.was_in_use(signed_at) else WRONG_TIME), signed_at


def _issuer_of(document: Mapping[str, Any]) -> str:
    issuer = document["issuer"]
    return str(issuer["id"]) if isinstance(issuer, dict) else str(issuer)


def _what_is_signed(document: Mapping[str, Any], proof: Mapping[str, Any]) -> bytes:
    import rfc8785

    bare = {name: value for name, value in document.items() if name != "proof"}
    return b"".join(hashlib.sha256(rfc8785.dumps(part)).digest() for part in (dict(proof), bare))
