"""Two officers bring a result to its summaries, and a bidder reads why another won."""

import pytest
from playwright.sync_api import Page, expect

LOT = "/buyer/tenders/ocds-test-1/lots/1"
OUTCOME = "/supplier/tenders/ocds-test-1/lots/1/outcome"


def press(page: Page, name: str) -> None:
    page.get_by_role("button", name=name).click()


@pytest.mark.parametrize(("width", "scripts"), [(1280, True), (320, False)], ids=["wide", "narrow, without scripts"])
def test_from_the_ranking_to_the_summaries(open_as, check, width: int, scripts: bool) -> None:
    def look(page: Page) -> None:
        if scripts:
            check(page)

    first = open_as("ophelia", f"{LOT}/result", width, scripts=scripts)
    press(first, "Score the bids")
    expect(first.get_by_text("The bids are scored.")).to_be_visible()
    look(first)
    first.get_by_role("link", name="Why? All lines of Birch").click()
    expect(first.get_by_role("heading", level=1)).to_have_text("Birch")
    look(first)

    first.goto(first.url.split("/result")[0] + "/robustness")
    press(first, "Show the panel")
    expect(first.get_by_text("None of this changes a mark, a weighting or the result.")).to_be_visible()
    look(first)

    first.goto(first.url.removesuffix("/robustness") + "/award")
    press(first, "Recommend the award")
    expect(first.get_by_role("link", name="Say why this bid is to be awarded")).to_be_visible()
    look(first)
    first.get_by_label("Why this bid is to be awarded").fill("First by 11 marks.")
    first.get_by_label("Postal address of the winner").fill("1 Park Lane")
    first.get_by_label("Email address of the winner").fill("bids@birch.example")
    press(first, "Recommend the award")
    expect(first.get_by_text("A second officer can approve it now.")).to_be_visible()

    second = open_as("otto", f"{LOT}/award", width, scripts=scripts)
    press(second, "Approve the award")
    expect(second.get_by_text("The award is approved.")).to_be_visible()
    look(second)
    second.get_by_role("link", name="Issue the assessment summaries").click()
    look(second)
    press(second, "Issue all summaries")
    expect(second.get_by_text("The summaries are out.")).to_be_visible()
    second.get_by_role("link", name="Hand-over").click()
    second.get_by_role("link", name="Carbon saved").click()
    look(second)
    second.get_by_label("Who looks after it").fill("Fleet team")
    second.get_by_label("Evenly, by the end of every quarter").check()
    second.get_by_label("What proves it").fill("Fuel records")
    second.get_by_label("What follows if it is not delivered").fill("An action plan")
    press(second, "Save")
    expect(second.get_by_role("heading", name="1 of 2 promises to settle")).to_be_visible()
    look(second)

    ash = open_as("ash", OUTCOME, width, scripts=scripts)
    expect(ash.get_by_text("The contract goes to another bidder")).to_be_visible()
    look(ash)
