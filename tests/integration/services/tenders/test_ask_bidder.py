"""Questions to bidders: from a rule or in an officer's words, a right of reply until a day, and a conclusion."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from wpound.core.errors import InputError, InputErrors, NotFound, StaleEdit, StateError
from wpound.core.roles import Role
from wpound.core.working_days import BankHolidays
from wpound.services.access import Person, find_person
from wpound.services.answer_question import get_put_question, list_put_questions, reply_to_question
from wpound.services.ask_bidder import ask_bidder, conclude_question, get_questions
from wpound.services.change_roles import grant_role
from wpound.services.clock import fixed_clock
from wpound.services.create_person import create_person
from wpound.services.open_bids import open_prices
from wpound.store.base import add
from wpound.store.models.organisations import Organisation
from wpound.store.models.outbox import OutgoingMail

OCID = "ocds-test-1"
# A Thursday before Easter: five working days on, without Good Friday and Easter Monday, is Friday of the week after.
ASKED_AT = datetime(2026, 4, 2, 12, tzinfo=UTC)
LAST_MOMENT, TOO_LATE = datetime(2026, 4, 13, 22, 59, tzinfo=UTC), datetime(2026, 4, 13, 23, 0, tzinfo=UTC)
HOLIDAYS = BankHolidays(frozenset({ASKED_AT.date() + timedelta(days=n) for n in (1, 4)}), 2026, 2026)


@pytest.fixture
def officer(buying: Any) -> Person:
    found = find_person(buying.session, buying.officers["ophelia"].id)
    assert found is not None
    return found


def bidder(buying: Any, name: str, number: int) -> Person:
    """Somebody of the firm."""
    firm = Organisation(key=name, name=name, identifier=f"GB-COH-ZZ00000{number}", is_public_body=False)
    email = f"{name}@example.org"
    user = create_person(buying.session, email=email, name=name, password="purple monkey dish", actor="test")
    grant_role(buying.session, user, add(buying.session, firm), Role.SUPPLIER, actor="test")
    found = find_person(buying.session, user.id)
    assert found is not None
    return found


def ask(buying: Any, officer: Person, bid: Any, question: str = "How many would be new?") -> Any:
    asked, told = ask_bidder(
        buying.session,
        officer,
        OCID,
        bid.id,
        question=question,
        rule=None,
        holidays=HOLIDAYS,
        base_url="https://wpound.example",
        clock=fixed_clock(ASKED_AT),
    )
    return asked, told


def test_a_question_is_mailed_without_its_words_and_answered_once_in_time(buying: Any, officer: Person) -> None:
    _, bids = buying.opened()
    ash, birch = bidder(buying, "ash", 1), bidder(buying, "birch", 2)
    with pytest.raises(InputError, match="Write the question"):
        ask(buying, officer, bids[0], " ")
    asked, told = ask(buying, officer, bids[0])
    assert (asked.reply_by_on.isoformat(), told) == ("2026-04-13", 1)
    [mail] = buying.session.scalars(select(OutgoingMail))
    assert mail.recipient == "ash@example.org" and "would be new" not in mail.body
    assert "13 April 2026" in mail.body and f"/supplier/questions/{asked.id}" in mail.body

    session = buying.session
    assert list_put_questions(session, birch) == []
    with pytest.raises(NotFound):
        get_put_question(session, birch, asked.id)
    with pytest.raises(NotFound):
        reply_to_question(session, birch, asked.id, reply="It was us.")
    with pytest.raises(StateError, match="time to reply has passed"):
        reply_to_question(session, ash, asked.id, reply="Late.", clock=fixed_clock(TOO_LATE))
    with pytest.raises(InputError, match="Write your reply"):
        reply_to_question(session, ash, asked.id, reply=" ", clock=fixed_clock(LAST_MOMENT))
    with pytest.raises(StateError, match="can still reply"):
        conclude_question(
            session, officer, OCID, asked.id, conclusion="So.", version=asked.version, clock=fixed_clock(LAST_MOMENT)
        )
    shown = asked.version
    reply_to_question(session, ash, asked.id, reply="All of them.", clock=fixed_clock(LAST_MOMENT))
    with pytest.raises(StateError, match="replied to this question already"):
        reply_to_question(session, ash, asked.id, reply="Or none.", clock=fixed_clock(LAST_MOMENT))
    with pytest.raises(StaleEdit):
        conclude_question(session, officer, OCID, asked.id, conclusion="No reply.", version=shown)
    conclude_question(session, officer, OCID, asked.id, conclusion="It stands.", version=asked.version)
    with pytest.raises(StateError, match="conclusion already"):
        conclude_question(session, officer, OCID, asked.id, conclusion="Or not.", version=asked.version)


def test_marks_are_not_locked_while_a_question_has_no_conclusion(buying: Any, officer: Person) -> None:
    tender, bids = buying.opened(("Ash",))
    asked, told = ask(buying, officer, bids[0])
    assert told == 0, "nobody of this firm has an account"
    buying.mark(bids[0], "4")
    with pytest.raises(InputErrors, match="has no conclusion yet"):
        buying.lock(tender)
    after = fixed_clock(TOO_LATE)
    conclude_question(
        buying.session, officer, OCID, asked.id, conclusion="No reply came.", version=asked.version, clock=after
    )
    assert buying.lock(tender).moderation_locked_at is not None


@pytest.mark.parametrize("two_envelopes", [True, False])
def test_rules_that_need_a_price_wait_until_marks_are_locked_and_prices_open(
    buying: Any, officer: Person, two_envelopes: bool
) -> None:
    particulars = replace(buying.particulars, two_envelopes=two_envelopes)
    tender = buying.publish(buying.draft(particulars=particulars))
    buying.submit(tender, "Ash")
    [bid] = buying.open(tender)

    def judge() -> tuple[bool, set[str]]:
        found = get_questions(buying.session, officer, OCID, buying.catalogue)
        return found.waits_for_prices, {unknown.code for unknown in found.not_judged}

    waits, unknown = judge()
    assert waits and "contract_above_turnover" not in unknown and "fte_above_headcount" in unknown
    buying.mark(bid, "4"), buying.lock(tender)
    assert judge()[0] is two_envelopes
    if two_envelopes:
        for name in ("ophelia", "otto"):
            open_prices(buying.session, tender, buying.opener(name))
    waits, unknown = judge()
    assert not waits and "contract_above_turnover" in unknown
