"""An officer enters a contract, what was promised in it and a change; its supplier sees what it owes."""

from collections.abc import Callable

from playwright.sync_api import Page, expect

Open = Callable[..., Page]


def fill_day(page: Page, name: str, day: str) -> None:
    for part, text in zip(("day", "month", "year"), day.split("/"), strict=True):
        page.locator(f"#{name}-{part}").fill(text)


def press(page: Page, button: str) -> None:
    page.get_by_role("button", name=button, exact=True).click()


def test_a_contract_from_its_entry_to_its_change(
    open_as: Open, check: Callable[[Page], None], walk: Callable[[Page], None]
) -> None:
    page = open_as("maximiliana", "/buyer/contracts/new", 320)
    check(page)
    press(page, "Enter the contract")
    expect(page.get_by_text("There is a problem")).to_be_visible()
    check(page)
    page.get_by_label("Reference").fill("C-2026-1")
    page.get_by_label("Title", exact=True).fill("Parks and verges")
    page.get_by_label("Supplier", exact=True).fill("Joinery (Example) Ltd")
    page.get_by_label("Company number of the supplier").fill("01234567")
    page.get_by_label("Value over its whole life").fill("6,400,000")
    fill_day(page, "start_on", "1/4/2025")
    fill_day(page, "end_on", "31/3/2028")
    press(page, "Enter the contract")
    expect(page.get_by_role("heading", name="Parks and verges")).to_be_visible()
    expect(page.get_by_text("Set 3 more KPIs.")).to_be_visible()
    check(page)
    address = page.url.split("#")[0].split("/", 3)[3]

    page.get_by_role("link", name="Add a promise from the catalogue").click()
    check(page)
    page.get_by_label("Measure").select_option("local-jobs")
    page.get_by_label("Quantity").fill("12")
    page.get_by_label("Who looks after it").fill("Parks team")
    page.get_by_label("By milestones").check()
    page.get_by_label("Milestones", exact=True).fill("31/3/2026 5\n31/3/2028 6")
    press(page, "Add the promise")
    expect(page.get_by_role("link", name="The milestones add up to 11, but 12 was promised.")).to_be_visible()
    page.get_by_label("Milestones", exact=True).fill("31/3/2026 5\n31/3/2028 7")
    press(page, "Add the promise")
    expect(page.get_by_role("link", name="Local people in work")).to_be_visible()

    old = open_as("maximiliana", f"/{address}/change")
    change(page)
    check(page)
    expect(page.get_by_text("16 FTE-years")).to_be_visible()
    press(page, "Enter the change")
    expect(page.get_by_text("Before: Local people in work: 12 FTE-years")).to_be_visible()
    walk(page)
    change(old, go=False)
    expect(old.get_by_role("heading", name="Somebody else")).to_be_visible()

    page.get_by_role("link", name="Set a KPI").click()
    page.get_by_label("What is measured").fill("Grass cut on time")
    page.get_by_label("Target").fill("95")
    page.get_by_label("Unit").fill("per cent")
    check(page)
    press(page, "Set the KPI")
    expect(page.get_by_text("at least 95 per cent")).to_be_visible()
    for path in ("", "?words=parks&standing=running", "/portfolio", "/spend", "/import"):
        page.goto(page.url.split("/buyer")[0] + f"/buyer/contracts{path}")
        check(page)


def change(page: Page, *, go: bool = True) -> None:
    """Describe an extension by a year."""
    if go:
        page.get_by_role("link", name="Vary, extend or end the contract").click()
    page.get_by_label("Extension").check()
    page.get_by_label("Reason").fill("The parks need another year.")
    fill_day(page, "effective_on", "1/4/2026")
    fill_day(page, "end_on", "31/3/2029")
    page.get_by_label("With the days the contract runs").check()
    press(page, "Look at the change")


def test_a_supplier_without_contracts_is_told_why(open_as: Open, check: Callable[[Page], None]) -> None:
    page = open_as("sam", "/supplier/contracts", 320)
    expect(page.get_by_role("heading", name="No contracts here")).to_be_visible()
    check(page)
