"""The demonstration's tenders and contracts: every stage, every mark with its reason, delivery good and bad."""

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal

import pytest

from wpound.catalogue.loader import load_catalogue, load_city
from wpound.catalogue.model import City, Head
from wpound.core.claim_counting import EntryKind
from wpound.core.criteria import Kind
from wpound.core.delivery import VerificationLevel
from wpound.core.form import Problems
from wpound.core.results import TenderResult
from wpound.core.tender import Tender, read_tender
from wpound.demo.claims import write_claim_content
from wpound.demo.contracts import DemoContract
from wpound.demo.generate import DemoFiles, DemoStory, tell_story
from wpound.demo.suppliers import address_at, email_of
from wpound.demo.tenders import DemoTender
from wpound.documents.assessment_summary import AssessmentSummary, Winner, assessment_summary_html
from wpound.services.count_claim import LineRule
from wpound.services.edit_claim import check_content


@pytest.fixture(scope="session")
def story(toy_city: City, demo_files: DemoFiles) -> DemoStory:
    return tell_story(toy_city, load_catalogue(), demo_files.suppliers)


@pytest.fixture(scope="session")
def tenders(story: DemoStory) -> dict[str, DemoTender]:
    return {tender.key: tender for tender in story.tenders}


@pytest.fixture(scope="session")
def results(story: DemoStory) -> Mapping[str, TenderResult]:
    return story.results


@pytest.fixture(scope="session")
def contracts(story: DemoStory) -> Sequence[DemoContract]:
    return story.contracts


def read(tender: DemoTender) -> Tender:
    problems = Problems()
    form = read_tender(tender.form, problems)
    problems.raise_if_any()
    return form


def test_money_values_are_those_of_the_day_a_tender_was_published_on(tenders: Mapping[str, DemoTender]) -> None:
    """Not of a day after the deadline, which nobody could have known when the method was frozen."""
    published = [tender for tender in tenders.values() if tender.published_on]
    assert len(published) == 4
    assert all(tender.form["as_of"] == tender.published_on.isoformat() for tender in published if tender.published_on)


def test_six_stages_and_three_to_six_bids_each(tenders: dict[str, DemoTender]) -> None:
    stages = ["awarded", "closed", "draft", "evaluation", "marking", "published"]
    assert sorted(tender.stage for tender in tenders.values()) == stages
    for tender in tenders.values():
        bids = read(tender).bids
        assert 3 <= len(bids) <= 6
        assert [bid.bidder for bid in bids] == [firm.name for firm in tender.bidders]


def test_every_mark_has_a_reason_in_words_and_sealed_bids_have_neither(tenders: dict[str, DemoTender]) -> None:
    for tender in tenders.values():
        for bid in read(tender).bids:
            assert set(bid.marks) == set(bid.reasons)
            assert bool(bid.marks) == (tender.stage not in ("published", "closed"))
            assert all(reason.endswith(".") and len(reason.split()) >= 8 for reason in bid.reasons.values())


def test_four_price_formulas_are_shown(tenders: dict[str, DemoTender]) -> None:
    formulas = [
        leaf.criterion.formula
        for tender in tenders.values()
        for leaf in read(tender).method.tree.leaves
        if leaf.criterion.kind is Kind.PRICE
    ]
    assert len(set(formulas)) == 4


def test_only_the_sealed_tenders_are_not_scored(results: Mapping[str, TenderResult]) -> None:
    assert sorted(results) == ["grounds-maintenance", "office-cleaning", "responsive-repairs", "ward-networks"]


def test_one_bid_is_excluded_below_a_threshold(results: Mapping[str, TenderResult]) -> None:
    excluded = [bid for bid in results["grounds-maintenance"].bids if bid.excluded_because]
    assert len(excluded) == 1
    assert "below the threshold of 2" in str(excluded[0].excluded_because)


def test_every_bidder_of_a_scored_tender_can_be_told_its_marks_and_why(
    tenders: dict[str, DemoTender], results: Mapping[str, TenderResult]
) -> None:
    for key, result in results.items():
        first = next(firm for firm in tenders[key].bidders if firm.name == result.bids[0].bidder)
        winner = Winner(first.name, address_at(first.invoice_postcode), email_of(first.name), first.identifier)
        for bid in result.bids:
            page = assessment_summary_html(
                AssessmentSummary(
                    buyer=tenders[key].buyer.name,
                    reference=key,
                    method=read(tenders[key]).method,
                    result=result,
                    bidder=bid.bidder,
                    winner=winner,
                    issued_on=date(2026, 11, 20),
                    next_steps=(),
                )
            )
            assert f"GB-COH-{first.company_number}" in page


def test_one_tie_is_broken_by_the_stated_rule(results: Mapping[str, TenderResult]) -> None:
    result = results["responsive-repairs"]
    first, second = result.bids[:2]
    assert first.score == second.score
    assert (first.rank, second.rank) == (1, 2)
    assert "tie_broken" in [warning.code for warning in result.warnings]


def test_twelve_contracts_with_four_quarters_each(contracts: Sequence[DemoContract]) -> None:
    assert len({contract.reference for contract in contracts}) == 12
    assert {contract.buyer.kind.value for contract in contracts} == {
        "council",
        "health",
        "university",
        "college",
        "housing",
    }
    for contract in contracts:
        assert len(contract.returns) == 4
        assert contract.returns[0].period.start_on >= contract.life.start_on
        assert contract.returns[-1].period.end_on <= contract.life.end_on


def test_the_award_becomes_a_contract_with_the_winners_own_promises(
    contracts: Sequence[DemoContract], tenders: dict[str, DemoTender], results: Mapping[str, TenderResult]
) -> None:
    contract = next(contract for contract in contracts if contract.tender == "grounds-maintenance")
    winner = results["grounds-maintenance"].bids[0].bidder
    bid = next(bid for bid in read(tenders["grounds-maintenance"]).bids if bid.bidder == winner)
    assert contract.supplier.name == winner
    assert contract.value == bid.price
    promised = [(commitment.measure.code, commitment.quantity, commitment.year) for commitment in contract.commitments]
    assert promised == [(promise.measure, promise.quantity, promise.year) for promise in bid.commitments]


def test_nothing_is_verified_without_a_check_nor_above_the_claim(contracts: Sequence[DemoContract]) -> None:
    unchecked = (VerificationLevel.SELF_DECLARED, VerificationLevel.DOCUMENTED)
    for contract in contracts:
        for quarter in contract.returns:
            assert quarter.period.end_on < quarter.submitted_on < quarter.checked_on
            for claim in quarter.claims:
                assert (claim.verified is None) == (claim.level in unchecked)
                assert claim.verified is None or claim.verified <= claim.claimed


def test_every_line_is_made_of_people_events_or_an_amount_that_come_to_what_it_claims(
    contracts: Sequence[DemoContract],
) -> None:
    kinds = set()
    for contract in contracts:
        for quarter in contract.returns:
            for claim in quarter.claims:
                measure = contract.commitments[claim.commitment].measure
                content = write_claim_content(measure, claim.claimed, contract.reference, quarter.period)
                rule = LineRule(measure, quarter.period, {})
                check_content(rule, content)
                assert rule.count_content(content) == claim.claimed
                kinds |= {entry.kind for entry in content.entries}
    assert kinds == {EntryKind.PERSON, EntryKind.EVENT}


def test_delivery_is_good_short_early_cut_back_and_unchecked(contracts: Sequence[DemoContract]) -> None:
    claims = [
        (claim, contract.commitments[claim.commitment])
        for contract in contracts
        for quarter in contract.returns
        for claim in quarter.claims
    ]
    assert any(claim.verified is None for claim, _ in claims)
    assert any(claim.verified is not None and claim.verified < claim.claimed for claim, _ in claims)
    assert any(claim.claimed == 0 for claim, _ in claims)
    assert {commitment.delivery for _, commitment in claims} >= {"steady", "early", "short", "cut_back", "waiting"}


def test_jobs_economy_and_climate_are_promised_and_partly_verified(contracts: Sequence[DemoContract]) -> None:
    verified = dict.fromkeys(Head, Decimal(0))
    for contract in contracts:
        for quarter in contract.returns:
            for claim in quarter.claims:
                verified[contract.commitments[claim.commitment].measure.head] += claim.verified or 0
    assert all(verified[head] > 0 for head in (Head.JOBS, Head.ECONOMY, Head.CLIMATE))


@pytest.mark.parametrize("key", ["wolverhampton", "coventry"])
def test_any_city_gets_tenders_and_contracts_of_its_own_anchors(key: str, demo_files: DemoFiles) -> None:
    city = load_city(key)
    story = tell_story(city, load_catalogue(city.plan), demo_files.suppliers)
    keys = {anchor.key for anchor in city.anchors}
    assert {bought.buyer.key for bought in (*story.tenders, *story.contracts)} <= keys
