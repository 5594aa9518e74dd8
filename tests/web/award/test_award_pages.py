"""From the ranking to the contract on the pages, as two officers and two firms see it."""

from collections.abc import Callable
from datetime import date
from typing import Any

from sqlalchemy import select

from wpound.store.engine import writing
from wpound.store.models.awards import Award
from wpound.store.models.bids import Bid, BidCommitment

LOT = "/buyer/tenders/ocds-test-1/lots/1"
OUTCOME = "/supplier/tenders/ocds-test-1/lots/1/outcome"
RECOMMENDED = {"reason": "First by 11 marks.", "winner_address": "1 Park Lane", "winner_email": "bids@birch.example"}
SETTLED = {"owner": "Parks team", "due_profile": "even", "evidence": "Payroll records", "remedy": "Action plan"}


def score(browser: Any) -> Any:
    return browser.press(f"{LOT}/result/score", shown=f"{LOT}/result")


def approve(browser: Any) -> Any:
    page = browser.get(f"{LOT}/award")
    [version] = [one.get("value") for one in page.all(".//input") if one.get("name") == "version"]
    return browser.press(f"{LOT}/award/approve", shown=f"{LOT}/award", version=version)


def promise_ids(town: Any) -> list[int]:
    with writing(town.engine) as session:
        wanted = select(BidCommitment.id).join(Bid, Bid.id == BidCommitment.bid_id).where(Bid.bidder == "Birch")
        return list(session.scalars(wanted.order_by(BidCommitment.id)))


def test_two_officers_take_a_result_to_a_contract(town: Any, browser_of: Callable[[str], Any]) -> None:
    first, second = browser_of("ophelia"), browser_of("otto")
    page = first.get(f"{LOT}/result")
    assert "Score the bids" in page.text
    page = score(first)
    assert "The bids are scored." in page.text
    assert "96.00" in page.text
    lines = first.get(page.links()["Why? All lines of Birch"])
    assert "10 marks out" not in lines.text and "Names every site" in lines.text

    for step, told in (("issue", "recommended by one officer"), ("take-back", "Nothing is recommended")):
        page = first.get(f"{LOT}/award/{step}")
        assert told in page.text
        assert not any(form.get("action", "").endswith(f"/award/{step}") for form in page.all(".//form"))
    page = first.press(f"{LOT}/award", **RECOMMENDED)
    assert "another officer than the one who recommended it" in page.text
    assert "approved by another first" in first.get(f"{LOT}/award/issue").text
    page = approve(second)
    assert "The award is approved." in page.text
    page = first.press(f"{LOT}/award/redactions", criterion="plan", because="Tells how they price.")
    assert "Tells how they price." in page.text
    assert "Your marks" in first.raw(page_address(first, "HTML")).get_data(as_text=True)

    ash, stranger = browser_of("ash"), browser_of("stranger")
    assert "not been decided yet" in ash.get(OUTCOME).text
    assert ash.raw(f"{OUTCOME}/summary.json").status_code == 409
    page = first.press(f"{LOT}/award/issue")
    assert "The summaries are out." in page.text and "No account here: Cedar." in page.text
    assert "cannot be taken back" in first.get(f"{LOT}/award/take-back").text
    page = ash.get(OUTCOME)
    for told in ("2 of 3", "85.00", "1 Park Lane", "left out. Tells how they price.", "the next mark is 5 of 5"):
        assert told in page.text
    assert "Cedar" not in page.text
    assert "The contract is to be awarded to you" in browser_of("birch").get(OUTCOME).text
    for address in (OUTCOME, f"{OUTCOME}/summary.pdf"):
        assert stranger.raw(address).status_code == 404
    for extension, kind in (("pdf", "application/pdf"), ("json", "application/json"), ("html", "text/html")):
        response = ash.raw(f"{OUTCOME}/summary.{extension}")
        assert (response.status_code, response.mimetype) == (200, kind)

    day = {"noticed_on__day": "31", "noticed_on__month": "2", "noticed_on__year": "2026"}
    page = first.press(f"{LOT}/award/notice", 400, **day)
    assert "must be a real date" in page.text
    settle_and_enter(town, first)


def page_address(browser: Any, words: str) -> str:
    links = browser.get(f"{LOT}/award").links()
    return str(next(href for text, href in links.items() if text.startswith("Summary of Ash") and text.endswith(words)))


def settle_and_enter(town: Any, first: Any) -> None:
    with writing(town.engine) as session:
        award = session.scalars(select(Award)).one()
        award.noticed_on, award.standstill_ends_on = date(2026, 5, 1), date(2026, 5, 14)
    for page in (
        first.get(f"{LOT}/award/notice"),
        first.press(f"{LOT}/award/notice", 400, shown=f"{LOT}/handover", noticed_on__day="1"),
    ):
        assert "The notice of 1 May 2026 is on record." in page.text and "to the end of 14 May 2026" in page.text
        assert not page.all(".//main//form"), "once is enough"
    page = first.get(f"{LOT}/handover")
    assert "2 of 2 promises to settle" in page.text and "This opens when every promise is settled." in page.text
    jobs, carbon = promise_ids(town)
    page = first.press(f"{LOT}/handover/{jobs}", **SETTLED, version="0")
    assert "1 of 2 promises to settle" in page.text
    page = first.press(f"{LOT}/handover/{jobs}", 409, **SETTLED, version="0")
    assert "Somebody else saved this first" in page.heading
    short = {"milestones-0-due_on-day": "1", "milestones-0-due_on-month": "9", "milestones-0-due_on-year": "2026"}
    page = first.press(
        f"{LOT}/handover/{carbon}",
        400,
        **(SETTLED | {"due_profile": "milestones"} | short | {"milestones-0-quantity": "5"}),
        version="0",
    )
    assert "add up to 5, but 20 was promised" in page.text
    page = first.press(f"{LOT}/handover/{carbon}", 400, **(SETTLED | short), version="0")
    assert "Enter the quantity due by this day" in page.text
    page = first.press(
        f"{LOT}/handover/{carbon}",
        **(SETTLED | {"due_profile": "milestones"} | short | {"milestones-0-quantity": "20"}),
        version="0",
    )
    assert "Promises, all settled" in page.text
    life = {f"{name}-{part}": value for name, day in DAYS.items() for part, value in zip(PARTS, day, strict=True)}
    page = first.press(f"{LOT}/handover", reference="C-1", **life)
    assert "The contract is entered with all its promises." in page.text
    calendar = first.raw(f"{LOT}/handover/calendar.ics")
    assert calendar.mimetype == "text/calendar"
    assert "DTSTART;VALUE=DATE:20260901" in calendar.get_data(as_text=True)


DAYS = {"start_on": ("1", "7", "2026"), "end_on": ("30", "6", "2028")}
PARTS = ("day", "month", "year")


def test_the_panel_opens_after_a_button_and_every_picture_with_it(browser_of: Callable[[str], Any]) -> None:
    first = browser_of("ophelia")
    assert "not been scored yet" in first.get(f"{LOT}/robustness").text
    score(first)
    page = first.get(f"{LOT}/robustness")
    assert "We put on record that you looked at it." in page.text
    assert first.raw(f"{LOT}/robustness/places.svg").status_code == 409
    page = first.press(f"{LOT}/robustness/show", shown=f"{LOT}/robustness")
    assert "Birch is first" in page.text
    pictures = [image.get("src") for image in page.all(".//img")]
    assert len(pictures) == 3
    for address in pictures:
        assert first.raw(address).mimetype == "image/svg+xml"
    assert first.raw(f"{LOT}/robustness/nonsense.svg").status_code == 404


def test_bids_are_scored_again_by_two(browser_of: Callable[[str], Any]) -> None:
    first, second = browser_of("ophelia"), browser_of("otto")
    score(first)
    page = first.press(f"{LOT}/result/score-again", 400)
    assert "Say why the bids are scored again" in page.text
    first.press(f"{LOT}/result/score-again", reason="A price was read wrongly.")
    page = first.get(f"{LOT}/result/score-again")
    assert "another officer decides" in page.text
    page = second.press(f"{LOT}/result/score-again", decision="agree")
    assert "The bids are scored again." in page.text and "Evaluation 2" in page.text
    assert "which was replaced" in second.get(f"{LOT}/result?evaluation=1").text
    for wrong in ("9", "x", "-1"):
        assert second.raw(f"{LOT}/result?evaluation={wrong}").status_code == 404


def test_everything_on_paper_and_as_data_is_there(town: Any, browser_of: Callable[[str], Any]) -> None:
    first, second = browser_of("ophelia"), browser_of("otto")
    for address in ("result/download.csv", "award/report.pdf", "award/release.json", "award/letters/1.pdf"):
        assert first.raw(f"{LOT}/{address}").status_code in (404, 409), address
    score(first)
    first.press(f"{LOT}/robustness/show", shown=f"{LOT}/robustness")
    first.press(f"{LOT}/award", **RECOMMENDED)
    approve(second)
    first.press(f"{LOT}/award/issue")
    with writing(town.engine) as session:
        bid = session.scalars(select(Bid.id).where(Bid.bidder == "Ash")).one()
    for address, kind in (
        (f"{LOT}/result/download.csv", "text/csv"),
        (f"{LOT}/result/download.json", "application/json"),
        (f"{LOT}/award/report.pdf", "application/pdf"),
        (f"{LOT}/award/release.json", "application/json"),
        (f"{LOT}/award/letters/{bid}.pdf", "application/pdf"),
        (f"{LOT}/award/summaries/{bid}.pdf", "application/pdf"),
        ("/buyer/tenders/ocds-test-1/record.csv", "text/csv"),
        ("/buyer/tenders/ocds-test-1/record.json", "application/json"),
    ):
        response = first.raw(address)
        assert (response.status_code, response.mimetype) == (200, kind), address
        assert response.headers["Content-Disposition"].startswith("attachment"), address


def test_another_buyers_lot_is_not_found_anywhere(town: Any, browser_of: Callable[[str], Any]) -> None:
    foreign = browser_of("foreign")
    for page in ("result", "robustness", "award", "handover", "award/issue", "result/score-again", "award/report.pdf"):
        assert foreign.raw(f"{LOT}/{page}").status_code == 404, page
    assert foreign.raw("/buyer/tenders/ocds-test-1/record.csv").status_code == 404
    assert browser_of("ophelia").raw("/buyer/tenders/ocds-test-1/lots/2/result").status_code == 404


def test_no_address_changes_a_weighting_or_a_mark_after_the_lock(town: Any) -> None:
    """Each address that takes a form of these pages is listed here with what it may change."""
    posts = {
        rule.rule.removeprefix("/buyer/tenders/<ocid>/lots/<int:lot>/")
        for rule in town.app.url_map.iter_rules()
        if "POST" in rule.methods and rule.rule.startswith("/buyer/tenders/<ocid>/lots/<int:lot>/")
    }
    assert {one for one in posts if one.split("/")[0] in ("result", "robustness", "award", "handover")} == {
        "result/score",
        "result/score-again",
        "robustness/show",
        "award",
        "award/approve",
        "award/take-back",
        "award/redactions",
        "award/redactions/<int:redaction_id>/undo",
        "award/issue",
        "award/notice",
        "award/end",
        "handover",
        "handover/<int:commitment_id>",
    }


def test_a_lot_ends_without_award_on_the_page_and_bidders_read_why(browser_of: Callable[[str], Any]) -> None:
    first = browser_of("ophelia")
    score(first)
    page = first.press(f"{LOT}/award/end", 400)
    assert "Enter the reason" in page.text
    page = first.press(f"{LOT}/award/end", reason="No bid is affordable.")
    assert "This ended without an award. No bid is affordable." in page.text
    assert "No bid is affordable." in browser_of("ash").get(OUTCOME).text
    assert browser_of("stranger").raw(OUTCOME).status_code == 404
