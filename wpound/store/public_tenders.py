"""Tenders as everyone sees them: those that were published, and nothing about bids."""

from datetime import datetime
from enum import StrEnum
from typing import NamedTuple

from sqlalchemy import ColumnElement, and_, case, false, func, or_, select, true
from sqlalchemy.orm import Session, defer

from wpound.core.money import Money
from wpound.store.models.files import StoredFile
from wpound.store.models.organisations import Organisation
from wpound.store.models.tenders import Tender, TenderDocument, TenderStage


class PublicState(StrEnum):
    """Where a published tender stands, as far as the public is told."""

    OPEN = "open"
    CLOSED = "closed"
    AWARDED = "awarded"
    ENDED = "ended"


class PublicRow(NamedTuple):
    """A published tender as a list shows it."""

    ocid: str
    title: str
    buyer: str
    state: PublicState
    deadline_at: datetime
    contract_value: Money | None


# A draft that was cancelled was never published.
IS_PUBLISHED = and_(Tender.stage != TenderStage.DRAFT, Tender.method_hash.is_not(None))


def state_of(tender: Tender, now: datetime) -> PublicState:
    """Where a published tender stands at a moment."""
    ends = {TenderStage.AWARDED: PublicState.AWARDED, TenderStage.CANCELLED: PublicState.ENDED}
    if tender.stage in ends:
        return ends[tender.stage]
    is_open = tender.stage is TenderStage.PUBLISHED and tender.deadline_at is not None and now < tender.deadline_at
    return PublicState.OPEN if is_open else PublicState.CLOSED


def list_public_tenders(
    session: Session,
    *,
    now: datetime,
    words: str = "",
    state: PublicState | None = None,
    buyer: str = "",
    limit: int,
    offset: int = 0,
) -> tuple[list[PublicRow], int]:
    """Published tenders: the open ones first, the first to close before the others, then the rest, the latest first.

    ``words`` must all stand in title, identifier or the buyer's name, ``buyer`` is a key: so many rows, and how many
    there are.
    """
    is_open = and_(Tender.stage == TenderStage.PUBLISHED, Tender.deadline_at > now)
    chosen = [IS_PUBLISHED, _in_state(state, is_open), Organisation.key == buyer if buyer else true()]
    chosen += [_holds(word) for word in words.split()]
    tenders = select(Tender, Organisation.name).join(Organisation, Organisation.id == Tender.organisation_id)
    order = (case((is_open, 0), else_=1), case((is_open, Tender.deadline_at)), Tender.deadline_at.desc(), Tender.id)
    long = (defer(Tender.method), defer(Tender.particulars))
    found = session.execute(tenders.where(*chosen).order_by(*order).limit(limit).offset(offset).options(*long))
    rows = [
        PublicRow(
            tender.ocid, tender.title, name, state_of(tender, now), tender.deadline_at or now, tender.contract_value
        )
        for tender, name in found
    ]
    counted = select(func.count()).select_from(tenders.where(*chosen).with_only_columns(Tender.id).subquery())
    return rows, session.scalars(counted).one()


def list_public_buyers(session: Session) -> dict[str, str]:
    """The names of those who ever published a tender, by key and in order of name."""
    publishing = select(Tender.organisation_id).where(IS_PUBLISHED)
    wanted = select(Organisation.key, Organisation.name).where(Organisation.id.in_(publishing))
    return dict(session.execute(wanted.order_by(Organisation.name, Organisation.key)).all())


def list_documents(session: Session, *, tender_id: int) -> list[tuple[TenderDocument, StoredFile]]:
    """The files bidders are given with a tender, by title."""
    wanted = select(TenderDocument, StoredFile).join(StoredFile, StoredFile.id == TenderDocument.file_id)
    rows = session.execute(wanted.where(TenderDocument.tender_id == tender_id).order_by(TenderDocument.title))
    return [(document, file) for document, file in rows]


def _in_state(state: PublicState | None, is_open: ColumnElement[bool]) -> ColumnElement[bool]:
    has_ended = Tender.stage.in_((TenderStage.AWARDED, TenderStage.CANCELLED))
    return {
        None: true(),
        PublicState.OPEN: is_open,
        PublicState.CLOSED: and_(~is_open, ~has_ended),
        PublicState.AWARDED: Tender.stage == TenderStage.AWARDED,
        PublicState.ENDED: Tender.stage == TenderStage.CANCELLED,
    }.get(state, false())


def _holds(word: str) -> ColumnElement[bool]:
    places = (Tender.title, Tender.ocid, Organisation.name)
    return or_(*(func.lower(place).contains(word.lower(), autoescape=True) for place in places))
