"""What somebody who benefited says of a claim: read what is asked, and answer it once."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from sqlalchemy.orm import Session

from wpound.catalogue.model import Catalogue
from wpound.config import Settings
from wpound.core.delivery import Happening
from wpound.core.errors import InputError, InputErrors, NotFound
from wpound.core.form import write_decimal
from wpound.core.retention import RetentionClass, keep_until
from wpound.services.ask_beneficiary import MAIL
from wpound.services.clock import Clock, database_clock, day_of
from wpound.services.keep_sign_in import hash_of_key
from wpound.services.queue_mail import queue_mail
from wpound.services.tell_claim import ClaimInWords, tell_claim
from wpound.store.audit import append_event
from wpound.store.confirmations import erase_addresses, find_confirmation
from wpound.store.contracts import get_contract_of
from wpound.store.engine import lock
from wpound.store.models.contracts import Contract
from wpound.store.models.evidence import Confirmation
from wpound.store.models.returns import SocialValueReturn
from wpound.store.returns import get_claim, get_return

LONGEST_COMMENT, LONGEST_ROLE = 1000, 100
# The same words for a link that never was, was used, was withdrawn or has run out: they tell nobody which.
WORTHLESS = "This link cannot be used any more."


@dataclass(frozen=True, slots=True)
class Answer:
    """What is said of a claim, and by whom: ``role`` is theirs in words, ``quantity`` is in the measure's unit."""

    happening: Happening
    role: str
    quantity: Decimal | None = None
    comment: str = ""


@dataclass(frozen=True, slots=True)
class QuestionView:
    """What the page of a link shows: the question, the claim as it stood when it was asked, and what is kept."""

    asked_of: str
    question: str
    claim: ClaimInWords
    expires_on: date
    kept_until: date


def view_question(
    session: Session, token: str, catalogue: Catalogue, settings: Settings, *, clock: Clock = database_clock
) -> QuestionView:
    """What a link asks; raises NotFound for one that cannot be used (any more). Nothing is written."""
    found = _find(session, token, clock)
    claim = get_claim(session, found.claim_id)
    submitted, contract = _place_of(session, found)
    return QuestionView(
        asked_of=found.asked_of,
        question=found.question,
        claim=tell_claim(session, claim, submitted, contract, catalogue, found.created_at),
        expires_on=found.expires_on,
        kept_until=keep_until(
            RetentionClass.PERSONAL, contract.ended_on or contract.end_on, settings.keep_personal_years
        ),
    )


def answer_confirmation(
    session: Session, token: str, answer: Answer, settings: Settings, *, clock: Clock = database_clock
) -> None:
    """Take in an answer, once, and tell whoever asked; no figure of the claim changes by it.

    The address it was mailed to is erased. Raises NotFound for a link that cannot be used (any more), also where
    another answer was faster, InputErrors where something is missing.
    """
    found = lock(session, Confirmation, _find(session, token, clock).id)
    now = clock(session)
    _require_usable(found, day_of(now))
    if errors := list(_problems(answer)):
        raise InputErrors(errors)
    differs = answer.happening is Happening.DIFFERS
    found.answer, found.quantity = answer.happening, answer.quantity if differs else None
    found.comment, found.answered_by = answer.comment.strip() or None, answer.role.strip()
    found.answered_at, found.email = now, None
    session.flush()
    erase_addresses(session, template=MAIL)
    _record(session, found)
    _tell(session, found, settings)


def _find(session: Session, token: str, clock: Clock) -> Confirmation:
    """Only hashes are compared, by the database: how long that takes says nothing about any token."""
    return _require_usable(find_confirmation(session, hash_of_key(token)), day_of(clock(session)))


def _require_usable(found: Confirmation | None, today: date) -> Confirmation:
    if found is None or found.answer is not None or found.expires_on < today:
        raise NotFound(WORTHLESS)
    return found


def _place_of(session: Session, found: Confirmation) -> tuple[SocialValueReturn, Contract]:
    submitted = get_return(session, get_claim(session, found.claim_id).return_id)
    return submitted, get_contract_of(session, submitted.contract_id)


def _problems(answer: Answer) -> Iterator[InputError]:
    role, comment = answer.role.strip(), answer.comment.strip()
    if not 0 < len(role) <= LONGEST_ROLE:
        yield InputError("role", f"Enter your role, like head teacher, in at most {LONGEST_ROLE} characters")
    if len(comment) > LONGEST_COMMENT:
        yield InputError("comment", f"Write at most {LONGEST_COMMENT:,} characters")
    if answer.happening is Happening.DIFFERS and not answer.quantity:
        yield InputError("quantity", "Enter how much there was. If there was none, choose 'It never happened'")
    if answer.happening is not Happening.HAPPENED and not comment:
        yield InputError("comment", "Say in a few words what was different, or that nothing took place")
    for field, text in (("role", role), ("comment", comment)):
        if "@" in text:
            yield InputError(field, "Leave out email addresses: your role is enough")


def _record(session: Session, found: Confirmation) -> None:
    append_event(
        session,
        actor="beneficiary",
        action="confirmation.answered",
        object_kind="claim",
        object_id=found.claim_id,
        detail={
            "confirmation": found.id,
            "answer": found.answer.value if found.answer else None,
            "quantity": write_decimal(found.quantity) if found.quantity is not None else None,
        },
    )


def _tell(session: Session, found: Confirmation, settings: Settings) -> None:
    submitted, contract = _place_of(session, found)
    path = f"/buyer/returns/{submitted.id}/claims/{found.claim_id}/confirmation"
    facts = {
        "asked_of": found.asked_of,
        "answer": found.answer.label if found.answer else "",
        "contract": contract.title,
        "page": f"{settings.base_url}{path}",
    }
    queue_mail(session, found.asked_by, "confirmation_answered", facts)
