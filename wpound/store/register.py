"""The contracts register as lists show it, a few queries a page however many contracts there are."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, func, or_, select
from sqlalchemy.orm import Session

from wpound.core.money import Money
from wpound.core.periods import Period, quarter_of
from wpound.store.models.contracts import Commitment, Contract, ContractPartner
from wpound.store.models.organisations import Organisation
from wpound.store.models.returns import Claim, ReturnStatus, SocialValueReturn
from wpound.store.models.suppliers import Supplier
from wpound.store.returns import stated


class Standing(StrEnum):
    """Whether a contract runs."""

    RUNNING = "running"
    TO_COME = "to_come"
    ENDED = "ended"


@dataclass(frozen=True, slots=True)
class RegisterFilter:
    """Which contracts a list shows; what is None or blank leaves nothing out. ``words`` are looked for in names."""

    words: str = ""
    standing: Standing | None = None
    manager: str = ""
    today: date = date.min


class RegisterRow(NamedTuple):
    """A contract as a list shows it."""

    contract_id: int
    reference: str
    title: str
    supplier: str
    buyer: str
    contract_value: Money
    start_on: date
    end_on: date
    manager: str | None
    cpv_label: str | None


class Delivered(NamedTuple):
    """What one claim line says towards a measure (and year) of a contract; ``verified`` None: nobody has looked."""

    contract_id: int
    measure_code: str
    year: int | None
    claimed: Decimal
    verified: Decimal | None


def list_register(
    session: Session,
    wanted: RegisterFilter,
    *,
    organisation_id: int | None = None,
    supplier_id: int | None = None,
    contract_ids: Collection[int] | None = None,
    limit: int,
    offset: int = 0,
) -> tuple[list[RegisterRow], int]:
    """Contracts, newest start first: so many of them, and how many there are; a buyer's, a supplier's or everyone's."""
    chosen = list(_chosen(wanted))
    if organisation_id is not None:
        chosen.append(Contract.organisation_id == organisation_id)
    if supplier_id is not None:
        partners = select(ContractPartner.contract_id).where(ContractPartner.supplier_id == supplier_id)
        chosen.append(or_(Contract.supplier_id == supplier_id, Contract.id.in_(partners)))
    if contract_ids is not None:
        chosen.append(Contract.id.in_(contract_ids))
    counted = select(func.count()).select_from(Contract).join(Supplier, Supplier.id == Contract.supplier_id)
    rows = session.execute(
        _rows().where(*chosen).order_by(Contract.start_on.desc(), Contract.id).limit(limit).offset(offset)
    )
    return [RegisterRow(*row) for row in rows], int(session.scalar(counted.where(*chosen)) or 0)


def list_managers(session: Session, *, organisation_id: int) -> list[str]:
    """Everyone named as manager of a contract of a buyer, by name."""
    wanted = select(Contract.manager).where(Contract.organisation_id == organisation_id, Contract.manager.is_not(None))
    return [name for name in session.scalars(wanted.distinct().order_by(Contract.manager)) if name]


def count_contracts(session: Session) -> list[tuple[Organisation, int]]:
    """Every body with contracts, by name, and how many it has."""
    wanted = select(Organisation, func.count()).join(Contract, Contract.organisation_id == Organisation.id)
    found = session.execute(wanted.group_by(Organisation.id).order_by(Organisation.name, Organisation.id))
    return [(organisation, int(count)) for organisation, count in found]


def list_delivered(session: Session, contract_ids: Iterable[int]) -> list[Delivered]:
    """Every claim line of returns that were sent, for contracts; those towards commitments since replaced too.

    What a supplier writes into a queried line is its own until it has answered.
    """
    wanted = (
        select(Commitment.contract_id, Commitment.measure_code, Commitment.year, stated(), Claim.verified)
        .join(Claim, Claim.commitment_id == Commitment.id)
        .join(SocialValueReturn, SocialValueReturn.id == Claim.return_id)
        .where(Commitment.contract_id.in_(list(contract_ids)), SocialValueReturn.status != ReturnStatus.DRAFT)
        .order_by(Claim.id)
    )
    return [Delivered(*row) for row in session.execute(wanted)]


def list_reported(session: Session, contract_ids: Iterable[int]) -> dict[int, date]:
    """The last day that suppliers have reported on, by contract; one without a report is left out."""
    wanted = (
        select(SocialValueReturn.contract_id, func.max(SocialValueReturn.period_end_on))
        .where(SocialValueReturn.contract_id.in_(list(contract_ids)), SocialValueReturn.status != ReturnStatus.DRAFT)
        .group_by(SocialValueReturn.contract_id)
    )
    return {row[0]: row[1] for row in session.execute(wanted)}


def list_delivered_in(session: Session, *, contract_id: int, period: Period) -> list[tuple[str, Decimal]]:
    """What officers verified of a contract in returns that lie in the period: (measure code, quantity)."""
    wanted = (
        select(Commitment.measure_code, Claim.verified)
        .join(Claim, Claim.commitment_id == Commitment.id)
        .join(SocialValueReturn, SocialValueReturn.id == Claim.return_id)
        .where(Commitment.contract_id == contract_id, Claim.verified.is_not(None))
        .where(SocialValueReturn.period_start_on >= quarter_of(period.start_on).start_on)
        .where(SocialValueReturn.period_end_on <= quarter_of(period.end_on).end_on)
        .order_by(Claim.id)
    )
    return [(measure, verified) for measure, verified in session.execute(wanted) if verified is not None]


def _rows() -> Any:
    return (
        select(
            Contract.id,
            Contract.reference,
            Contract.title,
            Supplier.name,
            Organisation.name,
            Contract.contract_value,
            Contract.start_on,
            Contract.end_on,
            Contract.manager,
            Contract.cpv_label,
        )
        .join(Supplier, Supplier.id == Contract.supplier_id)
        .join(Organisation, Organisation.id == Contract.organisation_id)
    )


def _chosen(wanted: RegisterFilter) -> Iterable[ColumnElement[bool]]:
    for word in wanted.words.split():
        columns = (Contract.reference, Contract.title, Supplier.name, Contract.cpv_code, Contract.cpv_label)
        yield or_(*(column.icontains(word, autoescape=True) for column in columns))
    if wanted.manager:
        yield Contract.manager == wanted.manager
    if wanted.standing is Standing.TO_COME:
        yield Contract.start_on > wanted.today
    elif wanted.standing is Standing.ENDED:
        yield Contract.end_on < wanted.today
    elif wanted.standing is Standing.RUNNING:
        yield Contract.start_on <= wanted.today
        yield Contract.end_on >= wanted.today
