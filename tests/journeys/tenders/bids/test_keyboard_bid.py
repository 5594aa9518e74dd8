"""A whole bid by keyboard alone: no pointer touches a page from the list of tenders to the receipt."""

from collections.abc import Callable
from types import ModuleType

from playwright.sync_api import Page, expect

PARTS = {
    "About your company": "company",
    "Price": "price",
    "Pass or fail questions": "checks",
    "What you promise": "promises",
    "How you will deliver it": "plans",
    "Wages": "answers/wages",
}
FOCUSED = "() => document.activeElement.name || document.activeElement.innerText.trim()"


def reach(page: Page, name: str) -> None:
    """Press the tab key until the focus is on a link, a button or a field, told by its words or by its name."""
    seen = []
    while (focused := page.evaluate(FOCUSED)) != name:
        seen.append(focused)
        assert len(seen) < 90, f"{name} is not reached on {page.url}: {seen}"
        page.keyboard.press("Tab")


def go(page: Page, name: str) -> None:
    """Reach a link or a button and press it."""
    reach(page, name)
    page.keyboard.press("Enter")


def test_a_bid_by_keyboard_alone(open_as: Callable[..., Page], bids: ModuleType) -> None:
    page = open_as("alma", "/supplier/tenders")
    go(page, "Grounds maintenance")
    heading = page.get_by_role("heading", level=1)
    expect(heading).to_have_text("Your bid for Grounds maintenance")
    for title, part in PARTS.items():
        go(page, title)
        expect(heading).to_have_text(title)
        for name, text in bids.ENTRIES[part].items():
            reach(page, name)
            if text == "yes":
                page.keyboard.press("Space")
            else:
                page.keyboard.type(text)
        go(page, "Save as draft")
        expect(page.get_by_text("Saved as a draft. Nothing is submitted yet.")).to_be_visible()
    go(page, "Read it through")
    expect(page.get_by_role("heading", name="Nothing is missing")).to_be_visible()
    go(page, "Continue to submit")
    expect(heading).to_have_text("Submit your bid")
    reach(page, "may_submit")
    page.keyboard.press("Space")
    go(page, "Submit the bid")
    expect(page.get_by_text("Your bid was submitted.")).to_be_visible()
