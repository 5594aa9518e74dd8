"""A tender from draft to opened bids: what is frozen, and what is refused out of turn."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest

from wpound.core.errors import InputError, InputErrors, StateError
from wpound.core.money import Money
from wpound.core.particulars import Particulars
from wpound.services.access import find_person
from wpound.services.check_passphrase import KNOWN_FOR, check_passphrase, list_keys_in_use
from wpound.services.clock import fixed_clock
from wpound.services.open_bids import Opener, open_bids, open_prices
from wpound.services.read_terms import read_terms
from wpound.services.send_for_approval import take_back
from wpound.store.audit import list_events, verify_chain
from wpound.store.engine import reading, writing
from wpound.store.models.tenders import Tender, TenderStage


def changed(form: dict[str, Any], code: str, **settings: Any) -> dict[str, Any]:
    return form | {"criteria": [c | settings if c["code"] == code else c for c in form["criteria"]]}


@pytest.fixture
def form(buying: Any) -> dict[str, Any]:
    """The method as the buyer's draft holds it."""
    return dict(buying.draft(ocid="ocds-test-form").method)


def test_a_draft_is_refused_with_every_problem_of_its_method(buying: Any, form: dict[str, Any]) -> None:
    with pytest.raises(InputErrors) as refused:
        buying.draft(changed(form, "price", weighting=50), ocid="ocds-test-2")

    assert {error.field for error in refused.value.errors} == {f"criteria[{i}].weighting" for i in range(1, 5)}


@pytest.mark.parametrize(("ocid", "told"), [(" ", "OCID"), ("ocds-test-form", "already a tender")])
def test_a_tender_needs_an_identifier_of_its_own(buying: Any, form: dict[str, Any], ocid: str, told: str) -> None:
    with pytest.raises(InputError, match=told):
        buying.draft(form, ocid=ocid)


def test_publication_freezes_method_catalogue_day_and_deadline(buying: Any) -> None:
    tender = buying.publish(buying.draft())

    terms = read_terms(tender)
    assert terms.method.method_hash == tender.method_hash
    assert terms.catalogue_fingerprint == buying.catalogue.fingerprint
    assert (terms.as_of.isoformat(), terms.deadline_at.isoformat()) == ("2026-04-01", "2026-04-01T11:00:00+00:00")
    with pytest.raises(StateError, match="Only a draft"):
        buying.publish(tender)


def test_a_method_changed_behind_the_back_is_noticed(buying: Any) -> None:
    tender = buying.publish(buying.draft())
    tender.method = changed(tender.method, "price", formula="min_max")

    with pytest.raises(StateError, match="not the one that was published"):
        buying.submit(tender, "Ash")


def test_a_deadline_is_ahead_of_the_clock_and_says_its_time_zone(buying: Any) -> None:
    tender = buying.draft()
    at = tender.created_at
    with pytest.raises(InputError, match="has passed already"):
        buying.send(tender, deadline_at=at, clock=fixed_clock(at))
    with pytest.raises(InputError, match="time zone"):
        buying.send(tender, deadline_at=datetime(2030, 1, 1))  # noqa: DTZ001 the mistake itself
    assert buying.publish(tender, deadline_at=at + timedelta(seconds=1), clock=fixed_clock(at)).stage == "published"


def test_a_method_the_catalogue_cannot_count_is_not_published(buying: Any, form: dict[str, Any]) -> None:
    with pytest.raises(InputErrors, match=r"criteria\[3\].measure: there is no measure 'locl-jobs'"):
        buying.publish(buying.draft(changed(form, "jobs", measure="locl-jobs"), ocid="ocds-test-3"))


def test_nothing_is_closed_before_the_deadline_or_opened_before_it_is_closed(buying: Any) -> None:
    tender = buying.publish(buying.draft())
    with pytest.raises(StateError, match=r"Bids are taken until 12:00 noon \(BST\) on 1 April 2026"):
        buying.close(tender, at=tender.deadline_at - timedelta(milliseconds=1))
    with pytest.raises(StateError, match="after the tender is closed"):
        open_bids(buying.session, tender, buying.opener("otto"), buying.catalogue)

    assert buying.close(tender).stage is TenderStage.CLOSED
    with pytest.raises(StateError, match="Only a published tender"):
        buying.close(tender)


def test_bids_are_opened_by_two_different_people_who_were_named(buying: Any) -> None:
    tender = buying.publish(buying.draft())
    buying.submit(tender, "Ash")
    buying.close(tender)
    stranger = Opener(buying.officers["olga"].id, "olga@example.org", bytes(32))
    with pytest.raises(StateError, match="not one of the openers"):
        open_bids(buying.session, tender, stranger, buying.catalogue)
    wrong = replace(buying.opener("otto"), private_key=buying.opener("ophelia").private_key)
    with pytest.raises(StateError, match="cannot be opened"):
        open_bids(buying.session, tender, wrong, buying.catalogue)

    assert open_bids(buying.session, tender, buying.opener("otto"), buying.catalogue) == []
    with pytest.raises(StateError, match="Another opener"):
        open_bids(buying.session, tender, buying.opener("otto"), buying.catalogue)
    (bid,) = open_bids(buying.session, tender, buying.opener("ophelia"), buying.catalogue)
    assert (bid.bidder, tender.stage) == ("Ash", TenderStage.EVALUATION)


def test_prices_of_a_two_envelope_tender_are_opened_after_the_lock(buying: Any) -> None:
    tender = buying.publish(buying.draft(particulars=replace(buying.particulars, two_envelopes=True)))
    buying.submit(tender, "Ash")
    (bid,) = buying.open(tender)
    assert (bid.price, "price" in bid.content) == (None, False)
    with pytest.raises(StateError, match="after the marks for quality have been locked"):
        open_prices(buying.session, tender, buying.opener("otto"))
    buying.mark(bid, "4")
    buying.lock(tender)

    assert open_prices(buying.session, tender, buying.opener("otto")) == []
    (bid,) = open_prices(buying.session, tender, buying.opener("ophelia"))
    assert bid.price == Money(45_000_000)
    with pytest.raises(StateError, match="open already"):
        open_prices(buying.session, tender, buying.opener("otto"))


def test_a_tender_is_approved_by_another_officer(buying: Any) -> None:
    tender = buying.draft()
    with pytest.raises(StateError, match="not been sent for approval"):
        buying.approve(tender)
    buying.send(tender)
    with pytest.raises(StateError, match="already"):
        buying.send(tender)
    with pytest.raises(StateError, match="another officer"):
        buying.approve(tender, actor="Officer")
    with pytest.raises(InputError, match="has made an opening key"):
        buying.approve(tender, opener_ids=[user.id for user in buying.officers.values()])
    with pytest.raises(InputError, match="two or more"):
        buying.approve(tender, opener_ids=[buying.officers["otto"].id])
    take_back(buying.session, tender, reason="The value is wrong.", actor="second")

    assert buying.publish(tender).approved_by == "second"


def test_what_is_missing_before_publication_is_named(buying: Any) -> None:
    with pytest.raises(InputErrors) as refused:
        buying.send(buying.draft(particulars=Particulars()))

    assert "description" in {error.field for error in refused.value.errors}


def test_every_step_stands_in_the_audit_trail(buying: Any) -> None:
    tender, _ = buying.opened()

    events = list_events(buying.session, object_kind="tender", object_id=tender.id)
    actions = [event.action for event in events]
    assert actions == [
        "tender.drafted",
        "tender.sent_for_approval",
        "tender.published",
        "tender.closed",
        "bids.first_act",
        "bids.opened",
    ]
    assert [event.actor for event in events[-2:]] == ["ophelia@example.org", "otto@example.org"]
    assert events[-1].detail == {"ocid": "ocds-test-1", "bids": 3}
    assert len(events[3].detail["hashes"]) == 3
    assert verify_chain(buying.session) == []


def test_a_passphrase_is_checked_for_as_long_as_its_key_is_needed(engine: Any, arrange: Any) -> None:
    with writing(engine) as session:
        buying = arrange(session)
        two = replace(buying.particulars, two_envelopes=True)
        tender = buying.publish(buying.draft(particulars=two))
        buying.submit(tender, "Ash")
        person = find_person(session, buying.officers["otto"].id)

    def look() -> Any:
        with reading(engine) as session:
            [key] = list_keys_in_use(session, person)
        return key

    key = look()
    assert [use.title for use in key.tenders] == [tender.title] and key.known_at == key.made_at
    assert key.is_due(key.made_at + KNOWN_FOR) and not key.is_due(key.made_at + KNOWN_FOR - timedelta(seconds=1))
    with pytest.raises(InputError, match="does not open your key"):
        check_passphrase(engine, person, "copper kettle on a hill")
    assert check_passphrase(engine, person, "seven grey herons fly") == [key]
    checked = look()
    assert checked.known_at > key.made_at and checked.is_due(checked.known_at + KNOWN_FOR)

    with writing(engine) as session:
        buying, tender = replace(buying, session=session), session.get_one(Tender, tender.id)
        [bid] = buying.open(tender)
        buying.mark(bid, "4"), buying.lock(tender)
    assert look().tenders and not look().is_due(checked.known_at + KNOWN_FOR), "prices are sealed, and it is too late"
    with writing(engine) as session:
        tender = session.get_one(Tender, tender.id)
        for name in ("ophelia", "otto"):
            open_prices(session, tender, buying.opener(name))
    assert look().tenders == ()
