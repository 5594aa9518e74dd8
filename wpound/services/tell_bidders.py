"""Tell everyone who follows a tender, or bids for it, what is new; who they are is told to nobody."""

from typing import Any

from sqlalchemy.orm import Session

from wpound.core.errors import StateError
from wpound.services.access import Person
from wpound.services.queue_mail import queue_mail
from wpound.store.audit import append_event
from wpound.store.base import add
from wpound.store.clarifications import find_follower, list_to_be_told
from wpound.store.engine import lock
from wpound.store.models.clarifications import TenderFollower
from wpound.store.models.tenders import Tender, TenderStage


def tell_bidders(session: Session, tender: Tender, template: str, base_url: str, **facts: Any) -> None:
    """Write one mail to each of them in this transaction; how many there are is nobody's business."""
    about = {"title": tender.title, "ocid": tender.ocid, "address": f"{base_url}/tenders/{tender.ocid}"}
    for user in list_to_be_told(session, tender_id=tender.id):
        queue_mail(session, user.email, template, about | facts)


def follow_tender(session: Session, tender: Tender, person: Person) -> None:
    """Tell a person of every answer and change from now on; nothing changes where they are told already.

    Raises StateError for a tender that is not published.
    """
    tender = lock(session, Tender, tender.id)
    if tender.stage is TenderStage.DRAFT:
        raise StateError("This tender is not published yet.")
    if find_follower(session, tender_id=tender.id, user_id=person.user_id) is None:
        add(session, TenderFollower(tender_id=tender.id, user_id=person.user_id))
        _record(session, tender, person, "tender.followed")


def unfollow_tender(session: Session, tender: Tender, person: Person) -> None:
    """Stop telling a person; people of a firm with a draft or a bid are told all the same."""
    tender = lock(session, Tender, tender.id)
    follower = find_follower(session, tender_id=tender.id, user_id=person.user_id)
    if follower is not None:
        session.delete(follower)
        session.flush()
        _record(session, tender, person, "tender.unfollowed")


def _record(session: Session, tender: Tender, person: Person, action: str) -> None:
    append_event(session, actor=person.email, action=action, object_kind="user", object_id=person.user_id, detail={})
