"""What every shipped measure must have, and what the catalogue answers."""

from collections import Counter
from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from wpound.catalogue.examples import catalogue_faults, faults
from wpound.catalogue.loader import load_catalogue
from wpound.catalogue.model import Catalogue, Head, Measure, Strand
from wpound.core.errors import UnknownMeasure
from wpound.core.quantities import Unit
from wpound.core.valuing import ValueKind

MEASURES = list(load_catalogue().measures.values())
FOUNDING_STRANDS = {Strand.LOCAL_SPEND, Strand.LOCAL_JOBS, Strand.APPRENTICESHIPS, Strand.CARBON}
every_measure = pytest.mark.parametrize("measure", MEASURES, ids=lambda measure: measure.code)


def test_there_are_at_least_thirty_measures_over_the_four_strands() -> None:
    strands = Counter(measure.strand for measure in MEASURES)
    assert len(MEASURES) >= 30 and all(strands[strand] >= 4 for strand in FOUNDING_STRANDS)


@every_measure
def test_every_value_has_a_reference_with_address_day_and_licence(measure: Measure) -> None:
    for value in measure.values:
        reference = value.reference
        assert reference.title and reference.licence and value.note and value.price_base
        assert reference.url.startswith(("https://", "docs/")) and reference.seen_on <= measure.verified_on
    assert bool(measure.values) != bool(measure.no_value_reason)


@every_measure
def test_every_measure_has_an_example_that_comes_out_as_written(measure: Measure, catalogue: Catalogue) -> None:
    assert measure.examples
    assert [fault for example in measure.examples for fault in faults(measure, example, catalogue.factors)] == []
    assert not measure.values or any(example.worth is not None for example in measure.examples)


@every_measure
def test_every_measure_serves_an_outcome_of_the_plan(measure: Measure, catalogue: Catalogue) -> None:
    outcomes = {outcome.key for priority in catalogue.plan.priorities for outcome in priority.outcomes}
    principles = {principle.key for principle in catalogue.plan.principles}
    assert set(measure.serves) & (outcomes | principles)


@every_measure
def test_a_disadvantaged_group_counts_twelve_months_of_one_whole_person(measure: Measure) -> None:
    if measure.limits.disadvantaged_group:
        assert measure.limits.first_months_only == 12 and measure.limits.per_person_fte_per_year == 1


def test_every_outcome_head_is_measured(catalogue: Catalogue) -> None:
    measured = {measure.head for measure in MEASURES}
    assert measured == set(Head) and {p.head for p in catalogue.plan.priorities} <= measured


def test_the_same_pound_or_tonne_is_valued_once(catalogue: Catalogue) -> None:
    """Overlapping views of local spend and of carbon carry no second value."""
    for code in (
        "small-firms-spend",
        "voluntary-sector-spend",
        "deprived-areas-spend",
        "waste-diverted",
        "zero-emission-miles",
    ):
        assert catalogue.get_measure(code).value_kind is ValueKind.NONE


def test_social_value_stands_in_one_price_base_but_for_wages_and_face_value() -> None:
    bases = {
        value.price_base
        for measure in MEASURES
        if measure.value_kind is ValueKind.ADDITIONAL and measure.code != "volunteering-hours"
        for value in measure.values
    }
    assert bases == {"2022", "of the year"}


def test_no_wording_of_a_licensed_system_is_shipped() -> None:
    for measure in MEASURES:
        text = " ".join([measure.code, measure.title, measure.summary, measure.how_to_count]).lower()
        assert not any(word in text for word in ("toms", "hact", "nt1", "proxy"))


def test_a_wrong_example_is_found(catalogue: Catalogue) -> None:
    measure = catalogue.get_measure("carbon-energy")
    (example,) = measure.examples
    wrong = replace(example, quantity=Decimal(2), worth=Decimal(1))
    assert [fault.split(",")[0] for fault in faults(measure, wrong, catalogue.factors)] == [
        "says 2 tCO2e",
        "says it is worth £1",
    ]
    assert (
        "'oil'"
        in faults(measure, replace(example, inputs={"amount": Decimal(1), "before": "oil"}), catalogue.factors)[0]
    )
    assert catalogue_faults(replace(catalogue, measures={measure.code: replace(measure, examples=(wrong,))}))


def test_an_unknown_code_gets_the_nearest_there_is(catalogue: Catalogue) -> None:
    with pytest.raises(UnknownMeasure, match="did you mean local-jobs"):
        catalogue.get_measure("local-job")
    with pytest.raises(UnknownMeasure, match="wpound catalogue list"):
        catalogue.get_measure("zzz")


def test_lists_come_by_strand_then_title(catalogue: Catalogue) -> None:
    listed = catalogue.list_measures()
    assert len(listed) == len(MEASURES) and listed[0].strand is Strand.LOCAL_SPEND
    jobs = catalogue.list_measures(strand=Strand.LOCAL_JOBS)
    assert [measure.title for measure in jobs] == sorted(measure.title for measure in jobs)
    assert {measure.head for measure in catalogue.list_measures(head=Head.CLIMATE)} == {Head.CLIMATE}


def test_a_quantity_carries_the_unit_of_its_measure(catalogue: Catalogue) -> None:
    assert catalogue.get_measure("carbon-fleet").quantity(Decimal("1.5")).unit is Unit.TCO2E


def test_a_carbon_value_is_that_of_the_year_the_tonne_is_saved(catalogue: Catalogue) -> None:
    carbon = catalogue.get_measure("carbon-fleet")
    assert carbon.value_on(date(2026, 12, 31)).value != carbon.value_on(date(2027, 1, 1)).value
