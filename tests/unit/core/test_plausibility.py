"""Every plausibility rule fires on a planted case and is silent on its clean twin; a flag never changes a mark."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from wpound.catalogue.loader import load_catalogue
from wpound.core.bids import Bid, Commitment, Company
from wpound.core.criteria import Criterion, Formula, Kind
from wpound.core.errors import InputErrors
from wpound.core.form import Problems
from wpound.core.method import Method
from wpound.core.money import Money
from wpound.core.plausibility import RULES, Plausibility, check_plausibility
from wpound.core.scoring import score_tender
from wpound.core.tender import read_tender

CATALOGUE = load_catalogue()
AS_OF = date(2026, 6, 1)
METHOD = Method("Grounds", (Criterion("price", Kind.PRICE, 100, formula=Formula.LOWEST_RATIO),), years=Decimal(2))
FACTS = Company(100, Money.from_pounds(5_000_000), Decimal(200), Decimal("0.4"))


def promise(measure: str, quantity: str, year: int | None = None, **more: Any) -> Commitment:
    return Commitment(measure, Decimal(quantity), year, **more)


def bid(*commitments: Commitment, name: str = "Ash", company: Company = FACTS, **more: Any) -> Bid:
    return Bid(name, Money.from_pounds(400_000), commitments=commitments, company=company, **more)


def ask(*bids: Bid, method: Method = METHOD) -> Plausibility:
    return check_plausibility(method, bids, CATALOGUE, AS_OF)


def codes(*bids: Bid, method: Method = METHOD) -> list[str]:
    return [flag.code for flag in ask(*bids, method=method).flags]


def field(measure: str, quantities: Sequence[str]) -> list[Bid]:
    return [bid(promise(measure, quantity), name=f"Bidder {i}") for i, quantity in enumerate(quantities)]


def shared(*quantities: str) -> Bid:
    measures = ("volunteering-hours", "school-support-hours", "expert-hours", "trees-planted")
    return bid(*(promise(m, q) for m, q in zip(measures, quantities, strict=False)))


SMALL = replace(FACTS, headcount=9)
POOR = replace(FACTS, turnover=Money.from_pounds(199_999))
CASES: dict[str, tuple[list[Bid], list[Bid]]] = {
    # 20 FTE-years over two years are ten posts a year.
    "fte_above_headcount": (
        [bid(promise("local-jobs", "20"), company=SMALL)],
        [bid(promise("local-jobs", "18"), company=SMALL)],
    ),
    "apprentices_above_fte": (
        [bid(promise("apprenticeship-weeks-level-2", "105", 2027), fte=Decimal(2))],
        [bid(promise("apprenticeship-weeks-level-2", "104", 2027), fte=Decimal(2))],
    ),
    "local_spend_above_supply_chain": (
        [bid(promise("local-supply-chain-spend", "160000.01"))],
        [bid(promise("local-supply-chain-spend", "160000.00"))],
    ),
    "carbon_above_baseline": (
        [bid(promise("carbon-waste", "150", 2026), promise("carbon-fleet", "50.1", 2026), name="Ash")],
        [bid(promise("carbon-waste", "150", 2026), promise("carbon-fleet", "50.1", 2027), name="Ash")],
    ),
    "contract_above_turnover": (
        [bid(company=POOR)],
        [bid(company=replace(POOR, turnover=Money.from_pounds(200_000)))],
    ),
    "value_above_band": ([bid(promise("donations", "64000.01"))], [bid(promise("donations", "64000.00"))]),
    "outlier_among_bids": (
        field("volunteering-hours", ["100", "110", "120", "130", "900"]),
        field("volunteering-hours", ["100", "110", "120", "130", "150"]),
    ),
    "same_numbers": (
        [shared("101", "57", "33", "12"), replace(shared("101", "57", "33", "40"), bidder="Birch")],
        [shared("101", "57", "30", "12"), replace(shared("101", "57", "33", "40"), bidder="Birch")],
    ),
    "used_twice": (
        [bid(promise("trees-planted", "4", evidence=("a1",)), promise("donations", "9", evidence=("a1",)))],
        [bid(promise("trees-planted", "4", evidence=("a1",)), promise("donations", "9", evidence=("b2",)))],
    ),
}


def test_every_rule_of_the_registry_has_a_planted_case() -> None:
    assert [rule.code for rule in RULES] == list(CASES)
    assert all(rule.basis.endswith(".") and rule.title for rule in RULES)


@pytest.mark.parametrize("code", CASES)
def test_a_planted_case_is_asked_about_and_its_clean_twin_is_not(code: str) -> None:
    planted, clean = CASES[code]
    assert code in codes(*planted)
    assert codes(*clean) == []


@pytest.mark.parametrize("code", CASES)
def test_no_mark_changes_when_a_flag_is_raised(code: str) -> None:
    planted, _ = CASES[code]
    before = score_tender(METHOD, planted, CATALOGUE, AS_OF).to_dict()
    without_facts = [
        replace(b, company=Company(), commitments=tuple(replace(c, people=(), evidence=()) for c in b.commitments))
        for b in planted
    ]
    ask(*planted)
    assert score_tender(METHOD, planted, CATALOGUE, AS_OF).to_dict() == before
    assert score_tender(METHOD, without_facts, CATALOGUE, AS_OF).to_dict() == before


def test_a_question_never_tells_a_bidder_about_another_bid() -> None:
    planted, _ = CASES["same_numbers"]
    for flag in ask(*planted).flags:
        other = next(b.bidder for b in planted if b.bidder != flag.bidder)
        assert other in flag.finding and other not in flag.question
    [outlier] = ask(*CASES["outlier_among_bids"][0]).flags
    assert "120" in outlier.finding and "120" not in outlier.question


def test_the_question_holds_the_figures_it_is_about() -> None:
    [flag] = ask(*CASES["local_spend_above_supply_chain"][0]).flags
    assert flag.question == (
        "You promise £160,000.01 under Local supply-chain spend at a price of £400,000.00, of which 40% goes to your "
        "suppliers, £160,000.00. Which payments make up this sum, and is any of it counted twice?"
    )
    assert flag.finding.startswith("Ash promises £160,000.01") and "its suppliers" in flag.finding


def test_what_is_not_known_is_neither_a_flag_nor_a_clean_bill() -> None:
    commitments = (
        promise("local-jobs", "500"),
        promise("apprenticeship-weeks-level-2", "5000"),
        promise("local-supply-chain-spend", "390000"),
        promise("carbon-waste", "9"),
    )
    found = ask(bid(*commitments, company=Company()))
    assert found.flags == ()
    assert [unknown.code for unknown in found.not_judged] == [
        "fte_above_headcount",
        "apprentices_above_fte",
        "local_spend_above_supply_chain",
        "carbon_above_baseline",
        "contract_above_turnover",
    ]
    no_years = ask(bid(promise("local-jobs", "500")), method=replace(METHOD, years=None))
    assert "length of the contract" in no_years.not_judged[0].missing


def test_local_spend_above_the_whole_price_needs_no_facts() -> None:
    assert codes(bid(promise("local-supply-chain-spend", "400000.01"), company=Company())) == [
        "local_spend_above_supply_chain"
    ]


def test_few_offers_or_offers_all_alike_are_never_called_outliers() -> None:
    assert codes(*field("trees-planted", ["10", "11", "9000"])) == []
    assert codes(*field("trees-planted", ["10", "10", "10", "9000"])) == []


def test_one_person_may_be_local_and_in_one_group_but_not_in_two() -> None:
    local, group, other = "local-jobs", "long-term-unemployed-jobs", "disabled-people-jobs"
    allowed = [promise(measure, "0.5", people=("p1",)) for measure in (local, group)]
    assert "used_twice" not in codes(bid(*allowed))
    assert "used_twice" in codes(bid(*allowed, promise(other, "0.5", people=("p1",))))
    elsewhere = bid(promise(local, "0.5", people=("p1",)), name="Birch")
    questions = {flag.bidder: flag.question for flag in ask(bid(*allowed), elsewhere).flags}
    assert set(questions) == {"Ash", "Birch"} and "also in another bid" in questions["Birch"]


def test_company_facts_are_read_from_the_file_and_written_back() -> None:
    company = {
        "headcount": 42,
        "turnover": "1500000.00",
        "baseline_tco2e": "310.5",
        "supply_chain_share": "0.35",
    }
    criteria = [{"code": "price", "kind": "price", "weighting": 100, "formula": "lowest_ratio"}]
    commitment = {"measure": "donations", "quantity": "5", "people": ["p1"], "evidence": ["a1", "b2"]}
    offer = {"bidder": "A", "price": "5.00", "marks": {}, "passes": {}, "commitments": [commitment], "company": company}
    problems = Problems()
    tender = read_tender({"title": "T", "as_of": "2026-06-01", "criteria": criteria, "bids": [offer]}, problems)
    problems.raise_if_any()
    assert tender.bids[0].to_dict() == offer
    assert Bid("B", Money(100)).company == Company() and "company" not in Bid("B", Money(100)).to_dict()


def test_company_facts_that_cannot_be_are_refused_with_their_place() -> None:
    company = {"headcount": "3.5", "turnover": "-1", "baseline_tco2e": "-2", "supply_chain_share": "35", "vans": 2}
    criteria = [{"code": "price", "kind": "price", "weighting": 100, "formula": "lowest_ratio"}]
    problems = Problems()
    bids = [{"bidder": "A", "price": "5.00", "company": company}]
    read_tender({"title": "T", "as_of": "2026-06-01", "criteria": criteria, "bids": bids}, problems)
    with pytest.raises(InputErrors) as refused:
        problems.raise_if_any()
    assert {error.field.removeprefix("bids[0].company.") for error in refused.value.errors} == set(company)
