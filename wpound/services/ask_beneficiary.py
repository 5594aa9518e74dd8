"""Ask somebody who benefited whether a claim is true, through a link that works once and needs no account."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from secrets import token_urlsafe

from sqlalchemy.orm import Session

from wpound.catalogue.model import Catalogue
from wpound.config import Settings
from wpound.core.errors import InputError, InputErrors, StateError
from wpound.core.retention import RetentionClass, keep_until
from wpound.services.access import Person
from wpound.services.clock import Clock, database_clock, day_of
from wpound.services.keep_sign_in import hash_of_key
from wpound.services.queue_mail import queue_mail
from wpound.services.reach_return import find_claim, hold_return, reach_return
from wpound.services.tell_claim import ClaimInWords, tell_claim
from wpound.store.audit import append_event
from wpound.store.base import add
from wpound.store.confirmations import erase_addresses, get_confirmation, list_confirmations, list_with_contract_end
from wpound.store.engine import lock
from wpound.store.models.contracts import Contract
from wpound.store.models.evidence import Confirmation
from wpound.store.models.organisations import Organisation
from wpound.store.models.returns import Claim, SocialValueReturn
from wpound.store.returns import list_stated

MOST_OPEN = 5
USUAL_DAYS, MOST_DAYS = 28, 90
LONGEST_NAME, LONGEST_QUESTION = 200, 1000
MAIL = "confirmation_request"


class ConfirmationState(StrEnum):
    """Where a confirmation stands."""

    WAITING = "waiting"
    ANSWERED = "answered"
    EXPIRED = "expired"

    @property
    def label(self) -> str:
        """The state as people read it."""
        return {"waiting": "Waiting for an answer", "answered": "Answered", "expired": "Not answered in time"}[self]


@dataclass(frozen=True, slots=True)
class Asked:
    """A link that was made: who is to answer, until when and, where it was not mailed, the link, for this once."""

    asked_of: str
    question: str
    buyer: str
    expires_on: date
    link: str | None


@dataclass(frozen=True, slots=True)
class AskedOne:
    """Somebody who was asked, and what the claim said when they were."""

    confirmation: Confirmation
    state: ConfirmationState
    claim: ClaimInWords


@dataclass(frozen=True, slots=True)
class ConfirmationPage:
    """What those who check a claim see of those who benefited from it."""

    submitted: SocialValueReturn
    contract: Contract
    claim: Claim
    words: ClaimInWords
    asked: Sequence[AskedOne]

    @property
    def is_open(self) -> bool:
        """Whether somebody else can be asked: something is claimed, and not too many links wait for an answer."""
        return self.words.quantity.amount > 0 and self.waiting < MOST_OPEN

    @property
    def waiting(self) -> int:
        """How many links wait for an answer."""
        return sum(one.state is ConfirmationState.WAITING for one in self.asked)


def ask_beneficiary(
    session: Session,
    person: Person,
    return_id: int,
    claim_id: int,
    *,
    asked_of: str,
    email: str | None,
    question: str,
    settings: Settings,
    days: int = USUAL_DAYS,
    clock: Clock = database_clock,
) -> Asked:
    """Make a link for a school, a charity or whoever benefited, and mail it; without an address it is given back.

    Only the hash of its token is kept. It works until ``days`` from today, that day included. Raises NotFound for
    a line that is not the person's to check, StateError where nothing is claimed or ``MOST_OPEN`` links wait for an
    answer, InputErrors for a question that cannot be sent.
    """
    _, contract = hold_return(session, person, return_id)
    claim, today = _claim_of(session, person, return_id, claim_id), day_of(clock(session))
    _require_open(session, claim, today)
    asked_of, question = asked_of.strip(), question.strip()
    if errors := list(_problems(asked_of, question, days)):
        raise InputErrors(errors)
    made, token = _make(session, person, claim, asked_of, email, question, today + timedelta(days=days))
    link, buyer = f"{settings.base_url}/confirm/{token}", session.get_one(Organisation, contract.organisation_id).name
    if email:
        facts = {"asked_of": asked_of, "buyer": buyer, "question": question, "link": link, "until": made.expires_on}
        queue_mail(session, email, MAIL, facts, asked_by_id=person.user_id)
    _audit(session, person, made, "confirmation.asked")
    return Asked(asked_of, question, buyer, made.expires_on, None if email else link)


def withdraw_confirmation(
    session: Session,
    person: Person,
    return_id: int,
    claim_id: int,
    confirmation_id: int,
    *,
    clock: Clock = database_clock,
) -> None:
    """Take a link back before it is answered: it leads nowhere, and what was asked stays in the audit trail alone.

    Raises NotFound for one that is not the person's, StateError where it is answered or has run out: that stays.
    """
    hold_return(session, person, return_id)
    claim = _claim_of(session, person, return_id, claim_id)
    found = lock(session, Confirmation, get_confirmation(session, confirmation_id, claim_id=claim.id).id)
    if _state_of(found, day_of(clock(session))) is not ConfirmationState.WAITING:
        raise StateError("This was answered or has run out in the meantime, so it cannot be withdrawn any more.")
    _audit(session, person, found, "confirmation.withdrawn")
    session.delete(found)
    session.flush()
    erase_addresses(session, template=MAIL)


def show_confirmations(
    session: Session,
    person: Person,
    return_id: int,
    claim_id: int,
    catalogue: Catalogue,
    *,
    clock: Clock = database_clock,
) -> ConfirmationPage:
    """Who was asked about a claim and what they said, the newest first; raises NotFound as asking does."""
    submitted, contract = reach_return(session, person, return_id)
    claim, today = find_claim(session, submitted, claim_id), day_of(clock(session))
    rows = list_confirmations(session, claim_ids=[claim.id])
    return ConfirmationPage(
        submitted=submitted,
        contract=contract,
        claim=claim,
        words=tell_claim(session, claim, submitted, contract, catalogue),
        asked=[
            AskedOne(
                row, _state_of(row, today), tell_claim(session, claim, submitted, contract, catalogue, row.created_at)
            )
            for row in reversed(rows)
        ],
    )


def erase_expired(session: Session, today: date, personal_years: int) -> int:
    """Erase the addresses of links that ran out, and what was said about contracts that ended long ago.

    ``personal_years`` after the end of its contract a confirmation is deleted; the audit trail keeps the answer itself.
    For the job of every night: gives how many rows it changed.
    """
    erased = erase_addresses(session, template=MAIL, expired_before=today)
    for found, end_on in list_with_contract_end(session, ended_before=today):
        if keep_until(RetentionClass.PERSONAL, end_on, personal_years) < today:
            session.delete(found)
            erased += 1
    session.flush()
    return erased


def _claim_of(session: Session, person: Person, return_id: int, claim_id: int) -> Claim:
    submitted, _ = reach_return(session, person, return_id)
    return find_claim(session, submitted, claim_id)


def _make(
    session: Session, person: Person, claim: Claim, asked_of: str, email: str | None, question: str, until: date
) -> tuple[Confirmation, str]:
    """A new row, and the token of its link, which is nowhere else."""
    token = token_urlsafe(32)
    row = Confirmation(claim_id=claim.id, token_sha256=hash_of_key(token), asked_of=asked_of, email=email)
    row.question, row.asked_by, row.expires_on = question, person.email, until
    return add(session, row), token


def _state_of(found: Confirmation, today: date) -> ConfirmationState:
    if found.answer is not None:
        return ConfirmationState.ANSWERED
    return ConfirmationState.EXPIRED if found.expires_on < today else ConfirmationState.WAITING


def _require_open(session: Session, claim: Claim, today: date) -> None:
    if list_stated(session, [claim])[claim.id] <= 0:
        raise StateError("Nothing is claimed on this line, so there is nothing to confirm.")
    rows = list_confirmations(session, claim_ids=[claim.id])
    if sum(_state_of(row, today) is ConfirmationState.WAITING for row in rows) >= MOST_OPEN:
        raise StateError(f"{MOST_OPEN} people have not answered yet. Withdraw one of their links to ask somebody else.")


def _problems(asked_of: str, question: str, days: int) -> Iterator[InputError]:
    for field, text, longest, missing in (
        ("asked_of", asked_of, LONGEST_NAME, "Enter the name of the school, charity or other body"),
        ("question", question, LONGEST_QUESTION, "Enter what you want to know"),
    ):
        if not text:
            yield InputError(field, missing)
        elif len(text) > longest:
            yield InputError(field, f"Write at most {longest:,} characters")
        elif "@" in text:
            yield InputError(field, "Leave out email addresses: whoever has the link reads this")
    if not 1 <= days <= MOST_DAYS:
        yield InputError("days", f"Give them 1 to {MOST_DAYS} days")


def _audit(session: Session, person: Person, found: Confirmation, action: str) -> None:
    append_event(
        session,
        actor=person.email,
        action=action,
        object_kind="claim",
        object_id=found.claim_id,
        detail={
            "confirmation": found.id,
            "expires_on": found.expires_on.isoformat(),
            "mailed": found.email is not None,
        },
    )
