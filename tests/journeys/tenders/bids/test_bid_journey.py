"""A bid from the list of tenders to its receipt: without scripts, by keyboard, on a telephone, for everyone."""

from collections.abc import Callable
from types import ModuleType
from typing import Any

from playwright.sync_api import Page, expect

PAGES = (
    *("", "/company", "/price", "/checks", "/promises", "/plans", "/answers/wages", "/files", "/workbook"),
    *("/review", "/submit", "/withdraw"),
)
TASKS = {
    "About your company": "company",
    "Price": "price",
    "Pass or fail questions": "checks",
    "What you promise": "promises",
    "How you will deliver it": "plans",
    "Wages": "answers/wages",
}


def write(page: Page, entries: dict[str, dict[str, str]]) -> None:
    """Every part of the bid, one after the other from its task list."""
    for title, part in TASKS.items():
        page.get_by_role("link", name=title, exact=True).click()
        for name, text in entries[part].items():
            if text == "yes":
                page.get_by_label("Yes").check()
            else:
                page.locator(f"[name='{name}']").fill(text)
        page.get_by_role("button", name="Save as draft").click()
        expect(page.get_by_text("Saved as a draft. Nothing is submitted yet.")).to_be_visible()


def submit(page: Page) -> str:
    page.get_by_role("link", name="Submit", exact=True).click()
    page.get_by_label("I may submit this bid").check()
    page.get_by_role("button", name="Submit the bid").click()
    expect(page.get_by_text("Your bid was submitted.")).to_be_visible()
    return page.locator("h1").inner_text()


def test_a_bid_without_scripts_by_two_colleagues(open_as: Callable[..., Page], bids: ModuleType) -> None:
    alma = open_as("alma", "/supplier/tenders", scripts=False)
    alma.get_by_role("link", name="Grounds maintenance").click()
    expect(alma.get_by_role("heading", name="Not submitted yet")).to_be_visible()
    write(alma, bids.ENTRIES)
    alma.get_by_role("link", name="What you promise").click()
    alma.get_by_role("button", name="Save and work out the marks").click()
    expect(alma.get_by_text("16 of 20 marks")).to_be_visible()
    bid = alma.url.removesuffix("/promises")
    abel = open_as("abel", "/supplier", scripts=False)
    abel.goto(f"{bid}/review")
    abel.get_by_role("button", name="Mark as read and right").click()
    expect(abel.get_by_text("abel@example.org has read the bid as it is now")).to_be_visible()
    alma.goto(bid)
    expect(alma.get_by_text("Read by abel@example.org")).to_be_visible()
    code = submit(alma)
    abel.goto(bid)
    expect(abel.get_by_role("link", name=code)).to_be_visible()


def test_every_page_of_a_bid_is_for_everyone(
    open_as: Callable[..., Page],
    bids: ModuleType,
    check_both: Callable[[Page], None],
    walk: Callable[[Page], None],
) -> None:
    page = open_as("alma", f"/supplier/tenders/{bids.OCID}/lots/1/bid")
    check_both(page)
    bid = page.url
    write(page, bids.ENTRIES)
    send_file(page, f"{bid}/files", "insurance.pdf", b"%PDF-1.7", "Add the file")
    page.goto(bid)
    submit(page)
    check_both(page)
    sheet = page.request.get(f"{bid}/workbook/filled.xlsx").body()
    send_file(page, f"{bid}/workbook", "bid.xlsx", sheet, "Upload and see what it changes")
    expect(page.get_by_text("Nothing changes")).to_be_visible()
    check_both(page)
    for path in PAGES:
        page.goto(bid + path)
        check_both(page)
        walk(page)
    for path in ("/supplier/receipts", "/supplier/tenders"):
        page.goto(bid.partition("/supplier")[0] + path)
        check_both(page)


def send_file(page: Page, address: str, name: str, content: bytes, button: str) -> None:
    page.goto(address)
    file: Any = {"name": name, "mimeType": "application/octet-stream", "buffer": content}
    page.locator("input[type=file]").set_input_files(file)
    page.get_by_role("button", name=button).click()


def test_mistakes_are_told_at_their_field_and_reached_by_keyboard(
    open_as: Callable[..., Page], bids: ModuleType, check: Callable[[Page], None]
) -> None:
    page = open_as("alma", f"/supplier/tenders/{bids.OCID}/lots/1/bid/promises", 320)
    page.get_by_label("Not tied to a year").first.fill("many")
    page.get_by_label("Not tied to a year").first.press("Enter")
    expect(page.get_by_role("alert")).to_contain_text("Local people in work must be a number")
    check(page)
    page.get_by_role("link", name="Local people in work must be a number, like 1,250 or 12.5").press("Enter")
    expect(page.get_by_label("Not tied to a year").first).to_be_focused()
