"""Find a tender for somebody: one of another organisation, or not theirs to evaluate, does not exist for them."""

from sqlalchemy.orm import Session

from wpound.core.errors import NotFound
from wpound.services.access import Person, Policy, Target, decide
from wpound.store.engine import lock
from wpound.store.models.tenders import Tender, TenderStage
from wpound.store.tenders import get_tender


def reach_tender(session: Session, person: Person, ocid: str, policy: Policy) -> Tender:
    """The tender of that OCID as this person may look at it; raises NotFound, and AccessDenied as ``decide`` does."""
    tender = get_tender(session, ocid)
    decide(policy, person, Target(tender.organisation_id, tender_id=tender.id))
    return tender


def get_published(session: Session, ocid: str) -> Tender:
    """A tender that was ever published; any other does not exist for the public and for suppliers: raises NotFound."""
    tender = get_tender(session, ocid)
    if tender.stage is TenderStage.DRAFT or tender.method_hash is None:
        raise NotFound("There is no such tender.")
    return tender


def hold_tender(session: Session, person: Person, ocid: str, policy: Policy) -> Tender:
    """The same, held against other writers until the transaction ends."""
    return lock(session, Tender, reach_tender(session, person, ocid, policy).id)
