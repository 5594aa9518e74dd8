"""Which payments belong to which contract: what is linked, what a rule proposes, and what fits no contract."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Select, and_, case, delete, false, func, literal, or_, select, tuple_
from sqlalchemy.orm import Session

from wpound.core.money import Money
from wpound.core.periods import Period
from wpound.store.base import add
from wpound.store.models.contract_links import ContractPayment, LinkedBy
from wpound.store.models.contracts import Contract, ContractPartner
from wpound.store.models.spend import SpendByPayee, SpendFile, SpendLine, SpendSource
from wpound.store.models.suppliers import Payee, Supplier

# A shorter reference is found in texts that do not mean it.
SHORTEST_REFERENCE = 4


class LineKey(NamedTuple):
    """A payment row by its file, sheet and line."""

    file_id: int
    sheet: str
    line_number: int


class PaymentRow(NamedTuple):
    """A payment as a list shows it, with what its link was proposed by."""

    file_id: int
    sheet: str
    line_number: int
    paid_on: date | None
    payee: str
    purpose: str | None
    transaction_number: str | None
    net_pence: Money
    linked_by: str

    @property
    def key(self) -> LineKey:
        """The row it is."""
        return LineKey(*self[:3])


@dataclass(frozen=True, slots=True)
class Fit:
    """What makes a payment fit a contract: its reference, or its suppliers and days where no other contract fits too.

    ``others`` are the days of other contracts with the same suppliers, ``other_references`` what they are called.
    """

    organisation_id: int
    supplier_ids: tuple[int, ...]
    reference: str
    days: Period
    others: tuple[Period, ...] = ()
    other_references: tuple[str, ...] = ()


class SupplierSpend(NamedTuple):
    """What was paid to a supplier (None: to payees nobody has identified)."""

    supplier_id: int | None
    supplier: str | None
    paid: Money


def link_payment(session: Session, key: LineKey, *, contract_id: int, linked_by: LinkedBy, by: str) -> ContractPayment:
    """Say that a payment belongs to a contract; raises StateError where it belongs to one already."""
    row = ContractPayment(**key._asdict(), contract_id=contract_id, linked_by=linked_by, confirmed_by=by)
    return add(session, row)


def unlink_payments(session: Session, keys: Collection[LineKey], *, contract_id: int) -> int:
    """Take payments out of a contract; how many were in it."""
    mine = and_(_same_row(keys), ContractPayment.contract_id == contract_id)
    count = session.scalar(select(func.count()).select_from(ContractPayment).where(mine))
    session.execute(delete(ContractPayment).where(mine))
    return int(count or 0)


def sum_payments(session: Session, contract_ids: Collection[int]) -> dict[int, Money]:
    """What was paid under contracts, by contract; one that nothing is linked to is left out."""
    wanted = (
        select(ContractPayment.contract_id, func.sum(SpendLine.net_pence))
        .join(SpendLine, _is_line())
        .join(SpendFile, SpendFile.id == SpendLine.file_id)
        .where(ContractPayment.contract_id.in_(contract_ids), _in_force())
        .group_by(ContractPayment.contract_id)
    )
    return {row[0]: row[1] for row in session.execute(wanted)}


def list_linked(session: Session, contract_id: int, *, limit: int, offset: int = 0) -> tuple[list[PaymentRow], int]:
    """The payments linked to a contract, latest first: so many of them, and how many there are."""
    linked = _lines(ContractPayment.linked_by).join(ContractPayment, _is_line())
    return _page(session, linked.where(ContractPayment.contract_id == contract_id, _in_force()), limit, offset)


def list_proposed(
    session: Session, fit: Fit, *, among: Collection[LineKey] | None = None, limit: int, offset: int = 0
) -> tuple[list[PaymentRow], int]:
    """Payments that belong to no contract and fit this one, latest first: so many (of ``among``), and how many."""
    by_reference, by_days = _names(fit.reference), _fits_days(fit)
    rule = case((by_reference, literal(LinkedBy.REFERENCE.value)), else_=literal(LinkedBy.SUPPLIER_AND_DATES.value))
    wanted = _unlinked(_lines(rule), fit.organisation_id, fit.supplier_ids).where(or_(by_reference, by_days))
    if among is not None:
        wanted = wanted.where(_line_key().in_([tuple(key) for key in among]))
    return _page(session, wanted, limit, offset)


def find_unlinked(
    session: Session, keys: Collection[LineKey], *, organisation_id: int, supplier_ids: Sequence[int]
) -> set[LineKey]:
    """Those of the payments that are to these suppliers and belong to no contract yet."""
    wanted = _unlinked(_lines(literal("")), organisation_id, supplier_ids)
    found = session.execute(wanted.where(_line_key().in_([tuple(key) for key in keys])))
    return {PaymentRow(*row).key for row in found}


def sum_by_supplier(session: Session, *, organisation_id: int, financial_year: int | None) -> list[SupplierSpend]:
    """What an organisation paid to each supplier, other public bodies left out, the largest first."""
    paid = func.sum(SpendByPayee.net_pence)
    wanted = (
        select(Payee.supplier_id, Supplier.name, paid)
        .join(SpendByPayee, SpendByPayee.payee_id == Payee.id)
        .join(Supplier, Supplier.id == Payee.supplier_id, isouter=True)
        .where(Payee.organisation_id == organisation_id, Payee.is_transfer.is_(False))
        .group_by(Payee.supplier_id, Supplier.name)
        .order_by(paid.desc(), Supplier.name)
    )
    if financial_year is not None:
        wanted = wanted.where(SpendByPayee.financial_year == financial_year)
    return [SupplierSpend(*row) for row in session.execute(wanted)]


def sum_by_day(
    session: Session, *, organisation_id: int, financial_year: int | None, linked: bool
) -> list[tuple[int | None, date | None, Money]]:
    """What was paid to each supplier with a contract on each day, linked to a contract or not."""
    contracted = select(Contract.supplier_id).where(Contract.organisation_id == organisation_id)
    partners = select(ContractPartner.supplier_id).join(Contract, Contract.id == ContractPartner.contract_id)
    both = contracted.union(partners.where(Contract.organisation_id == organisation_id))
    wanted = (
        select(Payee.supplier_id, SpendLine.paid_on, func.sum(SpendLine.net_pence))
        .select_from(SpendLine)
        .join(SpendFile, SpendFile.id == SpendLine.file_id)
        .join(Payee, Payee.id == SpendLine.payee_id)
        .join(ContractPayment, _is_line(), isouter=True)
        .where(Payee.organisation_id == organisation_id, Payee.is_transfer.is_(False), _in_force())
        .where(Payee.supplier_id.in_(both), ContractPayment.contract_id.is_not(None) if linked else _no_link())
        .group_by(Payee.supplier_id, SpendLine.paid_on)
        .order_by(Payee.supplier_id, SpendLine.paid_on)
    )
    if financial_year is not None:
        wanted = wanted.where(SpendLine.financial_year == financial_year)
    return [(row[0], row[1], row[2]) for row in session.execute(wanted)]


def list_contract_days(session: Session, *, organisation_id: int) -> list[tuple[int, int, str, Period]]:
    """Every contract of a buyer with each of its suppliers: contract, supplier, reference, days; 2 queries."""
    columns = (Contract.reference, Contract.start_on, Contract.end_on)
    first = select(Contract.id, Contract.supplier_id, *columns)
    partner = select(Contract.id, ContractPartner.supplier_id, *columns).join(
        ContractPartner, ContractPartner.contract_id == Contract.id
    )
    own = Contract.organisation_id == organisation_id
    rows = [row for wanted in (first, partner) for row in session.execute(wanted.where(own).order_by(Contract.id))]
    return [(row[0], row[1], row[2], Period(row[3], row[4])) for row in rows]


def list_years(session: Session, *, organisation_id: int) -> list[int]:
    """The financial years an organisation has payments for, the latest first."""
    wanted = select(SpendByPayee.financial_year).join(Payee, Payee.id == SpendByPayee.payee_id)
    own = wanted.where(Payee.organisation_id == organisation_id, SpendByPayee.financial_year > 0)
    return sorted(set(session.scalars(own.distinct())), reverse=True)


def _lines(linked_by: Any) -> Select[Any]:
    columns = (SpendLine.paid_on, Payee.name, SpendLine.purpose, SpendLine.transaction_number, SpendLine.net_pence)
    return (
        select(SpendLine.file_id, SpendLine.sheet, SpendLine.line_number, *columns, linked_by)
        .join(SpendFile, SpendFile.id == SpendLine.file_id)
        .join(Payee, Payee.id == SpendLine.payee_id)
    )


def _unlinked(wanted: Select[Any], organisation_id: int, supplier_ids: Sequence[int]) -> Select[Any]:
    return (
        wanted.join(SpendSource, SpendSource.id == SpendFile.source_id)
        .join(ContractPayment, _is_line(), isouter=True)
        .where(SpendSource.organisation_id == organisation_id, Payee.supplier_id.in_(supplier_ids))
        .where(_in_force(), _no_link())
    )


def _page(session: Session, wanted: Select[Any], limit: int, offset: int) -> tuple[list[PaymentRow], int]:
    count = session.scalar(select(func.count()).select_from(wanted.subquery()))
    order = (SpendLine.paid_on.desc(), SpendLine.file_id, SpendLine.sheet, SpendLine.line_number)
    rows = session.execute(wanted.order_by(*order).limit(limit).offset(offset))
    return [PaymentRow(*row) for row in rows], int(count or 0)


def _names(reference: str) -> ColumnElement[bool]:
    """Whether a payment's own texts name a contract."""
    if len(reference) < SHORTEST_REFERENCE:
        return false()
    texts = (SpendLine.purpose, SpendLine.transaction_number)
    return or_(*(func.coalesce(text.icontains(reference, autoescape=True), false()) for text in texts))


def _fits_days(fit: Fit) -> ColumnElement[bool]:
    fits = [_on_days(fit.days), *(~_on_days(days) for days in fit.others)]
    return and_(*fits, *(~_names(reference) for reference in fit.other_references))


def _on_days(days: Period) -> ColumnElement[bool]:
    return SpendLine.paid_on.between(days.start_on, days.end_on)


def _is_line() -> ColumnElement[bool]:
    return and_(
        ContractPayment.file_id == SpendLine.file_id,
        ContractPayment.sheet == SpendLine.sheet,
        ContractPayment.line_number == SpendLine.line_number,
    )


def _same_row(keys: Collection[LineKey]) -> ColumnElement[bool]:
    row = tuple_(ContractPayment.file_id, ContractPayment.sheet, ContractPayment.line_number)
    return row.in_([tuple(key) for key in keys])


def _line_key() -> Any:
    return tuple_(SpendLine.file_id, SpendLine.sheet, SpendLine.line_number)


def _no_link() -> ColumnElement[bool]:
    return ContractPayment.contract_id.is_(None)


def _in_force() -> ColumnElement[bool]:
    """Files that were taken back, and the links to their lines, do not count."""
    return SpendFile.withdrawn_at.is_(None)
