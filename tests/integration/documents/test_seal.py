"""The seal: made once, checked offline, and broken by any change at all."""

import random
import stat
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from pdfua import validate

from wpound.cli import cli
from wpound.core.errors import InputError, StateError
from wpound.documents import signing
from wpound.documents.certificate import certificate_pdf
from wpound.documents.certificate_facts import CertificateFacts
from wpound.documents.credential import write_credential
from wpound.documents.credential_keys import KEYS_PATH, KeyRing, publish_keys
from wpound.documents.render import Attached, render_pdf
from wpound.documents.signing import SealKeys, find_root, open_keys, seal, verify_certificate

COUNCIL = "City of Wolverhampton Council"


@pytest.fixture(scope="session")
def keys(data_dir: Path) -> SealKeys:
    return open_keys(data_dir, COUNCIL)


@pytest.fixture(scope="session")
def plain(facts: CertificateFacts, credential: dict[str, Any]) -> bytes:
    return certificate_pdf(facts, credential)


@pytest.fixture(scope="session")
def sealed(plain: bytes, keys: SealKeys) -> bytes:
    return seal(plain, keys, "Wolverhampton")


def test_a_sealed_certificate_is_valid_and_gives_its_facts(
    sealed: bytes, ring: KeyRing, facts: CertificateFacts
) -> None:
    check = verify_certificate(sealed, ring, date(2026, 6, 1))
    assert check.ok and check.problems == ()
    assert check.facts == facts
    assert check.seal.valid and check.seal.signer == f"{COUNCIL} (demonstration seal)"
    assert check.seal.signed_at is not None


def test_sealing_leaves_the_pages_as_they_were_and_the_file_accessible(
    plain: bytes, sealed: bytes, tmp_path: Path
) -> None:
    assert sealed.startswith(plain)
    for name, content in (("plain", plain), ("sealed", sealed)):
        file = tmp_path / f"{name}.pdf"
        file.write_bytes(content)
        report = validate(str(file))
        assert (report.exit_code, [finding.message for finding in report.findings]) == (0, [])


def test_two_hundred_changed_bits_are_all_refused(sealed: bytes, ring: KeyRing) -> None:
    draw = random.Random(20261121)
    for _ in range(200):
        place = draw.randrange(len(sealed) * 8)
        assert not accepted(flipped(sealed, place), ring), f"bit {place} may be changed"


def test_not_even_the_bytes_that_hold_the_signature_may_change(sealed: bytes, ring: KeyRing) -> None:
    """A signature cannot cover itself: padding, letter case and its unsigned parts are checked apart."""
    start = sealed.rindex(b"/Contents <") + len(b"/Contents ")
    end = sealed.index(b">", start) + 1
    draw = random.Random(20261122)
    for _ in range(150):
        place = draw.randrange(start * 8, end * 8)
        assert not accepted(flipped(sealed, place), ring), f"bit {place} may be changed"
    assert not accepted(sealed[:start] + sealed[start:end].lower() + sealed[end:], ring)


def flipped(content: bytes, place: int) -> bytes:
    changed = bytearray(content)
    changed[place // 8] ^= 1 << (place % 8)
    return bytes(changed)


def accepted(content: bytes, ring: KeyRing) -> bool:
    try:
        check = verify_certificate(content, ring)
    except InputError:
        return False
    assert check.facts is None or check.ok
    return check.ok


@pytest.mark.parametrize("tail", [b"\n", b" ", b"%%EOF\n", b"\0" * 10])
def test_nothing_may_be_added_or_cut_off(sealed: bytes, ring: KeyRing, tail: bytes) -> None:
    for content in (sealed + tail, tail + sealed, sealed[: -len(tail)]):
        assert not accepted(content, ring)


def test_an_edit_saved_after_sealing_is_refused(sealed: bytes, ring: KeyRing) -> None:
    from io import BytesIO

    from pyhanko.pdf_utils.generic import pdf_name, pdf_string
    from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter

    writer = IncrementalPdfFileWriter(BytesIO(sealed))
    writer.root[pdf_name("/Extra")] = pdf_string("more")
    writer.update_root()
    out = BytesIO()
    writer.write(out)
    check = verify_certificate(out.getvalue(), ring)
    assert check.problems == (signing.CHANGED,)


def test_somebody_elses_key_is_not_trusted(plain: bytes, ring: KeyRing, tmp_path: Path) -> None:
    forged = seal(plain, open_keys(tmp_path, COUNCIL), "Wolverhampton")
    check = verify_certificate(forged, ring)
    assert (check.ok, check.facts, check.problems) == (False, None, (signing.UNKNOWN_ISSUER,))
    assert check.seal.intact and check.seal.whole_file and not check.seal.trusted


def test_an_unsealed_certificate_says_so(plain: bytes, ring: KeyRing) -> None:
    assert verify_certificate(plain, ring).problems == (signing.NO_SEAL,)


@pytest.mark.parametrize("content", [b"", b"hello", b"<html>", b"\x89PNG\r\n\x1a\n" + b"\0" * 100])
def test_what_is_no_pdf_is_an_input_error(ring: KeyRing, content: bytes) -> None:
    with pytest.raises(InputError, match="not a PDF"):
        verify_certificate(content, ring)


def test_a_pdf_in_name_only_is_refused(ring: KeyRing) -> None:
    assert verify_certificate(b"%PDF-1.7\n" + b"\xff" * 500, ring).problems == (signing.CHANGED,)


def test_another_sealed_document_is_no_certificate(keys: SealKeys, ring: KeyRing) -> None:
    page = '<html lang="en"><title>Letter</title><h1>Letter</h1></html>'
    letter = seal(render_pdf(page, date(2026, 5, 1)), keys, "Wolverhampton")
    check = verify_certificate(letter, ring)
    assert check.seal.valid and not check.ok
    assert "not a social value certificate" in check.problems[0]


def test_sealed_data_that_was_not_signed_is_not_believed(
    keys: SealKeys, ring: KeyRing, credential: dict[str, Any]
) -> None:
    """Whoever has the seal alone cannot put other figures into a certificate."""
    content = write_credential(credential).replace(b'"social_value":"123592.68"', b'"social_value":"923592.68"')
    assert content != write_credential(credential)
    page = '<html lang="en"><title>x</title><h1>x</h1></html>'
    document = render_pdf(page, date(2026, 5, 1), attachments=[Attached("certificate.json", "Facts", content)])
    check = verify_certificate(seal(document, keys, "Wolverhampton"), ring)
    assert not check.ok and "changed after it was signed" in check.problems[0]


def test_an_expired_certificate_still_shows_its_facts(sealed: bytes, ring: KeyRing, facts: CertificateFacts) -> None:
    assert verify_certificate(sealed, ring, facts.expires_on).ok
    check = verify_certificate(sealed, ring, date(2028, 5, 2))
    assert not check.ok and check.facts == facts
    assert check.problems == ("The certificate expired on 1 May 2028.",)


def test_keys_are_private_and_made_once(tmp_path: Path) -> None:
    with ThreadPoolExecutor(4) as pool:
        found = list(pool.map(lambda _: open_keys(tmp_path, COUNCIL), range(4)))
    assert len(set(found)) == 1
    assert [folder.name for folder in tmp_path.iterdir()] == ["keys"]
    for file in (tmp_path / "keys").iterdir():
        assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert find_root(tmp_path) == found[0].root


def test_lost_key_files_are_named_and_never_made_anew(tmp_path: Path) -> None:
    open_keys(tmp_path, COUNCIL)
    (tmp_path / "keys" / "seal-key.pem").unlink()
    with pytest.raises(StateError, match=r"seal-key\.pem"):
        open_keys(tmp_path, COUNCIL)


def test_the_command_answers_by_word_and_exit_code(
    sealed: bytes, credential: dict[str, Any], ring: KeyRing, tmp_path: Path
) -> None:
    """Offline: the file and the issuer's published keys are all there is."""
    good, data, changed, key = (tmp_path / name for name in ("good.pdf", "good.json", "changed.pdf", "keys.json"))
    good.write_bytes(sealed)
    data.write_bytes(write_credential(credential))
    changed.write_bytes(flipped(sealed, 4000 * 8))
    key.write_bytes(write_credential(publish_keys(ring, f"https://town.example{KEYS_PATH}")))
    run = CliRunner().invoke
    for file in (good, data):
        answer = run(cli, ["certificate", "verify", str(file), "--key", str(key)])
        assert answer.exit_code == 0, answer.output
        assert "Valid." in answer.output and "£123,592.68" in answer.output and "80.4%" in answer.output
    answer = run(cli, ["certificate", "verify", str(changed), "--key", str(key), "--json"])
    assert answer.exit_code == 1
    assert '"valid": false' in answer.output and signing.CHANGED in answer.output
    assert '"facts": null' in answer.output


def test_the_command_without_keys_says_what_to_do(
    sealed: bytes, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("WPOUND_DATA_DIR", str(tmp_path))
    file = tmp_path / "good.pdf"
    file.write_bytes(sealed)
    answer = CliRunner().invoke(cli, ["certificate", "verify", str(file)])
    assert isinstance(answer.exception, InputError)
    assert "--key" in answer.exception.message
