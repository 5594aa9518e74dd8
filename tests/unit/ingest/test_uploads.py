"""Files people send in: kinds are known by their bytes, names lose what could do harm, and bombs are not unpacked."""

import zipfile
import zlib
from collections.abc import Mapping
from io import BytesIO

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wpound.core.errors import InputError
from wpound.ingest.uploads import MOST_BYTES, Upload, check_upload, clean_name

PARTS = {"[Content_Types].xml": b"<Types/>", "xl/workbook.xml": b"<workbook/>", "xl/worksheets/sheet1.xml": b"<s/>"}
BLOCK = 1 << 20


def packed(parts: Mapping[str, bytes], packing: int = zipfile.ZIP_DEFLATED) -> bytes:
    file = BytesIO()
    with zipfile.ZipFile(file, "w", packing) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return file.getvalue()


WORKBOOK = packed(PARTS)
SENT = {
    "Plan.PDF": b"%PDF-1.7\n",
    "site.png": b"\x89PNG\r\n\x1a\n\0\0",
    "site.jpg": b"\xff\xd8\xff\xe0\0",
    "site.jpeg": b"\xff\xd8\xff\xe1\0",
    "figures.xlsx": WORKBOOK,
    "figures.csv": "Ward,Change\nBilston,-3.5\nFallings Park,+44 1902 (office)\n- fewer trips (see plan),1=1\n".encode(
        "cp1252"
    ),
}


def refusal(name: str, content: bytes) -> str:
    with pytest.raises(InputError) as raised:
        check_upload(name, content)
    assert raised.value.field == "file"
    return raised.value.message


@pytest.mark.parametrize(("name", "content"), SENT.items(), ids=SENT)
def test_evidence_is_taken(name: str, content: bytes) -> None:
    taken = check_upload(name, content)

    assert taken.name == name.replace("PDF", "pdf")
    assert "/" in taken.media_type


@pytest.mark.parametrize("name", SENT)
@pytest.mark.parametrize("content", [b"", b"MZ\x90\0", b"<html><script>", b"PK\x03\x04", b"\0" * 99], ids=repr)
def test_a_name_alone_convinces_nobody(name: str, content: bytes) -> None:
    assert name.rpartition(".")[2].lower() in refusal(name, content).lower()


@pytest.mark.parametrize("name", SENT)
def test_one_kind_under_the_name_of_another_is_refused(name: str) -> None:
    kind = check_upload(name, SENT[name]).media_type
    others = {other: content for other, content in SENT.items() if check_upload(other, content).media_type != kind}
    for other, content in others.items():
        assert refusal(name, content), other


@pytest.mark.parametrize(
    "name",
    [
        "plan.docx",
        "plan.doc",
        "plan.xlsm",
        "plan.svg",
        "plan.html",
        "plan.zip",
        "plan.exe",
        "pdf",
        "",
        ".",
        "plan.pdf.js",
        # The sign in the middle turns what follows around: people see "planexe.pdf".
        "plan\u202efdp.exe",
    ],
)
def test_kinds_that_can_carry_programs_are_not_taken(name: str) -> None:
    assert "Send PDF, PNG, JPG, XLSX or CSV" in refusal(name, b"%PDF-1.7")


@pytest.mark.parametrize(
    ("sent", "kept"),
    [
        ("../../etc/passwd.pdf", "passwd.pdf"),
        ("..\\..\\Windows\\win.pdf", "win.pdf"),
        ("/etc/cron.d/x.pdf", "x.pdf"),
        ("C:plan.pdf", "Cplan.pdf"),
        ("plan\0.exe\n\t.pdf", "plan.exe.pdf"),
        ("plan\u202e\u200b.pdf", "plan.pdf"),
        ("....pdf", "file.pdf"),
        ("%2e%2e%2f.pdf", "2e2e2f.pdf"),
        ("Cafe\u0301.pdf", "Caf\u00e9.pdf"),
        ("a" * 5000 + ".pdf", "a" * 100 + ".pdf"),
    ],
)
def test_names_stay_in_their_folder(sent: str, kept: str) -> None:
    assert check_upload(sent, b"%PDF-1.7") == Upload(kept, "application/pdf")


@given(st.text(max_size=300))
def test_a_clean_name_is_clean(name: str) -> None:
    clean = clean_name(name)

    assert clean == clean_name(clean)
    assert clean.isprintable() and clean.encode() and len(clean) <= 111
    assert not set(clean) & set('/\\:*?"<>|%') and clean.strip(" .")


def test_size_is_limited() -> None:
    most = b"%PDF-1.7".ljust(MOST_BYTES)

    assert check_upload("plan.pdf", most)
    assert "larger than 20 MB" in refusal("plan.pdf", most + b" ")


@pytest.mark.parametrize(
    "cell",
    ["=1+1", '"=1+1"', " =1", "@SUM(A1)", "+cmd|' /C calc'!A0", "-2+3+cmd|' /C calc'!A0", "\uff1d1", "+HYPERLINK(1)"],
)
@pytest.mark.parametrize("before", ["", "a,", "a;", "a\t"], ids=["first", "comma", "semicolon", "tab"])
def test_formulas_in_a_csv_are_named_by_their_line(cell: str, before: str) -> None:
    assert "formula in line 3" in refusal("figures.csv", f"Ward,Change\nBilston,1\n{before}{cell},1\n".encode())


def test_a_csv_in_two_byte_signs_is_refused_with_the_way_out() -> None:
    assert "CSV UTF-8" in refusal("figures.csv", "Ward,Change\n".encode("utf-16"))


@pytest.mark.parametrize(
    "part",
    [
        "xl/vbaProject.bin",
        "xl/macrosheets/sheet1.xml",
        "xl/activeX/activeX1.xml",
        "xl/embeddings/oleObject1.bin",
        "xl/externalLinks/externalLink1.xml",
        "run.exe",
    ],
)
def test_workbooks_with_programs_in_them_are_refused(part: str) -> None:
    assert "macros" in refusal("figures.xlsx", packed(PARTS | {part: b"x"}))


def test_printer_settings_are_no_program() -> None:
    assert check_upload("figures.xlsx", packed(PARTS | {"xl/printerSettings/printerSettings1.bin": b"x"}))


@pytest.mark.parametrize("part", ["../evil.xml", "/etc/passwd", "xl/../../evil.xml"])
def test_parts_that_leave_the_workbook_are_refused(part: str) -> None:
    assert "no XLSX workbook" in refusal("figures.xlsx", packed(PARTS | {part: b"x"}))


def lying() -> bytes:
    """A part that unpacks to a megabyte and says it is ten bytes."""
    whole = packed(PARTS | {"xl/big.xml": bytes(BLOCK)})
    return whole.replace(BLOCK.to_bytes(4, "little"), (10).to_bytes(4, "little"))


BOMBS = {
    "one part": packed(PARTS | {"xl/big.xml": bytes(60 * BLOCK)}),
    "ratio": packed(PARTS | {"xl/big.xml": bytes(BLOCK)}),
    "many parts": packed({**PARTS, **{f"xl/{number}.xml": b"" for number in range(2_001)}}, zipfile.ZIP_STORED),
    "a list of a million": b"PK\x03\x04" + b"PK\x01\x02" * 1_000_000,
    "a lie": lying(),
    "another packing": packed(PARTS, zipfile.ZIP_BZIP2),
    "a document": packed({"[Content_Types].xml": b"<Types/>", "word/document.xml": b"<d/>"}),
    "protected": WORKBOOK.replace(b"PK\x01\x02\x14\x03\x14\x00\x00", b"PK\x01\x02\x14\x03\x14\x00\x01"),
    "cut off": WORKBOOK[:-30],
    "a program before it": b"MZ" + WORKBOOK,
}


@pytest.mark.parametrize("content", BOMBS.values(), ids=BOMBS)
def test_workbooks_made_to_do_harm_are_refused(content: bytes) -> None:
    assert "workbook" in refusal("figures.xlsx", content)


def test_two_parts_of_one_name_are_refused() -> None:
    file = BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        for name in [*PARTS, "xl/workbook2.xml"]:
            archive.writestr(name, b"<w/>")

    assert refusal("figures.xlsx", file.getvalue().replace(b"xl/workbook2.xml", b"xl/workbook.xml\0"))


@given(st.data())
def test_a_damaged_workbook_is_answered_whatever_the_damage(data: st.DataObject) -> None:
    changed = bytearray(WORKBOOK)
    for place in data.draw(st.lists(st.integers(0, len(WORKBOOK) - 1), min_size=1, max_size=8)):
        changed[place] = data.draw(st.integers(0, 255))
    try:
        check_upload("figures.xlsx", bytes(changed))
    except InputError as error:
        assert "workbook" in error.message


@given(st.sampled_from(list(SENT)), st.binary(max_size=400))
def test_any_bytes_are_answered(name: str, content: bytes) -> None:
    for sent in (content, SENT[name][:8] + content, zlib.compress(content)):
        try:
            check_upload(name, sent)
        except InputError as error:
            assert error.message
