"""A certificate of a contract that was changed says what the contract's page says."""

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING

import pytest

from wpound.core.contract_words import ChangeKind
from wpound.core.money import Money
from wpound.core.periods import Period
from wpound.core.reproportion import Rule
from wpound.services.change_contract import NewTerms, change_contract
from wpound.services.clock import fixed_clock
from wpound.services.gather_delivery import cover_contract, gather_facts
from wpound.services.show_delivery import show_delivery

if TYPE_CHECKING:
    from conftest import Managing

SIX = Money.from_pounds("6000000")
BEFORE, AFTER = Period(date(2026, 1, 1), date(2026, 3, 31)), Period(date(2026, 4, 1), date(2026, 6, 30))
TODAY = date(2026, 7, 15)
SO_FAR = Period(date(2025, 4, 1), AFTER.end_on)
Figures = dict[str, tuple[Decimal, Decimal, Decimal]]


def change(managing: "Managing", kind: ChangeKind, end_on: date, value: Money, rule: Rule) -> None:
    new = NewTerms(kind, "Agreed with the supplier.", date(2026, 4, 1), value, end_on, rule)
    contract = managing.contract
    change_contract(managing.session, managing.officer, contract.id, new, managing.catalogue, version=contract.version)


def read_certificate(managing: "Managing", period: Period) -> Figures:
    facts = gather_facts(
        managing.session, managing.catalogue, cover_contract(managing.session, managing.contract), period, TODAY
    )
    read = {line.title: (line.promised.amount, line.claimed.amount, line.verified.amount) for line in facts.lines}
    assert len(read) == len(facts.lines), "a promise and the one in its place are one line"
    return read


def read_page(managing: "Managing") -> Figures:
    at = fixed_clock(datetime(TODAY.year, TODAY.month, TODAY.day, tzinfo=UTC))
    lines = show_delivery(managing.session, managing.contract, managing.catalogue, at)
    figures = {line.title: (line.progress.due, line.progress.claimed, line.progress.verified) for line in lines}
    cent = Decimal("0.01")
    return {title: (due.quantize(cent), *told) for title, (due, *told) in figures.items() if any((due, *told))}


@pytest.mark.parametrize(
    ("kind", "end_on", "value", "rule", "jobs_due"),
    [
        # 5 of 12 quarters of 12; 5 of 16 of 16; 5 of 12 of 6; 5 of 6 of 6.
        (ChangeKind.VARIATION, date(2028, 3, 31), Money.from_pounds("7000000"), Rule.KEEP, "5"),
        (ChangeKind.EXTENSION, date(2029, 3, 31), SIX, Rule.TIME, "5"),
        (ChangeKind.VARIATION, date(2028, 3, 31), Money.from_pounds("3000000"), Rule.VALUE, "2.5"),
        (ChangeKind.TERMINATION, date(2026, 9, 30), SIX, Rule.TIME, "5"),
    ],
    ids=["kept", "longer", "halved", "ended early"],
)
def test_a_certificate_over_a_change_says_what_the_page_says(
    managing: "Managing", kind: ChangeKind, end_on: date, value: Money, rule: Rule, jobs_due: str
) -> None:
    managing.deliver(BEFORE, [("local-jobs", "3", "2.5")])
    change(managing, kind, end_on, value, rule)
    managing.deliver(AFTER, [("local-jobs", "2", "1")])

    certified = read_certificate(managing, SO_FAR)

    assert certified == read_page(managing)
    [jobs] = [figures for title, figures in certified.items() if "," not in title and figures[1]]
    assert jobs == (Decimal(jobs_due), 5, Decimal("3.5"))
