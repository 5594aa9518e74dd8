"""KPIs, the ratings of a period, the notice, and remedies."""

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING

import pytest

from wpound.catalogue.model import Catalogue
from wpound.core.errors import InputErrors, StateError
from wpound.core.periods import Period
from wpound.core.ratings import Better, Rating
from wpound.documents.performance_notice import performance_notice_html, performance_notice_json
from wpound.documents.release_fields import write_json
from wpound.services.assess_contract import GivenRating, assess_contract, find_assessment, note_notice, propose_ratings
from wpound.services.clock import fixed_clock
from wpound.services.log_remedies import NewRemedy, close_remedy, raise_remedy
from wpound.services.set_kpis import PROMISE_KEPT, KpiTerms, set_kpi
from wpound.services.show_contract import show_contract
from wpound.services.tell_performance import tell_performance

if TYPE_CHECKING:
    from conftest import Managing

YEAR_LATER = fixed_clock(datetime(2026, 4, 1, 12, tzinfo=UTC))


def set_three(managing: "Managing") -> list[int]:
    terms = [
        KpiTerms("Jobs", "", Decimal(100), PROMISE_KEPT, measure_code="local-jobs"),
        KpiTerms("Calls answered", "Within a minute", Decimal(95), "per cent"),
        KpiTerms("Complaints", "", Decimal(10), "a year", Better.LOWER),
    ]
    return [set_kpi(managing.session, managing.officer, managing.contract_id, one).id for one in terms]


def assess(managing: "Managing", ratings: dict[int, GivenRating]) -> int:
    return assess_contract(
        managing.session, managing.officer, managing.contract_id, ratings, summary="Went well.", clock=YEAR_LATER
    ).id


def test_the_duty_goes_down_with_every_kpi(managing: "Managing", catalogue: Catalogue) -> None:
    before = show_contract(managing.session, managing.officer, managing.contract_id, catalogue, YEAR_LATER)
    set_three(managing)
    after = show_contract(managing.session, managing.officer, managing.contract_id, catalogue, YEAR_LATER)

    assert (before.duty.missing, after.duty.missing) == (3, 0)
    assert after.is_assessment_due


def test_a_promise_is_measured_by_its_verified_returns(managing: "Managing") -> None:
    set_three(managing)
    for month in (4, 7, 10):
        quarter = Period(date(2025, month, 1), date(2025, month + 2, {4: 30, 7: 30, 10: 31}[month]))
        managing.deliver(quarter, [("local-jobs", "1", "0.9")])
    due = find_assessment(managing.session, managing.contract)

    proposed = propose_ratings(managing.session, managing.contract, due.period)

    # 12 over 12 quarters: 4 due in the year, 2.7 verified.
    assert (proposed[0].measured, proposed[0].rating) == (Decimal("67.50"), Rating.INADEQUATE)
    assert [one.rating for one in proposed[1:]] == [Rating.OTHER, Rating.OTHER]


def test_an_assessment_says_why_where_it_is_not_by_the_thresholds(managing: "Managing") -> None:
    first, second, _ = set_three(managing)
    given = {first: GivenRating(Decimal(100), None), second: GivenRating(Decimal(90), Rating.GOOD)}

    with pytest.raises(InputErrors) as refused:
        assess(managing, given)

    assert [error.field for error in refused.value.errors] == ["reason-2", "reason-3"]


def test_a_notice_has_the_words_and_codes_of_the_law(managing: "Managing") -> None:
    first, second, third = set_three(managing)
    session, officer, contract_id = managing.session, managing.officer, managing.contract_id
    new = NewRemedy("Late grass cutting.", "An action plan.", date(2026, 3, 31))
    remedy = raise_remedy(session, officer, contract_id, new, fixed_clock(datetime(2026, 3, 1, 12, tzinfo=UTC)))
    made = assess(
        managing,
        {
            first: GivenRating(Decimal(100), None),
            second: GivenRating(Decimal(90), None),
            third: GivenRating(None, None, "The register was lost."),
        },
    )
    note_notice(session, officer, contract_id, made, date(2026, 4, 1), YEAR_LATER)

    told = tell_performance(session, officer, contract_id, made)
    package = performance_notice_json(told, "https://example.org/notice.json")

    [contract] = package["releases"][0]["contracts"]
    observations = [one["observations"][0] for one in contract["implementation"]["metrics"]]
    assert [one["measureClassification"]["id"] for one in observations] == ["met", "slightlyBelow", "other"]
    assert contract["implementation"]["performanceFailures"][0]["description"] == "Late grass cutting."
    assert len(contract["agreedMetrics"]) == 3
    text = write_json(package).decode() + performance_notice_html(told)
    assert "Approaching target" in text and "at least 95 per cent" in text and "at most 10 a year" in text
    assert officer.email not in text
    with pytest.raises(StateError):
        note_notice(managing.session, managing.officer, managing.contract_id, made, date(2026, 4, 1), YEAR_LATER)
    close_remedy(managing.session, managing.officer, managing.contract_id, remedy.id, "Done.", version=remedy.version)
    with pytest.raises(StateError):
        close_remedy(managing.session, managing.officer, managing.contract_id, remedy.id, "Again.", version=2)


def test_a_correction_says_why_and_stands_beside_the_first(managing: "Managing", catalogue: Catalogue) -> None:
    given = {kpi: GivenRating(Decimal(100), None, "As counted.") for kpi in set_three(managing)}
    first = assess(managing, given)
    session, officer, contract_id = managing.session, managing.officer, managing.contract_id

    def correct(because: str) -> int:
        about = {"summary": "Well.", "period_start_on": date(2025, 4, 1), "clock": YEAR_LATER}
        return assess_contract(session, officer, contract_id, given, because=because, **about).id

    with pytest.raises(InputErrors, match="Say why the assessment is corrected"):
        correct(" ")
    second = correct("Counted twice.")

    page = show_contract(session, officer, contract_id, catalogue, YEAR_LATER)
    assert [one.id for one in page.assessments] == [second, first]
    assert [one.id for one in page.counting] == [second]
    notices = [performance_notice_html(tell_performance(session, officer, contract_id, one)) for one in (first, second)]
    assert ["Counted twice." in one for one in notices] == [False, True]
    assert ["(draft, corrected since)" in one for one in notices] == [True, False]


def test_a_period_is_assessed_when_it_is_over(managing: "Managing") -> None:
    set_three(managing)
    with pytest.raises(StateError, match="31 March 2026"):
        assess_contract(
            managing.session,
            managing.officer,
            managing.contract_id,
            {},
            summary="Early.",
            clock=fixed_clock(datetime(2026, 3, 30, tzinfo=UTC)),
        )
