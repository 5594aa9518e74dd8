"""While a tender is open: answers to all without the asker, changes by two officers, and its end with a reason."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from wpound.core.errors import InputErrors, NotFound, StateError
from wpound.core.roles import Role
from wpound.services.access import Person, find_person
from wpound.services.cancel_tender import cancel_tender
from wpound.services.change_roles import grant_role
from wpound.services.change_tender import Proposal, decide_change, propose_change
from wpound.services.clarify_tender import Answer, ask_clarification, publish_answer
from wpound.services.clock import fixed_clock
from wpound.services.create_person import create_person
from wpound.services.enrol_firm import enrol_firm
from wpound.services.open_bids import open_bids
from wpound.services.read_dialogue import read_dialogue
from wpound.services.show_public_tender import show_own_part, show_public_tender
from wpound.services.tell_bidders import follow_tender, unfollow_tender
from wpound.store.audit import list_events
from wpound.store.base import add
from wpound.store.models.audit import AuditEvent
from wpound.store.models.clarifications import ChangeKind, Clarification
from wpound.store.models.organisations import Organisation
from wpound.store.models.outbox import OutgoingMail
from wpound.store.models.sealed_bids import BidDraft, SealedBid
from wpound.store.models.tenders import Tender, TenderStage

BASE = "https://example.org"
OPEN = datetime(2026, 3, 10, 9, tzinfo=UTC)
DEADLINE = datetime(2026, 4, 1, 11, tzinfo=UTC)
NOW = fixed_clock(OPEN)
ONE, TWO = "ophelia@example.org", "otto@example.org"
LATER = Proposal(ChangeKind.EXTENSION, "A week longer.", "Questions came late.", DEADLINE + timedelta(days=7))
AMENDMENT = Proposal(ChangeKind.AMENDMENT, "Two parks more.", "They were handed over.")


@pytest.fixture
def people(session: Session, buying: Any) -> dict[str, Person]:
    """Firms with an account each: Ash and Birch may bid, and somebody of no firm looks on."""
    found = {}
    for name, number in (("Ash", 1), ("Birch", 2), ("Looker", None)):
        user = create_person(
            session, email=f"{name.lower()}@firms.example", name=name, password="purple monkey dish", actor="test"
        )
        if number:
            firm = enrol_firm(session, name=f"{name} Grounds Ltd", identifier=f"GB-COH-ZZ00000{number}", actor="test")
            grant_role(session, user, firm, Role.SUPPLIER, actor="test")
        person = find_person(session, user.id)
        assert person is not None
        found[name] = person
    return found


@pytest.fixture
def tender(buying: Any) -> Tender:
    return buying.publish(buying.draft())


def mails(session: Session, template: str) -> list[OutgoingMail]:
    return list(session.scalars(select(OutgoingMail).where(OutgoingMail.template == template)))


def told(session: Session, template: str) -> list[str]:
    return sorted(mail.recipient for mail in mails(session, template))


def ask(session: Session, tender: Tender, person: Person, question: str = "Is Ash Grounds asked to prune?") -> Any:
    return ask_clarification(session, tender, person, question, base_url=BASE, clock=NOW)


def publish(session: Session, tender: Tender, asked: Clarification | None, **words: str) -> Clarification:
    answer = replace(Answer("Is pruning asked for?", "Yes, once a year."), **words)
    number = asked.id if asked else None
    return publish_answer(session, tender, answer, actor=ONE, base_url=BASE, clarification_id=number, clock=NOW)


def test_an_answer_reaches_everyone_and_nobody_learns_who_asked(session: Session, buying: Any, tender, people) -> None:
    follow_tender(session, tender, people["Looker"])
    buying.submit(tender, "Birch")
    asked = ask(session, tender, people["Ash"])
    assert told(session, "question_waiting") == [f"{name}@example.org" for name in ("olga", "ophelia", "otto")]
    publish(session, tender, asked)
    publish(session, tender, None, question="Which parks?", answer="All twelve.")
    everyone = ["ash@firms.example", "birch@firms.example", "looker@firms.example"]
    assert told(session, "clarification") == sorted(everyone * 2)
    said = [mail.subject + (mail.body or "") for mail in session.scalars(select(OutgoingMail))]
    assert not [words for words in said if "Ash" in words or "prune" in words]
    view = show_public_tender(session, tender.ocid, buying.catalogue, base_url=BASE, clock=NOW)
    assert [(one.number, one.question) for one in view.answers] == [(2, "Which parks?"), (1, "Is pruning asked for?")]


@pytest.mark.parametrize(
    "words",
    [
        {"question": "Does ASH GROUNDS have to prune?"},
        {"answer": "As we told ash@firms.example, yes."},
        {"answer": "Company ZZ000001 need not."},
    ],
)
def test_an_answer_that_names_the_asker_is_refused(session: Session, tender, people, words) -> None:
    asked = ask(session, tender, people["Ash"])
    with pytest.raises(InputErrors, match="would tell everyone who asked"):
        publish(session, tender, asked, **words)
    assert asked.published_at is None
    assert publish(session, tender, asked, answer="An ash tree is pruned in winter, on all grounds.").number == 1


def test_a_question_is_answered_once_and_only_of_its_own_tender(session: Session, buying: Any, tender, people) -> None:
    asked = ask(session, tender, people["Ash"])
    other = buying.publish(buying.draft(ocid="ocds-test-2"))
    with pytest.raises(NotFound):
        publish(session, other, asked)
    publish(session, tender, asked)
    with pytest.raises(StateError, match="has an answer"):
        publish(session, tender, asked)


def test_officers_see_who_asked_and_what_waits_first(session: Session, buying: Any, tender, people) -> None:
    first, second = ask(session, tender, people["Ash"]), ask(session, tender, people["Birch"], "And leaves?")
    publish(session, tender, first)
    officer = find_person(session, buying.officers["olga"].id)
    assert officer is not None
    dialogue = read_dialogue(session, officer, tender.ocid, clock=NOW)
    assert [(one.clarification.id, one.asker) for one in dialogue.waiting] == [(second.id, "Birch Grounds Ltd")]
    assert [one.asker for one in dialogue.published] == ["Ash Grounds Ltd"]
    own = show_own_part(session, tender, people["Birch"])
    assert [one.id for one in own.asked] == [second.id]
    assert own.follows, "whoever asks is told of the answer"


def test_questions_and_answers_end_with_the_deadline(session: Session, tender, people) -> None:
    asked = ask(session, tender, people["Ash"])
    late = fixed_clock(DEADLINE)
    with pytest.raises(StateError, match="The deadline for bids was"):
        ask_clarification(session, tender, people["Ash"], "Now?", base_url=BASE, clock=late)
    answer = Answer("Is pruning asked for?", "Yes.")
    with pytest.raises(StateError, match="The deadline for bids was"):
        publish_answer(session, tender, answer, actor=ONE, base_url=BASE, clarification_id=asked.id, clock=late)


def test_following_can_end_but_a_bidder_is_told_all_the_same(session: Session, buying: Any, tender, people) -> None:
    buying.submit(tender, "Birch")
    for name in ("Birch", "Looker"):
        follow_tender(session, tender, people[name])
        follow_tender(session, tender, people[name])
        unfollow_tender(session, tender, people[name])
        unfollow_tender(session, tender, people[name])
    publish(session, tender, None)
    assert told(session, "clarification") == ["birch@firms.example"]


def test_an_extension_needs_two_officers_and_reaches_everyone(session: Session, buying: Any, tender, people) -> None:
    follow_tender(session, tender, people["Looker"])
    buying.submit(tender, "Birch")
    change = propose_change(session, tender, LATER, actor=ONE, clock=NOW)
    assert tender.deadline_at == DEADLINE
    with pytest.raises(StateError, match="another officer"):
        decide_change(session, tender, change.number, agreed=True, actor=ONE.upper(), base_url=BASE, clock=NOW)
    with pytest.raises(StateError, match="waits for a second officer"):
        propose_change(session, tender, AMENDMENT, actor=TWO, clock=NOW)
    decide_change(session, tender, change.number, agreed=True, actor=TWO, base_url=BASE, clock=NOW)
    assert tender.deadline_at == LATER.new_deadline_at
    assert tender.amendment == 0, "an extension leaves bids as they are"
    assert told(session, "tender_changed") == ["birch@firms.example", "looker@firms.example"]
    assert "12:00 noon (BST) on 8 April 2026" in (mails(session, "tender_changed")[0].body or "")
    changed = [
        event for event in list_events(session, object_kind="tender", object_id=tender.id) if "chang" in event.action
    ]
    assert [(event.action, event.actor) for event in changed] == [
        ("tender.change_proposed", ONE),
        ("tender.changed", TWO),
    ]
    buying.submit(tender, "Ash", at=DEADLINE + timedelta(days=6))


@pytest.mark.parametrize("moved", [timedelta(0), -timedelta(seconds=1)])
def test_a_deadline_is_never_shortened(session: Session, tender, moved: timedelta) -> None:
    with pytest.raises(InputErrors, match="never shortened"):
        propose_change(session, tender, replace(LATER, new_deadline_at=DEADLINE + moved), actor=ONE, clock=NOW)


def test_a_change_turned_down_changes_nothing_and_makes_room(session: Session, tender) -> None:
    change = propose_change(session, tender, LATER, actor=ONE, clock=NOW)
    decide_change(session, tender, change.number, agreed=False, actor=TWO, base_url=BASE, clock=NOW)
    assert (tender.deadline_at, told(session, "tender_changed")) == (DEADLINE, [])
    with pytest.raises(StateError, match="decided already"):
        decide_change(session, tender, change.number, agreed=True, actor=TWO, base_url=BASE, clock=NOW)
    assert propose_change(session, tender, AMENDMENT, actor=TWO, clock=NOW).number == 2


def test_a_change_is_not_agreed_to_after_the_deadline(session: Session, tender) -> None:
    change = propose_change(session, tender, LATER, actor=ONE, clock=NOW)
    with pytest.raises(StateError, match="The deadline for bids was"):
        decide_change(
            session, tender, change.number, agreed=True, actor=TWO, base_url=BASE, clock=fixed_clock(DEADLINE)
        )


def test_after_an_amendment_only_confirmed_bids_are_opened(session: Session, buying: Any, tender, people) -> None:
    buying.submit(tender, "Ash", at=OPEN)
    buying.submit(tender, "Birch", at=OPEN)
    change = propose_change(session, tender, AMENDMENT, actor=ONE, clock=NOW)
    decide_change(session, tender, change.number, agreed=True, actor=TWO, base_url=BASE, clock=NOW)
    body = mails(session, "tender_changed")[0].body or ""
    assert "A bid that is not confirmed will not be opened." in body
    assert "is still 12:00 noon (BST)" in body
    confirmed = buying.submit(tender, "Birch")
    opened = buying.open(tender)
    assert [bid.bidder for bid in opened] == ["Birch"]
    view = show_public_tender(session, tender.ocid, buying.catalogue, base_url=BASE)
    assert view.hashes == [confirmed.content_hash]


def test_no_amendment_in_the_last_hour_shuts_bidders_out(session: Session, tender) -> None:
    late = fixed_clock(DEADLINE - timedelta(hours=71))
    with pytest.raises(InputErrors, match="need 3 days or more"):
        propose_change(session, tender, AMENDMENT, actor=ONE, clock=late)
    waiting = propose_change(session, tender, AMENDMENT, actor=ONE, clock=NOW)
    with pytest.raises(StateError, match="propose it with a later deadline"):
        decide_change(session, tender, waiting.number, agreed=True, actor=TWO, base_url=BASE, clock=late)
    decide_change(session, tender, waiting.number, agreed=False, actor=TWO, base_url=BASE, clock=late)
    with_time = replace(AMENDMENT, new_deadline_at=DEADLINE + timedelta(hours=1))
    change = propose_change(session, tender, with_time, actor=ONE, clock=late)
    decide_change(session, tender, change.number, agreed=True, actor=TWO, base_url=BASE, clock=late)
    assert tender.amendment == change.number


def test_the_pack_tells_the_change_and_the_method_stays(session: Session, buying: Any, tender) -> None:
    before = tender.method_hash
    change = propose_change(session, tender, AMENDMENT, actor=ONE, clock=NOW)
    decide_change(session, tender, change.number, agreed=True, actor=TWO, base_url=BASE, clock=NOW)
    view = show_public_tender(session, tender.ocid, buying.catalogue, base_url=BASE, clock=NOW)
    assert [(one.number, one.words, one.is_amendment) for one in view.pack.changes] == [(1, "Two parks more.", True)]
    assert (tender.method_hash, view.pack.method.method_hash) == (before, before)


def test_a_cancelled_tender_erases_drafts_and_keeps_bids_sealed(session: Session, buying: Any, tender, people) -> None:
    buying.submit(tender, "Birch", at=OPEN)
    lot, firm = buying.lot(tender), people["Ash"].organisation_id
    add(
        session,
        BidDraft(lot_id=lot.id, organisation_id=firm, kept_content=b"x", updated_by="a", updated_at=OPEN),
    )
    cancel_tender(session, tender, reason=" The parks are sold. ", actor=ONE, base_url=BASE)
    assert (tender.stage, tender.ended_because) == (TenderStage.CANCELLED, "The parks are sold.")
    assert session.scalars(select(BidDraft)).all() == []
    [bid] = session.scalars(select(SealedBid))
    assert bid.quality and bid.price, "what was sealed stays, and stays sealed"
    assert told(session, "tender_cancelled") == ["ash@firms.example", "birch@firms.example"]
    assert "The parks are sold." in (mails(session, "tender_cancelled")[0].body or "")
    with pytest.raises(StateError):
        buying.close(tender)
    with pytest.raises(StateError):
        open_bids(session, tender, buying.opener("ophelia"), buying.catalogue)
    with pytest.raises(StateError, match="cannot be ended any more"):
        cancel_tender(session, tender, reason="Again.", actor=ONE, base_url=BASE)
    view = show_public_tender(session, tender.ocid, buying.catalogue, base_url=BASE)
    assert view.hashes is None, "not even how many bids there were"


def test_fingerprints_that_were_published_stay_so(session: Session, buying: Any, tender) -> None:
    receipt = buying.submit(tender, "Birch")
    buying.close(tender)
    cancel_tender(session, tender, reason="The parks are sold.", actor=ONE, base_url=BASE)
    view = show_public_tender(session, tender.ocid, buying.catalogue, base_url=BASE)
    assert view.hashes == [receipt.content_hash]


def test_a_firm_called_by_a_word_does_not_keep_the_word_from_being_used(session: Session, tender, people) -> None:
    session.get_one(Organisation, people["Ash"].organisation_id).name = "Ash Ltd"
    asked = ask(session, tender, people["Ash"])
    with pytest.raises(InputErrors, match="would tell everyone who asked"):
        publish(session, tender, asked, answer="Ash must.")
    assert publish(session, tender, asked, answer="An ash tree is pruned once a year.").number == 1


def test_a_draft_is_cancelled_quietly_and_was_never_public(session: Session, buying: Any, people) -> None:
    draft = buying.draft()
    cancel_tender(session, draft, reason="A mistake.", actor=ONE, base_url=BASE)
    assert told(session, "tender_cancelled") == []
    with pytest.raises(NotFound):
        show_public_tender(session, draft.ocid, buying.catalogue, base_url=BASE)


def test_nothing_on_record_tells_what_a_question_said(session: Session, tender, people) -> None:
    ask(session, tender, people["Ash"], "CANARY of a question?")
    assert not [event for event in session.scalars(select(AuditEvent)) if "CANARY" in str(event.detail)]
