"""What a member of the public reads on each page."""

from xml.etree.ElementTree import Element

import pytest
from flask import Flask


def test_the_start_page_leads_each_group_to_its_part(get) -> None:
    page = get("/")
    assert page.title == "Wolverhampton Pound \N{EN DASH} wpound"
    links = page.links()
    assert links["See what is measured, and how"] == "/measures"
    assert links["See the league table"] == "/league-table"
    assert links["Verify a certificate"] == "/verify"


def test_no_page_passes_for_gov_uk(get) -> None:
    for address in ("/", "/plan", "/measures", "/verify", "/accessibility"):
        page = get(address)
        assert "GOV.UK" not in page.text
        assert "Crown" not in page.text


def test_the_page_one_is_on_is_marked_in_the_navigation(get) -> None:
    def current(address: str) -> list[str | None]:
        return [link.get("aria-current") for link in get(address).all(".//nav//a") if link.get("aria-current")]

    assert current("/plan") == ["page"]
    assert current("/measures") == ["true"]
    assert current("/") == []


class TestPlan:
    def test_every_word_of_the_plan_is_there(self, get, app: Flask) -> None:
        text = get("/plan").text
        plan = app.extensions["wpound"].catalogue.plan
        for priority in plan.priorities:
            assert priority.title in text
            assert all(item.text in text for item in priority.items)
        assert all(principle.text in text for principle in plan.principles)

    def test_an_outcome_leads_to_the_measures_that_serve_it(self, get, app: Flask) -> None:
        catalogue = app.extensions["wpound"].catalogue
        links = set(get("/plan").links().values())
        serving = [measure for measure in catalogue.public_measures() if measure.serves]
        assert serving
        assert all(f"/measures/{measure.code}" in links for measure in serving)

    def test_another_city_shows_its_own_plan(self, make_app, fetch) -> None:
        page = fetch(make_app({"WPOUND_CITY": "coventry"}), "/plan")
        assert "Coventry" in page.text
        assert "Wolverhampton" not in page.text


class TestMeasures:
    def test_all_are_listed_and_each_has_a_page(self, get, app: Flask) -> None:
        codes = [measure.code for measure in app.extensions["wpound"].catalogue.public_measures()]
        assert len(codes) >= 30
        links = set(get("/measures").links().values())
        for code in codes:
            assert f"/measures/{code}" in links
            assert get(f"/measures/{code}").heading

    def test_a_strand_and_a_head_narrow_the_list(self, get) -> None:
        page = get("/measures?strand=carbon&head=climate")
        strands = {_text(row[1]) for row in page.all(".//tbody/tr")}
        assert strands == {"Carbon"}
        assert [o.get("value") for o in page.all(".//option") if o.get("selected") is not None] == ["carbon", "climate"]

    def test_nothing_that_fits_is_said_in_words(self, get) -> None:
        assert "No measure is of this strand and this head." in get("/measures?strand=carbon&head=digital").text

    @pytest.mark.parametrize("query", ["strand=gold", "head=nobody"])
    def test_a_strand_or_head_there_is_not_is_not_found(self, get, query: str) -> None:
        assert get(f"/measures?{query}", status=404).heading == "Page not found"

    def test_values_come_with_their_day_range_prices_source_and_licence(self, get, app: Flask) -> None:
        measure = app.extensions["wpound"].catalogue.get_measure("carbon-fleet")
        page = get("/measures/carbon-fleet")
        rows = page.all(".//tbody/tr")
        assert len(rows) == len(measure.values)
        assert _text(rows[0][0]) == "1 January 2020"
        assert _text(rows[0][1]) == "£253.19"
        assert _text(rows[0][2]) == "£126.60 to £379.79"
        assert "Open Government Licence v3.0" in page.text
        assert measure.values[0].reference.url in page.links().values()

    def test_a_measure_without_an_open_value_says_so(self, get, app: Flask) -> None:
        catalogue = app.extensions["wpound"].catalogue
        measure = next(measure for measure in catalogue.public_measures() if not measure.values)
        page = get(f"/measures/{measure.code}")
        assert f"No open value. {measure.no_value_reason}" in page.text
        assert "It is scored in its own unit." in page.text

    def test_examples_and_units_are_in_words(self, get, app: Flask) -> None:
        local, fleet = get("/measures/local-jobs").text, get("/measures/carbon-fleet").text
        assert "Weekly hours of each part-time person: 17.5, 17.5, 17.5, 17.5, 17.5" in local
        assert "full-time equivalent, FTE" in local
        assert "Amount: 20,000" in fleet and "Before: Average van up to 3.5 tonnes, diesel" in fleet
        assert "Tonnes of carbon dioxide equivalent" in fleet
        for measure in app.extensions["wpound"].catalogue.public_measures():
            assert "Decimal(" not in get(f"/measures/{measure.code}").text

    def test_a_rule_of_our_own_is_named_and_no_link_leads_astray(self, get) -> None:
        page = get("/measures/donations")
        assert "a pound counts as a pound" in page.text
        assert all(address.startswith(("/", "#", "https://")) for address in page.links().values())

    def test_an_unknown_measure_is_not_found(self, get) -> None:
        get("/measures/no-such-thing", status=404)


def test_the_accessibility_statement_is_dated_and_honest(get) -> None:
    page = get("/accessibility")
    assert "prepared on 21 November 2026" in page.text
    assert "no user of a screen reader has tested" in page.text
    assert "Equality Advisory and Support Service" in page.text


def _text(element: Element) -> str:
    return " ".join("".join(element.itertext()).split())
