"""A whole tender in real browsers: from an empty page to a contract, by nine people, each in a browser of their own.

Three officers, three evaluators and four bidders, one of whom writes in a workbook. Time is moved twice: past the
deadline, and past the standstill.
"""

import hashlib
import json
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from types import ModuleType
from typing import Any

from playwright.sync_api import Page, expect

WORKBOOKS = Path(__file__).parents[2] / "web" / "bids" / "test_bid_workbook_pages.py"
TITLE = "Grounds maintenance of parks and verges"
DEADLINE = datetime(2026, 7, 8, 11, tzinfo=UTC)
NARROW, WIDE = {"width": 320, "height": 900}, {"width": 1280, "height": 900}
QUESTIONS = ("How you would do the work", "How you would keep your promises")
EVALUATORS = ("edith", "emil", "esther")
PASSPHRASES = {"ophelia": "copper kettle on a hill", "otto": "seven grey herons fly", "olga": "a boat full of lamps"}
# By hand: price 50 x 100,000 / price.
PRICES = {"alma": "100,000", "bruno": "110,000", "cora": "90,000", "dilys": "125,000"}


@dataclass
class Journey:
    """The town with its tender, once there is one."""

    town: Any
    check: Callable[[Page], None]
    ocid: str = ""

    def officer(self, name: str, path: str = "") -> Page:
        page: Page = self.town.open_as(name, f"/buyer/tenders/{self.ocid}{path}")
        return page

    def bidder(self, name: str, path: str = "") -> Page:
        page: Page = self.town.open_as(name, f"/supplier/tenders/{self.ocid}/lots/1/bid{path}")
        return page

    def look(self, page: Page) -> None:
        """The page is for everyone, on a screen and on a telephone."""
        self.check(page)
        page.set_viewport_size(NARROW)
        self.check(page)
        page.set_viewport_size(WIDE)


def press(page: Page, name: str) -> None:
    page.get_by_role("button", name=name, exact=True).click()


def follow(page: Page, name: str) -> None:
    page.get_by_role("link", name=name, exact=True).click()


def told(page: Page, words: str) -> None:
    expect(page.get_by_role("alert").get_by_text(words)).to_be_visible()


def fill_day(page: Page, group: str, day: date) -> None:
    boxes = page.get_by_role("group", name=group)
    for part, number in (("Day", day.day), ("Month", day.month), ("Year", day.year)):
        boxes.get_by_label(part, exact=True).fill(str(number))


def test_a_whole_tender_from_an_empty_page_to_a_contract(town: Any, check: Callable[[Page], None]) -> None:
    journey = Journey(town, check)
    for stage in STAGES:
        stage(journey)


def make_keys(journey: Journey) -> None:
    for name, passphrase in PASSPHRASES.items():
        page = journey.town.open_as(name, "/account/opening-key")
        page.get_by_label("Opening passphrase").fill(passphrase)
        page.get_by_label("The same passphrase again").fill(passphrase)
        page.get_by_label("I understand that nobody can find or replace").check()
        press(page, "Make the key")
        told(page, "Your opening key is made.")
    journey.look(page)


def set_up(journey: Journey) -> None:
    page = journey.town.open_as("ophelia", "/buyer/tenders")
    page.get_by_role("button", name="Begin a tender").or_(page.get_by_role("link", name="Begin a tender")).first.click()
    page.get_by_label("Title of the tender").fill(TITLE)
    page.get_by_label("Small contract").check()
    press(page, "Begin the tender")
    told(page, "The draft is there.")
    journey.ocid = page.url.rpartition("/")[2]
    follow(page, "What is bought")
    page.get_by_role("textbox", name="What is bought").fill("Grass, hedges and litter in 12 parks.")
    page.get_by_label("Contract value").fill("120,000")
    page.get_by_label("It is without VAT").check()
    page.get_by_label("Length in years").fill("2")
    fill_day(page, "Expected start", date(2026, 9, 1))
    page.get_by_label("CPV codes").fill("77310000")
    page.get_by_label("Email address for questions").fill("buying@example.org")
    page.get_by_label("Keep prices sealed until quality is agreed").check()
    press(page, "Save")
    journey.look(page)
    page = journey.officer("ophelia")
    follow(page, "Priorities of the plan")
    page.get_by_label("Help create good quality local jobs").check()
    press(page, "Save and see the measures")
    expect(page.get_by_role("heading", level=1)).to_have_text("Measures")
    page = journey.officer("ophelia", "/criteria")
    page.get_by_label("Weighting of Price", exact=True).fill("45")
    expect(page.get_by_text("Top level: 95% of 100%, 5% to give")).to_be_visible()
    page.get_by_label("Weighting of Quality", exact=True).fill("45")
    press(page, "Save weightings")
    expect(page.get_by_text("Top level: 100% of 100%, complete")).to_be_visible()
    journey.look(page)
    page = journey.officer("ophelia", "/simulation")
    expect(page.get_by_text("would win")).to_be_visible()
    journey.look(page)


def publish(journey: Journey) -> None:
    page = journey.officer("ophelia", "/approval")
    fill_day(page, "Last day for bids", date(2026, 7, 1))
    page.get_by_label("Time on that day").fill("12pm")
    press(page, "Send for approval")
    expect(page.get_by_text("Another officer has to approve this tender.")).to_be_visible()
    second = journey.officer("otto")
    follow(second, "Approval and publication")
    press(second, "Read and approve")
    for name in PASSPHRASES:
        second.get_by_label(f"{name.title()} ({name}@example.org)").check()
    second.get_by_label("I have read everything on this page").check()
    journey.look(second)
    press(second, "Approve and publish")
    told(second, "The tender is published.")


def ask_and_extend(journey: Journey) -> None:
    visitor = journey.town.open_as("", "/tenders")
    follow(visitor, TITLE)
    expect(visitor.get_by_text("Bids close at 12:00 noon (BST) on 1 July 2026")).to_be_visible()
    journey.look(visitor)
    asker = journey.town.open_as("alma", visitor.url)
    follow(asker, "Ask a question")
    asker.get_by_label("Your question").fill("Are the cemeteries in?")
    press(asker, "Send the question")
    told(asker, "Your question is with the buyer.")
    officer = journey.officer("ophelia", "/clarifications")
    officer.get_by_role("link", name="Answer the question of Ash").click()
    officer.get_by_label("Question, as everyone will read it").fill("Are the cemeteries part of it?")
    officer.get_by_label("Answer", exact=True).fill("No, parks and verges only.")
    press(officer, "Publish to everyone")
    told(officer, "Published.")
    officer = journey.officer("ophelia", "/changes")
    officer.get_by_label("Later deadline: bids that are in stay as they are").check()
    officer.get_by_label("What changes").fill("A week longer.")
    officer.get_by_label("Why it changes").fill("A question came late.")
    fill_day(officer, "New deadline", date(2026, 7, 8))
    officer.get_by_label("Time of the new deadline").fill("12:00")
    press(officer, "Propose the change")
    told(officer, "Nothing changes before another officer agrees.")
    second = journey.officer("otto", "/changes")
    follow(second, "Agree or turn down")
    second.get_by_label("Yes, make the change now").check()
    press(second, "Save the decision")
    told(second, "The change is made and everyone is told.")
    visitor.reload()
    expect(visitor.get_by_text("Bids close at 12:00 noon (BST) on 8 July 2026")).to_be_visible()
    expect(visitor.get_by_text("Are the cemeteries part of it?")).to_be_visible()


def write_bid(journey: Journey, name: str, posts: str) -> Page:
    """All of a bid in its task list, part by part; what is written is a draft."""
    page = journey.bidder(name)
    expect(page.get_by_role("heading", name="Not submitted yet")).to_be_visible()
    entries = {
        "About your company": {"headcount": "6"},
        "Price": {"price": PRICES[name], "fte": "3"},
        "Pass or fail questions": {},
        "What you promise": {"promise-local-jobs": posts, "promise-local-supply-chain-spend": "9,000"},
        "How you will deliver it": {
            "plan-local-jobs": "Two posts from the first day.",
            "plan-local-supply-chain-spend": "Hire of tools in town.",
        },
        "How you would do the work": {"answer": "A crew for six parks each, with a check every Friday."},
        "How you would keep your promises": {"answer": "The college sends us people; we keep the payslips."},
    }
    for title, fields in entries.items():
        follow(page, title)
        for field, text in fields.items():
            page.locator(f"[name='{field}']").fill(text)
        if not fields:
            page.get_by_label("Yes", exact=True).check()
        press(page, "Save as draft")
        told(page, "Saved as a draft. Nothing is submitted yet.")
    return page


def submit(page: Page, button: str = "Submit the bid", *, warned: bool = False) -> str:
    """Read the bid through and submit it; gives the number of the receipt."""
    follow(page, "Read it through")
    expect(page.get_by_role("heading", name="Nothing is missing")).to_be_visible()
    press(page, "Continue to submit")
    if warned:
        page.get_by_label("I have read the warning").check()
    page.get_by_label("I may submit this bid").check()
    press(page, button)
    told(page, "Your bid was submitted.")
    return page.get_by_role("heading", level=1).inner_text()


def bid_and_replace(journey: Journey) -> None:
    page = write_bid(journey, "alma", "1")
    follow(page, "What you promise")
    press(page, "Save and work out the marks")
    expect(page.get_by_role("heading", name="Your marks for what is saved")).to_be_visible()
    journey.look(page)
    page = journey.bidder("alma")
    first = submit(page)
    page = journey.bidder("alma")
    follow(page, "Price")
    page.locator("[name=price]").fill("98,000")
    press(page, "Save as draft")
    expect(page.get_by_text("The changes are not submitted yet.")).to_be_visible()
    second = submit(page, "Submit in place of the earlier bid")
    assert first != second
    check_receipt(page)
    journey.look(page)


def check_receipt(page: Page) -> None:
    """What a careful bidder does: download the bid and compare its fingerprint with the receipt's."""
    with page.expect_download() as waiting:
        page.get_by_role("link", name="download the bid as it was submitted").click()
    content = waiting.value.path().read_bytes()
    expect(page.get_by_text(hashlib.sha256(content).hexdigest(), exact=True)).to_be_visible()
    assert json.loads(content)["price"] == "98000.00"


def bid_withdraw_and_bid_again(journey: Journey) -> None:
    page = write_bid(journey, "bruno", "40")
    submit(page, warned=True)
    page = journey.bidder("bruno")
    follow(page, "Withdraw your bid")
    journey.look(page)
    press(page, "Withdraw the bid")
    expect(page.get_by_role("heading", name="Not submitted yet")).to_be_visible()
    submit(page, warned=True)
    submit(write_bid(journey, "cora", "1"))


def bid_by_workbook(journey: Journey) -> None:
    page = journey.bidder("dilys")
    follow(page, "Write the bid in a workbook")
    with page.expect_download() as waiting:
        follow(page, "Empty workbook (XLSX)")
    entries = {
        "Price!E5": 125000,
        "Checks!E5": "Yes",
        "Commitments!E5": 2,
        "Plan!E5": "Two posts a quarter.",
        "Statements!E5": "One crew that knows the parks.",
        "Statements!E6": "We do it today elsewhere.",
        "Company!E5": 40,
    }
    written = workbooks().edit(waiting.value.path().read_bytes(), entries)
    file: Any = {"name": "bid.xlsx", "mimeType": "application/octet-stream", "buffer": written}
    page.get_by_label("The workbook you filled in").set_input_files(file)
    press(page, "Upload and see what it changes")
    expect(page.get_by_role("heading", level=1)).to_have_text("What the workbook changes")
    journey.look(page)
    press(page, "Take it over")
    submit(page)


def workbooks() -> ModuleType:
    """How the page tests write into a workbook."""
    spec = spec_from_file_location("workbooks", WORKBOOKS)
    assert spec is not None and spec.loader is not None
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def seat_the_panel(journey: Journey) -> None:
    page = journey.officer("ophelia", "/panel")
    for name in EVALUATORS:
        page.get_by_label("Colleague").select_option(label=f"{name.title()} ({name}@example.org)")
        press(page, "Add to the panel")
        told(page, "They are on the panel.")
    expect(page.get_by_text("Who bid")).to_have_count(0)
    journey.look(page)


def open_the_bids(journey: Journey) -> None:
    early = journey.officer("ophelia", "/opening")
    expect(early.get_by_text("Until then nobody can see a bid, or whether there are any.")).to_be_visible()
    journey.town.clock.move_to(DEADLINE + timedelta(seconds=1))
    late = journey.bidder("cora")
    expect(late.get_by_role("link", name="Withdraw your bid")).to_have_count(0)
    page = journey.officer("ophelia", "/opening")
    press(page, "Close the tender")
    expect(page.get_by_text("The tender is closed.")).to_be_visible()
    public = journey.town.open_as("", f"/tenders/{journey.ocid}")
    expect(public.get_by_role("listitem").get_by_text(re.compile("^[0-9a-f]{64}$"))).to_have_count(4)
    page.get_by_label("Your opening passphrase").fill("not the passphrase at all")
    press(page, "Do my part")
    expect(page.get_by_role("alert")).to_contain_text("There is a problem")
    journey.look(page)
    act_as_openers(journey, "ophelia", "otto", "Open the bids")
    page = journey.officer("ophelia", "/opening/record")
    journey.look(page)


def act_as_openers(journey: Journey, first: str, second: str, heading: str) -> None:
    for name in (first, second):
        page = journey.officer(name, "/opening")
        expect(page.get_by_role("heading", level=1)).to_have_text(heading)
        page.get_by_label("Your opening passphrase").fill(PASSPHRASES[name])
        press(page, "Do my part")
        expect(page.get_by_label("Your opening passphrase")).to_have_count(0)


def declare(journey: Journey) -> None:
    for name in EVALUATORS:
        page = journey.officer(name, "/marking")
        expect(page.get_by_role("heading", level=1)).to_have_text("Declare your interests")
        expect(page.get_by_text("Dogwood (Example) Ltd")).to_be_visible()
        if name == "emil":
            page.get_by_label("Yes, I have an interest").check()
            page.get_by_label("If you do, which bidder is it about").fill("A cousin of mine drives for Dogwood.")
        else:
            page.get_by_label("No, I have none").check()
        press(page, "Declare")
    journey.look(journey.officer("emil", "/declaration"))
    emil = journey.officer("emil", "/marking")
    expect(emil.get_by_text("You read no bid until an officer has decided about it.")).to_be_visible()
    officer = journey.officer("ophelia", "/panel")
    officer.get_by_role("link", name="Decide about the interest of Emil").click()
    officer.get_by_label("Yes, with what is written below").check()
    officer.get_by_label("Why, and what is done so that").fill("They never meet, and two others mark Dogwood as well.")
    press(officer, "Record the decision")
    expect(officer.get_by_text("Declared, allowed")).to_be_visible()


def check_passes(journey: Journey) -> None:
    page = journey.officer("ophelia", "/checks")
    expect(page.get_by_text("4 checks are still to be made.")).to_be_visible()
    for firm in ("Ash", "Birch", "Cedar", "Dogwood"):
        page.get_by_role("link", name=f"Check Insurance of {firm}").click()
        page.get_by_label("Fail: the bid is out" if firm == "Cedar" else "Pass", exact=True).check()
        page.get_by_label("What was checked and found").fill("The certificate that the insurer sent us.")
        press(page, "Record the check")
        expect(page.get_by_role("heading", level=1)).to_have_text("Pass or fail")
    expect(page.get_by_text("Every check is made.")).to_be_visible()
    journey.look(page)


def mark(journey: Journey) -> None:
    for number, name in enumerate(EVALUATORS):
        page = journey.officer(name, "/marking")
        expect(page.get_by_text("0 of 6 marks are complete")).to_be_visible()
        for question in QUESTIONS:
            page.get_by_role("table").get_by_role("link", name=question).click()
            for place, firm in enumerate(("Ash", "Birch", "Dogwood")):
                form = page.locator(".app-mark").nth(place)
                # Ash is given 5, 5, 4; Birch 4, 4, 4; Dogwood 3, 3, 3.
                points = 4 if (number, place) == (2, 0) else 5 - place
                form.get_by_label(f"{points}: ").check()
                form.get_by_label("Reason").fill(f"{firm} says who does what.")
                form.get_by_role("button", name="Save").click()
                expect(form.locator("[data-state]")).to_contain_text("Saved at")
            if number == 0:
                journey.look(page)
            follow(page, "Your marks")
        expect(page.get_by_text("6 of 6 marks are complete")).to_be_visible()
        page.get_by_role("button", name="Finish").click()
        expect(page.get_by_role("heading", level=1)).to_have_text("Finish your marks?")
        press(page, "Finish")
        told(page, "Your marks are complete.")


def moderate(journey: Journey) -> None:
    page = journey.officer("ophelia", "/moderation")
    expect(page.get_by_text("6 marks are still to be agreed.")).to_be_visible()
    for question in QUESTIONS:
        for place, firm in enumerate(("Ash", "Birch", "Dogwood")):
            page.get_by_role("link", name=f"Agree the mark of {firm} (Example) Ltd for {question}").click()
            page.get_by_label("Agreed mark", exact=True).fill(str(5 - place))
            page.get_by_label("Reason for the agreed mark").fill(f"{firm} says who does what, and by when.")
            page.get_by_label("Who was present").fill("Edith\nEmil\nEsther\nOphelia")
            if (question, firm) == (QUESTIONS[0], "Ash"):
                journey.look(page)
            press(page, "Record the agreed mark")
            told(page, "Agreed: ")
    expect(page.get_by_text("Every mark is agreed.")).to_be_visible()
    journey.look(page)


def lock_and_open_prices(journey: Journey) -> None:
    page = journey.officer("ophelia", "/lots/1/result")
    expect(page.get_by_text("The bids cannot be scored yet")).to_be_visible()
    page = journey.officer("ophelia", "/moderation")
    press(page, "Lock the marks")
    expect(page.get_by_role("heading", level=1)).to_have_text("Lock the marks?")
    press(page, "Lock the marks for good")
    expect(page.get_by_role("heading", level=1)).not_to_have_text("Lock the marks?")
    act_as_openers(journey, "otto", "olga", "Open the prices")


def score(journey: Journey) -> None:
    page = journey.officer("ophelia", "/lots/1/result")
    press(page, "Score the bids")
    told(page, "The bids are scored.")
    ranking = page.get_by_role("table", name="Evaluation 1")
    for place, firm in enumerate(("Ash", "Birch", "Dogwood"), start=1):
        expect(ranking.get_by_role("row", name=re.compile(f"^{place} {firm}"))).to_be_visible()
    expect(ranking.get_by_role("row", name="Cedar")).to_contain_text("Excluded")
    journey.look(page)
    follow(page, "How firm the result is")
    press(page, "Show the panel")
    expect(page.get_by_text("None of this changes a mark, a weighting or the result.")).to_be_visible()
    journey.look(page)


def ask_about_a_promise(journey: Journey) -> None:
    """Birch promises more posts than it has people, which is a question and no lower mark."""
    page = journey.officer("ophelia", "/bid-questions")
    page.get_by_role("link", name=re.compile("^Ask Birch .*: ")).first.click()
    journey.look(page)
    press(page, "Send the question")
    told(page, "The question is sent to 1 person of the bidder.")
    bidder = journey.town.open_as("bruno", "/supplier/questions")
    follow(bidder, f"{TITLE}, question 1")
    bidder.get_by_label("Your reply").fill("Most of them are with the two firms that work for us.")
    journey.look(bidder)
    press(bidder, "Send the reply")
    told(bidder, "Your reply is sent.")
    page.reload()
    follow(page, "Question 1 to Birch (Example) Ltd")
    page.get_by_label("Conclusion").fill("The posts of subcontractors count. Nothing follows.")
    press(page, "Record the conclusion")
    told(page, "Your conclusion is recorded.")


def award(journey: Journey) -> None:
    page = journey.officer("ophelia", "/lots/1/award")
    page.get_by_label("Why this bid is to be awarded").fill("The most marks for quality, and the lowest price.")
    page.get_by_label("Postal address of the winner").fill("1 Park Lane, Wolverhampton")
    page.get_by_label("Email address of the winner").fill("bids@ash.example")
    press(page, "Recommend the award")
    told(page, "A second officer can approve it now.")
    expect(page.get_by_role("button", name="Approve the award")).to_have_count(0)
    evaluator = journey.officer("edith", "/lots/1/award")
    expect(evaluator.get_by_role("heading", level=1)).not_to_have_text("Award")
    page = journey.officer("olga", "/lots/1/award")
    press(page, "Approve the award")
    told(page, "The award is approved.")
    journey.look(page)


def tell_the_bidders(journey: Journey) -> None:
    outcome = f"/supplier/tenders/{journey.ocid}/lots/1/outcome"
    loser = journey.town.open_as("bruno", outcome)
    expect(loser.get_by_text("The award has not been decided yet.")).to_be_visible()
    page = journey.officer("ophelia", "/lots/1/award")
    follow(page, "Issue the assessment summaries")
    press(page, "Issue all summaries")
    told(page, "The summaries are out.")
    loser = journey.town.open_as("bruno", "/supplier/receipts")
    loser.get_by_role("link", name="Outcome of your bid").first.click()
    expect(loser.get_by_text("The contract goes to another bidder")).to_be_visible()
    journey.look(loser)
    with loser.expect_download() as waiting:
        follow(loser, "PDF")
    assert waiting.value.path().read_bytes().startswith(b"%PDF-")
    excluded = journey.town.open_as("cora", outcome)
    expect(excluded.get_by_text("Your bid was excluded")).to_be_visible()
    winner = journey.town.open_as("alma", outcome)
    expect(winner.get_by_text("The contract is to be awarded to you")).to_be_visible()
    page = journey.officer("ophelia", "/lots/1/award/notice")
    fill_day(page, "Day on which the contract award notice was published", date(2026, 7, 8))
    press(page, "Save the day")
    expect(page.get_by_text("Until the end of 20 July 2026")).to_be_visible()


def hand_over(journey: Journey) -> None:
    page = journey.officer("ophelia", "/lots/1/handover")
    for promise in ("Local people in work", "Local supply-chain spend"):
        follow(page, promise)
        page.get_by_label("Who looks after it").fill("Parks team")
        page.get_by_label("Evenly, by the end of every quarter").check()
        page.get_by_label("What proves it").fill("Payroll records without names")
        page.get_by_label("What follows if it is not delivered").fill("An action plan within 10 working days")
        press(page, "Save")
        told(page, "Saved.")
    expect(page.get_by_text("The standstill runs to the end of 20 July 2026.")).to_be_visible()
    journey.town.clock.move_to(datetime(2026, 7, 20, 23, 0, 1, tzinfo=UTC))
    page = journey.officer("ophelia", "/lots/1/handover")
    page.get_by_label("Contract reference").fill("WV-2026-014")
    fill_day(page, "First day of the contract", date(2026, 9, 1))
    fill_day(page, "Last day of the contract", date(2028, 8, 31))
    journey.look(page)
    press(page, "Enter the contract")
    told(page, "The contract is entered with all its promises.")
    expect(page.get_by_text("Contract WV-2026-014 with Ash (Example) Ltd runs from")).to_be_visible()
    public = journey.town.open_as("", f"/tenders/{journey.ocid}")
    expect(public.get_by_text("To be awarded to Ash (Example) Ltd.")).to_be_visible()


STAGES = (
    *(make_keys, set_up, publish, ask_and_extend),
    *(bid_and_replace, bid_withdraw_and_bid_again, bid_by_workbook),
    *(seat_the_panel, open_the_bids, declare, check_passes, mark, moderate, lock_and_open_prices),
    *(score, ask_about_a_promise, award, tell_the_bidders, hand_over),
)
