"""Award: the one winner, all of its promises with the values as published, or nothing at all."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import func, select

from wpound.core.bids import Commitment as Promise
from wpound.core.errors import InputErrors, NotFound, StateError
from wpound.core.money import Money
from wpound.core.periods import Period
from wpound.core.quantities import Unit
from wpound.documents.assessment_summary import assessment_summary_html
from wpound.services import award_contract as module
from wpound.services.award_contract import award_contract
from wpound.services.clock import fixed_clock
from wpound.services.enter_contract import ContractTerms, enter_contract
from wpound.services.evaluate_bids import evaluate_bids
from wpound.services.summarise_assessment import summarise_assessment
from wpound.store.audit import list_events, verify_chain
from wpound.store.bids import list_consensus_marks
from wpound.store.contracts import get_contract
from wpound.store.models.contracts import Commitment, Contract
from wpound.store.models.tenders import TenderStage

LIFE = Period(date(2026, 7, 1), date(2028, 6, 30))


def award(buying: Any, tender: Any, reference: str = "C-1") -> Contract:
    return award_contract(
        buying.session, buying.lot(tender), buying.catalogue, reference=reference, life=LIFE, actor="officer"
    )


@pytest.fixture
def evaluated(buying: Any) -> Any:
    """A tender whose bids are scored."""
    tender = buying.marked()
    evaluate_bids(buying.session, buying.lot(tender), buying.catalogue, actor="chair")
    return tender


def test_the_winners_promises_become_commitments_with_the_values_as_published(buying: Any, evaluated: Any) -> None:
    award(buying, evaluated)
    buying.session.expire_all()

    contract = get_contract(buying.session, "C-1", organisation_id=buying.buyer.id)
    assert (contract.supplier_id, contract.contract_value) == (buying.firms["Birch"].id, Money(50_000_000))
    assert (contract.ocid, contract.catalogue_fingerprint) == ("ocds-test-1", buying.catalogue.fingerprint)
    jobs, carbon = contract.commitments
    assert (jobs.measure_code, jobs.head, jobs.quantity, jobs.unit, jobs.value_kind) == (
        "local-jobs",
        "jobs",
        Decimal(10),
        Unit.FTE_YEAR,
        "flow",
    )
    assert jobs.unit_value == buying.catalogue.get_measure("local-jobs").value_on(date(2026, 4, 1)).value
    in_2026 = buying.catalogue.get_measure("carbon-fleet").value_on(date(2026, 12, 31))
    assert (carbon.year, carbon.value_kind, carbon.unit_value) == (2026, "additional", in_2026.value)
    assert carbon.value_reference == in_2026.reference.title


def test_an_award_is_made_once_and_told_in_the_audit_trail(buying: Any, evaluated: Any) -> None:
    award(buying, evaluated)

    assert evaluated.stage is TenderStage.AWARDED
    last = list_events(buying.session, object_kind="tender", object_id=evaluated.id)[-1]
    assert (last.action, last.detail) == (
        "tender.awarded",
        {"lot": 1, "bidder": "Birch", "evaluation": 1, "contract": "C-1"},
    )
    assert verify_chain(buying.session) == []
    with pytest.raises(StateError, match="awarded once"):
        award(buying, evaluated, "C-2")


def test_a_failure_on_the_way_leaves_no_contract_at_all(
    buying: Any, evaluated: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*args: Any, **details: Any) -> None:
        raise OSError("the disk is full")

    monkeypatch.setattr(module, "append_event", fail)
    with pytest.raises(OSError, match="disk"):
        award(buying, evaluated)
    monkeypatch.undo()

    assert [buying.session.scalar(select(func.count()).select_from(table)) for table in (Contract, Commitment)] == [
        0,
        0,
    ]
    assert list_events(buying.session, object_kind="contract", object_id=1) == []
    assert evaluated.stage is TenderStage.EVALUATION
    assert award(buying, evaluated).reference == "C-1"


def test_a_tie_that_the_rules_leave_is_not_awarded(buying: Any) -> None:
    tender = buying.publish(buying.draft())
    for name in ("Ash", "Birch"):
        buying.submit(tender, name, price=Money(45_000_000), commitments=())
    for bid in buying.open(tender):
        buying.mark(bid, "4")
    buying.lock(tender)
    evaluate_bids(buying.session, buying.lot(tender), buying.catalogue, actor="chair")

    with pytest.raises(StateError, match="Ash and Birch share the first rank"):
        award(buying, tender)


def test_a_tender_whose_every_bid_was_excluded_is_not_awarded(buying: Any) -> None:
    tender = buying.publish(buying.draft())
    buying.submit(tender, "Ash", passes={"insurance": False})
    buying.mark(buying.open(tender)[0], "4")
    buying.lock(tender)
    evaluate_bids(buying.session, buying.lot(tender), buying.catalogue, actor="chair")

    with pytest.raises(StateError, match="Every bid was excluded"):
        award(buying, tender)


def test_marks_changed_after_scoring_hold_the_award_up(buying: Any, evaluated: Any) -> None:
    birch = next(bid for bid in buying.bids(evaluated) if bid.bidder == "Birch")
    list_consensus_marks(buying.session, bid_id=birch.id)[0].mark = Decimal(0)

    with pytest.raises(StateError, match="marks were changed since"):
        award(buying, evaluated)


def enter(buying: Any, *promises: Promise, **changes: Any) -> Contract:
    plain = {"reference": "C-9", "title": "Cleaning", "value": Money(9_000_000), "life": LIFE}
    terms = ContractTerms(**(plain | changes))
    return enter_contract(
        buying.session, buying.buyer, buying.firms["Ash"], terms, promises, buying.catalogue, actor="officer"
    )


def test_a_contract_from_elsewhere_is_entered_with_its_promises(buying: Any) -> None:
    weeks = Promise("apprenticeship-weeks-level-3", Decimal(52))
    contract = enter(buying, weeks, Promise("carbon-fleet", Decimal("8.5"), 2027))

    assert (contract.tender_id, contract.bid_id) == (None, None)
    told = [(c.measure_code, c.value_kind.value, c.unit_value is None) for c in contract.commitments]
    assert told == [("apprenticeship-weeks-level-3", "none", True), ("carbon-fleet", "additional", False)]


def test_a_measure_without_a_value_in_that_year_is_counted_in_its_unit_only(buying: Any) -> None:
    """No value in force is not a value of 0."""
    contract = enter(buying, Promise("carbon-fleet", Decimal(1), 2010))

    (commitment,) = contract.commitments
    assert (commitment.quantity, commitment.unit_value, commitment.value_reference) == (Decimal(1), None, None)


@pytest.mark.parametrize(
    ("changes", "promises", "fields"),
    [
        ({"reference": " "}, (), {"reference"}),
        ({"title": "", "value": Money(0)}, (), {"title", "value"}),
        ({}, (Promise("no-such", Decimal(1)),), {"commitments[0].measure"}),
        ({}, (Promise("local-jobs", Decimal(-1)),), {"commitments[0].quantity"}),
        ({}, (Promise("local-jobs", Decimal(1), unit=Unit.HOUR),), {"commitments[0].unit"}),
        ({}, (Promise("local-jobs", Decimal(1)),) * 2, {"commitments[1].measure"}),
    ],
)
def test_terms_and_promises_that_cannot_be_are_refused(
    buying: Any, changes: dict[str, Any], promises: tuple[Promise, ...], fields: set[str]
) -> None:
    with pytest.raises(InputErrors) as refused:
        enter(buying, *promises, **changes)

    assert {error.field for error in refused.value.errors} == fields
    assert buying.session.scalar(select(func.count()).select_from(Contract)) == 0


def test_a_reference_is_used_once_by_a_buyer(buying: Any) -> None:
    enter(buying)

    with pytest.raises(InputErrors, match="already a contract C-9"):
        enter(buying)


def summarise(buying: Any, tender: Any, bidder: str = "Ash", **settings: Any) -> Any:
    plain = {"winner_address": "1 Park Lane", "winner_email": "bids@birch.example", "next_steps": ("Standstill.",)}
    clock = fixed_clock(tender.deadline_at)
    return summarise_assessment(
        buying.session,
        buying.buyer,
        tender,
        buying.lot(tender),
        buying.catalogue,
        bidder,
        clock=clock,
        **(plain | settings),
    )


def test_a_bidder_reads_its_marks_and_who_won(buying: Any, evaluated: Any) -> None:
    award(buying, evaluated)
    page = assessment_summary_html(summarise(buying, evaluated))

    for told in (
        "85.00",
        "96.00",
        "Birch",
        "GB-COH-ZZ000002",
        "bids@birch.example",
        "Names every site",
        "1 April 2026",
    ):
        assert told in page


def test_a_summary_is_blocked_while_a_mark_has_no_reason(buying: Any) -> None:
    tender = buying.marked()
    for bid in buying.bids(tender):
        list_consensus_marks(buying.session, bid_id=bid.id)[0].reason = " "
    evaluate_bids(buying.session, buying.lot(tender), buying.catalogue, actor="chair")

    with pytest.raises(InputErrors, match="no reason"):
        assessment_summary_html(summarise(buying, tender))


def test_a_summary_is_for_a_bidder_under_the_published_catalogue(buying: Any, evaluated: Any) -> None:
    with pytest.raises(StateError, match="published under catalogue"):
        later = replace(buying.catalogue, fingerprint="f" * 64)
        summarise(replace(buying, catalogue=later), evaluated)
    with pytest.raises(NotFound, match="made no bid"):
        summarise(buying, evaluated, "Elm")
