"""Changes keep what was promised before, and delivery counts on."""

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING

import pytest

from wpound.core.contract_words import ChangeKind
from wpound.core.errors import InputErrors, NotFound, StaleEdit, StateError
from wpound.core.money import Money
from wpound.core.periods import Period
from wpound.core.progress import Standing
from wpound.core.reproportion import Rule
from wpound.services.change_contract import NewTerms, change_contract, preview_change
from wpound.services.clock import fixed_clock
from wpound.services.show_delivery import show_delivery, show_portfolio
from wpound.store.contracts import list_all_commitments, list_contract_changes
from wpound.store.models.organisations import Organisation

if TYPE_CHECKING:
    from conftest import Managing

SIX = Money.from_pounds("6000000")


def terms(kind: ChangeKind, end_on: date, value: Money = SIX, rule: Rule = Rule.TIME) -> NewTerms:
    return NewTerms(kind, "Agreed with the supplier.", date(2026, 4, 1), value, end_on, rule)


def change(managing: "Managing", new: NewTerms, version: int | None = None) -> None:
    shown = managing.contract.version if version is None else version
    change_contract(managing.session, managing.officer, managing.contract_id, new, managing.catalogue, version=shown)


def test_an_extension_keeps_the_old_promises_beside_the_new_ones(managing: "Managing") -> None:
    new = terms(ChangeKind.EXTENSION, date(2029, 3, 31))
    previewed = preview_change(managing.contract, new)

    change(managing, new)

    contract = managing.contract
    assert contract.end_on == date(2029, 3, 31)
    every = list_all_commitments(managing.session, contract_id=contract.id)
    old = [one for one in every if one.ended_with_id is not None]
    assert {(one.measure_code, one.year, one.quantity) for one in old} == {("local-jobs", None, Decimal(12))}
    now = {(one.measure_code, one.year): one.quantity for one in contract.commitments}
    assert now["local-jobs", None] == Decimal("16.00")
    assert now["carbon-fleet", 2026] == Decimal(30)
    assert ("carbon-fleet", 2028) in now
    assert now == {(one.measure_code, one.year): one.after.amount for one in previewed if one.after}
    [written] = list_contract_changes(managing.session, contract_id=contract.id)
    assert (written.ends_before, written.ends_after) == (date(2028, 3, 31), date(2029, 3, 31))
    assert written.changed_by == managing.officer.email
    assert {one.came_with_id for one in contract.commitments} == {None, written.id}


def test_what_was_delivered_towards_an_old_promise_counts_on(managing: "Managing") -> None:
    managing.deliver(Period(date(2025, 4, 1), date(2025, 6, 30)), [("local-jobs", "3", "2.5")])
    change(managing, terms(ChangeKind.VARIATION, date(2028, 3, 31), Money.from_pounds("3000000"), Rule.VALUE))
    at = fixed_clock(datetime(2025, 9, 1, tzinfo=UTC))

    lines = show_delivery(managing.session, managing.contract, managing.catalogue, at)

    jobs = next(line for line in lines if line.commitment.measure_code == "local-jobs")
    assert (jobs.progress.promised, jobs.progress.claimed, jobs.progress.verified) == (6, 3, Decimal("2.5"))
    assert jobs.progress.standing is Standing.EARLY
    portfolio = show_portfolio(managing.session, managing.officer, managing.catalogue, at)
    assert portfolio.contracts == 1
    assert sum(len(head.lines) for head in portfolio.heads) == len(lines)
    assert portfolio.outcomes


def test_a_termination_is_the_last_change(managing: "Managing") -> None:
    change(managing, terms(ChangeKind.TERMINATION, date(2026, 9, 30)))

    assert managing.contract.ended_on == date(2026, 9, 30)
    with pytest.raises(StateError, match="ended on 30 September 2026"):
        change(managing, terms(ChangeKind.EXTENSION, date(2029, 3, 31)))


def test_a_change_made_from_an_old_copy_is_refused(managing: "Managing") -> None:
    shown = managing.contract.version
    change(managing, terms(ChangeKind.EXTENSION, date(2029, 3, 31)))

    with pytest.raises(StaleEdit):
        change(managing, terms(ChangeKind.EXTENSION, date(2030, 3, 31)), version=shown)


@pytest.mark.parametrize(
    "new",
    [
        terms(ChangeKind.EXTENSION, date(2028, 3, 31), Money(1)),
        terms(ChangeKind.TERMINATION, date(2028, 3, 31), Money(1)),
        terms(ChangeKind.VARIATION, date(2025, 3, 31)),
        terms(ChangeKind.VARIATION, date(2028, 3, 31)),
        NewTerms(ChangeKind.VARIATION, " ", date(2026, 4, 1), Money(1), date(2028, 3, 31), Rule.KEEP),
    ],
    ids=["no longer", "no shorter", "ends before it starts", "changes nothing", "no reason"],
)
def test_what_cannot_be_is_refused_and_changes_nothing(managing: "Managing", new: NewTerms) -> None:
    with pytest.raises(InputErrors):
        change(managing, new)
    assert list_contract_changes(managing.session, contract_id=managing.contract_id) == []


def test_a_contract_of_another_buyer_is_not_found(managing: "Managing", anchors: list[Organisation]) -> None:
    new = terms(ChangeKind.EXTENSION, date(2029, 3, 31))
    with pytest.raises(NotFound):
        change_contract(managing.session, managing.stranger, managing.contract_id, new, managing.catalogue, version=1)


def test_a_written_change_stays_as_it_was_written(managing: "Managing") -> None:
    change(managing, terms(ChangeKind.EXTENSION, date(2029, 3, 31)))
    [written] = list_contract_changes(managing.session, contract_id=managing.contract_id)
    written.reason = "Another."
    with pytest.raises(StateError):
        managing.session.flush()
    managing.session.rollback()
