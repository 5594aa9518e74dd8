"""A return written in a workbook: checked as on the page, shown before anything is taken over, and taken once."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from io import BytesIO
from pathlib import Path
from runpy import run_path
from typing import Any
from zipfile import ZipFile

import pytest

from wpound.core.claim_content import NewEntry
from wpound.core.claim_counting import EntryKind
from wpound.core.delivery import ClaimState, Side, VerificationLevel
from wpound.core.errors import AccessDenied, InputErrors, NotFound, StaleEdit, StateError
from wpound.services.check_claim import query_claim
from wpound.services.exchange_return_workbook import (
    FOLDER,
    drop_old_workbooks,
    find_sender,
    make_return_workbook,
    put_away_return_workbook,
    send_return_workbook,
    show_return_workbook,
    take_return_workbook,
)
from wpound.services.lay_out_return import lay_out_return
from wpound.store.base import add
from wpound.store.engine import now_in
from wpound.store.models.returns import ClaimCorrection
from wpound.store.returns import get_return

# Nothing here hangs on the database; what writes lines has its own tests on both.
pytestmark = pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
edit = run_path(str(Path(__file__).parents[3] / "edit_workbook.py"))["edit_workbook"]
# Rows of the sheet of claims: local jobs, volunteering, carbon of the fleet.
JOBS, HOURS, CARBON = 5, 6, 7
FIRST = "1. Local people in work"


def call(function: Callable[..., Any], reporting: Any, found: Any, *args: Any, who: str = "ann", **more: Any) -> Any:
    given = {"settings": reporting.settings, **more}
    return function(reporting.session, reporting.people[who], found.id, *args, **given)


def download(reporting: Any, found: Any) -> bytes:
    made: bytes = call(make_return_workbook, reporting, found, catalogue=reporting.catalogue)
    return made


def send(reporting: Any, found: Any, content: bytes, who: str = "ann") -> Any:
    return call(send_return_workbook, reporting, found, content, who=who, catalogue=reporting.catalogue)


def take(reporting: Any, found: Any, **other: Any) -> int:
    """Take over what waits, as it was shown."""
    waiting, sent = call(show_return_workbook, reporting, found, catalogue=reporting.catalogue)
    shown = {"sha256": waiting.sha256, "version": sent.page.found.version, "catalogue": reporting.catalogue}
    taken: int = call(take_return_workbook, reporting, found, waiting, **(shown | other))
    return taken


def ask(reporting: Any, found: Any) -> None:
    """The buyer asks about the jobs."""
    jobs = reporting.claim(found, "local-jobs")
    question, about = ("Which of the two is new?", date(2026, 7, 30)), {"base_url": "", "clock": reporting.clock}
    query_claim(reporting.session, reporting.mia, found.id, jobs.id, *question, version=jobs.version, **about)


def files(reporting: Any) -> list[Path]:
    return list((reporting.settings.data_dir / FOLDER).glob("*"))


def test_export_import_export_is_identical(reporting: Any) -> None:
    found = reporting.fill(reporting.open())
    first = download(reporting, found)

    sent = send(reporting, found, first)

    assert sent.says_the_same and files(reporting) == []
    assert download(reporting, found) == first
    assert get_return(reporting.session, found.id).version == found.version


def test_the_workbook_names_a_status_as_the_pages_do(reporting: Any) -> None:
    found = reporting.open()
    reporting.fill(found)
    reporting.write(found, "carbon-fleet", amount=None)

    def told() -> tuple[list[str], list[str]]:
        sent = get_return(reporting.session, found.id)
        about = (sent, reporting.contract, reporting.catalogue, reporting.settings)
        page, sheets = lay_out_return(reporting.session, reporting.ann, *about)
        return [line.status for line in page.lines], [line.state for line in sheets.lines]

    words = ["Answered", "Answered", "To answer"]
    assert told() == (words, words)
    reporting.submit(reporting.fill(found))
    ask(reporting, found)
    claim = reporting.claim(found, "volunteering-hours")
    claim.state, claim.claimed = ClaimState.APPROVED, Decimal(10)
    claim.verified, claim.level, claim.verified_by = Decimal(10), VerificationLevel.THIRD_PARTY, "olga@example.org"
    claim.verified_at = reporting.clock(reporting.session)
    correction = {"proposed_side": Side.SUPPLIER, "proposed_by": "ann@example.org", "reason": "Misread."}
    correction |= {"decided_by": "olga@example.org", "decided_at": claim.verified_at, "accepted": True}
    add(reporting.session, ClaimCorrection(claim_id=claim.id, number=1, claimed=Decimal(10), **correction))
    words = ["Query to answer", "Approved", "With the buyer"]
    corrected = "The figure was corrected to 10 hours. The amount entered still comes to 12 hours, 2 hours more."
    shown = ["Query to answer: Which of the two is new? Answer by 30 July 2026.", f"Approved. {corrected}", words[2]]
    assert told() == (words, shown)
    with ZipFile(BytesIO(download(reporting, found))) as parts:
        texts = parts.read("xl/sharedStrings.xml").decode()
    assert ">Status<" in texts and shown[0] in texts


def test_what_is_right_is_taken_over_once_and_the_rest_stays(reporting: Any) -> None:
    found = reporting.fill(reporting.open())
    changes = {
        f"People!B{JOBS + 2}": FIRST,
        f"People!C{JOBS + 2}": "P-3",
        f"People!D{JOBS + 2}": 35,
        f"People!F{JOBS + 2}": date(2026, 5, 1),
        f"Claims!K{HOURS}": 40,
        f"Claims!L{HOURS}": 1.5,
        f"Claims!M{CARBON}": "Two vans less. The baseline is 2025.",
    }
    content = edit(download(reporting, found), changes)

    sent = send(reporting, found, content, who="ben")

    assert [line.line.title[:5] for line in sent.taken] == ["Local", "Carbo"]
    assert [line.comes_to for line in sent.taken] == [Decimal("0.5426"), Decimal("2.5")]
    assert [(line.problems[0].field, len(line.changes)) for line in sent.kept] == [(f"Claims!L{HOURS}", 2)]
    assert reporting.claim(found, "local-jobs").claimed == Decimal("0.375"), "nothing is taken before it is seen"
    assert call(find_sender, reporting, found) == "ben@example.org"

    assert take(reporting, found) == 2
    jobs, hours = reporting.claim(found, "local-jobs"), reporting.claim(found, "volunteering-hours")
    assert (jobs.claimed, len(jobs.entries), hours.amount, hours.share) == (Decimal("0.5426"), 3, 12, 100)
    both = ["ann@example.org", "ben@example.org"]
    assert (jobs.entered_by, hours.entered_by) == (both, both[:1]), "who sent the file entered its figures too"
    assert reporting.claim(found, "carbon-fleet").narrative == "Two vans less. The baseline is 2025."
    again = send(reporting, found, content)
    assert again.taken == () and len(again.kept) == 1, "the same file again changes nothing"
    right = edit(content, {f"Claims!K{HOURS}": 12, f"Claims!L{HOURS}": ""})
    assert send(reporting, found, right).says_the_same


# What is wrong in a cell, and the same value on the page: of the line of volunteering, or of a person.
WRONG_LINES = (
    ({f"Claims!L{HOURS}": 1.2}, {"share": Decimal(120)}),
    ({f"Claims!K{HOURS}": -1}, {"amount": Decimal(-1)}),
    ({f"Claims!K{HOURS}": "0.1234567"}, {"amount": Decimal("0.1234567")}),
    ({f"Claims!M{HOURS}": "x" * 4001}, {"narrative": "x" * 4001}),
)
WRONG_PEOPLE = (
    ({"People!D5": 169}, {"hours": Decimal(169)}),
    ({"People!D5": ""}, {"hours": None}),
    ({"People!C5": "Ada Lovelace"}, {"reference": "Ada Lovelace"}),
    ({"People!C5": ""}, {"reference": ""}),
    ({"People!F5": date(2026, 7, 1)}, {"first_on": date(2026, 7, 1)}),
    ({"People!H5": 0}, {"share": Decimal(0)}),
)


def test_the_page_and_the_workbook_say_the_same_of_a_wrong_value(reporting: Any) -> None:
    found = reporting.open()
    person = NewEntry(EntryKind.PERSON, "P-1", hours=Decimal(35))
    reporting.write(found, "local-jobs", entries=(person,))
    reporting.write(found, "volunteering-hours", amount=Decimal(12))
    given = download(reporting, found)
    cases = [(cells, "volunteering-hours", {"amount": Decimal(12)} | wrong) for cells, wrong in WRONG_LINES]
    cases += [(cells, "local-jobs", {"entries": (replace(person, **wrong),)}) for cells, wrong in WRONG_PEOPLE]
    cases += [({f"Claims!K{JOBS}": 3}, "local-jobs", {"amount": Decimal(3), "entries": (person,)})]
    for cells, measure, content in cases:
        sent = send(reporting, found, edit(given, cells))
        with pytest.raises(InputErrors) as refused:
            reporting.write(found, measure, **content)
        told = {problem.field: problem.message for problem in sent.all_problems}
        assert set(cells) <= set(told) and sent.taken == ()
        assert set(told.values()) <= {error.message for error in refused.value.errors}


def test_only_a_queried_line_of_a_sent_return_is_taken(reporting: Any) -> None:
    found = reporting.send()
    ask(reporting, found)
    changes = {"People!D6": 35, f"Claims!K{HOURS}": 99}

    sent = send(reporting, found, edit(download(reporting, found), changes))

    assert [line.line.title[:5] for line in sent.taken] == ["Local"]
    assert [(one.field, one.message[:18]) for one in sent.all_problems] == [("Claims!B6", "This line was sent")]
    assert take(reporting, found) == 1
    assert reporting.claim(found, "local-jobs").claimed == Decimal("0.5")
    assert reporting.claim(found, "volunteering-hours").claimed == 12


def test_a_line_changed_on_the_page_is_only_replaced_where_the_workbook_says_something_new(reporting: Any) -> None:
    found = reporting.fill(reporting.open())
    content = edit(download(reporting, found), {f"Claims!K{HOURS}": 20})
    reporting.write(found, "volunteering-hours", amount=Decimal(15))
    reporting.write(found, "carbon-fleet", amount=Decimal(3))

    sent = send(reporting, found, content)

    assert [(line.line.claim_id, line.was_changed) for line in sent.taken] == [
        (reporting.claim(found, "volunteering-hours").id, True)
    ]
    assert take(reporting, found) == 1
    assert [reporting.claim(found, one).amount for one in ("volunteering-hours", "carbon-fleet")] == [20, 3]


def test_a_change_made_meanwhile_or_another_workbook_is_not_taken_over(reporting: Any) -> None:
    found = reporting.fill(reporting.open())
    first = edit(download(reporting, found), {f"Claims!K{HOURS}": 20})
    send(reporting, found, first)
    waiting, _ = call(show_return_workbook, reporting, found, catalogue=reporting.catalogue)
    send(reporting, found, edit(first, {f"Claims!K{HOURS}": 30}), who="ben")
    for given in ({"sha256": waiting.sha256}, {"version": 1}):
        with pytest.raises(StaleEdit):
            take(reporting, found, **given)
    with pytest.raises(StaleEdit):
        call(put_away_return_workbook, reporting, found, sha256=waiting.sha256)
    assert reporting.claim(found, "volunteering-hours").amount == 12
    waiting, _ = call(show_return_workbook, reporting, found, catalogue=reporting.catalogue)
    call(put_away_return_workbook, reporting, found, sha256=waiting.sha256)


def test_what_waits_is_encrypted_and_goes_after_a_day(reporting: Any) -> None:
    found = reporting.fill(reporting.open())
    send(reporting, found, edit(download(reporting, found), {"People!C5": "P-777", f"Claims!K{HOURS}": 20}))
    (file,) = files(reporting)
    assert b"P-777" not in file.read_bytes() and file.read_bytes()[:2] != b"PK"
    now = now_in(reporting.session)
    assert drop_old_workbooks(reporting.settings, now) == 0
    assert drop_old_workbooks(reporting.settings, now + timedelta(days=1, minutes=1)) == 1
    assert files(reporting) == []
    with pytest.raises(StateError, match="No workbook waits"):
        take(reporting, found)


def test_nobody_else_downloads_sends_or_takes_it(reporting: Any) -> None:
    found = reporting.fill(reporting.open())
    content = download(reporting, found)
    for who, error in (("stranger", NotFound), ("olga", AccessDenied)):
        for function, args in (
            (make_return_workbook, ()),
            (send_return_workbook, (content,)),
            (show_return_workbook, ()),
        ):
            with pytest.raises(error):
                call(function, reporting, found, *args, who=who, catalogue=reporting.catalogue)
        with pytest.raises(error):
            call(find_sender, reporting, found, who=who)


def test_the_workbook_of_another_quarter_is_refused(reporting: Any) -> None:
    found = reporting.open()
    other = reporting.open(contract_id=reporting.enter("C-2"))
    with pytest.raises(InputErrors, match="belongs to another return"):
        send(reporting, other, download(reporting, found))
