"""Brings bids of the demonstration through opening, checks and marking, as far as their tender has come."""

from decimal import Decimal
from typing import Any

from wpound.catalogue.model import Catalogue
from wpound.core.bids import Bid
from wpound.core.particulars import Particulars
from wpound.core.roles import Role
from wpound.demo.cast import APPROVER, EVALUATORS, OFFICER
from wpound.services.access import Person, find_person
from wpound.services.change_roles import grant_role
from wpound.services.check_passes import record_check
from wpound.services.declare_interest import declare_interest
from wpound.services.lock_moderation import lock_moderation
from wpound.services.moderate_marks import agree_marks
from wpound.services.open_bids import Opener, open_bids, open_prices, unlock_opener
from wpound.services.record_marks import finish_sheet, record_mark
from wpound.services.seat_panel import seat_evaluator
from wpound.store.accounts import get_user

CHECKED = {True: "The certificate was seen and is in force.", False: "No certificate was sent."}
# How far each evaluator is from the mark agreed later in the other tenders, criterion by criterion.
DRIFT = ((0, 0, 0), (0, 1, 0), (-1, 0, 0))


def open_and_check(
    session: Any, catalogue: Catalogue, stored: Any, offers: dict[str, Bid], passphrase: str
) -> list[Any]:
    """Open the bids by two officers and check what is a matter of yes or no."""
    for opener in _openers(session, stored, passphrase):
        bids = open_bids(session, stored, opener, catalogue)
    for bid in bids:
        for code, passed in offers[bid.bidder].passes.items():
            record_check(session, stored, bid, code, passed=passed, reason=CHECKED[passed], actor=OFFICER)
    return bids


def agree_all_marks(session: Any, stored: Any, bids: list[Any], offers: dict[str, Bid], passphrase: str) -> None:
    """Agree every mark, lock them, and open the prices that were in an envelope of their own."""
    for bid in bids:
        offer = offers[bid.bidder]
        agree_marks(session, bid, offer.marks, offer.reasons, present=list(EVALUATORS), actor=EVALUATORS[0])
    # The session still holds the bids as they were before anybody marked them.
    session.expire_all()
    lock_moderation(session, stored, actor=OFFICER)
    if Particulars.from_dict(stored.particulars).two_envelopes:
        for opener in _openers(session, stored, passphrase):
            open_prices(session, stored, opener)


def seat_and_mark(session: Any, buyer: Any, stored: Any, bids: list[Any], offers: dict[str, Bid]) -> None:
    """Seat three evaluators; two have finished their marks, the first has marked one bid."""
    officer = _person(session, OFFICER, stored.organisation_id)
    for number, email in enumerate(EVALUATORS):
        user = get_user(session, email)
        grant_role(session, user, buyer, Role.EVALUATOR, actor=OFFICER, tender_id=stored.id)
        seat_evaluator(session, officer, stored.ocid, user.id, is_chair=number == len(EVALUATORS) - 1)
        evaluator = _person(session, email, stored.organisation_id)
        declare_interest(session, evaluator, stored.ocid, has_interest=False, statement=None)
        for bid in bids if number else bids[:1]:
            _mark(session, evaluator, stored, bid, offers[bid.bidder], DRIFT[number])
        if number:
            finish_sheet(session, evaluator, stored.ocid)


def _mark(session: Any, evaluator: Person, stored: Any, bid: Any, offer: Bid, drift: tuple[int, ...]) -> None:
    for (code, agreed), by in zip(offer.marks.items(), drift, strict=True):
        mark = min(max(agreed + by, Decimal(0)), Decimal(5))
        reason = offer.reasons[code]
        record_mark(session, evaluator, stored.ocid, bid.id, code, mark=mark, reason=reason, version=0)


def _openers(session: Any, stored: Any, passphrase: str) -> list[Opener]:
    people = [get_user(session, email) for email in (OFFICER, APPROVER)]
    return [unlock_opener(session, stored, user.id, user.email, passphrase) for user in people]


def _person(session: Any, email: str, organisation_id: int) -> Person:
    """Somebody as they act for the buyer of the tender."""
    user = get_user(session, email)
    user.current_organisation_id = organisation_id
    session.flush()
    found = find_person(session, user.id)
    if found is None:
        raise LookupError(email)
    return found
