"""One officer sets a tender up, another reads everything and publishes it."""

import pytest
from playwright.sync_api import Page, expect

TITLE = "Grounds maintenance of parks, verges and the cemeteries of the borough, with the planting of street trees"


def press(page: Page, name: str) -> None:
    page.get_by_role("button", name=name).first.click()


def fill_day(page: Page, day: str, month: str, year: str) -> None:
    for part, value in (("Day", day), ("Month", month), ("Year", year)):
        page.get_by_label(part, exact=True).first.fill(value)


def complete(page: Page) -> str:
    """Begin a tender and fill in what is missing; gives its address."""
    page.get_by_label("Title of the tender").fill(TITLE)
    page.get_by_label("Small contract").check()
    press(page, "Begin the tender")
    expect(page.get_by_role("heading", level=1)).to_have_text(TITLE)
    tender = page.url
    page.get_by_role("link", name="What is bought").click()
    page.get_by_role("textbox", name="What is bought").fill("Grass, hedges and litter in 12 parks.")
    page.get_by_label("Contract value").fill("120,000")
    page.get_by_label("It is without VAT").check()
    page.get_by_label("Length in years").fill("2")
    fill_day(page, "1", "4", "2099")
    page.get_by_label("CPV codes").fill("77310000")
    page.get_by_label("Email address for questions").fill("buying@example.org")
    press(page, "Save")
    page.get_by_role("link", name="Priorities of the plan").click()
    page.get_by_label("Help create good quality local jobs").check()
    press(page, "Save and see the measures")
    expect(page.get_by_role("heading", level=1)).to_have_text("Measures")
    return tender


@pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without"])
def test_a_tender_is_set_up_by_one_and_published_by_another(open_as, scripts: bool) -> None:
    page = open_as("ophelia", "/buyer/tenders/new", scripts=scripts)
    tender = complete(page)
    page.goto(f"{tender}/criteria")
    price = page.get_by_label("Weighting of Price", exact=True)
    price.fill("45")
    if scripts:
        expect(page.get_by_text("Top level: 95% of 100%, 5% to give")).to_be_visible()
    price.press("Enter")
    expect(page.get_by_text("Top level: the weightings of this level total 95, not 100.")).to_be_visible()
    price.fill("50")
    press(page, "Save weightings")
    expect(page.get_by_text("Top level: 100% of 100%, complete")).to_be_visible()
    page.goto(f"{tender}/simulation")
    expect(page.get_by_text("would win")).to_be_visible()

    page.goto(f"{tender}/approval")
    fill_day(page, "31", "1", "2099")
    page.get_by_label("Time on that day").fill("12:00")
    press(page, "Send for approval")
    expect(page.get_by_text("Another officer has to approve this tender.")).to_be_visible()

    second = open_as("otto", "/buyer/tenders", scripts=scripts)
    second.get_by_role("link", name=TITLE).click()
    second.get_by_role("link", name="Approval and publication").click()
    second.get_by_role("button", name="Read and approve").or_(
        second.get_by_role("link", name="Read and approve")
    ).click()
    second.get_by_label("Ophelia (ophelia@example.org)").check()
    second.get_by_label("Otto (otto@example.org)").check()
    second.get_by_label("I have read everything on this page").check()
    press(second, "Approve and publish")
    expect(second.get_by_text("The tender is published.")).to_be_visible()
    second.get_by_role("link", name="Tender pack").click()
    expect(second.get_by_role("link", name="The pack (PDF)")).to_be_visible()


def test_every_page_of_the_set_up_is_for_everyone(open_as, check_both, walk) -> None:
    page = open_as("ophelia", "/buyer/tenders/new")
    check_both(page)
    tender = complete(page)
    check_both(page)
    for path in (
        "",
        "/particulars",
        "/lots",
        "/priorities",
        "/criteria",
        "/criteria/price",
        "/criteria/service",
        "/criteria/jobs",
        "/add-criterion/social_value",
        "/criteria/price/remove",
        "/rules",
        "/warnings",
        "/simulation",
        "/documents",
        "/approval",
    ):
        page.goto(tender + path)
        check_both(page)
        if path in ("", "/criteria", "/rules"):
            walk(page)
    page.goto(f"{tender}/particulars")
    page.get_by_label("Length in years").fill("two")
    press(page, "Save")
    check_both(page)
    page.goto(f"{tender}/approval")
    fill_day(page, "31", "1", "2099")
    page.get_by_label("Time on that day").fill("12:00")
    press(page, "Send for approval")
    expect(page.get_by_text("Another officer has to approve this tender.")).to_be_visible()
    second = open_as("otto", "/account/opening-key")
    check_both(second)
    second.goto(f"{tender}/approve")
    check_both(second)
