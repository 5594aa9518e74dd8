"""What a league table and a local-spend page read: the roll-ups, never the lines; and published tables."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import BigInteger, ColumnElement, func, select, type_coerce
from sqlalchemy.orm import Session, selectinload

from wpound.core.local_spend import RingSpend
from wpound.core.money import Money
from wpound.core.periods import Period, financial_year_of, quarters
from wpound.core.places import Ring
from wpound.store.models.league import LeagueSnapshot, LeagueSnapshotRow
from wpound.store.models.spend import SpendByPayee, SpendByRing
from wpound.store.models.suppliers import Payee, PayeePlacement, Supplier
from wpound.store.spend import quarter_number
from wpound.store.types import hash_of


@dataclass(frozen=True, slots=True)
class SupplierSpendRow:
    """What a supplier, or a payee nobody has identified (``supplier_id`` None), was paid at one placement."""

    payee_id: int | None
    supplier_id: int | None
    name: str
    ring: Ring
    nearest: Ring
    farthest: Ring
    is_transfer: bool
    pence: int
    lines: int


def ring_spend(
    session: Session, *, organisation_ids: Sequence[int], period: Period, rule_key: str
) -> dict[int, list[RingSpend]]:
    """What each organisation paid in a period of whole quarters, by placement under one definition of local.

    Lines without a day are in no period (:func:`undated_spend`). Raises ValueError for a period that cuts a quarter.
    """
    placement = (SpendByRing.ring, SpendByRing.nearest, SpendByRing.farthest, SpendByRing.is_transfer)
    wanted = (
        select(
            SpendByRing.organisation_id, *placement, func.sum(SpendByRing.net_pence), func.sum(SpendByRing.line_count)
        )
        .where(
            SpendByRing.organisation_id.in_(organisation_ids),
            SpendByRing.rule_key == rule_key,
            _within(SpendByRing, period),
        )
        .group_by(SpendByRing.organisation_id, *placement)
        .order_by(SpendByRing.organisation_id, *placement)
    )
    found: dict[int, list[RingSpend]] = {organisation_id: [] for organisation_id in organisation_ids}
    for organisation_id, ring, nearest, farthest, is_transfer, net, lines in session.execute(wanted):
        found[organisation_id].append(RingSpend(ring, nearest, farthest, net.pence, int(lines), is_transfer))
    return found


def supplier_spend(
    session: Session, *, organisation_ids: Sequence[int], period: Period, rule_key: str
) -> dict[int, list[SupplierSpendRow]]:
    """What each organisation paid each supplier in a period of whole quarters, largest first, by placement."""
    payees = select(Payee.id).where(Payee.organisation_id.in_(organisation_ids))
    # Added up by payee first, in the order of the key, so that nothing is sorted before it is small.
    paid = (
        select(
            SpendByPayee.payee_id,
            func.sum(type_coerce(SpendByPayee.net_pence, BigInteger)).label("pence"),
            func.sum(SpendByPayee.line_count).label("lines"),
        )
        .where(SpendByPayee.payee_id.in_(payees), _within(SpendByPayee, period))
        .group_by(SpendByPayee.payee_id)
    ).subquery()
    placement = (PayeePlacement.ring, PayeePlacement.nearest, PayeePlacement.farthest, Payee.is_transfer)
    name = func.coalesce(Supplier.name, Payee.name)
    wanted = (
        select(Payee.organisation_id, Payee.id, Payee.supplier_id, name, *placement, paid.c.pence, paid.c.lines)
        .select_from(paid)
        .join(Payee, Payee.id == paid.c.payee_id)
        .join(PayeePlacement, (PayeePlacement.payee_id == Payee.id) & (PayeePlacement.rule_key == rule_key))
        .join(Supplier, Supplier.id == Payee.supplier_id, isouter=True)
        .order_by(Payee.id)
    )
    found: dict[int, list[SupplierSpendRow]] = {organisation_id: [] for organisation_id in organisation_ids}
    for organisation_id, rows in _by_supplier(session.execute(wanted)).items():
        found[organisation_id] = sorted(rows, key=lambda row: (-row.pence, row.supplier_id or 0, row.payee_id or 0))
    return found


def _by_supplier(rows: Iterable[Any]) -> dict[int, list[SupplierSpendRow]]:
    """Payees of one supplier at one placement added up; unidentified ones stand alone."""
    sums: dict[tuple[Any, ...], tuple[int, int]] = {}
    for organisation_id, payee_id, supplier_id, name, *placement, pence, lines in rows:
        key = (organisation_id, None if supplier_id else payee_id, supplier_id, name, *placement)
        held = sums.get(key, (0, 0))
        sums[key] = (held[0] + int(pence), held[1] + int(lines))
    found: dict[int, list[SupplierSpendRow]] = {}
    for (organisation_id, payee_id, supplier_id, name, *placement), (pence, lines) in sums.items():
        ring, nearest, farthest, is_transfer = placement
        row = SupplierSpendRow(payee_id, supplier_id, name, ring, nearest, farthest, is_transfer, pence, lines)
        found.setdefault(organisation_id, []).append(row)
    return found


def undated_spend(session: Session, *, organisation_ids: Sequence[int]) -> dict[int, tuple[Money, int]]:
    """Net money and number of lines without a day, for each organisation that has any."""
    wanted = (
        select(Payee.organisation_id, func.sum(SpendByPayee.net_pence), func.sum(SpendByPayee.line_count))
        .join(Payee, Payee.id == SpendByPayee.payee_id)
        .where(Payee.organisation_id.in_(organisation_ids), SpendByPayee.quarter == 0)
        .group_by(Payee.organisation_id)
        .order_by(Payee.organisation_id)
    )
    return {organisation_id: (net, int(lines)) for organisation_id, net, lines in session.execute(wanted)}


def list_financial_years(session: Session, *, organisation_ids: Sequence[int]) -> list[int]:
    """The financial years in which any of the organisations has spend, newest first."""
    wanted = (
        select(SpendByRing.financial_year)
        .where(SpendByRing.organisation_id.in_(organisation_ids), SpendByRing.quarter > 0)
        .distinct()
        .order_by(SpendByRing.financial_year.desc())
    )
    return list(session.scalars(wanted))


def spend_fingerprint(session: Session, *, organisation_ids: Sequence[int], period: Period, rule_key: str) -> str:
    """SHA-256 of every figure a table is drawn from, to tell whether spend has changed since it was published."""
    rings = ring_spend(session, organisation_ids=organisation_ids, period=period, rule_key=rule_key)
    paid = supplier_spend(session, organisation_ids=organisation_ids, period=period, rule_key=rule_key)
    figures: Mapping[str, Any] = {
        str(key): {
            "rings": [[r.ring, r.nearest, r.farthest, r.is_transfer, str(r.pence), r.lines] for r in rings[key]],
            "suppliers": [
                [r.supplier_id, r.payee_id, r.ring, r.nearest, r.farthest, r.is_transfer, str(r.pence)]
                for r in paid[key]
            ],
        }
        for key in sorted(rings)
    }
    return hash_of({"rule": rule_key, "period": [str(period.start_on), str(period.end_on)], "figures": figures})


def _within(table: type[SpendByRing | SpendByPayee], period: Period) -> ColumnElement[bool]:
    touched = quarters(period)
    if (touched[0].start_on, touched[-1].end_on) != (period.start_on, period.end_on):
        raise ValueError(f"{period.format()} is not a period of whole quarters")
    first, last = (financial_year_of(day) * 4 + quarter_number(day) for day in (period.start_on, period.end_on))
    return (table.financial_year * 4 + table.quarter).between(first, last)


def find_snapshot(session: Session, *, city_key: str, rule_key: str, period: Period) -> LeagueSnapshot | None:
    """The newest published table of a city for one definition of local and period, with rows and ranks."""
    wanted = (
        select(LeagueSnapshot)
        .where(
            LeagueSnapshot.city_key == city_key,
            LeagueSnapshot.rule_key == rule_key,
            LeagueSnapshot.period_start_on == period.start_on,
            LeagueSnapshot.period_end_on == period.end_on,
        )
        .options(
            selectinload(LeagueSnapshot.rows).options(
                selectinload(LeagueSnapshotRow.ranks), selectinload(LeagueSnapshotRow.rings)
            )
        )
        .order_by(LeagueSnapshot.id.desc())
        .limit(1)
    )
    return session.scalar(wanted)


def list_snapshots(session: Session, *, city_key: str) -> list[LeagueSnapshot]:
    """Every published table of a city, newest first, without rows."""
    wanted = select(LeagueSnapshot).where(LeagueSnapshot.city_key == city_key)
    return list(session.scalars(wanted.order_by(LeagueSnapshot.id.desc())))
