"""The days by which promises of a contract, and the returns on them, are due, as a calendar."""

from collections.abc import Iterator

from sqlalchemy.orm import Session

from wpound.catalogue.model import Catalogue
from wpound.core.errors import StateError
from wpound.core.money import round_half_up
from wpound.core.quantities import Quantity
from wpound.core.reporting import all_reports
from wpound.documents.calendar import CalendarDay
from wpound.services.reach_contract import life_of, measure_title
from wpound.services.recommend_award import get_award
from wpound.services.show_delivery import list_commitment_dates
from wpound.store.contracts import list_commitments
from wpound.store.models.contracts import Commitment, Contract
from wpound.store.models.tenders import Lot

PRINTED_PLACES = 2


def plan_delivery(session: Session, lot: Lot, catalogue: Catalogue) -> tuple[Contract, list[CalendarDay]]:
    """The contract of a lot and every day on which a part of a promise, or a report, falls due, the first first.

    Raises StateError before there is a contract, whose days the plan is made from.
    """
    award = get_award(session, lot)
    if award.contract_id is None:
        raise StateError("The calendar is there once the contract is entered: its days are made from the contract's.")
    contract = session.get_one(Contract, award.contract_id)
    return contract, plan_days(session, contract, catalogue)


def plan_days(session: Session, contract: Contract, catalogue: Catalogue) -> list[CalendarDay]:
    """Every day on which a part of a contract's promises falls due, and each return on them, the first first.

    Promises are due evenly where nobody settled it. Where nothing is promised nothing is reported.
    """
    promised = list_commitments(session, contract_id=contract.id)
    days = [day for row in promised for day in _days(contract, row, catalogue)]
    return sorted([*days, *_report_days(contract)] if promised else days, key=lambda day: (day.on, day.key))


def _report_days(contract: Contract) -> Iterator[CalendarDay]:
    for report in all_reports(life_of(contract)):
        yield CalendarDay(
            key=f"{_place(contract)}-return-{report.period.start_on.isoformat()}",
            on=report.due_on,
            title=f"{contract.reference}: return due",
            text=f"Contract: {contract.title}\nReturn on what was delivered from {report.period.format()}",
        )


def _place(contract: Contract) -> str:
    return f"{contract.ocid or contract.id}-{contract.reference}"


def _days(contract: Contract, commitment: Commitment, catalogue: Catalogue) -> Iterator[CalendarDay]:
    title = measure_title(catalogue, commitment.measure_code)
    for due in list_commitment_dates(contract, commitment):
        if not due.quantity:
            continue
        amount = Quantity(round_half_up(due.quantity, PRINTED_PLACES), commitment.unit).format()
        yield CalendarDay(
            key=f"{_place(contract)}-{commitment.id}-{due.due_on.isoformat()}",
            on=due.due_on,
            title=f"{contract.reference}: {title}, {amount} due",
            text="\n".join(f"{name}: {said}" for name, said in _said(contract, commitment) if said),
        )


def _said(contract: Contract, commitment: Commitment) -> Iterator[tuple[str, str | None]]:
    yield "Contract", contract.title
    yield "Owner", commitment.owner
    yield "Evidence", commitment.evidence
    yield "If it is not delivered", commitment.remedy
