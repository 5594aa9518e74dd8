"""What the law asks of a tender follows from its kind, its value with VAT and the day."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from wpound.catalogue.loader import load_thresholds
from wpound.core.duties import Duty, Reach, estimate_value, list_duties
from wpound.core.errors import RuleError
from wpound.core.money import Money
from wpound.core.particulars import Particulars

IN_2026 = date(2026, 11, 22)


def duties(pounds: str | None, years: str | None = "2", on: date = IN_2026, **particulars: Any) -> dict[str, Duty]:
    told = Particulars.from_dict({"kind": "services", "value_includes_vat": True} | particulars)
    value = None if pounds is None else Money.from_pounds(pounds)
    found = list_duties(told, value, None if years is None else Decimal(years), load_thresholds(), on)
    return {duty.code: duty for duty in found}


@pytest.mark.parametrize(
    ("kind", "below", "at"),
    [
        ("works", "5192999.99", "5193000"),
        ("goods", "207719.99", "207720"),
        ("services", "207719.99", "207720"),
        ("light_touch", "663539.99", "663540"),
        ("concession", "5192999.99", "5193000"),
    ],
)
def test_the_threshold_of_2026_is_reached_to_the_penny(kind: str, below: str, at: str) -> None:
    assert "below_threshold" in duties(below, kind=kind)
    assert "above_threshold" in duties(at, kind=kind)


def test_a_day_of_2025_has_the_amount_in_force_then() -> None:
    assert "below_threshold" in duties("214903.99", on=date(2025, 12, 31))
    assert "above_threshold" in duties("214903.99", on=date(2026, 1, 1))
    assert "24 February 2025" in duties("214903.99", on=date(2025, 12, 31))["below_threshold"].words


def test_a_day_before_the_act_is_refused_with_what_to_do() -> None:
    with pytest.raises(RuleError, match="Choose a day from then on"):
        duties("300000", on=date(2025, 2, 23))


def test_a_value_without_vat_is_set_against_the_threshold_with_vat() -> None:
    assert "below_threshold" in duties("173099.99", value_includes_vat=False)
    told = duties("173100", value_includes_vat=False)
    assert "£207,720.00 with VAT at the standard rate of 20%" in told["above_threshold"].words


def test_an_unknown_basis_of_vat_is_said_and_only_matters_near_the_threshold() -> None:
    unknown = {"value_includes_vat": None}
    told = duties("190000", **unknown)
    assert "nobody has said" in told["vat_basis_unknown"].words
    assert told["standstill"].words.startswith("If the value reaches the threshold: ")
    assert "nobody has said" in duties("100000", **unknown)["below_threshold"].words
    assert "nobody has said" in duties("300000", **unknown)["above_threshold"].words


@pytest.mark.parametrize("missing", [{"kind": None}, {}])
def test_without_kind_or_value_the_first_thing_said_is_what_is_missing(missing: dict[str, Any]) -> None:
    told = duties("300000" if missing else None, **missing)
    assert list(told) == ["value_or_kind_missing"]


@pytest.mark.parametrize(("pounds", "is_due"), [("5000000", False), ("5000000.01", True)])
def test_three_kpis_are_due_above_five_million_and_not_at_it(pounds: str, is_due: bool) -> None:
    told = duties(pounds)
    assert ("kpis" in told) is is_due
    assert not is_due or "at least 3" in told["kpis"].words


@pytest.mark.parametrize("exempt", [{"kind": "light_touch"}, {"kind": "concession"}, {"is_framework": True}])
def test_frameworks_light_touch_and_concessions_need_no_kpis(exempt: dict[str, Any]) -> None:
    told = duties("6000000", **exempt)
    assert "kpis" not in told
    assert "kpis_exempt" in told


@pytest.mark.parametrize(
    ("pounds", "includes_vat", "code"),
    [("100000", True, "reservation"), ("300000", True, "reservation_unlawful"), ("190000", None, "reservation")],
)
def test_a_competition_is_reserved_below_the_threshold_only(pounds: str, includes_vat: bool | None, code: str) -> None:
    told = duties(pounds, reserved="local_area", value_includes_vat=includes_vat)
    assert code in told
    assert ("Settle first" in told[code].words) is (includes_vat is None)


def test_where_nothing_is_reserved_location_never_carries_marks() -> None:
    assert "never depend on where a supplier is" in duties("100000")["no_location"].words


@pytest.mark.parametrize(("pounds", "is_due"), [("29999.99", False), ("30000", True)])
def test_a_notice_below_the_threshold_is_due_from_thirty_thousand(pounds: str, is_due: bool) -> None:
    assert ("below_threshold_notice" in duties(pounds)) is is_due


def test_above_the_threshold_conflicts_summaries_and_standstill_are_due_and_below_they_are_not() -> None:
    above = {"conflicts_assessment", "assessment_summaries", "standstill", "contract_details_notice"}
    assert above <= duties("300000").keys()
    assert not above & duties("100000").keys()


@pytest.mark.parametrize(
    ("pounds", "years", "is_due"), [("21000000", "4", True), ("20000000", "4", False), ("6000000", None, True)]
)
def test_the_carbon_plan_goes_by_the_value_a_year(pounds: str, years: str | None, is_due: bool) -> None:
    assert ("carbon_plan" in duties(pounds, years)) is is_due


def test_every_duty_names_where_it_stands_in_the_law() -> None:
    for told in (duties("300000"), duties("100000", reserved="uk"), duties("30000000", kind="works")):
        assert all(duty.title and duty.words and duty.reference.url.startswith("https://") for duty in told.values())


def test_an_unknown_basis_is_a_span_and_reaches_a_limit_inside_it_only_perhaps() -> None:
    value = estimate_value(Money.from_pounds(100), None, Decimal("0.2"))
    assert [value.reaches(Money.from_pounds(limit)) for limit in (100, 101, 120, 121)] == [
        Reach.ABOVE,
        Reach.UNSURE,
        Reach.UNSURE,
        Reach.BELOW,
    ]
