"""What waits for whom: a few queries a page, however many rows there are, every one of them for one organisation.

What is said of bids is how many there are, and that only where the caller asks for it: never who bid or what.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, bindparam, exists, false, func, select
from sqlalchemy.orm import Session

from wpound.core.delivery import ClaimState
from wpound.core.errors import Severity
from wpound.core.money import Money
from wpound.core.periods import Period
from wpound.store.models.accounts import User
from wpound.store.models.bids import Bid, BidMark, MarkKind, PassCheck
from wpound.store.models.contracts import Commitment, Contract, ContractPartner
from wpound.store.models.organisations import Organisation
from wpound.store.models.panel import PanelSeat
from wpound.store.models.returns import Claim, ReturnStatus, SocialValueReturn
from wpound.store.models.spend import FileStatus, SpendFile, SpendIssue, SpendSource
from wpound.store.models.suppliers import Supplier
from wpound.store.models.tenders import Tender, TenderStage
from wpound.store.prepared import Prepared


@dataclass(frozen=True, slots=True)
class Whose:
    """Whose contracts are meant: a buyer's, those of the list where there is one, or a supplier's.

    A contract of several suppliers is each of theirs, and so are its returns.
    """

    organisation_id: int | None = None
    supplier_id: int | None = None
    contract_ids: Collection[int] | None = None

    @property
    def conditions(self) -> list[ColumnElement[bool]]:
        """What limits a look-up; raises ValueError where it is nobody's, which would show everybody's."""
        if (self.organisation_id is None) == (self.supplier_id is None):
            raise ValueError("say whose: the buyer's or the supplier's")
        if self.supplier_id is not None:
            partners = select(ContractPartner.contract_id).where(ContractPartner.supplier_id == self.supplier_id)
            chosen: list[ColumnElement[bool]] = [(Contract.supplier_id == self.supplier_id) | Contract.id.in_(partners)]
        else:
            chosen = [Contract.organisation_id == self.organisation_id]
        return chosen if self.contract_ids is None else [*chosen, Contract.id.in_(self.contract_ids)]


class TenderRow(NamedTuple):
    """One tender as a list shows it; a list makes so many of them that a plain tuple with names is worth it."""

    tender_id: int
    ocid: str
    title: str
    buyer: str
    stage: TenderStage
    deadline_at: datetime | None
    contract_value: Money | None


@dataclass(frozen=True, slots=True)
class MarkingRow:
    """A tender whose bids are being marked: its method, its bids, and the marks in so far, of one kind."""

    tender_id: int
    ocid: str
    title: str
    method: dict[str, Any]
    bids: int
    marks: int


@dataclass(frozen=True, slots=True)
class ReturnRow:
    """A return as a list shows it.

    ``claims`` of which ``checked`` are decided, ``reduced`` cut back and ``queried`` wait for the supplier's answer.
    """

    return_id: int
    contract: str
    title: str
    supplier: str
    buyer: str
    period: Period
    status: ReturnStatus
    submitted_at: datetime | None
    claims: int
    checked: int
    reduced: int
    queried: int


class Draft(NamedTuple):
    """A return that is not sent yet, with the last day for it."""

    return_id: int
    contract_id: int
    period: Period
    due_on: date


@dataclass(frozen=True, slots=True)
class FileRow:
    """A spend file as a list shows it; ``issues`` counts its errors and warnings."""

    file_id: int
    source: str
    file_name: str
    status: FileStatus
    refused_because: str | None
    withdrawn_because: str | None
    lines: int
    total: Money
    first_paid_on: date | None
    last_paid_on: date | None
    imported_at: datetime
    imported_by: str
    issues: int


@dataclass(frozen=True, slots=True)
class ContractRow:
    """A contract with the last day its supplier has reported on (None: nothing was reported)."""

    contract_id: int
    reference: str
    title: str
    supplier: str
    buyer: str
    life: Period
    reported_until: date | None


def count_stages(session: Session, *, organisation_id: int) -> dict[TenderStage, int]:
    """How many of a buyer's tenders stand at each stage; a stage nobody is at is left out."""
    wanted = select(Tender.stage, func.count()).where(Tender.organisation_id == organisation_id).group_by(Tender.stage)
    return {stage: int(count) for stage, count in session.execute(wanted)}


def list_tender_rows(
    session: Session, *, organisation_id: int, stage: TenderStage | None = None, limit: int, offset: int = 0
) -> tuple[list[TenderRow], int]:
    """A buyer's tenders, newest first, all or at one stage: so many of them, and how many there are."""
    chosen = {"organisation_id": organisation_id} | ({"stage": stage} if stage else {})
    return _tender_rows(session, _AT_STAGE if stage else _OF_BUYER, limit, offset, **chosen)


def list_open_tenders(session: Session, *, now: datetime, limit: int, offset: int = 0) -> tuple[list[TenderRow], int]:
    """The tenders of every buyer that take bids now, the first to close first, and how many there are."""
    return _tender_rows(session, _TAKING_BIDS, limit, offset, now=now)


def list_tenders_to_open(
    session: Session, *, organisation_id: int, now: datetime, limit: int
) -> tuple[list[TenderRow], int]:
    """A buyer's tenders whose deadline has passed and whose bids are not opened, the longest waiting first."""
    return _tender_rows(session, _TO_OPEN, limit, 0, organisation_id=organisation_id, now=now)


def _tender_rows(
    session: Session, statement: Prepared, limit: int, offset: int, **chosen: Any
) -> tuple[list[TenderRow], int]:
    found = statement.rows(session, limit=limit, offset=offset, **chosen)
    return [row for row, _ in found], found[0][1] if found else 0


def _select_tenders(*chosen: ColumnElement[bool], order: Sequence[ColumnElement[Any]]) -> Prepared:
    """A page of tenders, each with the number of all; a page beyond the last has no rows and so no number.

    Counted beside the page, not as a window over it: that would first collect all of them with their texts.
    """
    shown = (_T.id, _T.ocid, _T.title, _O.name, _T.stage, _T.deadline_at, _T.contract_value)
    counted = select(func.count()).select_from(Tender.__table__).where(*chosen).correlate(None)
    return Prepared(
        select(*shown, counted.scalar_subquery())
        .join_from(Tender.__table__, Organisation.__table__, _O.id == _T.organisation_id)
        .where(*chosen)
        .order_by(*order)
        .limit(bindparam("limit"))
        .offset(bindparam("offset")),
        lambda row: (TenderRow._make(row[:-1]), row[-1]),
    )


_T, _O = Tender.__table__.c, Organisation.__table__.c
_OWN, _NOW = _T.organisation_id == bindparam("organisation_id"), bindparam("now", type_=_T.deadline_at.type)
_NEWEST, _FIRST_TO_CLOSE = (_T.id.desc(),), (_T.deadline_at, _T.id)
_OF_BUYER = _select_tenders(_OWN, order=_NEWEST)
_AT_STAGE = _select_tenders(_OWN, _T.stage == bindparam("stage"), order=_NEWEST)
_TAKING_BIDS = _select_tenders(_T.stage == TenderStage.PUBLISHED, _T.deadline_at > _NOW, order=_FIRST_TO_CLOSE)
_TO_OPEN = _select_tenders(
    _OWN,
    (_T.stage == TenderStage.PUBLISHED) | (_T.stage == TenderStage.CLOSED),
    _T.deadline_at <= _NOW,
    order=_FIRST_TO_CLOSE,
)


def list_marking(
    session: Session,
    *,
    organisation_id: int,
    marked_by: str | None = None,
    tender_ids: Collection[int] | None = None,
) -> list[MarkingRow]:
    """A buyer's tenders in evaluation with the agreed marks in so far, or with the own complete marks of ``marked_by``.

    A bid that did not pass a check is not counted; of own marks, neither is a tender whose sheet is closed.
    ``tender_ids`` leaves only those of the list.
    """
    running = Bid.id.not_in(select(PassCheck.bid_id).where(PassCheck.passed.is_(False)))
    counted, closed = BidMark.kind == MarkKind.CONSENSUS, select(PanelSeat.tender_id).where(false())
    if marked_by is not None:
        counted = (BidMark.kind == MarkKind.INDIVIDUAL) & (BidMark.marked_by == marked_by)
        counted &= BidMark.mark.is_not(None) & (BidMark.reason != "")
        closed = select(PanelSeat.tender_id).join(User, User.id == PanelSeat.user_id)
        closed = closed.where(User.email == marked_by, PanelSeat.finished_at.is_not(None))
    wanted = (
        select(
            Tender.id,
            Tender.ocid,
            Tender.title,
            Tender.method,
            select(func.count()).where(Bid.tender_id == Tender.id, running).correlate(Tender).scalar_subquery(),
            select(func.count())
            .select_from(BidMark)
            .join(Bid, Bid.id == BidMark.bid_id)
            .where(Bid.tender_id == Tender.id, running, counted)
            .correlate(Tender)
            .scalar_subquery(),
        )
        .where(Tender.organisation_id == organisation_id, Tender.stage == TenderStage.EVALUATION)
        .where(Tender.id.not_in(closed))
        .order_by(Tender.deadline_at, Tender.id)
    )
    if tender_ids is not None:
        wanted = wanted.where(Tender.id.in_(tender_ids))
    return [MarkingRow(*found) for found in session.execute(wanted)]


def list_return_rows(
    session: Session,
    whose: Whose,
    *,
    statuses: Collection[ReturnStatus],
    limit: int,
    offset: int = 0,
    with_query: bool = False,
) -> tuple[list[ReturnRow], int]:
    """Returns to a buyer or of a supplier, those that wait the longest first, of several statuses the newest first.

    Of the statuses given, ``with_query`` only those with a query that waits for an answer: so many of them, and how
    many there are.
    """
    chosen = [*whose.conditions, SocialValueReturn.status.in_(statuses)]
    if with_query:
        queried = select(Claim.return_id).where(Claim.state == ClaimState.QUERIED)
        chosen.append(SocialValueReturn.id.in_(queried))
    order = (SocialValueReturn.submitted_at, SocialValueReturn.id)
    newest = tuple(column.desc() for column in order)
    wanted = _returns().where(*chosen).order_by(*(order if len(statuses) == 1 else newest))
    counted = select(func.count()).select_from(SocialValueReturn).join(Contract).where(*chosen)
    found: list[Any] = list(session.execute(wanted.limit(limit).offset(offset)))
    claims = _count_claims(session, [row.id for row in found])
    rows = []
    for return_id, contract, title, supplier, buyer, start_on, end_on, standing, submitted_at in found:
        period, counts = Period(start_on, end_on), claims[return_id]
        rows.append(ReturnRow(return_id, contract, title, supplier, buyer, period, standing, submitted_at, *counts))
    return rows, int(session.scalar(counted) or 0)


def _returns() -> Any:
    columns = (
        SocialValueReturn.id,
        Contract.reference,
        Contract.title,
        Supplier.name,
        Organisation.name,
        SocialValueReturn.period_start_on,
        SocialValueReturn.period_end_on,
        SocialValueReturn.status,
        SocialValueReturn.submitted_at,
    )
    return (
        select(*columns)
        .join(Contract, Contract.id == SocialValueReturn.contract_id)
        .join(Supplier, Supplier.id == Contract.supplier_id)
        .join(Organisation, Organisation.id == Contract.organisation_id)
    )


def _count_claims(session: Session, return_ids: Collection[int]) -> dict[int, tuple[int, int, int, int]]:
    """For each return how many claims it has, how many are decided, how many of these were cut back, how many queried.

    Counted here and not in SQL: quantities are kept as the digits written, and 8.5 is not less than 8.50.
    """
    counts = dict.fromkeys(return_ids, (0, 0, 0, 0))
    wanted = select(Claim.return_id, Claim.state, Claim.claimed, Claim.verified)
    for return_id, state, claimed, verified in session.execute(wanted.where(Claim.return_id.in_(return_ids))):
        claims, checked, reduced, queried = counts[return_id]
        is_reduced = verified is not None and verified < claimed
        is_queried = state is ClaimState.QUERIED
        counts[return_id] = (claims + 1, checked + (verified is not None), reduced + is_reduced, queried + is_queried)
    return counts


def list_contract_rows(session: Session, whose: Whose) -> list[ContractRow]:
    """A buyer's or a supplier's contracts under which something is promised, with what was reported, by reference."""
    promised = exists().where(Commitment.contract_id == Contract.id, Commitment.ended_with_id.is_(None))
    reported = (
        select(func.max(SocialValueReturn.period_end_on))
        .where(SocialValueReturn.contract_id == Contract.id, SocialValueReturn.status != ReturnStatus.DRAFT)
        .correlate(Contract)
        .scalar_subquery()
    )
    wanted = (
        select(
            Contract.id,
            Contract.reference,
            Contract.title,
            Supplier.name,
            Organisation.name,
            Contract.start_on,
            Contract.end_on,
            reported,
        )
        .join(Supplier, Supplier.id == Contract.supplier_id)
        .join(Organisation, Organisation.id == Contract.organisation_id)
        .where(*whose.conditions, promised)
        .order_by(Contract.reference, Contract.id)
    )
    return [ContractRow(*row[:5], Period(row[5], row[6]), row[7]) for row in session.execute(wanted)]


def list_contract_ids(session: Session, whose: Whose) -> set[int]:
    """The numbers of a buyer's or a supplier's contracts."""
    return set(session.scalars(select(Contract.id).where(*whose.conditions)))


def list_drafts(session: Session, whose: Whose) -> list[Draft]:
    """The returns of a buyer's or a supplier's contracts that are not sent yet, the first due first."""
    made = SocialValueReturn
    wanted = (
        select(made.id, made.contract_id, made.period_start_on, made.period_end_on, made.due_on)
        .join(Contract, Contract.id == made.contract_id)
        .where(*whose.conditions, made.status == ReturnStatus.DRAFT)
        .order_by(made.due_on, made.id)
    )
    found = session.execute(wanted)
    return [Draft(draft_id, contract_id, Period(*days), due_on) for draft_id, contract_id, *days, due_on in found]


def list_file_rows(session: Session, *, organisation_id: int, limit: int, offset: int = 0) -> tuple[list[FileRow], int]:
    """An organisation's spend files, the last imported first: so many of them, and how many there are."""
    issues = select(func.count()).where(SpendIssue.file_id == SpendFile.id, SpendIssue.severity != Severity.NOTE)
    wanted = (
        select(
            SpendFile.id,
            SpendSource.title,
            SpendFile.file_name,
            SpendFile.status,
            SpendFile.refused_because,
            SpendFile.withdrawn_because,
            SpendFile.loaded_rows,
            SpendFile.total,
            SpendFile.first_paid_on,
            SpendFile.last_paid_on,
            SpendFile.created_at,
            SpendFile.imported_by,
            issues.correlate(SpendFile).scalar_subquery(),
        )
        .join(SpendSource, SpendSource.id == SpendFile.source_id)
        .where(SpendSource.organisation_id == organisation_id)
    )
    counted = select(func.count()).select_from(SpendFile).join(SpendSource)
    rows = session.execute(wanted.order_by(SpendFile.id.desc()).limit(limit).offset(offset))
    total = session.scalar(counted.where(SpendSource.organisation_id == organisation_id))
    return [FileRow(*tuple(row)) for row in rows], int(total or 0)


def find_supplier_id(session: Session, *, organisation_id: int) -> int | None:
    """The supplier that an organisation of our accounts is, known by its identifier; None where no register has it."""
    wanted = select(Supplier.id).join(Organisation, Organisation.identifier == Supplier.identifier)
    return session.scalar(wanted.where(Organisation.id == organisation_id))
