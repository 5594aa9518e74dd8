"""Write what a line of a return claims: a figure or a list of what it counts, a share, and words."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import replace
from decimal import Decimal

from sqlalchemy.orm import Session

from wpound.catalogue.model import Catalogue
from wpound.config import Settings
from wpound.core.bid_content import count_words
from wpound.core.claim_content import ClaimContent, NewEntry
from wpound.core.claim_counting import WHOLE, EntryKind
from wpound.core.delivery import ClaimState
from wpound.core.errors import InputError, InputErrors, StateError
from wpound.core.money import format_number
from wpound.core.references import reference_problem
from wpound.services.access import Person
from wpound.services.count_claim import LineRule, pin_factors, rules_of
from wpound.services.count_keys import open_pseudonyms
from wpound.services.reach_return import find_claim, hold_own_return
from wpound.store.base import require_version, touch
from wpound.store.counted_keys import keep_keys
from wpound.store.models.contracts import Commitment, Contract
from wpound.store.models.returns import Claim, ClaimEntry, SocialValueReturn

MOST_ENTRIES = 500
LONGEST_NARRATIVE, MOST_WORDS = 4000, 500
MOST_AMOUNT = Decimal(10) ** 12
MOST_PLACES = 6
OPEN_STATES = (ClaimState.DRAFT, ClaimState.QUERIED)
LOCKED = "This line was sent, so its figures are locked. Propose a correction if they are wrong."


def edit_claim(
    session: Session,
    person: Person,
    return_id: int,
    claim_id: int,
    content: ClaimContent,
    *,
    version: int,
    catalogue: Catalogue,
    settings: Settings,
) -> Claim:
    """Put new content into a line of the supplier's own return and count it; entries are replaced as a whole.

    What is missing may stay missing until the return is sent. Raises NotFound for another's, StateError once the line
    was sent (unless it was queried), StaleEdit where a colleague was faster, InputErrors with everything that cannot
    be counted; fields are ``amount``, ``share``, ``narrative``, ``entries`` and ``entries[0].hours`` and so on.
    """
    found, contract = hold_own_return(session, person, return_id)
    claim = find_claim(session, found, claim_id)
    require_open(claim)
    require_version(claim, version)
    by = {person.email}
    return write_claim(session, found, contract, claim, content, by=by, catalogue=catalogue, settings=settings)


def write_claim(
    session: Session,
    found: SocialValueReturn,
    contract: Contract,
    claim: Claim,
    content: ClaimContent,
    *,
    by: Collection[str],
    catalogue: Catalogue,
    settings: Settings,
) -> Claim:
    """The same for a return that is held and a line of it that is open; several lines can follow one another.

    ``by`` are the addresses of whoever entered it, who are kept: whatever their other roles are, they never decide it.
    """
    commitment = session.get_one(Commitment, claim.commitment_id)
    if any(entry.factor for entry in content.entries):
        pin_factors(session, found, catalogue)
    rule = rules_of(session, contract, found, catalogue).rule(commitment.measure_code)
    content = replace(content, entries=tuple(entry.within(rule.period) for entry in content.entries))
    check_content(rule, content)
    claim.amount, claim.share = content.amount, content.share
    claim.narrative = (content.narrative or "").strip() or None
    _replace_entries(session, contract, claim, content.entries, rule, settings)
    claim.claimed = rule.count_content(content)
    claim.entered_by = sorted({*claim.entered_by, *by})
    touch(claim)
    touch(found)
    session.flush()
    return claim


def require_open(claim: Claim) -> None:
    """Raise StateError unless the supplier may write in a line now."""
    if claim.state not in OPEN_STATES:
        raise StateError(LOCKED)


def check_content(rule: LineRule, content: ClaimContent) -> None:
    """Raise InputErrors with everything in a line that cannot be counted."""
    errors = [*_plain_problems(rule, content), *_list_problems(content.entries)]
    for number, entry in enumerate(content.entries):
        errors += [
            InputError(f"entries[{number}].{error.field}", error.message) for error in _entry_problems(rule, entry)
        ]
    if errors:
        raise InputErrors(errors)


def _plain_problems(rule: LineRule, content: ClaimContent) -> Iterator[InputError]:
    amount = content.amount
    if amount is not None:
        if content.entries:
            yield InputError("amount", "Give an amount or a list, not both: the list is added up for you.")
        elif amount and rule.by_entries_only:
            kind = rule.kinds[0].label.lower()
            yield InputError("amount", f"Count this {kind} by {kind} in the list. An amount here can only be 0.")
        yield from _number_problems("amount", amount)
    if not 0 < content.share <= WHOLE:
        yield InputError("share", "The share for this contract must be more than 0 and at most 100 per cent.")
    narrative = content.narrative or ""
    if len(narrative) > LONGEST_NARRATIVE or count_words(narrative) > MOST_WORDS:
        most = f"at most {MOST_WORDS} words and {LONGEST_NARRATIVE:,} characters"
        yield InputError("narrative", f"Say what was done in {most}.")


def _list_problems(entries: Sequence[NewEntry]) -> Iterator[InputError]:
    if len(entries) > MOST_ENTRIES:
        yield InputError("entries", f"A line holds at most {MOST_ENTRIES} entries.")
    first: dict[tuple[EntryKind, str], int] = {}
    for number, entry in enumerate(entries):
        place = first.setdefault(entry.identity, number)
        if place != number:
            twice = f"This is in row {place + 1} already. Put both into one row."
            yield InputError(f"entries[{number}].reference", twice)


def _entry_problems(rule: LineRule, entry: NewEntry) -> Iterator[InputError]:
    problem = reference_problem(entry.reference, entry.kind)
    if problem:
        yield InputError("reference", problem)
    yield from rule.problems(entry)
    for name in ("hours", "amount", "share"):
        number = getattr(entry, name)
        if number is not None:
            yield from _number_problems(name, number)


def _number_problems(field: str, number: Decimal) -> Iterator[InputError]:
    if not number.is_finite() or not 0 <= number <= MOST_AMOUNT:
        yield InputError(field, f"The number must be between 0 and {format_number(MOST_AMOUNT)}.")
    elif -int(number.normalize().as_tuple().exponent) > MOST_PLACES:
        yield InputError(field, f"The number must have {MOST_PLACES} decimals or fewer.")


def _replace_entries(
    session: Session,
    contract: Contract,
    claim: Claim,
    entries: Sequence[NewEntry],
    rule: LineRule,
    settings: Settings,
) -> None:
    claim.entries.clear()
    session.flush()
    if not entries:
        return
    pseudonyms = open_pseudonyms(settings)
    keys = [pseudonyms.name(entry.kind, entry.reference, contract.supplier_id) for entry in entries]
    numbers = keep_keys(session, list(zip((entry.kind for entry in entries), keys, strict=True)))
    for number, (entry, key) in enumerate(zip(entries, keys, strict=True), start=1):
        claim.entries.append(
            ClaimEntry(
                number=number,
                kind=entry.kind,
                key_id=numbers[key],
                sealed_reference=pseudonyms.seal(" ".join(entry.reference.split()), claim.id, key),
                first_on=entry.first_on,
                last_on=entry.last_on,
                started_on=entry.started_on,
                hours=entry.hours,
                attendees=entry.attendees,
                amount=entry.amount,
                factor=entry.factor,
                share=entry.share,
                counted=rule.count(entry),
            )
        )
