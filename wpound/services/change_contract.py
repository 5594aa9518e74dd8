"""Vary, extend or end a contract: the promises are shared out anew, and the old ones stay beside the new ones."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from sqlalchemy.orm import Session

from wpound.catalogue.model import Catalogue
from wpound.core.contract_words import ChangeKind
from wpound.core.delivery import DueProfile
from wpound.core.due_dates import DueDate
from wpound.core.errors import InputError, InputErrors, StateError
from wpound.core.form import write_money
from wpound.core.money import Money
from wpound.core.periods import Period, format_day
from wpound.core.quantities import Quantity
from wpound.core.reproportion import Promised, Rule, Terms, reproportion, share_out
from wpound.services.access import Person
from wpound.services.enter_contract import find_value
from wpound.services.reach_contract import catalogue_of, hold_contract, life_of
from wpound.store.audit import append_event
from wpound.store.base import add
from wpound.store.contracts import list_contract_changes
from wpound.store.models.contracts import Commitment, Contract, ContractChange

LONGEST_REASON = 2000
RULE_TITLES = {
    Rule.TIME: "With the days the contract runs",
    Rule.VALUE: "With the value of the contract",
    Rule.KEEP: "They stay as they are",
}
KIND_TITLES = {
    ChangeKind.VARIATION: "Variation",
    ChangeKind.EXTENSION: "Extension",
    ChangeKind.TERMINATION: "Termination",
    ChangeKind.REPORTED: "Told by a register file",
}


@dataclass(frozen=True, slots=True)
class NewTerms:
    """A change as it is proposed: what, why, from when, the value and last day after it, and what promises follow."""

    kind: ChangeKind
    reason: str
    effective_on: date
    value: Money
    end_on: date
    rule: Rule
    start_on: date | None = None


@dataclass(frozen=True, slots=True)
class ChangedPromise:
    """A promise before and after a change; None where there was none, or is none any more."""

    measure_code: str
    year: int | None
    before: Quantity | None
    after: Quantity | None

    @property
    def is_changed(self) -> bool:
        """Whether the change does anything to it."""
        return self.before != self.after


def preview_change(contract: Contract, new: NewTerms) -> tuple[ChangedPromise, ...]:
    """What the promises become, for a second look; raises InputErrors for a change that cannot be."""
    _check(contract, new)
    return tuple(_compare(contract.commitments, _promises_after(contract, new)))


def change_contract(
    session: Session, person: Person, contract_id: int, new: NewTerms, catalogue: Catalogue, *, version: int
) -> ContractChange:
    """Enter a change in one transaction: the contract's new terms, the old commitments ended, the new ones beside them.

    Raises InputErrors for a change that cannot be, StaleEdit where the contract was changed since it was looked at.
    """
    contract = hold_contract(session, person, contract_id, version)
    _check(contract, new)
    return apply_change(session, contract, new, catalogue_of(session, contract, catalogue), actor=person.email)


def apply_change(
    session: Session, contract: Contract, new: NewTerms, catalogue: Catalogue, *, actor: str
) -> ContractChange:
    """The same for a contract that is held already, a change that was checked and the contract's own catalogue.

    Get the contract anew afterwards: its commitments are others.
    """
    change = add(session, _record(contract, new, len(list_contract_changes(session, contract_id=contract.id)), actor))
    after = {(one.measure, one.year): one for one in _promises_after(contract, new)}
    life = Period(change.starts_after, change.ends_after)
    for old in list(contract.commitments):
        promised = after.pop((old.measure_code, old.year), None)
        if promised is None or promised.quantity != old.quantity or _moves(old, life):
            old.ended_with_id = change.id
            session.flush()
            if promised is not None:
                session.add(_successor(old, promised, change.id, life))
    for promised in after.values():
        like = next(one for one in contract.commitments if one.measure_code == promised.measure)
        came = _successor(like, promised, change.id, life)
        value = find_value(catalogue.get_measure(promised.measure), promised.year, contract.start_on)
        came.unit_value, came.value_reference = (value.value, value.reference.title) if value else (None, None)
        session.add(came)
    contract.contract_value, contract.end_on, contract.start_on = new.value, new.end_on, change.starts_after
    if new.kind is ChangeKind.TERMINATION:
        contract.ended_on = new.end_on
    session.flush()
    session.expire(contract, ["commitments"])
    append_event(
        session,
        actor=actor,
        action=f"contract.{new.kind.value}",
        object_kind="contract",
        object_id=contract.id,
        detail=_detail(change),
    )
    return change


def _record(contract: Contract, new: NewTerms, earlier: int, actor: str) -> ContractChange:
    return ContractChange(
        contract_id=contract.id,
        number=earlier + 1,
        kind=new.kind,
        reason=new.reason.strip(),
        effective_on=new.effective_on,
        rule=new.rule,
        value_before=contract.contract_value,
        value_after=new.value,
        starts_before=contract.start_on,
        starts_after=new.start_on or contract.start_on,
        ends_before=contract.end_on,
        ends_after=new.end_on,
        changed_by=actor,
    )


def _detail(change: ContractChange) -> dict[str, str | int]:
    return {
        "number": change.number,
        "reason": change.reason,
        "effective_on": change.effective_on.isoformat(),
        "rule": change.rule.value,
        "value": f"{write_money(change.value_before)} to {write_money(change.value_after)}",
        "ends": f"{change.ends_before.isoformat()} to {change.ends_after.isoformat()}",
    }


def _check(contract: Contract, new: NewTerms) -> None:
    errors = list(_problems(contract, new))
    if errors:
        raise InputErrors(errors)


def _problems(contract: Contract, new: NewTerms) -> Iterator[InputError]:
    if contract.ended_on is not None:
        raise StateError(f"This contract was ended on {format_day(contract.ended_on)}, so it cannot be changed.")
    if not new.reason.strip():
        yield InputError("reason", "Say why the contract is changed.")
    if len(new.reason) > LONGEST_REASON:
        yield InputError("reason", f"Use at most {LONGEST_REASON:,} characters.")
    if new.end_on < contract.start_on:
        yield InputError("end_on", f"The contract began on {format_day(contract.start_on)}; it cannot end before that.")
    if new.kind is ChangeKind.EXTENSION and new.end_on <= contract.end_on:
        yield InputError("end_on", f"An extension ends after {format_day(contract.end_on)}.")
    if new.kind is ChangeKind.TERMINATION and new.end_on >= contract.end_on:
        yield InputError("end_on", f"A contract that is ended early ends before {format_day(contract.end_on)}.")
    if new.rule is Rule.VALUE and not contract.contract_value:
        yield InputError("rule", "Promises cannot follow the value of a contract that had none.")
    if (new.value, new.end_on) == (contract.contract_value, contract.end_on):
        yield InputError("value", "This changes neither the value nor the last day of the contract.")


def _promises_after(contract: Contract, new: NewTerms) -> tuple[Promised, ...]:
    promises = [Promised(one.measure_code, one.unit, one.quantity, one.year) for one in contract.commitments]
    before = Terms(life_of(contract), contract.contract_value)
    after = Terms(Period(new.start_on or contract.start_on, new.end_on), new.value)
    return reproportion(promises, before, after, new.rule)


def _compare(old: Sequence[Commitment], new: Sequence[Promised]) -> Iterator[ChangedPromise]:
    after = {(one.measure, one.year): Quantity(one.quantity, one.unit) for one in new}
    for one in old:
        now = after.pop((one.measure_code, one.year), None)
        yield ChangedPromise(one.measure_code, one.year, Quantity(one.quantity, one.unit), now)
    for (measure, year), quantity in after.items():
        yield ChangedPromise(measure, year, None, quantity)


def _moves(old: Commitment, life: Period) -> bool:
    """Whether milestones lie outside the new life, so that they cannot stay as they are."""
    return any(DueDate.from_dict(entry).due_on not in life for entry in old.milestones or ())


def _successor(old: Commitment, promised: Promised, change_id: int, life: Period) -> Commitment:
    """What comes in the place of a commitment, with all that was settled for it."""
    same_year = old.year == promised.year
    milestones = _move_milestones(old, promised, life) if old.milestones and same_year else None
    by_milestones = old.due_profile is DueProfile.MILESTONES
    return Commitment(
        contract_id=old.contract_id,
        measure_code=old.measure_code,
        head=old.head,
        year=promised.year,
        quantity=promised.quantity,
        unit=old.unit,
        value_kind=old.value_kind,
        unit_value=old.unit_value,
        value_reference=old.value_reference,
        owner=old.owner,
        due_profile=DueProfile.EVEN if by_milestones and not milestones else old.due_profile,
        milestones=milestones,
        evidence=old.evidence,
        remedy=old.remedy,
        came_with_id=change_id,
    )


def _move_milestones(old: Commitment, promised: Promised, life: Period) -> list[dict[str, str]] | None:
    """The milestones with the new quantity in their old proportions, none later than the contract's last day."""
    dues = [DueDate.from_dict(entry) for entry in old.milestones or ()]
    places = max(2, *(-int(due.quantity.normalize().as_tuple().exponent) for due in dues), *_decimals(promised))
    moved: dict[date, DueDate] = {}
    parts = share_out(promised.quantity, [due.quantity for due in dues], places)
    for due, part in zip(dues, parts, strict=True):
        day = min(due.due_on, life.end_on)
        before = moved[day].quantity if day in moved else Decimal(0)
        moved[day] = DueDate(day, before + part)
    return [due.to_dict() for due in moved.values() if due.quantity > 0] or None


def _decimals(promised: Promised) -> tuple[int, ...]:
    return (-int(promised.quantity.normalize().as_tuple().exponent),)
