"""Publish a tender: from here on its method, its catalogue, its day and the keys of its bids do not change."""

from collections.abc import Collection

from sqlalchemy.orm import Session

from wpound.catalogue.model import Catalogue
from wpound.core.bid_content import Envelope
from wpound.core.errors import InputError, StateError
from wpound.services.access import is_same_person
from wpound.services.clock import Clock, database_clock
from wpound.services.keep_catalogue import keep_catalogue
from wpound.services.keep_opening_key import list_possible_openers
from wpound.services.send_for_approval import check_deadline, require_complete, require_draft
from wpound.store.audit import append_event
from wpound.store.base import add
from wpound.store.engine import lock
from wpound.store.models.seals import OpeningKey, TenderOpener, TenderSeal
from wpound.store.models.tenders import Tender, TenderStage
from wpound.store.sealing import envelope_context, make_seal
from wpound.store.seals import get_seal


def publish_tender(
    session: Session,
    tender: Tender,
    catalogue: Catalogue,
    *,
    opener_ids: Collection[int],
    actor: str,
    clock: Clock = database_clock,
) -> Tender:
    """Approve a draft as its second officer: freeze and hash it, name who may open its bids, and take bids.

    ``opener_ids`` are officers of the buyer who have an opening key; any two of them can open the bids and nobody can
    without two of them. Raises StateError where the tender is no draft sent for approval, or the officer is the one
    who sent it; InputError and InputErrors for openers without a key, a deadline that has passed and everything the
    catalogue cannot count.
    """
    tender = lock(session, Tender, tender.id)
    _require_sent(tender, actor)
    if tender.deadline_at is None or tender.as_of is None:
        raise StateError("This draft has no deadline yet. Take it back and set one.")
    now = clock(session)
    check_deadline(tender.deadline_at, now)
    method, particulars = require_complete(tender, catalogue, tender.as_of)
    keys = _keys_of(session, tender, opener_ids)
    _seal(session, tender, keys)
    tender.stage, tender.approved_by, tender.published_at = TenderStage.PUBLISHED, actor, now
    tender.method, tender.method_hash = method.to_dict(), method.method_hash
    tender.particulars, tender.particulars_hash = particulars.to_dict(), particulars.particulars_hash
    tender.catalogue_fingerprint = catalogue.fingerprint
    keep_catalogue(session, catalogue)
    frozen = {
        "deadline_at": tender.deadline_at.isoformat(),
        "as_of": tender.as_of.isoformat(),
        "method_hash": method.method_hash,
        "particulars_hash": particulars.particulars_hash,
        "catalogue_fingerprint": catalogue.fingerprint,
    }
    _record(session, tender, frozen, keys, actor)
    return tender


def _require_sent(tender: Tender, actor: str) -> None:
    require_draft(tender)
    if tender.sent_for_approval_by is None:
        raise StateError("This draft has not been sent for approval. Its officer does that when it is ready.")
    if is_same_person(tender.sent_for_approval_by, actor):
        raise StateError("A tender is approved by another officer than the one who sent it for approval.")


def _keys_of(session: Session, tender: Tender, opener_ids: Collection[int]) -> dict[int, OpeningKey]:
    possible = {user.id: key for user, key in list_possible_openers(session, organisation_id=tender.organisation_id)}
    if set(opener_ids) - possible.keys():
        raise InputError("openers", "An opener is an officer of this organisation who has made an opening key.")
    return {user_id: possible[user_id] for user_id in sorted(set(opener_ids))}


def _record(session: Session, tender: Tender, frozen: dict[str, str], keys: dict[int, OpeningKey], actor: str) -> None:
    """With the keys the bids depend on: one put in another's place later would show."""
    append_event(
        session,
        actor=actor,
        action="tender.published",
        object_kind="tender",
        object_id=tender.id,
        detail={
            "ocid": tender.ocid,
            **frozen,
            "openers": {str(user_id): key.public_key.hex() for user_id, key in keys.items()},
            "seals": {
                envelope.value: get_seal(session, tender_id=tender.id, envelope=envelope).public_key.hex()
                for envelope in Envelope
            },
        },
    )


def _seal(session: Session, tender: Tender, keys: dict[int, OpeningKey]) -> None:
    """A key for each envelope, even where both are opened together: a price then never lies beside the rest."""
    for envelope in Envelope:
        context = envelope_context(tender.ocid, envelope)
        made = make_seal({user_id: key.public_key for user_id, key in keys.items()}, context)
        add(
            session,
            TenderSeal(
                tender_id=tender.id, envelope=envelope, public_key=made.public_key, wrapped_keys=dict(made.wrapped)
            ),
        )
    for user_id, key in keys.items():
        add(session, TenderOpener(tender_id=tender.id, user_id=user_id, opening_key_id=key.id))
