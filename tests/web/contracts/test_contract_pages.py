"""Contracts in the browser: entered, promised, changed; what is wrong is said at its box, and late edits are shown."""

from collections.abc import Callable
from functools import partial
from typing import Any

import pytest
from werkzeug.datastructures import MultiDict

from wpound.core.roles import Role

JOBS, HOURS = "local-jobs", "volunteering-hours"


def day(name: str, text: str) -> dict[str, str]:
    """The three boxes of a day."""
    return {f"{name}-{part}": number for part, number in zip(("day", "month", "year"), text.split("/"), strict=True)}


ENTRY = {
    "reference": "REG-1",
    "title": "Parks and verges",
    "supplier": "Ash Ltd",
    "value": "6,400,000",
    **day("start_on", "1/4/2024"),
    **day("end_on", "31/3/2028"),
}
CHANGE = {
    "kind": "extension",
    "reason": "The parks need another year.",
    **day("effective_on", "1/4/2026"),
    **day("end_on", "31/3/2032"),
    "rule": "time",
}
KPI = {"title": "Grass cut on time", "target": "95", "unit": "per cent"}
MILESTONES = {"due_profile": "milestones"}
REMEDY = {"problem": "Late.", "action": "A plan.", **day("due_on", "1/4/2099")}
# Where a form stands, what is entered, the box that is wrong, and what is said there.
WRONG = [
    ("new", ENTRY | {"reference": ""}, "reference", "Enter the reference of the contract"),
    ("new", ENTRY | {"company_number": "1234567890"}, "company_number", "Enter a company number of 8 characters"),
    ("new", ENTRY | day("end_on", "31/3/2020"), "end_on-day", "The last day must be on or after the first day"),
    ("{}/details", {"cpv_code": "7731"}, "cpv_code", "Enter a CPV code of 8 digits"),
    ("{}/promises/new", {"measure": "", "quantity": "3"}, "measure", "Choose the measure"),
    ("{}/promises/new", {"measure": JOBS, "quantity": "3"}, "measure", "This contract has this promise already"),
    ("{}/promises/new", {"measure": HOURS, "quantity": "many"}, "quantity", "Quantity must be a number"),
    ("{}/promises/new", {"measure": HOURS, "quantity": "3", "year": "2019"}, "year", "choose a year in it"),
    ("{promise}", {"due_profile": "milestones", "milestones": "soon 8"}, "milestones", "Line 1 must be a day"),
    (
        "{promise}",
        {"due_profile": "milestones", "milestones": "1/4/2026 7"},
        "milestones",
        "The milestones add up to 7",
    ),
    ("{promise}", {"due_profile": "milestones", "milestones": "1/4/2030 8"}, "milestones", "1 April 2030"),
    ("{}/change", CHANGE | {"reason": ""}, "reason", "Enter the reason"),
    ("{}/change", CHANGE | day("end_on", "31/3/2027"), "end_on-day", "An extension ends after 31 March 2028"),
    ("{}/kpis/new", KPI | {"unit": ""}, "unit", "Enter the unit"),
    ("{}/kpis/new", KPI | {"target": "0"}, "target", "The target must be more than 0"),
    ("{}/thresholds", {"good": "80"}, "good", "Each threshold must be higher than the next one"),
    ("{}/remedies/new", REMEDY | {"problem": ""}, "problem", "Say what was not delivered"),
    ("{}/remedies/new", REMEDY | day("due_on", "1/4/2020"), "due_on-day", "cannot be past"),
]


def promise_of(officer: Any, contract: str) -> str:
    """The address of the first promise of a contract."""
    found = officer.get(contract).links()
    return next(href for href in found.values() if href.startswith(f"{contract}/promises/") and "new" not in href)


def typed_in(page: Any, name: str) -> str:
    """What stands in a box."""
    [box] = [one for one in page.find("main").iter() if one.get("name") == name]
    if box.tag == "select":
        return next((one.get("value") for one in box.iter("option") if one.get("selected") is not None), "")
    return str(box.get("value") or box.text or "").strip()


@pytest.mark.parametrize(("path", "entries", "box", "words"), WRONG)
def test_what_is_wrong_leads_to_its_box_and_nothing_typed_is_lost(
    officer: Any, running: Callable[..., str], path: str, entries: dict[str, str], box: str, words: str
) -> None:
    contract = running(JOBS)
    where = "/buyer/contracts/new" if path == "new" else path.format(contract, promise="")
    page = officer.send(where or promise_of(officer, contract), 400, **entries)

    assert page.title.startswith("Error: ")
    assert words in page.errors()[box]
    boxes = {one.get("name") for one in page.find("main").iter() if one.get("type") != "radio"}
    assert {name: typed_in(page, name) for name in entries if name in boxes} == {
        name: text for name, text in entries.items() if name in boxes
    }


def test_what_is_wrong_is_listed_in_the_order_of_the_page(officer: Any) -> None:
    review = {"review_on-day": "1", "review_on-month": "4", "review_on-year": "26"}
    errors = officer.send("/buyer/contracts/new", 400, **(ENTRY | review | {"reference": ""})).errors()
    assert [box.partition("-")[0] for box in errors] == ["reference", "review_on"]


def test_a_contract_is_entered_found_and_described(officer: Any, browse: Callable[..., Any]) -> None:
    page = officer.send("/buyer/contracts/new", **ENTRY)
    assert page.heading == "Parks and verges" and "6,400,000" in page.text
    assert "already a contract REG-1" in officer.send("/buyer/contracts/new", 400, **ENTRY).errors()["reference"]
    address = officer.get("/buyer/contracts?words=reg-1&standing=running").links()["Parks and verges"]
    for miss in ("words=elsewhere", "standing=ended", "manager=Nobody"):
        assert "Parks and verges" not in officer.get(f"/buyer/contracts?{miss}").text

    page = officer.send(f"{address}/details", manager="Parks team", cpv_code="77310000", regime="")
    assert "Parks team" in page.text
    assert "Parks and verges" in officer.get("/buyer/contracts?manager=Parks+team").text
    assert officer.raw(f"{address}/calendar.ics").content_type.startswith("text/calendar")
    assert "Parks and verges" not in browse("trust").get("/buyer/contracts").text


def test_a_promise_is_added_and_settled(officer: Any, running: Callable[..., str]) -> None:
    contract = running(JOBS)
    late = {"due_profile": "milestones", "milestones": "31/3/2030 30"}
    page = officer.send(f"{contract}/promises/new", 400, measure=HOURS, quantity="30", **late)
    assert "milestones" in page.errors(), "a day after the contract ended"
    page = officer.send(f"{contract}/promises/new", measure=HOURS, quantity="30", due_profile="even")
    assert "Staff volunteering hours" in page.text and "2 promises" in page.text

    settled = {"owner": "Parks team", "evidence": "Payroll.", "remedy": "A plan.", "due_profile": "milestones"}
    page = officer.send(promise_of(officer, contract), **settled, milestones="31/3/2026 3\n31/3/2028 5")
    assert "Parks team" in page.text and "1 promise." in page.text
    page = officer.get(promise_of(officer, contract))
    assert typed_in(page, "milestones") == "31/3/2026 3\n31/3/2028 5" and typed_in(page, "evidence") == "Payroll."


def test_a_change_is_looked_at_before_it_is_entered(officer: Any, running: Callable[..., str]) -> None:
    contract = running(JOBS)
    old = promise_of(officer, contract)
    address = f"{contract}/change"
    preview = officer.post(address, officer.fields(address), 200, **CHANGE)
    assert preview.heading == "Look at the change"
    assert "8 FTE-years" in preview.text and "16 FTE-years" in preview.text, "four years became eight"
    assert "Nothing was changed" in officer.get(contract).text

    page = officer.post(address, carried_by(preview))
    assert "Before: Local people in work: 8" in page.text and "31 March 2032" in page.text
    assert promise_of(officer, contract) != old
    officer.get(old, 404)

    ended = {"kind": "termination", **day("end_on", "30/6/2026"), **day("effective_on", "30/6/2026")}
    preview = officer.post(address, officer.fields(address), 200, **(CHANGE | ended))
    assert "(ended early)" in officer.post(address, carried_by(preview)).text
    page = officer.send(address, 400, **CHANGE)
    assert "This contract was ended on 30 June 2026" in page.text


def carried_by(preview: Any) -> MultiDict[str, Any]:
    """What the form of a page that asks once more carries."""
    hidden = [one for one in preview.find("main").iter("input") if one.get("type") == "hidden"]
    return MultiDict([(one.get("name"), one.get("value")) for one in hidden])


@pytest.mark.parametrize(
    ("path", "entries", "shown"),
    [
        ("details", {"manager": "Mine"}, "Mine"),
        ("{promise}", {"owner": "Mine"}, "Mine"),
        ("change", CHANGE, "The parks need another year."),
        ("{kpi}", {"title": "Mine"}, "Mine"),
        ("thresholds", {"good": "120"}, "120"),
    ],
)
def test_who_saves_second_is_shown_both(
    officer: Any, browse: Callable[..., Any], running: Callable[..., str], path: str, entries: Any, shown: str
) -> None:
    contract, mia = running(JOBS), browse(name="mia")
    kpi = next(href for href in officer.send(f"{contract}/kpis/new", **KPI).links().values() if "/kpis/" in href)
    promise = promise_of(officer, contract)
    address = {"{promise}": promise, "{kpi}": kpi}.get(path, f"{contract}/{path}")
    opened = mia.fields(address)
    first = {"{promise}": {"owner": "Theirs"}, "{kpi}": {"title": "Theirs"}, "thresholds": {"good": "110"}}
    officer.send(address if path in first else f"{contract}/details", **first.get(path, {"manager": "Theirs"}))

    page = mia.post(address, opened, 409, **entries)

    assert page.heading == "Somebody else saved this first" and shown in page.text
    if path != "change":
        assert "Theirs" in page.text or "110" in page.text


def test_contracts_of_others_are_not_there(
    browse: Callable[..., Any], officer: Any, running: Callable[..., str]
) -> None:
    contract, other = running(JOBS), running(HOURS)
    kpi = next(href for href in officer.send(f"{contract}/kpis/new", **KPI).links().values() if "/kpis/" in href)
    officer.send(f"{contract}/remedies/new", **REMEDY)
    remedy = officer.get(contract).links()["Close remedy 1"]
    pages = [contract, promise_of(officer, contract), kpi, remedy, f"{contract}/calendar.ics"]
    pages += [f"{contract}/{one}" for one in ("details", "change", "payments", "thresholds", "assess", "promises/new")]
    strangers = browse("trust"), browse(role=Role.CONTRACT_MANAGER, contract_id=int(other.rpartition("/")[2]))
    for stranger in strangers:
        assert {page: stranger.raw(page).status_code for page in pages if "new" not in page} == {
            page: 404 for page in pages if "new" not in page
        }
    assert strangers[0].raw(f"{contract}/promises/new").status_code == 404
    assert strangers[1].raw(f"{contract}/promises/new").status_code == 403, "promises are added by officers"
    # Rows of one contract are not to be had under another.
    for page in (promise_of(officer, contract), kpi, remedy):
        assert officer.raw(page.replace(contract, other)).status_code == 404


def test_all_promises_together_are_those_of_the_contract_pages(browse: Callable[..., Any]) -> None:
    officer, totals = browse("trust"), dict[tuple[str, ...], list[int]]()
    # Parts of 16 quarters, so that nothing is rounded on the way.
    promised = (("P-1", "local-direct-spend", "1600"), ("P-2", "local-direct-spend", "320"), ("P-3", JOBS, "16"))
    for reference, measure, quantity in promised:
        page = officer.send("/buyer/contracts/new", **(ENTRY | {"reference": reference, "title": "Meals"}))
        address = page.links()["Change the details"].removesuffix("/details")
        page = officer.send(f"{address}/promises/new", measure=measure, quantity=quantity, due_profile="even")
        for key, pence in values_of(page).items():
            totals[key] = [a + b for a, b in zip(totals.get(key, [0] * 4), pence, strict=True)]

    page = officer.get("/buyer/contracts/portfolio")
    assert "3 contracts with promises" in page.text and page.text.count("Meals") == 0
    assert len(totals) == 2 and values_of(page) == totals


def values_of(page: Any) -> dict[tuple[str, ...], list[int]]:
    """The table in pounds: head and kind of value with the four figures in pence."""
    found = {}
    for row in page.all(".//table[@aria-labelledby='values']/tbody/tr"):
        head, kind, *figures = (" ".join("".join(cell.itertext()).split()) for cell in row)
        found[head, kind] = [int("".join(filter(str.isdigit, one))) for one in figures]
    return found


def test_a_supplier_sees_its_own_contracts_alone(
    browse: Callable[..., Any], officer: Any, running: Callable[..., str]
) -> None:
    contract = running(JOBS)
    officer.send(promise_of(officer, contract), owner="Parks team", evidence="Payroll extract.", due_profile="even")
    officer.send(f"{contract}/remedies/new", **(REMEDY | {"problem": "Between us."}))
    number = contract.rpartition("/")[2]
    own = browse("firm", "ann")
    assert "Grounds" in own.get("/supplier/contracts?standing=running").text
    page = own.get(f"/supplier/contracts/{number}")
    assert "Payroll extract." in page.text and "30 June 2024: 0.5" in page.text and "Between us." not in page.text
    assert own.raw(f"/supplier/contracts/{number}/calendar.ics").status_code == 200

    rival = browse("rival", "rob")
    assert "No contracts here" in rival.get("/supplier/contracts").text
    for path in (number, f"{number}/calendar.ics"):
        assert rival.raw(f"/supplier/contracts/{path}").status_code == 404
    assert own.raw(contract).status_code == 403


def test_lists_cost_the_same_questions_with_1_and_30_contracts(
    desk: Any,
    officer: Any,
    browse: Callable[..., Any],
    running: Callable[..., str],
    count_selects: Any,
    many_measures: Any,
) -> None:
    """The register, all promises together, one contract, and the same for the supplier."""
    officer, supplier = browse(), browse("firm")
    sought = {"/buyer/contracts": officer, "/buyer/contracts/portfolio": officer, "/supplier/contracts": supplier}

    def count_all(*measures: str) -> list[int]:
        contract = running(*measures)
        own = contract.replace("buyer", "supplier")
        pages = sought | {contract: officer, own: supplier}
        for address, browser in pages.items():
            browser.get(address)
        return [count_selects(desk.engine, partial(browser.raw, address)) for address, browser in pages.items()]

    few = count_all(JOBS)
    for _ in range(30):
        running(JOBS)
    assert count_all(*many_measures) == few
