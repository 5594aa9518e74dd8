"""What the lines of the demonstration's returns are made of: people and events by number, words, small files."""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from functools import cache

from wpound.catalogue.model import Measure
from wpound.core.claim_content import ClaimContent, NewEntry
from wpound.core.claim_counting import EntryKind
from wpound.core.counting import FULL_TIME_HOURS, Counting
from wpound.core.form import write_decimal
from wpound.core.periods import Period

FICTIONAL = "Fictional demonstration data"
QUARTERS = 4
# Who came to a training session, and for how long.
SEATS, HOURS = 12, 6
NOTHING_DUE = "Nothing was due and nothing was done."


def write_claim_content(measure: Measure, claimed: Decimal, reference: str, period: Period) -> ClaimContent:
    """A line that comes to exactly so much: by people or events where the measure counts those, else as an amount."""
    entries: tuple[NewEntry, ...] = ()
    if measure.counting is Counting.FTE_YEARS:
        entries = tuple(_people(measure, claimed, period))
    if measure.counting is Counting.ATTENDEE_HOURS:
        entries = tuple(_sessions(claimed, reference, period.start_on))
    amount = None if entries else claimed
    return ClaimContent(amount=amount, narrative=_narrate(measure, claimed), entries=entries)


def _people(measure: Measure, claimed: Decimal, period: Period) -> Iterator[NewEntry]:
    """So many people in full-time posts for the quarter, and one who works the hours that are left."""
    whole, left = divmod(claimed * QUARTERS, 1)
    hours = [FULL_TIME_HOURS] * int(whole) + ([left * FULL_TIME_HOURS] if left else [])
    started_on = date(period.start_on.year - (period.start_on.month < 4), 4, 1)
    for number, weekly in enumerate(hours, start=1):
        # A number of its own for each promise: one person counts in one group only.
        reference = f"EMP-{measure.code[:2].upper()}{number:03}"
        yield NewEntry(EntryKind.PERSON, reference, started_on=started_on, hours=weekly)


def _sessions(claimed: Decimal, reference: str, day: date) -> Iterator[NewEntry]:
    """Sessions of a day for twelve people, and a short one for the hours that are left."""
    days, left = divmod(int(claimed), SEATS * HOURS)
    sessions = [(HOURS, SEATS)] * days + ([(1, left)] if left else [])
    for number, (hours, seats) in enumerate(sessions, start=1):
        name = f"{reference} training session {day.year}-{day.month:02} number {number}"
        yield NewEntry(EntryKind.EVENT, name, hours=Decimal(hours), attendees=seats)


def _narrate(measure: Measure, claimed: Decimal) -> str:
    if not claimed:
        return f"Nothing was delivered in this quarter; it is planned for the next. {FICTIONAL}."
    said = f"{measure.title}: done under this contract, shown by: {measure.evidence[0]}."
    if measure.counting is Counting.ACTIVITY_CARBON:
        said += " Against the baseline of 2024, scope 1 and 2, with the factors of 2025."
    return f"{said} {FICTIONAL}."


def write_evidence(content: ClaimContent, measure: Measure, reference: str, period: Period) -> tuple[str, bytes]:
    """A list behind a line: its name and a CSV with a row for everything counted."""
    rows = [f"# {FICTIONAL},{reference},{period.format()}", "what,hours,people,amount"]
    for entry in content.entries:
        rows.append(f"{entry.reference},{_write(entry.hours)},{entry.attendees or ''},")
    if not content.entries:
        rows.append(f"{measure.title.replace(',', '')},,,{_write(content.amount)}")
    return f"{reference}-{measure.code}-{period.start_on:%Y-%m}.csv", ("\n".join(rows) + "\n").encode()


def _write(number: Decimal | None) -> str:
    return "" if number is None else write_decimal(number)


@cache
def draw_report() -> tuple[str, bytes]:
    """A report of a training day: its name and a PDF of one page."""
    from wpound.documents.render import render_pdf

    page = (
        f'<!doctype html><html lang="en"><head><title>Report of a training day</title></head><body>'
        f"<h1>Report of a training day</h1><p>{FICTIONAL}: no such day took place.</p>"
        f"<p>{SEATS} people came to Example Community College for {HOURS} hours.</p></body></html>"
    )
    return "training-day-report.pdf", render_pdf(page, date(2026, 3, 31))
