"""Recommendation, approval by another, summaries for everybody, notice and standstill."""

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import func, select, update

from wpound.core.errors import InputError, InputErrors, NotFound, StaleEdit, StateError
from wpound.core.money import Money
from wpound.core.roles import Role
from wpound.documents.assessment_summary import assessment_summary_html
from wpound.documents.award_letter import award_letter_html
from wpound.services.change_roles import grant_role
from wpound.services.create_person import create_person
from wpound.services.evaluate_bids import evaluate_bids
from wpound.services.issue_summaries import make_summary
from wpound.services.make_letter import make_letter
from wpound.services.recommend_award import take_back_award
from wpound.services.redact_reasons import redact_reason, undo_redaction
from wpound.store.audit import list_events
from wpound.store.base import add
from wpound.store.models.awards import Award, HandoverItem, Redaction
from wpound.store.models.bids import BidMark, MarkKind
from wpound.store.models.organisations import Organisation
from wpound.store.models.outbox import OutgoingMail
from wpound.store.models.panel import BidQuestion, PanelSeat

FIRST, SECOND, THIRD = "ophelia@example.org", "otto@example.org", "olga@example.org"


def page_of(deciding: Any, bidder: str) -> str:
    bid = deciding.bid(bidder)
    catalogue = deciding.buying.catalogue
    return assessment_summary_html(make_summary(deciding.session, deciding.tender, deciding.lot, bid, catalogue))


def test_the_bid_ranked_first_is_recommended_and_another_officer_approves(deciding: Any) -> None:
    award = deciding.recommend()
    assert award.bid_id == deciding.bid("Birch").id
    with pytest.raises(StateError, match="another officer"):
        deciding.approve(actor=FIRST.upper())
    assert deciding.approve().approved_by == SECOND
    with pytest.raises(StateError, match="has approved this award already"):
        deciding.approve(actor=THIRD)
    with pytest.raises(StateError, match="recommended already"):
        deciding.recommend()
    actions = [e.action for e in list_events(deciding.session, object_kind="tender", object_id=deciding.tender.id)]
    assert actions[-2:] == ["award.recommended", "award.approved"]


def test_what_is_missing_is_told_at_once(deciding: Any) -> None:
    with pytest.raises(InputErrors) as refused:
        deciding.recommend(reason=" ", winner_address="", winner_email="nobody")
    assert {error.field for error in refused.value.errors} == {"reason", "winner_address", "winner_email"}


def test_a_bidder_that_was_asked_is_heard_before_anybody_is_recommended(deciding: Any) -> None:
    asked = BidQuestion(
        bid_id=deciding.bid("Cedar").id,
        number=1,
        question="How will four people do this?",
        asked_by=FIRST,
        asked_at=datetime(2026, 4, 20, tzinfo=UTC),
        reply_by_on=date(2026, 4, 27),
    )
    add(deciding.session, asked)
    with pytest.raises(InputErrors, match="A question to Cedar has no conclusion yet"):
        deciding.recommend()

    asked.conclusion, asked.concluded_by = "The answer is plausible.", FIRST
    assert deciding.recommend().bid_id == deciding.bid("Birch").id


@pytest.mark.parametrize("part", ["seat", "role", "mark"])
def test_whoever_marked_the_bids_does_not_approve(deciding: Any, part: str) -> None:
    otto, session = deciding.buying.officers["otto"], deciding.session
    if part == "seat":
        add(session, PanelSeat(tender_id=deciding.tender.id, user_id=otto.id, seated_by="test"))
    elif part == "role":
        buyer = deciding.buying.buyer
        grant_role(session, otto, buyer, Role.EVALUATOR, actor="test", tender_id=deciding.tender.id)
    else:
        mark = BidMark(bid_id=deciding.bid("Ash").id, criterion="plan", kind=MarkKind.INDIVIDUAL, reason="Good.")
        mark.mark, mark.marked_by = Decimal(3), SECOND
        add(session, mark)
    deciding.recommend()
    with pytest.raises(StateError, match="had a part in marking"):
        deciding.approve()
    assert deciding.approve(actor=THIRD).approved_by == THIRD


def test_an_approval_is_of_what_was_shown(deciding: Any) -> None:
    deciding.recommend()
    with pytest.raises(StaleEdit):
        deciding.approve(version=7)
    deciding.spoil_mark("Cedar", "3")
    with pytest.raises(StateError, match="marks were changed since"):
        deciding.approve()


def test_a_tie_or_nobody_left_is_not_recommended(buying: Any, deciding: Any) -> None:
    tender = buying.publish(buying.draft(ocid="ocds-test-2"))
    for name in ("Ash", "Birch"):
        buying.submit(tender, name, price=Money(45_000_000), commitments=())
    for bid in buying.open(tender):
        buying.mark(bid, "4")
    buying.lock(tender)
    evaluate_bids(buying.session, buying.lot(tender), buying.catalogue, actor=FIRST)
    level = type(deciding)(buying, tender)
    with pytest.raises(StateError, match="Ash and Birch share the first rank"):
        level.recommend()


def test_a_recommendation_is_taken_back_until_bidders_are_told(deciding: Any) -> None:
    deciding.recommend()
    deciding.approve()
    redact_reason(deciding.session, deciding.lot, "plan", because="Trade secret.", actor=FIRST)
    deciding.settle("local-jobs")
    with pytest.raises(InputError, match="Say why"):
        take_back_award(deciding.session, deciding.lot, reason=" ", actor=FIRST)
    take_back_award(deciding.session, deciding.lot, reason="A typing error.", actor=FIRST)
    for table in (Award, Redaction, HandoverItem):
        assert deciding.session.scalar(select(func.count()).select_from(table)) == 0
    deciding.recommend()
    deciding.approve()
    deciding.issue()
    with pytest.raises(StateError, match="have been told"):
        take_back_award(deciding.session, deciding.lot, reason="Too late.", actor=FIRST)


def test_every_bidder_is_told_and_only_where_the_summary_is(deciding: Any) -> None:
    session = deciding.session
    firm = add(session, Organisation(key="ash", name="Ash", identifier="GB-COH-ZZ000001", is_public_body=False))
    user = create_person(session, email="sam@ash.example", name="Sam", password="purple monkey dish", actor="test")
    grant_role(session, user, firm, Role.SUPPLIER, actor="test")
    deciding.recommend()
    deciding.approve()
    assert sorted(deciding.issue()) == ["Birch", "Cedar"]
    [mail] = session.scalars(select(OutgoingMail))
    assert mail.recipient == "sam@ash.example"
    assert "https://example.org/supplier/tenders/ocds-test-1/lots/1/outcome" in mail.body
    assert "Birch" not in mail.body + mail.subject
    event = list_events(session, object_kind="tender", object_id=deciding.tender.id)[-1]
    assert (event.action, sorted(event.detail["summaries"])) == ("summaries.issued", ["Ash", "Birch", "Cedar"])
    with pytest.raises(StateError, match="out already"):
        deciding.issue()


def test_no_summary_goes_out_while_a_reason_is_empty(deciding: Any) -> None:
    """Planted under the services, where no page can put it; the evaluation that was approved has it too."""
    session, buying = deciding.session, deciding.buying
    session.execute(update(BidMark).where(BidMark.bid_id == deciding.bid("Cedar").id).values(reason=" "))
    evaluate_bids(session, deciding.lot, buying.catalogue, actor=FIRST, reason="Planted.")
    deciding.recommend()
    deciding.approve()
    with pytest.raises(InputErrors, match="has a mark for Cedar but no reason"):
        deciding.issue()
    assert deciding.award.summaries_issued_at is None
    assert session.scalar(select(func.count()).select_from(OutgoingMail)) == 0


def test_a_summary_holds_own_marks_the_winner_and_the_next_point(deciding: Any) -> None:
    deciding.recommend()
    deciding.approve()
    deciding.issue()
    page = page_of(deciding, "Ash")
    for told in ("85.00", "96.00", "Birch", "1 Park Lane", "bids@birch.example", "GB-COH-ZZ000002", "23 April 2026"):
        assert told in page
    assert "the next mark is 5 of 5" in page
    assert "Cedar" not in page


def test_what_is_left_out_is_left_out_for_others_and_says_why(deciding: Any) -> None:
    deciding.recommend()
    deciding.approve()
    said = "Names every site"
    assert page_of(deciding, "Ash").count(said) == 2
    with pytest.raises(InputError, match="Choose a criterion"):
        redact_reason(deciding.session, deciding.lot, "price", because="x", actor=FIRST)
    row = redact_reason(deciding.session, deciding.lot, "plan", because="Tells how they price.", actor=FIRST)
    page = page_of(deciding, "Ash")
    assert (page.count(said), page.count("Tells how they price.")) == (1, 1)
    assert said in page_of(deciding, "Birch")
    undo_redaction(deciding.session, deciding.lot, row.id, actor=FIRST)
    assert page_of(deciding, "Ash").count(said) == 2
    deciding.issue()
    with pytest.raises(StateError, match="summaries are out"):
        redact_reason(deciding.session, deciding.lot, "plan", because="Too late.", actor=FIRST)


def test_letters_name_the_standstill_once_it_is_known(deciding: Any) -> None:
    deciding.recommend()
    found, catalogue = deciding.found, deciding.buying.catalogue
    with pytest.raises(StateError, match="second officer"):
        make_letter(deciding.session, found, deciding.bid("Ash").id, catalogue)
    deciding.approve()
    with pytest.raises(NotFound):
        make_letter(deciding.session, found, 4711, catalogue)
    deciding.issue()
    deciding.notify()
    lost = award_letter_html(make_letter(deciding.session, found, deciding.bid("Ash").id, catalogue))
    won = award_letter_html(make_letter(deciding.session, found, deciding.bid("Birch").id, catalogue))
    assert "7 May 2026" in lost and "7 May 2026" in won
    measure = catalogue.get_measure("local-jobs").title
    assert measure in won and measure not in lost


@pytest.mark.parametrize(
    ("noticed_on", "ends_on"),
    [
        # The day on which the summaries went out; Good Friday is 3 April and Easter Monday 6 April 2026.
        (date(2026, 3, 30), date(2026, 4, 13)),
        (date(2026, 3, 31), date(2026, 4, 14)),
        (date(2026, 4, 3), date(2026, 4, 16)),
        # Christmas Day and, for Saturday's Boxing Day, Monday 28 December 2026; New Year's Day 2027.
        (date(2026, 12, 21), date(2027, 1, 5)),
        (date(2026, 12, 25), date(2027, 1, 8)),
    ],
)
def test_the_standstill_leaves_weekends_and_bank_holidays_out(deciding: Any, noticed_on: date, ends_on: date) -> None:
    deciding.recommend()
    deciding.approve()
    deciding.issue(at=datetime(2026, 3, 30, 10, tzinfo=UTC))
    assert deciding.notify(noticed_on, at=datetime(2027, 2, 1, tzinfo=UTC)).standstill_ends_on == ends_on


def test_the_day_of_the_notice_is_neither_before_the_summaries_nor_to_come(deciding: Any) -> None:
    deciding.recommend()
    deciding.approve()
    deciding.issue()
    with pytest.raises(InputError, match="older than the summaries"):
        deciding.notify(date(2026, 4, 22))
    with pytest.raises(InputError, match="still to come"):
        deciding.notify(date(2026, 5, 9))
    deciding.notify()
    with pytest.raises(StateError, match="on record already"):
        deciding.notify(date(2026, 4, 27))
