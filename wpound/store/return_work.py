"""Which lines of returns wait for whom: a few queries, however many lines there are, each for one organisation."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, func, select
from sqlalchemy.orm import Session

from wpound.core.delivery import ClaimState
from wpound.core.periods import Period
from wpound.store.models.contracts import Commitment, Contract
from wpound.store.models.organisations import Organisation
from wpound.store.models.returns import (
    Claim,
    ClaimCorrection,
    ClaimMessage,
    ClaimVersion,
    MessageKind,
    SocialValueReturn,
    VersionKind,
)
from wpound.store.models.suppliers import Supplier
from wpound.store.workload import Whose


@dataclass(frozen=True, slots=True)
class LineRow:
    """One line of a return that waits for somebody since a moment, a query until the end of ``reply_by``.

    ``accepted`` says how a correction was decided, None for one that is not, and for a line without one.
    """

    return_id: int
    claim_id: int
    contract: str
    title: str
    supplier: str
    buyer: str
    period: Period
    measure_code: str
    year: int | None
    since: datetime
    reply_by: date | None
    accepted: bool | None


def list_queried(session: Session, whose: Whose, *, limit: int) -> tuple[list[LineRow], int]:
    """Lines that wait for the supplier's answer, the first to be answered first: so many, and how many there are."""
    asked = _last(ClaimMessage, ClaimMessage.kind == MessageKind.QUERY)
    wanted = _lines(asked).where(Claim.state == ClaimState.QUERIED)
    return _page(session, wanted, whose, limit, Claim.reply_by)


def list_answered(session: Session, whose: Whose, *, limit: int) -> tuple[list[LineRow], int]:
    """Lines whose query was answered and that are not decided yet, the longest waiting first."""
    answered = _last(ClaimVersion, ClaimVersion.kind == VersionKind.ANSWERED)
    wanted = _lines(answered).where(Claim.state == ClaimState.SUBMITTED, answered.is_not(None))
    return _page(session, wanted, whose, limit, answered)


def list_proposed(session: Session, whose: Whose, *, not_by: str, limit: int) -> tuple[list[LineRow], int]:
    """Corrections that wait for a decision of somebody else than who proposed them, the longest waiting first."""
    since = ClaimCorrection.created_at
    wanted = _lines(since).join(ClaimCorrection, ClaimCorrection.claim_id == Claim.id)
    wanted = wanted.where(ClaimCorrection.decided_by.is_(None), ClaimCorrection.proposed_by != not_by)
    return _page(session, wanted, whose, limit, since)


def list_decided(session: Session, whose: Whose, *, since: datetime, limit: int) -> tuple[list[LineRow], int]:
    """Corrections that were decided at a moment or later, the last decided first."""
    wanted = _lines(ClaimCorrection.decided_at, ClaimCorrection.accepted)
    wanted = wanted.join(ClaimCorrection, ClaimCorrection.claim_id == Claim.id)
    wanted = wanted.where(ClaimCorrection.decided_at >= since)
    return _page(session, wanted, whose, limit, ClaimCorrection.decided_at.desc())


def _last(model: type[ClaimMessage | ClaimVersion], chosen: ColumnElement[bool]) -> Any:
    """When a claim's last row of a kind was written, None without any."""
    moment = model.created_at
    wanted = select(func.max(moment, type_=moment.type)).where(model.claim_id == Claim.id, chosen)
    return wanted.correlate(Claim).scalar_subquery()


def _lines(since: Any, *more: Any) -> Any:
    columns = (
        SocialValueReturn.id,
        Claim.id,
        Contract.reference,
        Contract.title,
        Supplier.name,
        Organisation.name,
        SocialValueReturn.period_start_on,
        SocialValueReturn.period_end_on,
        Commitment.measure_code,
        Commitment.year,
        since,
        Claim.reply_by,
        *more,
    )
    return (
        select(*columns)
        .select_from(Claim)
        .join(SocialValueReturn, SocialValueReturn.id == Claim.return_id)
        .join(Commitment, Commitment.id == Claim.commitment_id)
        .join(Contract, Contract.id == SocialValueReturn.contract_id)
        .join(Supplier, Supplier.id == Contract.supplier_id)
        .join(Organisation, Organisation.id == Contract.organisation_id)
    )


def _page(session: Session, wanted: Select[Any], whose: Whose, limit: int, order: Any) -> tuple[list[LineRow], int]:
    wanted = wanted.where(*whose.conditions)
    count = session.scalar(select(func.count()).select_from(wanted.order_by(None).subquery()))
    found = session.execute(wanted.order_by(order, Claim.id).limit(limit))
    return [_row(*row) for row in found], int(count or 0)


def _row(*columns: Any) -> LineRow:
    return_id, claim_id, contract, title, supplier, buyer, start_on, end_on, code, year, since, reply_by, *more = (
        columns
    )
    accepted = more[0] if more else None
    period = Period(start_on, end_on)
    return LineRow(return_id, claim_id, contract, title, supplier, buyer, period, code, year, since, reply_by, accepted)
