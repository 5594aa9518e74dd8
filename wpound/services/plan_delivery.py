"""The days by which promises of a contract are due, as a calendar."""

from collections.abc import Iterator

from sqlalchemy.orm import Session

from wpound.catalogue.model import Catalogue
from wpound.core.due_dates import DueDate, list_due_dates
from wpound.core.errors import StateError
from wpound.core.money import round_half_up
from wpound.core.periods import Period
from wpound.core.quantities import Quantity
from wpound.documents.calendar import CalendarDay
from wpound.services.recommend_award import get_award
from wpound.store.contracts import list_commitments
from wpound.store.models.contracts import Commitment, Contract
from wpound.store.models.tenders import Lot

PRINTED_PLACES = 2


def plan_delivery(session: Session, lot: Lot, catalogue: Catalogue) -> tuple[Contract, list[CalendarDay]]:
    """The contract of a lot and every day on which a part of a promise falls due, the first first.

    Raises StateError before there is a contract, whose days the plan is made from.
    """
    award = get_award(session, lot)
    if award.contract_id is None:
        raise StateError("The calendar is there once the contract is entered: its days are made from the contract's.")
    contract = session.get_one(Contract, award.contract_id)
    days = [
        day for row in list_commitments(session, contract_id=contract.id) for day in _days(contract, row, catalogue)
    ]
    return contract, sorted(days, key=lambda day: (day.on, day.key))


def list_due(commitment: Commitment, life: Period) -> tuple[DueDate, ...]:
    """When the parts of one commitment are due; none where no hand-over settled it."""
    if commitment.due_profile is None:
        return ()
    milestones = [DueDate.from_dict(entry) for entry in commitment.milestones or ()]
    return list_due_dates(commitment.due_profile, commitment.quantity, life, milestones, commitment.year)


def _days(contract: Contract, commitment: Commitment, catalogue: Catalogue) -> Iterator[CalendarDay]:
    title = catalogue.get_measure(commitment.measure_code).title
    for due in list_due(commitment, Period(contract.start_on, contract.end_on)):
        amount = Quantity(round_half_up(due.quantity, PRINTED_PLACES), commitment.unit).format()
        yield CalendarDay(
            key=f"{contract.ocid}-{contract.reference}-{commitment.id}-{due.due_on.isoformat()}",
            on=due.due_on,
            title=f"{contract.reference}: {title}, {amount} due",
            text=f"Contract: {contract.title}\nOwner: {commitment.owner}\nEvidence: {commitment.evidence}\n"
            f"If it is not delivered: {commitment.remedy}",
        )
