"""What an approval of a line needs, whether the line is decided for the first time or corrected."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

from sqlalchemy.orm import Session

from wpound.core.delivery import ClaimState, Happening, Side, VerificationLevel
from wpound.core.errors import InputError, InputErrors, StateError
from wpound.core.form import write_decimal
from wpound.services.access import Person
from wpound.services.clock import Clock, database_clock
from wpound.services.draw_return_sample import drawn_lines
from wpound.services.tell_claim import figure_at
from wpound.store.confirmations import list_confirmations
from wpound.store.models.evidence import Confirmation
from wpound.store.models.returns import Claim, SocialValueReturn, VersionKind
from wpound.store.returns import list_claim_versions, list_corrections

LONGEST_TEXT = 2000
OWN_LINE = (
    "You entered figures of this line for its supplier, sent it, answered for it or proposed a correction of it. It is "
    "for another person to decide."
)
# Who looked at a claim; what its supplier says of it is not among them.
CHECKED_LEVELS = (
    VerificationLevel.OFFICER_CHECKED,
    VerificationLevel.THIRD_PARTY,
    VerificationLevel.BENEFICIARY_CONFIRMED,
)


@dataclass(frozen=True, slots=True)
class Approval:
    """How much of a claim is approved, in its unit, and how well it is proved.

    ``reason`` says why it is less than was claimed, or not what those who benefited said; ``checked`` what was looked
    at.
    """

    verified: Decimal
    level: VerificationLevel
    reason: str = ""
    checked: str = ""


def require_another(session: Session, sent: SocialValueReturn, claim: Claim, person: Person) -> None:
    """Raise StateError where a line is the person's own: nobody verifies that."""
    if is_own(session, sent, claim, person):
        raise StateError(OWN_LINE)


def is_own(session: Session, sent: SocialValueReturn, claim: Claim, person: Person) -> bool:
    """Whether the person ever acted for the line's supplier.

    Who belongs to both organisations acted for the supplier by entering figures of the line, sending its return,
    answering for it or proposing a correction of it.
    """
    own = (VersionKind.SUBMITTED, VersionKind.ANSWERED)
    versions = list_claim_versions(session, claim_ids=[claim.id])
    corrections = list_corrections(session, claim_ids=[claim.id])
    makers = {
        sent.submitted_by,
        *claim.entered_by,
        *(one.made_by for one in versions if one.kind in own),
        *(one.proposed_by for one in corrections if one.proposed_side is Side.SUPPLIER),
    }
    return person.email.casefold() in {maker.strip().casefold() for maker in makers if maker}


def check_approval(
    session: Session, sent: SocialValueReturn, claim: Claim, approval: Approval, claimed: Decimal
) -> None:
    """Raise InputErrors where a line cannot be approved like that beside what is claimed and what was confirmed.

    A line that was drawn to be looked at closely is not approved without what was looked at.
    """
    said = [one for one in list_confirmations(session, claim_ids=[claim.id]) if one.answer]
    errors = [*_level_problems(approval, said), *_figure_problems(session, claim, approval, claimed, said)]
    if not approval.checked.strip() and claim.id in drawn_lines(sent):
        errors.append(InputError("checked", "This line was drawn to be looked at closely. Say what you looked at."))
    if errors:
        raise InputErrors(errors)


def approve_line(
    session: Session, claim: Claim, person: Person, approval: Approval, clock: Clock = database_clock
) -> None:
    """Write an approval into its line, which the caller holds and has checked it for."""
    claim.state, claim.verified, claim.level = ClaimState.APPROVED, approval.verified, approval.level
    claim.reason, claim.checked = approval.reason.strip() or None, approval.checked.strip() or None
    claim.reply_by, claim.verified_at, claim.verified_by = None, clock(session), person.email


def text_problems(field: str, text: str, missing: str) -> Iterator[InputError]:
    """What is wrong with words that have to be there."""
    if not 0 < len(text.strip()) <= LONGEST_TEXT:
        yield InputError(field, f"{missing}, in at most {LONGEST_TEXT:,} characters.")


def _level_problems(approval: Approval, said: Sequence[Confirmation]) -> Iterator[InputError]:
    if approval.level not in CHECKED_LEVELS:
        yield InputError("level", "Say who checked the claim: an officer, a third party or those who benefited.")
    confirmed = any(one.answer in (Happening.HAPPENED, Happening.DIFFERS) for one in said)
    if approval.level is VerificationLevel.BENEFICIARY_CONFIRMED and not confirmed:
        yield InputError("level", "Nobody who benefited has confirmed this claim. Choose another way it was checked.")


def _figure_problems(
    session: Session, claim: Claim, approval: Approval, claimed: Decimal, said: Sequence[Confirmation]
) -> Iterator[InputError]:
    if not 0 <= approval.verified <= claimed:
        most = write_decimal(claimed)
        yield InputError("verified", f"The amount you approve must be between 0 and what was claimed, {most}.")
    # Who says that it happened speaks of the figure they were shown.
    confirmed = [one.quantity or figure_at(session, claim, one.created_at) for one in said]
    because = _why_reason(approval, claimed, said, confirmed)
    if because and not approval.reason.strip():
        yield InputError("reason", f"Give a reason: {because}.")
    for name in ("reason", "checked"):
        if len(getattr(approval, name)) > LONGEST_TEXT:
            yield InputError(name, f"Write at most {LONGEST_TEXT:,} characters.")


def _why_reason(
    approval: Approval, claimed: Decimal, said: Sequence[Confirmation], confirmed: Sequence[Decimal]
) -> str | None:
    """Why an approval needs a reason; None where it needs none."""
    if approval.verified < claimed:
        return "you approve less than was claimed"
    if any(one.answer is Happening.NEVER_HAPPENED for one in said):
        return "somebody who was to benefit said that it never happened"
    if any(figure < approval.verified for figure in confirmed):
        return "somebody who benefited gave or was shown a smaller figure"
    return None
