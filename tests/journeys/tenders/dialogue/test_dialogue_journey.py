"""While a tender is open: a supplier asks, an officer answers everyone, and two officers move the deadline."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from playwright.sync_api import Page, expect

PUBLIC = "/tenders/ocds-test-1"
OFFICERS = "/buyer/tenders/ocds-test-1"


def fill_day(page: Page, day: datetime) -> None:
    for part, number in (("Day", day.day), ("Month", day.month), ("Year", day.year)):
        page.get_by_label(part, exact=True).fill(str(number))


@pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without"])
def test_a_question_is_answered_to_everyone_and_the_deadline_moved_by_two(open_as: Any, scripts: bool) -> None:
    supplier = open_as("ash", PUBLIC, scripts=scripts)
    supplier.get_by_role("link", name="Ask a question").click()
    supplier.get_by_label("Your question").fill("Does Ash have to prune?")
    supplier.get_by_role("button", name="Send the question").click()
    expect(supplier.get_by_text("Your question is with the buyer.")).to_be_visible()

    officer = open_as("ophelia", f"{OFFICERS}/clarifications", scripts=scripts)
    officer.get_by_role("link", name="Answer the question of Ash").click()
    officer.get_by_label("Answer", exact=True).fill("Yes, once a year.")
    officer.get_by_role("button", name="Publish to everyone").click()
    expect(officer.get_by_role("alert").get_by_text("would tell everyone who asked").first).to_be_visible()
    officer.get_by_label("Question, as everyone will read it").fill("Is pruning asked for?")
    officer.get_by_role("button", name="Publish to everyone").click()
    expect(officer.get_by_text("Published. Everyone who follows the tender")).to_be_visible()

    officer.goto(officer.url.replace("clarifications", "changes"))
    officer.get_by_label("Later deadline: bids that are in stay as they are").check()
    officer.get_by_label("What changes").fill("A week longer.")
    officer.get_by_label("Why it changes").fill("Questions came late.")
    fill_day(officer, datetime.now(UTC) + timedelta(days=20))
    officer.get_by_label("Time of the new deadline").fill("12pm")
    officer.get_by_role("button", name="Propose the change").click()
    expect(officer.get_by_text("Nothing changes before another officer agrees.")).to_be_visible()

    second = open_as("otto", f"{OFFICERS}/changes", scripts=scripts)
    second.get_by_role("link", name="Agree or turn down").click()
    second.get_by_label("Yes, make the change now").check()
    second.get_by_role("button", name="Save the decision").click()
    expect(second.get_by_text("The change is made and everyone is told.")).to_be_visible()

    visitor = open_as("", PUBLIC, scripts=scripts)
    expect(visitor.get_by_text("Bids close at 12:00 noon")).to_be_visible()
    expect(visitor.get_by_text("1. Is pruning asked for?")).to_be_visible()
    expect(visitor.get_by_text("A week longer.")).to_be_visible()


def test_every_page_is_for_everyone_and_none_scrolls_sideways(open_as: Any, check_both: Any) -> None:
    page = open_as("", PUBLIC)
    page.locator("summary").first.click()
    check_both(page)
    page.goto(page.url.replace("/ocds-test-1", ""))
    check_both(page)
    page = open_as("ash", "/supplier/tenders/ocds-test-1/clarifications")
    page.get_by_label("Your question").fill("Which parks?")
    page.get_by_role("button", name="Send the question").click()
    check_both(page)
    page = open_as("ophelia", f"{OFFICERS}/clarifications")
    check_both(page)
    root = page.url.removesuffix("/clarifications")
    for path in ("clarifications/1", "changes", "cancel"):
        page.goto(f"{root}/{path}")
        check_both(page)
    page.goto(f"{root}/changes")
    page.get_by_role("button", name="Propose the change").click()
    check_both(page)
