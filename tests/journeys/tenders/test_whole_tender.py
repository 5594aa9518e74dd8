"""A whole tender in real browsers: from an empty page to a contract, by ten people, each in a browser of their own.

Three officers, three evaluators and four bidders, one of whom writes in a workbook. Time is moved twice: past the
deadline, and past the standstill.
"""

import re
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

pytestmark = pytest.mark.proof

SPEC = spec_from_file_location("hands", Path(__file__).with_name("hands.py"))
assert SPEC is not None and SPEC.loader is not None
hands = module_from_spec(SPEC)
SPEC.loader.exec_module(hands)
PASSPHRASES, TITLE = hands.PASSPHRASES, hands.TITLE
press, follow, told, fill_day = hands.press, hands.follow, hands.told, hands.fill_day
write_bid, submit, act_as_openers = hands.write_bid, hands.submit, hands.act_as_openers

DEADLINE = datetime(2026, 7, 8, 11, tzinfo=UTC)
EVALUATORS = ("edith", "emil", "esther")
QUESTIONS = ("How you would do the work", "How you would keep your promises")


def test_a_whole_tender_from_an_empty_page_to_a_contract(town: Any, check: Callable[[Page], None]) -> None:
    journey = hands.Journey(town, check)
    for stage in STAGES:
        stage(journey)


def set_up(journey: Any) -> None:
    page = journey.town.open_as("ophelia", "/buyer/tenders")
    press(page, "Begin a tender")
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
    page = journey.officer("ophelia", "Priorities of the plan")
    for words in ("Help create good quality local jobs", "Support local businesses to start up", "Climate Action"):
        page.get_by_label(words).check()
    press(page, "Save and see the measures")
    expect(page.get_by_role("heading", level=1)).to_have_text("Measures")
    page = journey.officer("ophelia", "Criteria and weightings")
    page.get_by_label("Weighting of Price", exact=True).fill("45")
    expect(page.get_by_text("Top level: 95% of 100%, 5% to give")).to_be_visible()
    page.get_by_label("Weighting of Quality", exact=True).fill("45")
    press(page, "Save weightings")
    expect(page.get_by_text("Top level: 100% of 100%, complete")).to_be_visible()
    journey.look(page)
    page = journey.officer("ophelia", "Try it with dummy bids")
    expect(page.get_by_text("would win")).to_be_visible()


def publish(journey: Any) -> None:
    page = journey.officer("ophelia", "Approval and publication")
    fill_day(page, "Last day for bids", date(2026, 7, 1))
    page.get_by_label("Time on that day").fill("12pm")
    press(page, "Send for approval")
    expect(page.get_by_text("Another officer has to approve this tender.")).to_be_visible()
    second = journey.officer("otto", "Approval and publication")
    press(second, "Read and approve")
    for name in PASSPHRASES:
        second.get_by_label(f"{name.title()} ({name}@example.org)").check()
    second.get_by_label("I have read everything on this page").check()
    journey.look(second)
    press(second, "Approve and publish")
    told(second, "The tender is published.")


def ask_and_extend(journey: Any) -> None:
    visitor = journey.town.open_as("", "/tenders")
    follow(visitor, TITLE)
    expect(visitor.get_by_text("Bids close at 12:00 noon (BST) on 1 July 2026")).to_be_visible()
    journey.look(visitor)
    asker = journey.town.open_as("alma", visitor.url)
    follow(asker, "Ask a question")
    asker.get_by_label("Your question").fill("Are the cemeteries in?")
    press(asker, "Send the question")
    told(asker, "Your question is with the buyer.")
    officer = journey.officer("ophelia", "Questions and answers")
    officer.get_by_role("link", name="Answer the question of Ash").click()
    officer.get_by_label("Question, as everyone will read it").fill("Are the cemeteries part of it?")
    officer.get_by_label("Answer", exact=True).fill("No, parks and verges only.")
    press(officer, "Publish to everyone")
    told(officer, "Published.")
    officer = journey.officer("ophelia", "Changes and extensions")
    officer.get_by_label("Later deadline: bids that are in stay as they are").check()
    officer.get_by_label("What changes").fill("A week longer.")
    officer.get_by_label("Why it changes").fill("A question came late.")
    fill_day(officer, "New deadline", date(2026, 7, 8))
    officer.get_by_label("Time of the new deadline").fill("12:00")
    press(officer, "Propose the change")
    told(officer, "Nothing changes before another officer agrees.")
    second = journey.officer("otto", "Changes and extensions")
    follow(second, "Agree or turn down")
    second.get_by_label("Yes, make the change now").check()
    press(second, "Save the decision")
    told(second, "The change is made and everyone is told.")
    visitor.reload()
    expect(visitor.get_by_text("Bids close at 12:00 noon (BST) on 8 July 2026")).to_be_visible()
    expect(visitor.get_by_text("Are the cemeteries part of it?")).to_be_visible()


def bid_and_replace(journey: Any) -> None:
    page = write_bid(journey, "alma", "1")
    follow(page, "What you promise")
    press(page, "Save and work out the marks")
    expect(page.get_by_role("heading", name="Your marks for what is saved")).to_be_visible()
    first = submit(journey.bidder("alma"))
    page = journey.bidder("alma")
    follow(page, "Price")
    page.locator("[name=price]").fill("98,000")
    press(page, "Save as draft")
    expect(page.get_by_text("The changes are not submitted yet.")).to_be_visible()
    second = submit(page, "Submit in place of the earlier bid")
    assert first != second
    hands.check_receipt(page)
    journey.look(page)


def bid_withdraw_and_bid_again(journey: Any) -> None:
    page = write_bid(journey, "bruno", "40")
    submit(page, warned=True)
    page = journey.bidder("bruno")
    follow(page, "Withdraw your bid")
    press(page, "Withdraw the bid")
    expect(page.get_by_role("heading", name="Not submitted yet")).to_be_visible()
    submit(page, warned=True)
    submit(write_bid(journey, "cora", "1"))


def bid_by_workbook(journey: Any) -> None:
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
    written = hands.workbooks().edit(waiting.value.path().read_bytes(), entries)
    file: Any = {"name": "bid.xlsx", "mimeType": "application/octet-stream", "buffer": written}
    page.get_by_label("The workbook you filled in").set_input_files(file)
    press(page, "Upload and see what it changes")
    expect(page.get_by_role("heading", level=1)).to_have_text("What the workbook changes")
    journey.look(page)
    press(page, "Take it over")
    submit(page)


def seat_the_panel(journey: Any) -> None:
    page = journey.officer("ophelia", "Panel")
    for name in EVALUATORS:
        page.get_by_label("Colleague").select_option(label=f"{name.title()} ({name}@example.org)")
        press(page, "Add to the panel")
        told(page, "They are on the panel.")
    expect(page.get_by_text("Who bid")).to_have_count(0)


def open_the_bids(journey: Any) -> None:
    early = journey.officer("ophelia", "Opening of bids")
    expect(early.get_by_text("Until then nobody can see a bid, or whether there are any.")).to_be_visible()
    journey.town.clock.move_to(DEADLINE + timedelta(seconds=1))
    late = journey.town.open_as("cora", f"/supplier/tenders/{journey.ocid}/lots/1/bid")
    expect(late.get_by_role("link", name="Withdraw your bid")).to_have_count(0)
    page = journey.officer("ophelia", "Opening of bids")
    press(page, "Close the tender")
    expect(page.get_by_text("The tender is closed.")).to_be_visible()
    public = journey.town.open_as("", f"/tenders/{journey.ocid}")
    expect(public.get_by_role("listitem").get_by_text(re.compile("^[0-9a-f]{64}$"))).to_have_count(4)
    page.get_by_label("Your opening passphrase").fill("not the passphrase at all")
    press(page, "Do my part")
    expect(page.get_by_role("alert")).to_contain_text("There is a problem")
    act_as_openers(journey, "ophelia", "otto", "Open the bids")
    follow(journey.officer("ophelia", "Opening of bids"), "Opening record")
    journey.look(page)


def declare(journey: Any) -> None:
    for name in EVALUATORS:
        page = journey.officer(name, "Your marks")
        expect(page.get_by_role("heading", level=1)).to_have_text("Declare your interests")
        expect(page.get_by_text("Dogwood (Example) Ltd")).to_be_visible()
        if name == "emil":
            page.get_by_label("Yes, I have an interest").check()
            page.get_by_label("If you do, which bidder is it about").fill("A cousin of mine drives for Dogwood.")
        else:
            page.get_by_label("No, I have none").check()
        press(page, "Declare")
    emil = journey.officer("emil", "Your marks")
    expect(emil.get_by_text("You read no bid until an officer has decided about it.")).to_be_visible()
    officer = journey.officer("ophelia", "Panel")
    officer.get_by_role("link", name="Decide about the interest of Emil").click()
    officer.get_by_label("Yes, with what is written below").check()
    officer.get_by_label("Why, and what is done so that").fill("They never meet, and two others mark Dogwood as well.")
    press(officer, "Record the decision")
    expect(officer.get_by_text("Declared, allowed")).to_be_visible()


def check_passes(journey: Any) -> None:
    page = journey.officer("ophelia", "Pass or fail checks")
    expect(page.get_by_text("4 checks are still to be made.")).to_be_visible()
    for firm in ("Ash", "Birch", "Cedar", "Dogwood"):
        page.get_by_role("link", name=f"Check Insurance of {firm}").click()
        page.get_by_label("Fail: the bid is out" if firm == "Cedar" else "Pass", exact=True).check()
        page.get_by_label("What was checked and found").fill("The certificate that the insurer sent us.")
        press(page, "Record the check")
        expect(page.get_by_role("heading", level=1)).to_have_text("Pass or fail")
    expect(page.get_by_text("Every check is made.")).to_be_visible()
    journey.look(page)


def mark(journey: Any) -> None:
    for number, name in enumerate(EVALUATORS):
        page = journey.officer(name, "Your marks")
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


def moderate(journey: Any) -> None:
    page = journey.officer("ophelia", "Moderation")
    expect(page.get_by_text("6 marks are still to be agreed.")).to_be_visible()
    for question in QUESTIONS:
        for place, firm in enumerate(("Ash", "Birch", "Dogwood")):
            page.get_by_role("link", name=f"Agree the mark of {firm} (Example) Ltd for {question}").click()
            page.get_by_label("Agreed mark", exact=True).fill(str(5 - place))
            page.get_by_label("Reason for the agreed mark").fill(f"{firm} says who does what, and by when.")
            page.get_by_label("Who was present").fill("Edith\nEmil\nEsther\nOphelia")
            press(page, "Record the agreed mark")
            told(page, "Agreed: ")
    expect(page.get_by_text("Every mark is agreed.")).to_be_visible()
    journey.look(page)


def lock_and_open_prices(journey: Any) -> None:
    page = journey.officer("ophelia", "Ranking")
    expect(page.get_by_text("The bids cannot be scored yet")).to_be_visible()
    page = journey.officer("ophelia", "Moderation")
    press(page, "Lock the marks")
    expect(page.get_by_role("heading", level=1)).to_have_text("Lock the marks?")
    press(page, "Lock the marks for good")
    expect(page.get_by_role("heading", level=1)).not_to_have_text("Lock the marks?")
    act_as_openers(journey, "otto", "olga", "Open the prices")


def score(journey: Any) -> None:
    page = journey.officer("ophelia", "Ranking")
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


def ask_about_a_promise(journey: Any) -> None:
    """Birch promises more posts than it has people, which is a question and no lower mark."""
    page = journey.officer("ophelia", "Questions to bidders")
    page.get_by_role("link", name=re.compile("^Ask Birch .*: ")).first.click()
    press(page, "Send the question")
    told(page, "The question is sent to 1 person of the bidder.")
    bidder = journey.town.open_as("bruno", "/supplier")
    expect(bidder.get_by_role("link", name="1 question to answer")).to_be_visible()
    journey.look(bidder)
    follow(bidder, f"{TITLE}, question 1")
    bidder.get_by_label("Your reply").fill("Most of them are with the two firms that work for us.")
    press(bidder, "Send the reply")
    told(bidder, "Your reply is sent.")
    page.reload()
    follow(page, "Question 1 to Birch (Example) Ltd")
    page.get_by_label("Conclusion").fill("The posts of subcontractors count. Nothing follows.")
    press(page, "Record the conclusion")
    told(page, "Your conclusion is recorded.")


def award(journey: Any) -> None:
    page = journey.officer("ophelia", "Award")
    page.get_by_label("Why this bid is to be awarded").fill("The most marks for quality, and the lowest price.")
    page.get_by_label("Postal address of the winner").fill("1 Park Lane, Wolverhampton")
    page.get_by_label("Email address of the winner").fill("bids@ash.example")
    press(page, "Recommend the award")
    told(page, "A second officer can approve it now.")
    expect(page.get_by_role("button", name="Approve the award")).to_have_count(0)
    evaluator = journey.town.open_as("edith", page.url)
    expect(evaluator.get_by_role("heading", level=1)).not_to_have_text("Award")
    page = journey.officer("olga", "Award")
    press(page, "Approve the award")
    told(page, "The award is approved.")
    journey.look(page)


def tell_the_bidders(journey: Any) -> None:
    outcome = f"/supplier/tenders/{journey.ocid}/lots/1/outcome"
    loser = journey.town.open_as("bruno", outcome)
    expect(loser.get_by_text("The award has not been decided yet.")).to_be_visible()
    page = journey.officer("ophelia", "Award")
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
    page = journey.officer("ophelia", "Award")
    follow(page, "Publish the contract award notice")
    fill_day(page, "Day on which the contract award notice was published", date(2026, 7, 8))
    press(page, "Save the day")
    expect(page.get_by_text("Until the end of 20 July 2026")).to_be_visible()


def hand_over(journey: Any) -> None:
    page = journey.officer("ophelia", "Hand-over to the contract")
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
    page = journey.officer("ophelia", "Hand-over to the contract")
    page.get_by_label("Contract reference").fill("WV-2026-014")
    fill_day(page, "First day of the contract", date(2026, 9, 1))
    fill_day(page, "Last day of the contract", date(2028, 8, 31))
    journey.look(page)
    press(page, "Enter the contract")
    told(page, "The contract is entered with all its promises.")
    expect(page.get_by_text("Contract WV-2026-014 with Ash (Example) Ltd runs from")).to_be_visible()
    follow(page, "Go to the contract")
    expect(page.get_by_text("Local supply-chain spend").first).to_be_visible()
    public = journey.town.open_as("", f"/tenders/{journey.ocid}")
    expect(public.get_by_text(re.compile("[Aa]warded to Ash \\(Example\\) Ltd."))).to_be_visible()


STAGES = (
    *(hands.make_keys, set_up, publish, ask_and_extend),
    *(bid_and_replace, bid_withdraw_and_bid_again, bid_by_workbook),
    *(seat_the_panel, open_the_bids, declare, check_passes, mark, moderate, lock_and_open_prices),
    *(score, ask_about_a_promise, award, tell_the_bidders, hand_over),
)
