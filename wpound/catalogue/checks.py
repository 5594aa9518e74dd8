"""Rules that the shape of a file cannot say: what a sound measure, plan and series look like."""

import re
from collections.abc import Iterator, Mapping
from datetime import date
from itertools import pairwise

from wpound.catalogue.model import Measure, MeasureValue, Plan
from wpound.catalogue.reading import Problems, inside, refuse_repeated
from wpound.core.quantities import Unit
from wpound.core.valuing import ValueKind

CODE = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
LONGEST_TITLE = 6
GROUP_MONTHS = 12


def check_measure(measure: Measure, place: str) -> None:
    """Raise ``InputErrors`` with every rule a measure breaks."""
    problems = Problems()
    for key, message in [*_text_faults(measure), *_value_faults(measure), *_limit_faults(measure)]:
        problems.add(inside(place, key), message)
    problems.raise_if_any()


def check_plan(plan: Plan, place: str) -> None:
    """Raise ``InputErrors`` where keys are used twice or a measure serves a key the plan does not have."""
    problems = Problems()
    keys = [item.key for priority in plan.priorities for item in priority.items]
    keys += [priority.key for priority in plan.priorities] + [principle.key for principle in plan.principles]
    refuse_repeated(keys, place, problems)
    texts = plan.texts()
    for code, served in plan.serves.items():
        for key in served:
            if key not in texts:
                problems.add(
                    inside(place, f"serves.{code}"), f"the plan has no outcome, objective or principle {key!r}"
                )
    problems.raise_if_any()


def check_served(serves: Mapping[str, object], measures: Mapping[str, Measure], place: str) -> None:
    """Raise ``InputErrors`` where a plan speaks of a measure that is not in the catalogue."""
    problems = Problems()
    for code in serves.keys() - measures.keys():
        problems.add(inside(place, f"serves.{code}"), "there is no measure of this code")
    problems.raise_if_any()


def _text_faults(measure: Measure) -> Iterator[tuple[str, str]]:
    if not CODE.fullmatch(measure.code):
        yield "code", "use small letters, digits and single hyphens"
    if len(measure.title.split()) > LONGEST_TITLE:
        yield "title", f"use at most {LONGEST_TITLE} words"
    for key in ("title", "summary", "how_to_count"):
        if not getattr(measure, key):
            yield key, "must not be empty"
    if not measure.examples and not measure.licensed:
        yield "examples", "give at least one worked example"


def _value_faults(measure: Measure) -> Iterator[tuple[str, str]]:
    if bool(measure.values) == (measure.value_kind is ValueKind.NONE):
        yield "value_kind", 'is "none" when there are no values, and only then'
    if bool(measure.values) == bool(measure.no_value_reason):
        yield "no_value_reason", "say why there are no values, and only then"
    for i, value in enumerate(measure.values):
        yield from _range_faults(value, f"values[{i}]")
    for earlier, later in pairwise(measure.values):
        if later.valid_from <= earlier.valid_from:
            yield "values", f"must be in order of valid_from: {later.valid_from} follows {earlier.valid_from}"
    if measure.values:
        yield from _date_faults(measure, measure.values[-1].valid_from)


def _date_faults(measure: Measure, newest: date) -> Iterator[tuple[str, str]]:
    if measure.ends_on is not None and measure.ends_on < newest:
        yield "ends_on", "is before the newest value"
    # A series its source has published for years to come is confirmed as a whole, so it may run ahead of the day.
    if measure.verified_on < newest and not measure.published_ahead:
        yield "verified_on", "is before the newest value: nobody can have confirmed it yet"


def _range_faults(value: MeasureValue, key: str) -> Iterator[tuple[str, str]]:
    if value.value < 0:
        yield key, "a value is never negative"
    if (value.low is None) != (value.high is None):
        yield key, "give both low and high, or neither"
    if value.low is not None and value.high is not None and not value.low <= value.value <= value.high:
        yield key, "low, value and high must be in order"
    if not value.reference.url or not value.reference.licence:
        yield f"{key}.reference", "needs an address and a licence"


def _limit_faults(measure: Measure) -> Iterator[tuple[str, str]]:
    limits = measure.limits
    if limits.disadvantaged_group != (limits.first_months_only == GROUP_MONTHS):
        yield "limits", f"a measure of a disadvantaged group counts the first {GROUP_MONTHS} months only, others all"
    if (limits.per_person_fte_per_year is not None) != (measure.unit is Unit.FTE_YEAR):
        yield "limits.per_person_fte_per_year", "is given for measures in FTE-years, and only for them"
    if measure.unit is Unit.PERCENT and limits.most_per_contract != 100:
        yield "limits.most_per_contract", "is 100 for a percentage"
