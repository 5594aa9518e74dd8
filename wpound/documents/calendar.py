"""Days as a calendar file (iCalendar, RFC 5545) that every calendar program can open; the same days, the same bytes."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

FOLD_AT = 75
NAME = "-//wpound//Delivery calendar//EN"


@dataclass(frozen=True, slots=True)
class CalendarDay:
    """One day with its title and text; ``key`` tells it from others for good, so that a later file replaces it."""

    key: str
    on: date
    title: str
    text: str


def calendar_bytes(days: Sequence[CalendarDay], made_at: datetime) -> bytes:
    """A calendar of whole days; ``made_at`` is the moment in UTC that every entry states as its own."""
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", f"PRODID:{NAME}", "CALSCALE:GREGORIAN", "METHOD:PUBLISH"]
    for day in days:
        lines += [
            "BEGIN:VEVENT",
            f"UID:{_escape(day.key)}",
            f"DTSTAMP:{made_at:%Y%m%dT%H%M%SZ}",
            f"DTSTART;VALUE=DATE:{day.on:%Y%m%d}",
            f"DTEND;VALUE=DATE:{day.on + timedelta(days=1):%Y%m%d}",
            f"SUMMARY:{_escape(day.title)}",
            f"DESCRIPTION:{_escape(day.text)}",
            "TRANSP:TRANSPARENT",
            "END:VEVENT",
        ]
    lines.append("END:VCALENDAR")
    return "".join(f"{part}\r\n" for line in lines for part in _fold(line)).encode()


def _escape(text: str) -> str:
    for sign, written in (("\\", "\\\\"), (";", "\\;"), (",", "\\,"), ("\r\n", "\\n"), ("\n", "\\n"), ("\r", "\\n")):
        text = text.replace(sign, written)
    return text


def _fold(line: str) -> Iterator[str]:
    """Pieces of at most 75 bytes, each but the first begun with a blank; no letter is cut in two."""
    piece = ""
    for letter in line:
        if len((piece + letter).encode()) > FOLD_AT:
            yield piece
            piece = " "
        piece += letter
    yield piece
