"""The fingerprint follows what the catalogue says, and nothing else; what was written down can be read back."""

import json
from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wpound.catalogue.fingerprint import fingerprint_of, read_catalogue, to_plain, write_catalogue
from wpound.catalogue.loader import load_catalogue, packaged_keys
from wpound.catalogue.model import Catalogue, Measure, MeasureValue, Reference
from wpound.catalogue.reading import build

texts = st.text(max_size=20).map(str.strip)
days = st.dates(date(2000, 1, 1), date(2100, 1, 1))
amounts = st.decimals(0, 10**9, places=4)
references = st.builds(Reference, texts, texts, days, texts, texts)
values = st.builds(MeasureValue, days, amounts, texts, references, st.none() | amounts, st.none() | amounts, texts)


def fingerprint(catalogue: Catalogue, measures: list[Measure]) -> str:
    return fingerprint_of(catalogue.edition, catalogue.plan, measures, catalogue.factors)


def test_the_order_of_files_does_not_matter(catalogue: Catalogue) -> None:
    measures = list(catalogue.measures.values())
    assert fingerprint(catalogue, measures) == fingerprint(catalogue, measures[::-1]) == catalogue.fingerprint
    assert load_catalogue().fingerprint == catalogue.fingerprint


@pytest.mark.parametrize("code", ["local-jobs", "carbon-waste", "donations"])
def test_a_penny_on_any_value_changes_it(code: str, catalogue: Catalogue) -> None:
    measure = catalogue.get_measure(code)
    for i, value in enumerate(measure.values):
        changed = list(measure.values)
        changed[i] = replace(value, value=value.value + Decimal("0.01"))
        others = [m for m in catalogue.measures.values() if m.code != code]
        assert fingerprint(catalogue, [*others, replace(measure, values=tuple(changed))]) != catalogue.fingerprint


def test_a_word_of_the_plan_or_a_factor_changes_it(catalogue: Catalogue) -> None:
    measures = list(catalogue.measures.values())
    plan = replace(catalogue.plan, ambition="Another")
    factors = replace(catalogue.factors, year=2024)
    prints = {
        catalogue.fingerprint,
        fingerprint_of(catalogue.edition, plan, measures, catalogue.factors),
        fingerprint_of(catalogue.edition, catalogue.plan, measures, factors),
        fingerprint_of("1999", catalogue.plan, measures, catalogue.factors),
        fingerprint(catalogue, measures[1:]),
    }
    assert len(prints) == 5


@pytest.mark.parametrize("plan", packaged_keys("plans"))
def test_a_catalogue_written_down_reads_back_the_same(plan: str) -> None:
    catalogue = load_catalogue(plan)
    written = json.loads(json.dumps(write_catalogue(catalogue)))

    assert read_catalogue(written) == catalogue
    assert write_catalogue(read_catalogue(written)) == written


def test_what_an_older_program_wrote_down_keeps_its_fingerprint(catalogue: Catalogue) -> None:
    """A model that has got another field since reads it, and does not take it for another catalogue."""
    older = write_catalogue(catalogue)
    older["measures"] = [{name: m[name] for name in m if name != "published_ahead"} for m in older["measures"]]
    found = read_catalogue(older)

    assert found.fingerprint != catalogue.fingerprint
    assert found.fingerprint == read_catalogue(json.loads(json.dumps(older))).fingerprint
    assert found.measures.keys() == catalogue.measures.keys()


def test_nothing_can_be_changed_in_what_was_written_down(catalogue: Catalogue) -> None:
    written = write_catalogue(catalogue)
    written["measures"][0]["title"] += "."

    assert read_catalogue(written).fingerprint != catalogue.fingerprint


@given(values)
def test_any_value_written_down_reads_back_the_same(value: MeasureValue) -> None:
    assert build(MeasureValue, json.loads(json.dumps(to_plain(value))), "stored") == value


def test_a_value_has_one_canonical_form(catalogue: Catalogue) -> None:
    plain = to_plain(catalogue.get_measure("donations").values[0])
    assert plain["value"] == "1" and plain["valid_from"] == "2020-01-01" and plain["low"] is None
