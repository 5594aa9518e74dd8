"""Calendar files: what every calendar program can read, and nothing a title could break out of."""

from datetime import UTC, date, datetime

from hypothesis import given
from hypothesis import strategies as st

from wpound.documents.calendar import CalendarDay, calendar_bytes

MADE_AT = datetime(2026, 5, 8, 9, tzinfo=UTC)


def unfold(content: bytes) -> list[str]:
    return content.decode().replace("\r\n ", "").split("\r\n")


def test_a_day_is_a_whole_day_with_its_words() -> None:
    day = CalendarDay("c-1", date(2026, 12, 31), "C-1: jobs; 5, due", "Owner: Parks\nEvidence: payroll")
    lines = unfold(calendar_bytes([day], MADE_AT))
    assert lines[0] == "BEGIN:VCALENDAR" and lines[-2:] == ["END:VCALENDAR", ""]
    for line in (
        "UID:c-1",
        "DTSTAMP:20260508T090000Z",
        "DTSTART;VALUE=DATE:20261231",
        "DTEND;VALUE=DATE:20270101",
        "SUMMARY:C-1: jobs\\; 5\\, due",
        "DESCRIPTION:Owner: Parks\\nEvidence: payroll",
    ):
        assert line in lines


@given(st.text(st.characters(exclude_categories=["Cs", "Cc"]) | st.sampled_from("\r\n"), max_size=300))
def test_no_text_breaks_a_line_or_makes_one_too_long(text: str) -> None:
    content = calendar_bytes([CalendarDay("c", date(2026, 1, 1), text, text)], MADE_AT)
    assert all(len(line) <= 75 for line in content.split(b"\r\n"))
    lines = unfold(content)
    assert sum(line.startswith("BEGIN:") for line in lines) == 2
    assert len(lines) == 16
