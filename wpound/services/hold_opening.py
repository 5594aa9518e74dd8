"""Close a tender and open its bids as officers do it on their page; every refused attempt is counted and logged."""

from sqlalchemy import Engine
from sqlalchemy.orm import Session

from wpound.catalogue.model import Catalogue
from wpound.core.bid_content import Envelope
from wpound.core.errors import InputError, StateError, WpoundError
from wpound.logs import get_logger
from wpound.services.access import Person, Policy
from wpound.services.clock import Clock, database_clock
from wpound.services.close_tender import close_tender
from wpound.services.limit_attempts import OPENINGS, forget, take_attempt
from wpound.services.open_bids import ACTS, Opener, open_bids, open_prices, unlock_opener
from wpound.services.panel_gate import require_no_own_bid
from wpound.services.reach_tender import hold_tender, reach_tender
from wpound.services.read_bids import catalogue_of
from wpound.store.engine import reading, writing
from wpound.store.models.tenders import Tender, TenderStage
from wpound.store.seals import list_acts

log = get_logger(__name__)


def close_by_officer(session: Session, person: Person, ocid: str, clock: Clock = database_clock) -> Tender:
    """Close a tender whose deadline has passed; raises as :func:`close_tender` does."""
    tender = hold_tender(session, person, ocid, Policy.OFFICER)
    return close_tender(session, tender, actor=person.email, clock=clock)


def act_as_opener(
    engine: Engine,
    person: Person,
    ocid: str,
    passphrase: str,
    catalogue: Catalogue,
    clock: Clock = database_clock,
) -> bool:
    """Do this person's opening act on the envelope that waits; whether that opened it.

    Attempts are counted in a transaction of their own, before the passphrase is tried, and it is tried before the
    database is held. Raises InputError for a wrong one and after too many, StateError as :func:`open_bids` and
    :func:`open_prices` do.
    """
    with reading(engine) as session:
        tender_id = reach_tender(session, person, ocid, Policy.OFFICER).id
    with writing(engine) as session:
        allowed = take_attempt(session, OPENINGS, person.email)
    try:
        if not allowed:
            raise InputError("passphrase", "There were too many attempts. Wait 15 minutes, then try again")
        with reading(engine) as session:
            tender = reach_tender(session, person, ocid, Policy.OFFICER)
            _require_waiting(session, tender)
            opener = unlock_opener(session, tender, person.user_id, person.email, passphrase)
        with writing(engine) as session:
            tender = hold_tender(session, person, ocid, Policy.OFFICER)
            require_no_own_bid(session, person, tender)
            is_opened = _act(session, tender, opener, catalogue, clock)
            forget(session, OPENINGS, person.email)
    except WpoundError as error:
        log.warning("opening refused", tender=tender_id, user=person.user_id, kind=type(error).__name__)
        raise
    return is_opened


def find_waiting(session: Session, tender: Tender) -> Envelope | None:
    """The envelope that is to be opened next, or None where nothing can be opened now."""
    if tender.stage is TenderStage.CLOSED:
        return Envelope.QUALITY
    if tender.stage is not TenderStage.EVALUATION or tender.moderation_locked_at is None:
        return None
    done = list_acts(session, tender_id=tender.id, envelope=Envelope.PRICE)
    return Envelope.PRICE if len(done) < ACTS else None


def _act(session: Session, tender: Tender, opener: Opener, catalogue: Catalogue, clock: Clock) -> bool:
    if _require_waiting(session, tender) is Envelope.QUALITY:
        open_bids(session, tender, opener, catalogue_of(session, tender, catalogue), clock=clock)
        return tender.stage is TenderStage.EVALUATION
    open_prices(session, tender, opener, clock=clock)
    return find_waiting(session, tender) is None


def _require_waiting(session: Session, tender: Tender) -> Envelope:
    waiting = find_waiting(session, tender)
    if waiting is None:
        raise StateError("There is no envelope of this tender to open now.")
    return waiting
