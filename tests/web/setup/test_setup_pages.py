"""Officers set a tender up: every page saves what it should, refuses what it should, and loses nothing."""

from collections.abc import Callable
from io import BytesIO
from typing import Any

import pytest
from flask import Flask

from wpound.store.engine import reading
from wpound.store.tenders import get_tender


@pytest.fixture
def stored(council: Flask) -> Callable[[str], Any]:
    """A tender as it is stored, by its address."""

    def find(address: str) -> Any:
        with reading(council.extensions["wpound"].engine) as session:
            return get_tender(session, address.rpartition("/")[2])

    return find


def criteria_of(tender: Any) -> dict[str, Any]:
    found: dict[str, Any] = {}

    def gather(criteria: list[dict[str, Any]]) -> None:
        for criterion in criteria:
            found[criterion["code"]] = criterion
            gather(criterion.get("criteria", []))

    gather(tender.method["criteria"])
    return found


def errors_of(page: Any) -> list[str]:
    """What the error summary says, each of it a link to its field."""
    return [" ".join("".join(item.itertext()).split()) for item in page.all(".//div[@role='alert']//li")]


def test_a_tender_begins_with_a_starter_and_says_what_is_missing(begin: Any, ophelia: Any) -> None:
    page = ophelia.get(begin())
    assert page.heading == "Grounds maintenance"
    assert "8 things are missing before this tender can be sent for approval." in page.text
    assert page.links()["What is bought"].endswith("/particulars")
    active = [link for link in page.all(".//nav//a") if link.get("aria-current")]
    assert [link.get("href") for link in active] == ["/buyer/tenders"]
    listed = ophelia.get("/buyer/tenders")
    assert listed.links()["Grounds maintenance"].endswith("/buyer/tenders/local-council-0001")


def test_what_to_begin_with_needs_its_tender_or_file(begin: Any, ophelia: Any) -> None:
    begin()
    send = ophelia.send
    assert errors_of(send("/buyer/tenders/new", 400, title="X", begin="copy")) == ["Select the tender to copy"]
    assert errors_of(send("/buyer/tenders/new", 400, title="X", begin="file")) == ["Select a tender file"]
    broken = (BytesIO(b'{"criteria": []}'), "tender.json")
    page = send("/buyer/tenders/new", 400, title="X", begin="file", file=broken)
    assert errors_of(page) == ["Tender file criteria: must be a list with at least one entry"]
    copy = send("/buyer/tenders/new", title="Next year", begin="copy", earlier="local-council-0001")
    assert copy.heading == "Next year"


def test_particulars_can_be_saved_as_far_as_they_go(begin: Any, ophelia: Any, stored: Any) -> None:
    tender = begin()
    ophelia.send(f"{tender}/particulars", contract_value="£1,250.50", cpv_codes="77310000, 77314000-4\n")
    found = stored(tender)
    assert found.contract_value.format() == "£1,250.50"
    assert found.particulars["cpv_codes"] == ["77310000", "77314000-4"]
    assert "value_includes_vat" not in found.particulars
    page = ophelia.send(f"{tender}/particulars", 400, cpv_codes="7731", years="nought")
    assert errors_of(page) == ["Length in years must be a number, like 1,250 or 12.5"]
    page = ophelia.send(f"{tender}/particulars", 400, cpv_codes="7731")
    assert errors_of(page)[0].startswith("CPV codes is no CPV code")


def test_what_the_law_asks_is_shown_once_value_and_kind_are_known(complete: Any, ophelia: Any) -> None:
    page = ophelia.get(complete())
    assert "£576,000.00 with VAT at the standard rate of 20%" in page.text
    assert "At or above the threshold" in page.text


def test_lots_are_at_least_two(begin: Any, ophelia: Any, stored: Any) -> None:
    tender = begin()
    page = ophelia.send(f"{tender}/lots", 400, title_1="North")
    assert errors_of(page)[0].startswith("Enter at least two lots")
    page = ophelia.send(f"{tender}/lots", 400, value_2="100")
    assert errors_of(page) == ["Enter the title of this lot, or empty its value"]
    ophelia.send(f"{tender}/lots", title_1="North", value_1="100", title_3="South")
    assert [lot.title for lot in stored(tender).lots] == ["North", "South"]
    ophelia.send(f"{tender}/lots", title_1="", value_1="", title_2="")
    assert [lot.title for lot in stored(tender).lots] == ["Grounds maintenance"]


def test_priorities_come_first_and_lead_to_their_measures(begin: Any, ophelia: Any, stored: Any) -> None:
    tender = begin()
    everything = len(ophelia.get(f"{tender}/measures").all(".//li[@class='app-card']"))
    page = ophelia.send(f"{tender}/priorities", priority_jobs=["good-local-jobs"], principles=["climate-action"])
    assert stored(tender).particulars["priorities"] == ["good-local-jobs", "climate-action"]
    cards = page.all(".//li[@class='app-card']")
    assert 0 < len(cards) < everything
    assert all("Serves" in "".join(card.itertext()) for card in cards)


def test_measures_stand_under_the_parts_of_the_plan_with_what_they_weigh(begin: Any, ophelia: Any) -> None:
    tender = begin()
    page = ophelia.get(f"{tender}/measures")
    assert "Top level: 100% of 100%, complete" in page.text
    index = [link.get("href", "")[1:] for link in page.all(".//nav[@aria-labelledby='parts']//a")]
    parts = [part.get("aria-labelledby") for part in page.all(".//main//section")]
    assert index == parts and len(parts) > 3
    codes = [box.get("value") for box in page.all(".//section//input[@name='measure']")]
    assert len(codes) == len(set(codes)), "each measure stands under one part"
    assert "Climate Action: 7 measures, 1 in the criteria with 2 of 100 marks" in page.text

    address = f"{tender}/add-criterion/quantity?measure=trees-planted&under=climate"
    ophelia.post(address, ophelia.fields(address), weighting="10", target="200", cap="300")
    page = ophelia.get(f"{tender}/measures?all=yes")
    assert "In Climate: 110% of 100%, 10% too much" in page.text
    assert "Climate Action: 7 measures, 2 in the criteria with 2.4 of 100 marks" in page.text


def test_officers_are_warned_of_a_measure_that_serves_no_chosen_priority(complete: Any, ophelia: Any) -> None:
    tender = complete("goods")
    assert "serves none of the priorities" in ophelia.get(f"{tender}/warnings").text

    keys = {"families": "ready-for-adulthood", "economy": ["local-businesses-thrive", "low-carbon-circular-economy"]}
    ophelia.send(f"{tender}/priorities", **{f"priority_{key}": value for key, value in keys.items()})
    assert "serves none of the priorities" not in ophelia.get(f"{tender}/warnings").text


def test_a_measure_becomes_a_criterion_with_its_evidence(begin: Any, ophelia: Any, stored: Any) -> None:
    tender = begin()
    address = f"{tender}/add-criterion/quantity?measure=trees-planted&under=climate"
    page = ophelia.get(address)
    assert "in Climate" in page.text
    ophelia.post(address, ophelia.fields(address), weighting="10", target="200", cap="300")
    added = criteria_of(stored(tender))["trees_planted"]
    assert (added["measure"], added["target"], added["cap"], added["weighting"]) == ("trees-planted", "200", "300", 10)
    assert added["evidence"]
    page = ophelia.get(f"{tender}/criteria")
    assert "In Climate: 110% of 100%, 10% too much" in page.text
    assert "Climate: the weightings of this level total 110, not 100." in page.text


def test_weightings_are_saved_together_and_moving_saves_them_too(begin: Any, ophelia: Any, stored: Any) -> None:
    tender = begin()
    fields = ophelia.fields(f"{tender}/criteria")
    [price] = [name for name, value in fields.items() if name.startswith("weighting") and value == "40"][:1]
    page = ophelia.post(f"{tender}/criteria", fields, **{price: "30"})
    assert "Top level: 90% of 100%, 10% to give" in page.text
    ophelia.send(f"{tender}/criteria", **{price: "35", "move": "up quality"})
    found = stored(tender).method["criteria"]
    assert [criterion["code"] for criterion in found][2:4] == ["quality", "price"]
    assert found[3]["weighting"] == 35
    assert errors_of(ophelia.send(f"{tender}/criteria", 400, **{price: ""})) == ["Enter a weighting"]


def test_a_price_formula_keeps_only_its_own_settings(begin: Any, ophelia: Any, stored: Any) -> None:
    tender = begin()
    address = f"{tender}/criteria/price"
    page = ophelia.send(address, 400, formula="linear_to_ceiling", floor="200", ceiling="100")
    assert errors_of(page) == ["Floor: this price or less gets all the marks must be lower than the ceiling"]
    ophelia.send(address, formula="linear_to_ceiling", floor="100", ceiling="200")
    ophelia.send(
        address, formula="banded", bands_1_from="0", bands_1_marks="100", bands_2_from="150", bands_2_marks="0"
    )
    price = criteria_of(stored(tender))["price"]
    assert price["bands"] == [{"from": "0", "marks": "100"}, {"from": "150", "marks": "0"}]
    assert not {"floor", "ceiling"} & set(price)
    page = ophelia.send(address, 400, bands_2_from="0")
    assert errors_of(page) == ["Price from £, band 2 must be higher than the one before"]


def test_every_formula_is_explained_with_its_trap(begin: Any, ophelia: Any) -> None:
    page = ophelia.get(f"{begin()}/criteria/price")
    assert "With two bids the dearer gets nothing, however small the difference." in page.text
    assert len(page.all(".//table")) == 6


def test_a_question_keeps_its_scale(begin: Any, ophelia: Any, stored: Any) -> None:
    tender = begin()
    before = criteria_of(stored(tender))["delivery"]
    ophelia.send(f"{tender}/criteria/delivery", note="Two pages at most.")
    after = criteria_of(stored(tender))["delivery"]
    assert after == {name: part for name, part in before.items() if name != "scale_max"} | {
        "note": "Two pages at most."
    }
    page = ophelia.send(f"{tender}/criteria/delivery", 400, threshold="9")
    assert errors_of(page)[0].startswith("Least mark is above the highest mark")


@pytest.mark.parametrize("kind", ["group", "pass_fail", "qualitative", "quantity", "social_value", "price"])
def test_every_kind_of_criterion_can_be_added(begin: Any, ophelia: Any, stored: Any, kind: str) -> None:
    tender = begin("small")
    entries = {"title": "A new one", "weighting": "5", "question": "Do you?", "measure": "local-jobs", "target": "5"}
    ophelia.send(f"{tender}/add-criterion/{kind}", **entries)
    added = criteria_of(stored(tender))["a_new_one"]
    assert added["kind"] == kind
    again = ophelia.send(f"{tender}/add-criterion/{kind}", 400, **entries)
    assert "already a criterion a_new_one" in errors_of(again)[0]
    ophelia.send(f"{tender}/criteria/a_new_one/remove")
    assert "a_new_one" not in criteria_of(stored(tender))


def test_there_are_no_other_kinds_groups_or_criteria(begin: Any, ophelia: Any) -> None:
    tender = begin()
    for path in ("add-criterion/magic", "add-criterion/price?under=price", "add-criterion/price?under=x", "criteria/x"):
        ophelia.get(f"{tender}/{path}", 404)
    ophelia.get(f"{tender}/add-criterion/quantity?measure=nothing", 404)


def test_the_rules_are_read_back_as_bidders_will_read_them(begin: Any, ophelia: Any, stored: Any) -> None:
    tender = begin()
    ophelia.send(f"{tender}/rules", tie_1="price", tie_2="quality", tie_3="", places="1", threshold="50")
    found = stored(tender).method
    assert (found["ties"], found["rounding"]) == (["price", "quality"], {"places": 1, "mode": "half_up"})
    assert found["threshold"] == "50"
    page = ophelia.get(f"{tender}/rules")
    assert "the lower price, then the higher marks for Quality" in page.text


def test_a_warning_that_needs_a_reason_keeps_the_draft(complete: Any, ophelia: Any) -> None:
    tender = complete()
    entries = {"title": "Where is your office located?", "question": "Where?", "weighting": "1"}
    ophelia.send(f"{tender}/add-criterion/qualitative", **entries)
    page = ophelia.get(f"{tender}/criteria")
    assert "total 101, not 100" in page.text
    fields = ophelia.fields(f"{tender}/criteria")
    [price] = [name for name, value in fields.items() if name.startswith("weighting") and value == "40"][:1]
    ophelia.post(f"{tender}/criteria", fields, **{price: "39"})
    assert "seems to ask where the supplier is" in ophelia.get(f"{tender}/approval").text
    ophelia.send(f"{tender}/warnings", reason_supplier_location="It asks for an office that visitors can reach.")
    assert "Nothing is missing." in ophelia.get(f"{tender}/approval").text


def test_dummy_bids_say_who_would_win_and_what_decides(complete: Any, ophelia: Any, begin: Any) -> None:
    page = ophelia.get(f"{begin()}/simulation")
    assert "Give the contract value first" in page.text
    page = ophelia.get(f"{complete()}/simulation")
    assert "would win" in page.text and "What decides is" in page.text
    assert len(page.all(".//table")) == 2
    assert "6 answers of 2,650 words at most, and 3 promises with a plan each: about 17 hours of work." in page.text


def test_two_officers_at_one_page_lose_nothing(begin: Any, ophelia: Any, otto: Any, stored: Any) -> None:
    tender = begin()
    for path, mine, yours in (
        ("particulars", {"description": "Grass."}, {"description": "Hedges."}),
        ("lots", {"title_1": "North", "title_2": "South"}, {"title_1": "East", "title_2": "West"}),
        ("priorities", {"priority_jobs": ["good-local-jobs"]}, {"priority_jobs": ["flexible-skills"]}),
        ("criteria", {"weighting_1": "39"}, {"weighting_1": "38"}),
        ("criteria/price", {"note": "Mine."}, {"note": "Yours."}),
        ("rules", {"places": "1"}, {"places": "3"}),
    ):
        opened = otto.fields(f"{tender}/{path}")
        ophelia.send(f"{tender}/{path}", **mine)
        before = stored(tender)
        page = otto.post(f"{tender}/{path}", opened, 409, **yours)
        assert page.heading == "Somebody else saved this first"
        assert stored(tender).version == before.version
    assert [lot.title for lot in stored(tender).lots] == ["North", "South"]


def test_what_was_sent_stands_beside_what_is_there(begin: Any, ophelia: Any, otto: Any) -> None:
    tender = begin()
    opened = otto.fields(f"{tender}/particulars")
    ophelia.send(f"{tender}/particulars", description="Grass.")
    page = otto.post(f"{tender}/particulars", opened, 409, description="Hedges.", kind="works")
    rows = [[" ".join("".join(cell.itertext()).split()) for cell in row] for row in page.all(".//tbody/tr")]
    assert rows == [["What is bought", "Hedges.", "Grass."], ["Kind of contract", "Works", "Services"]]
