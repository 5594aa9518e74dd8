"""The signed data of a certificate: what a stranger with an ordinary library finds, and what no stranger can change."""

import gzip
import hashlib
import json
import random
import stat
from base64 import urlsafe_b64decode
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from hypothesis import given
from hypothesis import strategies as st

from wpound.core.errors import InputError, StateError
from wpound.documents import credential as credentials
from wpound.documents.certificate_facts import CertificateFacts
from wpound.documents.credential import check_credential, check_signature, sign_credential, write_credential
from wpound.documents.credential_keys import (
    FOLDER,
    KeyRing,
    PublicKey,
    SigningKey,
    decode_base58,
    encode_base58,
    list_keys,
    open_key,
    publish_keys,
    read_keys,
    rotate_key,
)
from wpound.documents.status_list import PLACES, encode_list

NOON = datetime(2026, 5, 1, 12, tzinfo=UTC)
# Appendix B of the W3C recommendation Data Integrity EdDSA Cryptosuites 1.0: signed there, checked here.
W3C_KEY = "z6MkrJVnaZkeFzdQyMZu1cgjg7k1pZZ6pvBQ7XJPt4swbTQ2"
W3C_CONTEXTS = ["https://www.w3.org/ns/credentials/v2", "https://www.w3.org/ns/credentials/examples/v2"]
W3C_DOCUMENT = {
    "@context": W3C_CONTEXTS,
    "id": "urn:uuid:58172aac-d8ba-11ed-83dd-0b3aef56cc33",
    "type": ["VerifiableCredential", "AlumniCredential"],
    "name": "Alumni Credential",
    "description": "A minimum viable example of an Alumni Credential.",
    "issuer": "https://vc.example/issuers/5678",
    "validFrom": "2023-01-01T00:00:00Z",
    "credentialSubject": {"id": "did:example:abcdefgh", "alumniOf": "The School of Examples"},
    "proof": {
        "type": "DataIntegrityProof",
        "cryptosuite": "eddsa-jcs-2022",
        "created": "2023-02-24T23:36:38Z",
        "verificationMethod": f"https://vc.example/issuers/5678#{W3C_KEY}",
        "proofPurpose": "assertionMethod",
        "@context": W3C_CONTEXTS,
        "proofValue": "z63t83Y53KfzJ5ZosfKTnqfMcKB2dmTrfjSaQjeNNjAD5srBowQfmWqeRb8rRjmeEuCBEsddF9LsVogtuTsijJKh4",
    },
}


def test_the_worked_example_of_the_standard_holds_and_breaks() -> None:
    ring = KeyRing((PublicKey(W3C_KEY, datetime(2023, 1, 1, tzinfo=UTC)),))
    assert check_signature(W3C_DOCUMENT, ring)[0] is None
    assert check_signature(W3C_DOCUMENT | {"name": "Alumni"}, ring)[0] == credentials.CHANGED


def test_it_has_the_shape_of_a_verifiable_credential(credential: dict[str, Any], facts: CertificateFacts) -> None:
    assert credential["@context"][0] == "https://www.w3.org/ns/credentials/v2"
    assert credential["type"] == ["VerifiableCredential", "SocialValueCertificate"]
    assert credential["issuer"]["id"] == "https://town.example/.well-known/certificate-keys.json"
    # A day of London, where clocks are an hour ahead in May.
    assert (credential["validFrom"], credential["validUntil"]) == (
        "2026-05-01T00:00:00+01:00",
        "2028-05-01T23:59:59+01:00",
    )
    revocation, message = credential["credentialStatus"]
    assert (revocation["statusPurpose"], revocation["statusListIndex"]) == ("revocation", "1")
    assert message["statusSize"] == 2 and len(message["statusMessage"]) == 4
    assert credential["credentialSubject"] == {"type": "SocialValueDelivery", **facts.to_dict()}


def test_an_ordinary_json_library_and_an_ordinary_ed25519_verify_it(credential: dict[str, Any], ring: KeyRing) -> None:
    """What the decision page promises a stranger: no library for credentials, no canonical JSON but sorted keys."""
    published = json.loads(json.dumps(publish_keys(ring, "https://town.example/keys")))
    document = json.loads(write_credential(credential))
    proof = document.pop("proof")
    value = proof.pop("proofValue")

    def hashed(part: Any) -> bytes:
        text = json.dumps(part, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
        return hashlib.sha256(text.encode()).digest()

    key = decode_base58(published["verificationMethod"][0]["publicKeyMultibase"][1:])[2:]
    Ed25519PublicKey.from_public_bytes(key).verify(decode_base58(value[1:]), hashed(proof) + hashed(document))


def test_two_hundred_changed_bits_are_all_refused(credential: dict[str, Any], ring: KeyRing) -> None:
    content = write_credential(credential)
    assert check_credential(content, ring).ok
    draw = random.Random(20261122)
    for _ in range(200):
        place = draw.randrange(len(content) * 8)
        changed = bytearray(content)
        changed[place // 8] ^= 1 << (place % 8)
        assert check_credential(bytes(changed), ring).facts is None, f"bit {place} may be changed"


@pytest.mark.parametrize("where", ["before", "after", "inside"])
def test_not_even_a_space_may_be_added(credential: dict[str, Any], ring: KeyRing, where: str) -> None:
    content = write_credential(credential)
    spelled = {"before": b" " + content, "after": content + b"\n", "inside": content.replace(b'":', b'": ', 1)}[where]
    assert check_credential(spelled, ring).problems == (credentials.CHANGED,)


def test_facts_that_do_not_add_up_are_not_believed_even_when_signed(
    credential: dict[str, Any], signing_key: SigningKey, ring: KeyRing
) -> None:
    bare = {name: value for name, value in credential.items() if name != "proof"}
    bare["credentialSubject"] = bare["credentialSubject"] | {"social_value": "923592.68"}
    check = check_credential(write_credential(sign_credential(bare, signing_key, NOON)), ring)
    assert check.facts is None and "is no social value certificate" in check.problems[0]


def test_an_expired_one_says_so_and_still_shows_its_facts(
    credential: dict[str, Any], ring: KeyRing, facts: CertificateFacts
) -> None:
    content = write_credential(credential)
    assert check_credential(content, ring, facts.expires_on).ok
    late = check_credential(content, ring, date(2028, 5, 2))
    assert (late.ok, late.facts, late.problems) == (False, facts, ("The certificate expired on 1 May 2028.",))


def test_a_stranger_s_key_is_not_trusted(credential: dict[str, Any], tmp_path: Path) -> None:
    open_key(tmp_path, NOON)
    check = check_credential(write_credential(credential), KeyRing(list_keys(tmp_path)))
    assert check.problems == (credentials.UNKNOWN_KEY,)


@pytest.mark.parametrize("content", [b"{}", b"[]", b"{", b"\xff", b'{"proof":{}}', b"[" * 100_000])
def test_what_is_no_certificate_is_refused_and_breaks_nothing(content: bytes, ring: KeyRing) -> None:
    assert check_credential(content, ring).facts is None


def test_two_issuers_cannot_stand_in_for_each_other(credential: dict[str, Any], ring: KeyRing) -> None:
    other = credential | {"issuer": {"id": "https://other.example/keys", "name": "Other"}}
    assert check_credential(write_credential(other), ring).problems == (credentials.NOT_SIGNED,)


class TestKeys:
    def test_an_old_certificate_still_verifies_after_two_rotations(
        self, sign: Callable[..., Any], facts: CertificateFacts, data_dir: Path, tmp_path: Path
    ) -> None:
        first = open_key(tmp_path, NOON)
        bare = {name: value for name, value in sign(facts).items() if name != "proof"}
        old = write_credential(sign_credential(bare, first, NOON + timedelta(hours=1)))
        second = rotate_key(tmp_path, NOON + timedelta(days=1))
        third = rotate_key(tmp_path, NOON + timedelta(days=2))

        ring = read_keys(json.dumps(publish_keys(KeyRing(list_keys(tmp_path)), "https://town.example/keys")).encode())

        assert [key.retired for key in ring.keys] == [NOON + timedelta(days=1), NOON + timedelta(days=2), None]
        assert check_credential(old, ring).ok
        assert open_key(tmp_path, NOON).public == third.public != second.public

    def test_a_key_signs_only_while_it_is_in_use(
        self, sign: Callable[..., Any], facts: CertificateFacts, tmp_path: Path
    ) -> None:
        first = open_key(tmp_path, NOON)
        rotate_key(tmp_path, NOON + timedelta(days=1))
        ring = KeyRing(list_keys(tmp_path))
        bare = {name: value for name, value in sign(facts).items() if name != "proof"}
        for hours, problems in ((-1, (credentials.WRONG_TIME,)), (1, ()), (25, (credentials.WRONG_TIME,))):
            signed = sign_credential(bare, first, NOON + timedelta(hours=hours))
            assert check_credential(write_credential(signed), ring).problems == problems

    def test_keys_are_private_and_the_first_is_made_once(self, tmp_path: Path) -> None:
        with ThreadPoolExecutor(4) as pool:
            found = list(pool.map(lambda _: open_key(tmp_path, NOON).public, range(4)))
        assert len(set(found)) == 1
        files = list((tmp_path / FOLDER).iterdir())
        assert sorted(file.suffix for file in files) == [".json", ".pem"]
        assert {stat.S_IMODE(file.stat().st_mode) for file in files} == {0o600}

    def test_a_lost_key_is_named_and_never_made_anew(self, tmp_path: Path) -> None:
        key = open_key(tmp_path, NOON)
        (tmp_path / FOLDER / f"{key.public.multibase}.pem").unlink()
        with pytest.raises(StateError, match="Restore it from a backup"):
            open_key(tmp_path, NOON)

    @pytest.mark.parametrize(
        "content",
        [
            b"no",
            b"[]",
            b'{"verificationMethod":[{"publicKeyMultibase":"zNo","notBefore":"2026-01-01T00:00:00Z"}],"sealRoots":[]}',
        ],
    )
    def test_a_file_without_keys_is_refused(self, content: bytes) -> None:
        with pytest.raises(InputError, match="holds no published keys"):
            read_keys(content)

    @given(st.binary(max_size=70))
    def test_base58_gives_back_what_it_was_given(self, content: bytes) -> None:
        assert decode_base58(encode_base58(content)) == content


@given(st.dictionaries(st.integers(0, PLACES - 1), st.integers(1, 3), max_size=20))
def test_a_status_list_says_what_it_was_told_and_nothing_else(states: dict[int, int]) -> None:
    packed = encode_list(states, 2)
    bits = gzip.decompress(urlsafe_b64decode(packed[1:] + "=" * (-len(packed[1:]) % 4)))
    assert len(bits) == PLACES // 4
    for place in {*states, 0, PLACES - 1}:
        assert bits[place // 4] >> (6 - 2 * (place % 4)) & 3 == states.get(place, 0)
    assert sum(bin(byte).count("1") for byte in bits) == sum(bin(state).count("1") for state in states.values())


def test_replacing_another_is_part_of_what_is_signed(
    sign: Callable[..., Any], facts: CertificateFacts, ring: KeyRing
) -> None:
    check = check_credential(write_credential(sign(replace(facts, replaces="CWC-2026-0000"))), ring)
    assert check.facts is not None and check.facts.replaces == "CWC-2026-0000"
