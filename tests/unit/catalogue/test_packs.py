"""Packs of licensed measures, and every fault a measure's file can have (packs are read by the same strict reader)."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from wpound.catalogue.checks import check_measure
from wpound.catalogue.loader import load_catalogue
from wpound.catalogue.model import Catalogue
from wpound.catalogue.pages import pages
from wpound.core.errors import InputErrors
from wpound.core.quantities import Unit
from wpound.core.valuing import ValueKind

Write = Callable[[str, str], Path]
PACK = """
title = "Example pack"
[references.example]
title = "Example values, edition 7"
url = "https://example.org/values"
seen_on = 2026-01-01
licence = "Licensed to Toytown Council until 2027"
[[measures]]
code = "example-mentoring"
title = "Example mentoring"
summary = "Hours of mentoring."
head = "jobs"
strand = "skills"
unit = "hour"
how_to_count = "Hours with the person."
evidence = ["Time sheet"]
exclusions = []
value_kind = "additional"
verified_on = 2026-01-01
limits = { needs_area = true }
[[measures.values]]
valid_from = 2025-04-01
value = 101.10
price_base = "2025"
reference = "example"
[[measures.values]]
valid_from = 2025-10-01
value = 102.20
price_base = "2025"
reference = "example"
[serves]
example-mentoring = ["support-into-work"]
"""
REFERENCE = "values.reference.title,values.reference.url,values.reference.seen_on,values.reference.licence"
CSV_PACK = (
    "code,title,summary,head,strand,unit,how_to_count,evidence,exclusions,value_kind,verified_on,limits.needs_area,"
    f"values.valid_from,values.value,values.price_base,{REFERENCE},serves\n"
    "example-mentoring,Example mentoring,Hours of mentoring.,jobs,skills,hour,Hours with the person.,Time sheet,None,"
    "additional,2026-01-01,true,2025-04-01,101.10,2025,"
    "Example,https://example.org,2026-01-01,Licensed to us,support-into-work\n"
    "example-mentoring,,,,,,,,,,,,2025-10-01,102.20,2025,Example,https://example.org,2026-01-01,Licensed to us,\n"
)


@pytest.mark.parametrize(("name", "text"), [("pack.toml", PACK), ("pack.csv", CSV_PACK)])
def test_a_pack_joins_the_catalogue_and_never_leaves_it(name: str, text: str, write: Write) -> None:
    catalogue = load_catalogue(packs=[write(name, text)])
    measure = catalogue.get_measure("example-mentoring")
    assert measure.licensed and measure.serves == ("support-into-work",) and measure.limits.needs_area
    assert measure.value_on(date(2026, 4, 1)).value == Decimal("102.20")
    assert measure.value_on(date(2025, 9, 30)).value == Decimal("101.10")
    assert (
        measure not in catalogue.public_measures() and len(catalogue.public_measures()) == len(catalogue.measures) - 1
    )
    assert not any("mentoring.md" in name or "Example mentoring" in page for name, page in pages(catalogue).items())
    assert catalogue.fingerprint != load_catalogue().fingerprint


@pytest.mark.parametrize(
    ("before", "after", "place", "words"),
    [
        ('title = "Example mentoring"\n', "", "measures[0].title", "missing"),
        ("evidence", "evidense", "measures[0].evidense", "unknown key"),
        ('unit = "hour"', 'unit = "hours"', "measures[0].unit", "'hours' is not one of: fte_year, person"),
        ('strand = "skills"', 'strand = "skill"', "measures[0].strand", "is not one of"),
        ("value = 101.10", "value = true", "measures[0].values[0].value", "must be an exact number"),
        ("value = 101.10", 'value = "a lot"', "measures[0].values[0].value", "'a lot' is not a number"),
        ("value = 101.10", "value = inf", "measures[0].values[0].value", "must be a finite number"),
        ("value = 101.10", "value = -1", "example-mentoring.values[0]", "a value is never negative"),
        ("value = 101.10", "value = 1\nlow = 2\nhigh = 3", "example-mentoring.values[0]", "must be in order"),
        ("value = 101.10", "value = 1\nlow = 1", "example-mentoring.values[0]", "give both low and high"),
        ("valid_from = 2025-10-01", "valid_from = 2025-04-01", "example-mentoring.values", "in order of valid_from"),
        ("valid_from = 2025-10-01", "valid_from = 2026-04-01", "example-mentoring.verified_on", "nobody can have"),
        ("valid_from = 2025-10-01", "valid_from = 1", "measures[0].values[1].valid_from", "is not a day"),
        ('reference = "example"', 'reference = "exampel"', "values[0].reference", "no reference of the key 'exampel'"),
        ('licence = "Licensed to Toytown Council until 2027"', 'licence = ""', "values[0].reference", "a licence"),
        (
            "verified_on = 2026-01-01\n",
            "verified_on = 2026-01-01\nends_on = 2025-05-01\n",
            "ends_on",
            "before the newest",
        ),
        (
            'value_kind = "additional"',
            'value_kind = "none"',
            "example-mentoring.value_kind",
            "when there are no values",
        ),
        ("needs_area = true", "disadvantaged_group = true", "example-mentoring.limits", "first 12 months only"),
        ("needs_area = true", "needs_area = 1", "measures[0].limits.needs_area", "must be true or false"),
        ("needs_area = true", "per_person_fte_per_year = 1", "per_person_fte_per_year", "FTE-years"),
        ("needs_area = true", "first_months_only = 1.5", "first_months_only", "must be a whole number"),
        ('unit = "hour"', 'unit = "percent"', "example-mentoring.limits.most_per_contract", "is 100"),
        ('title = "Example mentoring"', 'title = "One two three four five six seven"', "title", "at most 6 words"),
        ('summary = "Hours of mentoring."', 'summary = ""', "example-mentoring.summary", "must not be empty"),
        ('code = "example-mentoring"', 'code = "Example Mentoring"', "Example Mentoring.code", "small letters"),
        ('code = "example-mentoring"', 'code = "local-jobs"', "pack.toml: local-jobs", "give it another"),
        ('evidence = ["Time sheet"]', 'evidence = "Time sheet"', "measures[0].evidence", "must be a list"),
        ('["support-into-work"]', '["support"]', "serves.example-mentoring", "no outcome, objective or principle"),
        ('example-mentoring = ["', 'example-mentor = ["', "serves.example-mentor", "there is no measure"),
        ('title = "Example pack"', "title = 7", "pack.toml: title", "must be text"),
        ("[serves]", "[serves", "pack.toml", "is not a TOML file"),
        ("limits = { needs_area = true }", "limits = 7", "measures[0].limits", "must be a table"),
    ],
)
def test_a_fault_is_refused_with_file_key_and_reason(before, after, place, words, write: Write) -> None:
    assert before in PACK
    with pytest.raises(InputErrors) as caught:
        load_catalogue(packs=[write("pack.toml", PACK.replace(before, after))])
    assert any(place in error.field and words in error.message for error in caught.value.errors), caught.value.message
    assert all(error.field.startswith("pack.toml") for error in caught.value.errors)


def test_every_fault_is_told_at_once(write: Write) -> None:
    text = PACK.replace('unit = "hour"', 'unit = "day"').replace("2025-04-01", '"soon"').replace("summary", "sumary")
    with pytest.raises(InputErrors) as caught:
        load_catalogue(packs=[write("pack.toml", text)])
    assert len(caught.value.errors) == 4


@pytest.mark.parametrize(
    ("text", "place", "words"),
    [
        (CSV_PACK.replace("101.10", "101.1O"), "pack.csv: measures[0].values[0].value", "'101.1O' is not a number"),
        (CSV_PACK.replace("\nexample-mentoring,,", "\n,,"), "pack.csv: line 3", "has no code"),
        (CSV_PACK + "x,y\n", "pack.csv: line 4", "fewer cells than the headings"),
        (CSV_PACK.replace("summary", "notes", 1), "pack.csv: measures[0].notes", "unknown key"),
    ],
)
def test_a_faulty_csv_pack_names_its_line_or_key(text, place, words, write: Write) -> None:
    with pytest.raises(InputErrors) as caught:
        load_catalogue(packs=[write("pack.csv", text)])
    assert any(error.field == place and words in error.message for error in caught.value.errors), caught.value.message


def test_a_pack_that_is_not_text_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "pack.csv"
    path.write_bytes(b"\xff\xfe\x00code")
    with pytest.raises(InputErrors, match="not a text file in UTF-8"):
        load_catalogue(packs=[path])


def test_two_packs_may_not_hold_the_same_code(write: Write) -> None:
    with pytest.raises(InputErrors, match="already has a measure"):
        load_catalogue(packs=[write("a.toml", PACK), write("b.toml", PACK)])


def test_a_shipped_measure_needs_an_example_and_a_group_its_months(catalogue: Catalogue) -> None:
    measure = catalogue.get_measure("care-leavers-jobs")
    check_measure(measure, "here: x")
    bad = replace(measure, examples=(), limits=replace(measure.limits, first_months_only=None), unit=Unit.HOUR)
    with pytest.raises(InputErrors) as caught:
        check_measure(replace(bad, value_kind=ValueKind.FLOW, no_value_reason=None), "here: x")
    assert [error.field.removeprefix("here: x.") for error in caught.value.errors] == [
        "examples",
        "value_kind",
        "no_value_reason",
        "limits",
        "limits.per_person_fte_per_year",
    ]
