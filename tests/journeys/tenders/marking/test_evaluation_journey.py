"""An officer seats an evaluator, who declares, marks and finishes; the officer agrees a mark from what was given."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, Route, expect

TENDER = "/buyer/tenders/ocds-test-1"


@pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without"])
def test_from_a_seat_on_the_panel_to_an_agreed_mark(open_as, check, scripts: bool) -> None:
    officer = open_as("ophelia", f"{TENDER}/panel", 1280, scripts=scripts)
    officer.get_by_label("Colleague").select_option(label="Emil (emil@example.org)")
    officer.get_by_role("button", name="Add to the panel").click()
    expect(officer.get_by_text("They are on the panel.")).to_be_visible()

    emil = open_as("emil", "/buyer", 320, scripts=scripts)
    emil.get_by_role("link", name="Grounds maintenance").click()
    expect(emil.get_by_role("heading", level=1)).to_have_text("Declare your interests")
    emil.get_by_label("No, I have none").check()
    emil.get_by_role("button", name="Declare").click()
    expect(emil.get_by_text("0 of 6 marks are complete")).to_be_visible()
    emil.get_by_role("table").get_by_role("link", name="The team").click()
    saved = re.compile("Saved at" if scripts else "Complete")
    for number, bidder in enumerate(("Ash", "Birch", "Cedar")):
        form = emil.locator(".app-mark").nth(number)
        form.get_by_label("Some of it answered").check()
        form.get_by_label("Reason").fill(f"{bidder} names four.")
        form.get_by_role("button", name="Save").click()
        expect(emil.locator("[data-state]").nth(number)).to_have_text(saved)
    if scripts:
        check(emil)
    emil.get_by_role("link", name="Your marks").click()
    emil.get_by_role("table").get_by_role("link", name="Ash").click()
    form = emil.locator(".app-mark").first
    form.locator("input[name=mark]").fill("7")
    form.get_by_label("Reason").fill("Twelve sites.")
    form.get_by_role("button", name="Save").click()
    expect(emil.get_by_text("not on the scale").first).to_be_visible()
    form.locator("input[name=mark]").fill("4")
    form.get_by_role("button", name="Save").click()
    expect(emil.locator("[data-missing]")).to_have_text("2")


def seat_emil(open_as: Callable[..., Page]) -> tuple[Page, Page]:
    """The officer who gave Emil a seat, and Emil, who has declared and may mark."""
    officer = open_as("ophelia", f"{TENDER}/panel")
    officer.get_by_label("Colleague").select_option(label="Emil (emil@example.org)")
    officer.get_by_role("button", name="Add to the panel").click()
    emil = open_as("emil", f"{TENDER}/declaration")
    emil.get_by_label("No, I have none").check()
    emil.get_by_role("button", name="Declare").click()
    return officer, emil


def test_what_is_written_before_the_script_is_there_is_saved_too(open_as) -> None:
    _, emil = seat_emil(open_as)
    late: list[Route] = []
    emil.route("**/marks.js", lambda route: late.append(route))
    emil.get_by_role("table").get_by_role("link", name="Plan").click()
    form = emil.locator(".app-mark").first
    form.get_by_label("Reason").fill("It was written early.")
    form.locator("input[name=mark]").fill("3")
    emil.keyboard.press("Tab")
    late[0].continue_()
    expect(form.locator("[data-state]")).to_contain_text("Saved at")


def test_a_mark_is_saved_as_it_is_written_and_the_leading_officer_reads_it_when_all_have_finished(
    open_as, check, walk
) -> None:
    officer, emil = seat_emil(open_as)
    for words in ("Plan", "The team"):
        emil.get_by_role("table").get_by_role("link", name=words).click()
        for number in range(3):
            form = emil.locator(".app-mark").nth(number)
            form.get_by_label("Reason").fill("It says who does what.")
            if words == "Plan":
                form.locator("input[name=mark]").fill("4")
            else:
                form.get_by_label("Some of it answered").check()
            emil.keyboard.press("Tab")
            expect(form.locator("[data-state]")).to_contain_text("Saved at")
        expect(emil.locator("[data-missing]")).to_have_text("3" if words == "Plan" else "0")
        walk(emil)
        emil.get_by_role("link", name="Your marks").click()
    emil.get_by_role("button", name="Finish").click()
    emil.get_by_role("button", name="Finish").click()
    expect(emil.get_by_text("Your marks are complete.")).to_be_visible()

    officer.goto(officer.url.replace("/panel", "/moderation"))
    check(officer)
    officer.get_by_role("link", name=re.compile("Agree.*Ash for Plan")).click()
    officer.get_by_role("button", name="Record the agreed mark").click()
    officer.get_by_role("link", name="Enter the agreed mark").click()
    expect(officer.get_by_label("Agreed mark", exact=True)).to_be_focused()
    officer.get_by_label("Agreed mark", exact=True).fill("4")
    officer.get_by_label("Reason for the agreed mark").fill("Every site is named.")
    check(officer)
    officer.get_by_role("button", name="Record the agreed mark").click()
    expect(officer.get_by_text("Agreed: Ash, Plan.")).to_be_visible()
    expect(officer.get_by_text("5 marks are still to be agreed.")).to_be_visible()
