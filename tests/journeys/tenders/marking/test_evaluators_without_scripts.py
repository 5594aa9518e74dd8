"""Three evaluators without scripts: what they declare, their marks, the end of their sheets, and what follows of it."""

import re
from collections.abc import Callable

from playwright.sync_api import Locator, Page, expect

TENDER = "/buyer/tenders/ocds-test-1"
FIRMS = ("Ash", "Birch", "Cedar")
PEOPLE = ("eva", "emil", "elsa")


def test_three_evaluators_mark_without_scripts(open_as: Callable[..., Page]) -> None:
    officer = open_as("ophelia", f"{TENDER}/panel", scripts=False)
    for name in PEOPLE:
        officer.get_by_label("Colleague").select_option(label=f"{name.title()} ({name}@example.org)")
        officer.get_by_role("button", name="Add to the panel").click()
        expect(officer.get_by_role("table").get_by_text(f"{name}@example.org")).to_be_visible()
    for name in PEOPLE:
        page = open_as(name, "/buyer", scripts=False)
        page.get_by_role("link", name="Grounds maintenance").click()
        declare(page, officer, name)
        mark(page)
        page.get_by_role("button", name="Finish").click()
        page.get_by_role("button", name="Finish").click()
        expect(page.get_by_text("Your marks are complete.")).to_be_visible()
    officer.goto(officer.url.replace("/panel", "/moderation"))
    expect(officer.get_by_text("6 marks are still to be agreed.")).to_be_visible()
    page.goto(officer.url.replace("/moderation", "/marking"))
    page.get_by_role("table").get_by_role("link", name="Ash").click()
    expect(page.get_by_text("Your sheet is closed.")).to_be_visible()
    expect(page.get_by_role("textbox", name=re.compile("^Mark")).first).to_be_disabled()


def declare(page: Page, officer: Page, name: str) -> None:
    """Emil knows somebody; the others have no interest."""
    expect(page.get_by_role("heading", level=1)).to_have_text("Declare your interests")
    if name != "emil":
        page.get_by_label("No, I have none").check()
        page.get_by_role("button", name="Declare").click()
        return
    page.get_by_label("Yes, I have an interest").check()
    page.get_by_role("button", name="Declare").click()
    expect(page.get_by_role("alert").first).to_be_visible()
    page.get_by_label("If you do, which bidder is it about").fill("My cousin drives for Cedar.")
    page.get_by_role("button", name="Declare").click()
    expect(page.get_by_text("You see no bid until then.")).to_be_visible()
    officer.reload()
    officer.get_by_role("link", name="Decide about the interest of Emil").click()
    officer.get_by_label("Yes, with what is written below").check()
    officer.get_by_label("Why, and what is done so that").fill("They never meet.")
    officer.get_by_role("button", name="Record the decision").click()
    expect(officer.get_by_text("Declared, allowed")).to_be_visible()
    page.reload()
    page.get_by_role("link", name="Go to your marks").click()


def mark(page: Page) -> None:
    """One question across all bids, the other bid by bid; a mark half written is kept and is no mark yet."""
    expect(page.get_by_text("0 of 6 marks are complete")).to_be_visible()
    page.get_by_role("table").get_by_role("link", name="The team").click()
    for number, firm in enumerate(FIRMS):
        form = page.locator(".app-mark").nth(number)
        form.get_by_label("Reason").fill(f"{firm} names four.")
        save(form, "Mark missing")
        form.get_by_label("Some of it answered").check()
        save(form, "Complete")
    page.get_by_role("link", name="Your marks").click()
    for firm in FIRMS:
        page.get_by_role("table").get_by_role("link", name=firm).click()
        form = page.locator(".app-mark").first
        form.get_by_role("textbox", name=re.compile("^Mark")).fill("4")
        form.get_by_label("Reason").fill("Twelve sites.")
        save(form, "Complete")
        page.get_by_role("link", name="Your marks").click()
    expect(page.get_by_text("6 of 6 marks are complete")).to_be_visible()


def save(form: Locator, state: str) -> None:
    """Send one mark; the page comes back where it was, and says how far the mark is."""
    form.get_by_role("button", name="Save").click()
    expect(form.locator("[data-state]")).to_have_text(state)
