"""A return with every kind of line, and its workbook."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path
from runpy import run_path

import pytest

from wpound.core.claim_content import ClaimContent, NewEntry
from wpound.core.claim_counting import EntryKind
from wpound.core.counting import Counting
from wpound.core.periods import Period
from wpound.core.quantities import Unit
from wpound.core.return_sheets import ReturnLine, ReturnSheets
from wpound.documents.return_workbook import ReturnTemplate, return_workbook_xlsx

QUARTER = Period(date(2026, 7, 1), date(2026, 9, 30))
FACTORS = {"grid-kwh": "Grid electricity, kWh", "diesel-litre": "Diesel, litre"}
KINDS = (
    (11, "Local people in work", Unit.FTE_YEAR, Counting.FTE_YEARS),
    (12, "Advice for job seekers", Unit.ATTENDEE_HOUR, Counting.ATTENDEE_HOURS),
    (13, "Carbon saved by the fleet", Unit.TCO2E, Counting.ACTIVITY_CARBON),
    (14, "Gifts to charities", Unit.GBP, Counting.GIVEN),
)
CONTENTS = {
    11: ClaimContent(
        narrative="Two posts in Bilston.",
        entries=(
            NewEntry(EntryKind.PERSON, "=EMP-0012", hours=Decimal("17.5"), started_on=date(2025, 11, 3)),
            NewEntry(
                EntryKind.PERSON, "0013", date(2026, 8, 1), date(2026, 9, 30), hours=Decimal(35), share=Decimal("62.5")
            ),
        ),
    ),
    12: ClaimContent(entries=(NewEntry(EntryKind.EVENT, "+Fair, 12 May 2026", hours=Decimal(2), attendees=8),)),
    13: ClaimContent(
        entries=(NewEntry(EntryKind.ASSET, "-VAN 7", amount=Decimal("200.123456"), factor="diesel-litre"),)
    ),
    14: ClaimContent(Decimal("1500.5"), Decimal(20), "=Not a formula.\n\nA second paragraph: £1 & <b>."),
}


@pytest.fixture(scope="session")
def sheets() -> Callable[..., ReturnSheets]:
    """The return, with other contents or with some lines sent already."""

    def make(contents: dict[int, ClaimContent] | None = None, closed: Sequence[int] = ()) -> ReturnSheets:
        found = CONTENTS if contents is None else contents
        numbers = (Decimal(12), Decimal("0.75"), (Decimal(3), Decimal("2.5")), Decimal("0.1234"))
        lines = [
            ReturnLine(claim_id, title, unit, counting, "Count each once.", *numbers, "To answer", True, empty)
            for claim_id, title, unit, counting in KINDS
            for empty in [found.get(claim_id, ClaimContent())]
        ]
        lines = [replace(line, is_open=line.claim_id not in closed) for line in lines]
        return ReturnSheets(7, "C-2026/1", QUARTER, tuple(lines), FACTORS)

    return make


@pytest.fixture(scope="session")
def written() -> Callable[[ReturnSheets], bytes]:
    """The workbook of a return."""

    def write(sheets: ReturnSheets) -> bytes:
        about = ("Ash Grounds (Example) Ltd", "City of Wolverhampton Council", "Parks & verges", date(2026, 10, 21))
        return return_workbook_xlsx(ReturnTemplate(*about, sheets))

    return write


@pytest.fixture(scope="session")
def edit() -> Callable[..., bytes]:
    """The workbook as another program saves it, with other values in some cells."""
    edit_workbook: Callable[..., bytes] = run_path(str(Path(__file__).parents[2] / "edit_workbook.py"))["edit_workbook"]
    return edit_workbook
