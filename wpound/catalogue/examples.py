"""Run a measure's worked examples through the very functions that count real claims."""

from collections.abc import Callable, Iterator, Mapping
from decimal import Decimal
from typing import Any

from wpound.catalogue.model import Catalogue, EmissionFactor, Example, FactorSet, Limits, Measure
from wpound.core.counting import Counting, activity_carbon, attendee_hours, fte_years
from wpound.core.money import Money, format_number

Inputs = Mapping[str, Any]
_WORDS = {
    "full_time": "Full-time people",
    "part_time_hours": "Weekly hours of each part-time person",
    "attendees": "People taking part",
    "hours": "Hours each",
}


def count(measure: Measure, inputs: Inputs, factors: FactorSet) -> Decimal:
    """The quantity the inputs come to, in the measure's unit; raises ``KeyError`` for an input or factor not there."""
    return _COUNTING[measure.counting](inputs, measure.limits, factors)


def faults(measure: Measure, example: Example, factors: FactorSet) -> list[str]:
    """What is wrong with an example, in words; an empty list when it comes out as written."""
    try:
        quantity = count(measure, example.inputs, factors)
    except KeyError as missing:
        return [f"needs an input or emission factor named {missing}"]
    found = []
    if quantity != example.quantity:
        found.append(f"says {example.quantity} {measure.unit.label}, but comes to {quantity}")
    if example.on is not None and example.worth is not None:
        worth = Money.rounded(quantity * measure.value_on(example.on).value)
        if worth.pounds != example.worth:
            found.append(f"says it is worth £{example.worth}, but comes to {worth.format()}")
    return found


def inputs_in_words(inputs: Inputs, factors: FactorSet) -> Iterator[tuple[str, str]]:
    """What an example starts from, as people read it: factors by what they stand for, and nothing that is not there.

    >>> list(inputs_in_words({"full_time": Decimal(2), "part_time_hours": (), "years": Decimal(1)}, factors=...))
    [('Full-time people', '2'), ('Years', '1')]
    """
    for name, given in inputs.items():
        if given != ():
            yield _WORDS.get(name, name.capitalize()), _in_words(given, factors)


def _in_words(given: Any, factors: FactorSet) -> str:
    if isinstance(given, tuple):
        return ", ".join(format_number(one) for one in given)
    return factors.factors[given].activity if isinstance(given, str) else format_number(given)


def catalogue_faults(catalogue: Catalogue) -> list[tuple[str, str]]:
    """Every example of a catalogue that does not come out as written: its place and what is wrong."""
    return [
        (f"measures/{measure.code}.toml: examples[{i}]", fault)
        for measure in catalogue.list_measures()
        for i, example in enumerate(measure.examples)
        for fault in faults(measure, example, catalogue.factors)
    ]


def _given(inputs: Inputs, limits: Limits, factors: FactorSet) -> Decimal:
    amount: Decimal = inputs["amount"]
    return amount


def _fte_years(inputs: Inputs, limits: Limits, factors: FactorSet) -> Decimal:
    return fte_years(
        inputs["full_time"],
        inputs["part_time_hours"],
        inputs["years"],
        first_months_only=limits.first_months_only,
    )


def _attendee_hours(inputs: Inputs, limits: Limits, factors: FactorSet) -> Decimal:
    return attendee_hours(inputs["hours"], inputs["attendees"])


def _activity_carbon(inputs: Inputs, limits: Limits, factors: FactorSet) -> Decimal:
    """Carbon of the activity before, less that of what took its place (nothing at all, where none is named)."""
    before: EmissionFactor = factors.factors[inputs["before"]]
    saved = activity_carbon(inputs["amount"], before.kg_co2e)
    if "after" in inputs:
        saved -= activity_carbon(inputs["amount"], factors.factors[inputs["after"]].kg_co2e)
    return saved


_COUNTING: dict[Counting, Callable[[Inputs, Limits, FactorSet], Decimal]] = {
    Counting.GIVEN: _given,
    Counting.FTE_YEARS: _fte_years,
    Counting.ATTENDEE_HOURS: _attendee_hours,
    Counting.ACTIVITY_CARBON: _activity_carbon,
}
