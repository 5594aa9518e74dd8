"""What the pages about a return are made of: figures that add up, and nothing that is not for that side."""

from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from secrets import token_hex
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import event as sqlalchemy_event

from wpound.core.bids import Commitment as Promise
from wpound.core.claim_content import NewEntry
from wpound.core.claim_counting import EntryKind
from wpound.core.delivery import ClaimState, VerificationLevel
from wpound.core.errors import NotFound
from wpound.core.periods import Period, quarters
from wpound.core.supplier_size import SupplierSize
from wpound.services.check_file import check_file
from wpound.services.clock import fixed_clock
from wpound.services.keep_evidence import add_evidence
from wpound.services.show_return import list_own_returns, show_buyers_return, show_own_claim, show_own_return
from wpound.store.base import add
from wpound.store.models.contracts import ContractPartner
from wpound.store.models.suppliers import Supplier
from wpound.store.workload import find_supplier_id

# Where SQL does not differ between the two.
ON_SQLITE = pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
LIFE = Period(date(2026, 4, 1), date(2028, 3, 31))
NEXT = Period(date(2026, 7, 1), date(2026, 9, 30))


def show(reporting: Any, found: Any, who: str = "ann") -> Any:
    show_one = show_own_return if who in ("ann", "ben", "stranger") else show_buyers_return
    return show_one(reporting.session, reporting.people[who], found.id, reporting.catalogue, clock=reporting.clock)


def test_a_line_says_what_is_due_and_what_comes_before(reporting: Any) -> None:
    page = show(reporting, reporting.open())
    carbon = page.lines[2]

    # 8 FTE-years over eight quarters; 30 tonnes over the three quarters of 2026 in the contract.
    assert [(line.due, line.due_to_date) for line in page.lines] == [(1, 1), (10, 10), (10, 10)]
    assert [line.is_answered for line in page.lines] == [False] * 3
    assert [bool(line.missing) for line in page.lines] == [True] * 3
    assert page.warning_count == 0 and not page.is_ready and not page.is_overdue
    assert carbon.title.endswith(", 2026")

    reporting.submit(reporting.fill(page.found))
    later = type(reporting)(**{**vars(reporting), "clock": lambda session: reporting.clock(session).replace(month=10)})
    following = later.open(period=NEXT)
    page = show(later, following)
    jobs = page.lines[0]
    assert (jobs.carried, jobs.last_quarter, jobs.due_to_date) == (Decimal("0.375"), Decimal("0.375"), 2)
    later.write(following, "volunteering-hours", amount=Decimal(12))
    page = show(later, following)
    assert page.lines[1].total_after == 24
    assert [one.code for one in page.lines[1].warnings] == ["same_as_before"]


@ON_SQLITE
def test_references_are_for_the_suppliers_page_of_that_line(reporting: Any) -> None:
    found = reporting.open()
    reporting.fill(found)
    jobs = reporting.claim(found, "local-jobs")
    args = (reporting.session, reporting.ben, found.id, jobs.id, reporting.catalogue, reporting.settings)

    page = show_own_claim(*args, clock=reporting.clock)

    assert [(one.reference, one.row.counted) for one in page.line(jobs.id).entries] == [
        ("P-1", Decimal("0.25")),
        ("P-2", Decimal("0.125")),
    ]
    assert "0.5 of a full-time post for 91 of 91 days" in page.line(jobs.id).entries[1].working
    assert [one.reference for one in show(reporting, found).line(jobs.id).entries] == [None, None]
    assert b"P-1" not in b"".join(bytes(row.sealed_reference) for row in jobs.entries)


@ON_SQLITE
def test_others_see_no_draft_and_no_return_of_another(reporting: Any) -> None:
    found = reporting.open()
    for who in ("olga", "hugo", "stranger"):
        with pytest.raises(NotFound):
            show(reporting, found, who)
    sent = reporting.submit(reporting.fill(found))
    for who in ("hugo", "stranger"):
        with pytest.raises(NotFound):
            show(reporting, sent, who)
    assert [one.reference for line in show(reporting, sent, "olga").lines for one in line.entries] == [None, None]


@ON_SQLITE
def test_a_page_costs_the_same_number_of_queries_however_long_it_is(reporting: Any) -> None:
    found = reporting.open()
    reporting.fill(found)
    few = _count(reporting, found)
    people = tuple(NewEntry(EntryKind.PERSON, f"P-{number}", hours=Decimal(35)) for number in range(40))
    reporting.write(found, "local-jobs", entries=people)

    assert _count(reporting, found) == few


def _count(reporting: Any, found: Any) -> int:
    statements: list[str] = []
    connection = reporting.session.connection()
    reporting.session.flush()
    reporting.session.expire_all()

    def note(conn: Any, cursor: Any, statement: str, *rest: Any) -> None:
        statements.append(statement)

    sqlalchemy_event.listen(connection, "before_cursor_execute", note)
    show(reporting, found)
    sqlalchemy_event.remove(connection, "before_cursor_execute", note)
    return len(statements)


@ON_SQLITE
def test_own_returns_are_listed_with_what_is_still_to_open(reporting: Any) -> None:
    def listed(who: str = "ann") -> Any:
        return list_own_returns(reporting.session, reporting.people[who], 10, clock=reporting.clock)

    assert [(one.return_id, one.due.is_open(listed().today)) for one in listed().to_send] == [(None, True)]
    found = reporting.open()
    assert [one.return_id for one in listed().to_send if one.return_id] == [found.id]
    reporting.submit(reporting.fill(found))
    assert ([row.return_id for row in listed().sent], listed().sent_count) == ([found.id], 1)
    assert not listed("stranger").is_known


told = st.tuples(st.integers(0, 4000), st.none() | st.integers(0, 100))


@ON_SQLITE
@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(stories=st.lists(told, min_size=1, max_size=4))
def test_what_is_carried_forward_is_what_stands_of_every_quarter_before(
    reporting: Any, stories: list[tuple[int, int | None]]
) -> None:
    """Verified where somebody has decided, claimed where nobody has; nothing of what was not sent."""
    contract_id = reporting.enter(f"P-{token_hex(4)}", [Promise("volunteering-hours", Decimal(80))])
    later = replace(reporting, clock=fixed_clock(datetime(2028, 4, 2, tzinfo=UTC)))
    standing = verified = Decimal(0)
    for quarter, (hundredths, percent) in zip(quarters(LIFE), stories, strict=False):
        found = later.open(contract_id=contract_id, period=quarter)
        claim = later.write(found, "volunteering-hours", amount=Decimal(hundredths) / 100)
        assert show(later, found).lines[0].carried == standing
        later.submit(found)
        if percent is not None:
            claim.state, claim.level = ClaimState.APPROVED, VerificationLevel.OFFICER_CHECKED
            claim.verified = claim.claimed * percent / 100
            claim.verified_at, claim.verified_by = later.clock(later.session), "olga@example.org"
            later.session.flush()
            verified += claim.verified
        standing += claim.claimed if claim.verified is None else claim.verified
    following = later.open(contract_id=contract_id, period=quarters(LIFE)[len(stories)])
    line = show(later, following).lines[0]
    assert (line.carried, line.before.verified, line.last_quarter) == (standing, verified, claim.claimed)
    assert line.due_to_date == 10 * (len(stories) + 1)


@ON_SQLITE
def test_a_partner_is_warned_of_nothing_that_its_lead_reports_elsewhere(reporting: Any) -> None:
    """The partner of one contract sees its returns, but not those of the lead's other contracts."""
    birch = find_supplier_id(reporting.session, organisation_id=reporting.stranger.organisation_id)
    if birch is None:
        firm = {"name": "Birch Care (Example) Ltd", "identifier": "GB-COH-07654321", "source": "test"}
        birch = add(reporting.session, Supplier(size=SupplierSize.UNKNOWN, seen_on=date(2026, 4, 1), **firm)).id
    reporting.session.add(ContractPartner(contract_id=reporting.contract_id, supplier_id=birch))
    reporting.session.flush()
    elsewhere, found = reporting.open(contract_id=reporting.enter("C-2")), reporting.open()
    for one, started_on in ((elsewhere, date(2026, 4, 1)), (found, date(2026, 5, 1))):
        jobs = reporting.claim(one, "local-jobs")
        add_evidence(
            *(reporting.session, reporting.ann, one.id, jobs.id),
            check_file(reporting.settings, "jobs.csv", b"person,hours\nP-1,17.5\n"),
            description="Payroll",
            has_personal_data=False,
            settings=reporting.settings,
        )
        part = NewEntry(EntryKind.PERSON, "P-1", hours=Decimal("17.5"), started_on=started_on)
        reporting.write(one, "local-jobs", entries=(part,))
        reporting.write(one, "volunteering-hours", amount=Decimal(40))
        reporting.write(one, "carbon-fleet", amount=Decimal(10))
        reporting.submit(one)

    def codes(who: str) -> set[str]:
        show_one = show_buyers_return if who == "olga" else show_own_return
        page = show_one(reporting.session, reporting.people[who], found.id, reporting.catalogue, clock=reporting.clock)
        return {warning.code for line in page.lines for warning in line.warnings}

    of_the_lead = {"same_elsewhere", "same_file_return", "start_moved"}
    assert codes("ann") >= of_the_lead and codes("olga") >= of_the_lead
    assert codes("stranger") == codes("ann") - of_the_lead == {"far_above_due"}, "what this contract says is for all"
