"""A tender as the people of its buyer see it: where it stands and what is next, never anything about bids."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy.orm import Session

from wpound.catalogue.model import Catalogue
from wpound.services.access import Person, Policy
from wpound.services.check_draft import DraftState, check_draft
from wpound.services.clock import Clock, database_clock, day_of
from wpound.services.reach_tender import reach_tender
from wpound.store.models.accounts import User
from wpound.store.models.tenders import Lot, Tender, TenderStage
from wpound.store.seals import list_openers


@dataclass(frozen=True, slots=True)
class TenderView:
    """A tender with its lots; ``state`` is how far a draft is, and what it was at its publication afterwards.

    ``openers`` are those named at publication, none before.
    """

    tender: Tender
    lots: tuple[Lot, ...]
    state: DraftState
    openers: tuple[User, ...]
    today: date

    @property
    def is_draft(self) -> bool:
        """Whether it is not published yet (nor was cancelled)."""
        return self.tender.stage is TenderStage.DRAFT

    @property
    def can_be_changed(self) -> bool:
        """Whether its officers can work on it: a draft that is not with a second officer."""
        return self.is_draft and self.tender.sent_for_approval_by is None

    @property
    def is_published(self) -> bool:
        """Whether it was ever published: its method is frozen and hashed."""
        return self.tender.method_hash is not None


def view_tender(
    session: Session,
    person: Person,
    ocid: str,
    catalogue: Catalogue,
    *,
    policy: Policy = Policy.OFFICER,
    clock: Clock = database_clock,
) -> TenderView:
    """A tender of the person's organisation; raises NotFound for any other, AccessDenied as ``decide`` does."""
    tender = reach_tender(session, person, ocid, policy)
    today = day_of(clock(session))
    return TenderView(
        tender=tender,
        lots=tuple(tender.lots),
        state=check_draft(tender, catalogue, tender.as_of or today),
        openers=tuple(user for user, _ in list_openers(session, tender_id=tender.id)),
        today=today,
    )
