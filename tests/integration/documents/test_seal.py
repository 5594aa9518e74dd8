"""The seal: made once, checked offline, and broken by any change at all."""

import random
import stat
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from pathlib import Path

import pytest
from click.testing import CliRunner
from pdfua import validate

from wpound.cli import cli
from wpound.core.errors import InputError, StateError
from wpound.documents import signing
from wpound.documents.certificate import CertificateFacts, certificate_pdf
from wpound.documents.render import Attached, render_pdf
from wpound.documents.signing import SealKeys, find_root, open_keys, seal, verify_certificate

COUNCIL = "City of Wolverhampton Council"


@pytest.fixture(scope="session")
def data_dir(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("instance")


@pytest.fixture(scope="session")
def keys(data_dir: Path) -> SealKeys:
    return open_keys(data_dir, COUNCIL)


@pytest.fixture(scope="session")
def plain(facts: CertificateFacts) -> bytes:
    return certificate_pdf(facts)


@pytest.fixture(scope="session")
def sealed(plain: bytes, keys: SealKeys) -> bytes:
    return seal(plain, keys, "Wolverhampton")


def test_a_sealed_certificate_is_valid_and_gives_its_facts(
    sealed: bytes, keys: SealKeys, facts: CertificateFacts
) -> None:
    check = verify_certificate(sealed, [keys.root], date(2026, 6, 1))
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


def test_two_hundred_changed_bits_are_all_refused(sealed: bytes, keys: SealKeys) -> None:
    draw = random.Random(20261121)
    for _ in range(200):
        place = draw.randrange(len(sealed) * 8)
        assert not accepted(flipped(sealed, place), keys), f"bit {place} may be changed"


def test_not_even_the_bytes_that_hold_the_signature_may_change(sealed: bytes, keys: SealKeys) -> None:
    """A signature cannot cover itself: padding, letter case and its unsigned parts are checked apart."""
    start = sealed.rindex(b"/Contents <") + len(b"/Contents ")
    end = sealed.index(b">", start) + 1
    draw = random.Random(20261122)
    for _ in range(150):
        place = draw.randrange(start * 8, end * 8)
        assert not accepted(flipped(sealed, place), keys), f"bit {place} may be changed"
    assert not accepted(sealed[:start] + sealed[start:end].lower() + sealed[end:], keys)


def flipped(content: bytes, place: int) -> bytes:
    changed = bytearray(content)
    changed[place // 8] ^= 1 << (place % 8)
    return bytes(changed)


def accepted(content: bytes, keys: SealKeys) -> bool:
    try:
        check = verify_certificate(content, [keys.root])
    except InputError:
        return False
    assert check.facts is None or check.ok
    return check.ok


@pytest.mark.parametrize("tail", [b"\n", b" ", b"%%EOF\n", b"\0" * 10])
def test_nothing_may_be_added_or_cut_off(sealed: bytes, keys: SealKeys, tail: bytes) -> None:
    for content in (sealed + tail, tail + sealed, sealed[: -len(tail)]):
        assert not accepted(content, keys)


def test_an_edit_saved_after_sealing_is_refused(sealed: bytes, keys: SealKeys) -> None:
    from io import BytesIO

    from pyhanko.pdf_utils.generic import pdf_name, pdf_string
    from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter

    writer = IncrementalPdfFileWriter(BytesIO(sealed))
    writer.root[pdf_name("/Extra")] = pdf_string("more")
    writer.update_root()
    out = BytesIO()
    writer.write(out)
    check = verify_certificate(out.getvalue(), [keys.root])
    assert check.problems == (signing.CHANGED,)


def test_somebody_elses_key_is_not_trusted(plain: bytes, keys: SealKeys, tmp_path: Path) -> None:
    forged = seal(plain, open_keys(tmp_path, COUNCIL), "Wolverhampton")
    check = verify_certificate(forged, [keys.root])
    assert (check.ok, check.facts, check.problems) == (False, None, (signing.UNKNOWN_ISSUER,))
    assert check.seal.intact and check.seal.whole_file and not check.seal.trusted


def test_an_unsealed_certificate_says_so(plain: bytes, keys: SealKeys) -> None:
    assert verify_certificate(plain, [keys.root]).problems == (signing.NO_SEAL,)


@pytest.mark.parametrize("content", [b"", b"hello", b"<html>", b"\x89PNG\r\n\x1a\n" + b"\0" * 100])
def test_what_is_no_pdf_is_an_input_error(keys: SealKeys, content: bytes) -> None:
    with pytest.raises(InputError, match="not a PDF"):
        verify_certificate(content, [keys.root])


def test_a_pdf_in_name_only_is_refused(keys: SealKeys) -> None:
    assert verify_certificate(b"%PDF-1.7\n" + b"\xff" * 500, [keys.root]).problems == (signing.CHANGED,)


def test_another_sealed_document_is_no_certificate(keys: SealKeys) -> None:
    page = '<html lang="en"><title>Letter</title><h1>Letter</h1></html>'
    letter = seal(render_pdf(page, date(2026, 5, 1)), keys, "Wolverhampton")
    check = verify_certificate(letter, [keys.root])
    assert check.seal.valid and not check.ok
    assert "not a social value certificate" in check.problems[0]


def test_sealed_facts_that_do_not_add_up_are_not_believed(keys: SealKeys, facts: CertificateFacts) -> None:
    content = facts.canonical_json().replace(b'"social_value":"123592.68"', b'"social_value":"923592.68"')
    page = '<html lang="en"><title>x</title><h1>x</h1></html>'
    document = render_pdf(page, date(2026, 5, 1), attachments=[Attached("certificate.json", "Facts", content)])
    check = verify_certificate(seal(document, keys, "Wolverhampton"), [keys.root])
    assert not check.ok and "do not agree" in check.problems[0]


def test_an_expired_certificate_still_shows_its_facts(sealed: bytes, keys: SealKeys, facts: CertificateFacts) -> None:
    assert verify_certificate(sealed, [keys.root], facts.expires_on).ok
    check = verify_certificate(sealed, [keys.root], date(2028, 5, 2))
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
    sealed: bytes, data_dir: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("WPOUND_DATA_DIR", str(data_dir))
    good, changed = tmp_path / "good.pdf", tmp_path / "changed.pdf"
    good.write_bytes(sealed)
    changed.write_bytes(flipped(sealed, 4000 * 8))
    run = CliRunner().invoke
    answer = run(cli, ["certificate", "verify", str(good)])
    assert answer.exit_code == 0
    assert "Valid." in answer.output and "£123,592.68" in answer.output and "80.4%" in answer.output
    answer = run(cli, ["certificate", "verify", str(changed), "--json"])
    assert answer.exit_code == 1
    assert '"valid": false' in answer.output and signing.CHANGED in answer.output
    assert '"facts": null' in answer.output


def test_the_command_without_a_root_says_what_to_do(
    sealed: bytes, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("WPOUND_DATA_DIR", str(tmp_path))
    file = tmp_path / "good.pdf"
    file.write_bytes(sealed)
    answer = CliRunner().invoke(cli, ["certificate", "verify", str(file)])
    assert isinstance(answer.exception, InputError)
    assert "--root" in answer.exception.message
