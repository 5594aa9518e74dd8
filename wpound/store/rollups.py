"""The spend roll-ups: kept in step in the transaction that changes lines or placements, proved against the lines.

``spend_by_payee`` adds up the lines in force by payee and quarter; ``spend_by_ring`` adds that up by where the payees
are under each definition of local (``docs/decisions/0011-lines-are-facts.md``).
"""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

from sqlalchemy import BigInteger, Select, Subquery, delete, exists, func, select, true, type_coerce
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import InstrumentedAttribute, Session

from wpound.core.places import Placement
from wpound.store.base import Base
from wpound.store.bulk import chunks, insert_rows
from wpound.store.models.organisations import Organisation
from wpound.store.models.spend import FileStatus, SpendByPayee, SpendByRing, SpendFile, SpendLine
from wpound.store.models.suppliers import Payee, PayeePlacement

_PAYEE_KEY = ("payee_id", "financial_year", "quarter")
_RING_KEY = (
    "organisation_id",
    "rule_key",
    "financial_year",
    "quarter",
    "ring",
    "nearest",
    "farthest",
    "is_transfer",
)


def count_file(session: Session, file_id: int, sign: int) -> None:
    """Add a file's lines to the roll-ups (``sign`` 1) or take them out (-1)."""
    amounts = _amounts(SpendLine, SpendLine.file_id == file_id, func.count(), sign)
    _add(session, SpendByPayee, _PAYEE_KEY, select(amounts).where(true()))
    _add(session, SpendByRing, _RING_KEY, _by_ring(amounts))
    _drop_empty(session)


def set_placements(session: Session, rule_key: str, placements: Mapping[int, Placement]) -> None:
    """Say where payees (by id) are under a definition of local; their spend moves to the new rings with them.

    Payees that are there already cost a look and no more.
    """
    for chunk in chunks(sorted(placements)):
        under_rule = (PayeePlacement.rule_key == rule_key, PayeePlacement.payee_id.in_(chunk))
        columns = (PayeePlacement.payee_id, PayeePlacement.ring, PayeePlacement.nearest, PayeePlacement.farthest)
        held = {
            payee_id: Placement(*rings) for payee_id, *rings in session.execute(select(*columns).where(*under_rule))
        }
        _move(session, rule_key, {key: placements[key] for key in chunk if held.get(key) != placements[key]})


def _move(session: Session, rule_key: str, placements: Mapping[int, Placement]) -> None:
    """Write the placements of a chunk of payees that are somewhere else now, or were not placed yet."""
    ids = list(placements)
    if not ids:
        return
    with moving(session, ids):
        session.execute(
            delete(PayeePlacement).where(PayeePlacement.rule_key == rule_key, PayeePlacement.payee_id.in_(ids))
        )
        rows = ((key, rule_key, p.ring.value, p.nearest.value, p.farthest.value) for key, p in placements.items())
        insert_rows(session, "payee_placements", ("payee_id", "rule_key", "ring", "nearest", "farthest"), rows)


@contextmanager
def moving(session: Session, payee_ids: Sequence[int]) -> Iterator[None]:
    """Take some payees' spend out of the rings, let the caller change where or what they are, and put it back."""
    session.flush()
    _add(session, SpendByRing, _RING_KEY, _by_ring(_payee_amounts(payee_ids, -1)))
    yield
    session.flush()
    _add(session, SpendByRing, _RING_KEY, _by_ring(_payee_amounts(payee_ids, 1)))
    _drop_empty(session)


def rebuild(session: Session) -> None:
    """Make both roll-ups anew from the lines in force."""
    session.execute(delete(SpendByRing))
    session.execute(delete(SpendByPayee))
    amounts = _amounts_in_force()
    _add(session, SpendByPayee, _PAYEE_KEY, select(amounts).where(true()))
    _add(session, SpendByRing, _RING_KEY, _by_ring(amounts))


def check_rollups(session: Session) -> list[str]:
    """Every difference between roll-ups and lines in plain words; none when they agree."""
    by_payee = _amounts_in_force()
    held = select(*(getattr(SpendByPayee, name) for name in (*_PAYEE_KEY, "net_pence", "line_count")))
    by_ring = select(*(getattr(SpendByRing, name) for name in (*_RING_KEY, "net_pence", "line_count")))
    return [
        *_differences(session, "by payee", select(by_payee), held),
        *_differences(session, "by ring", _by_ring(_payee_amounts(None, 1)), by_ring),
        *_files_that_differ(session),
        *list_unplaced(session),
    ]


def list_unplaced(session: Session) -> list[str]:
    """Payees with spend and no place under a definition of local that others of their organisation are placed under."""
    rules = (
        select(Payee.organisation_id, PayeePlacement.rule_key)
        .join(Payee, Payee.id == PayeePlacement.payee_id)
        .distinct()
    ).subquery()
    placed = exists().where(PayeePlacement.payee_id == Payee.id, PayeePlacement.rule_key == rules.c.rule_key)
    spent = exists().where(SpendByPayee.payee_id == Payee.id)
    wanted = (
        select(Organisation.key, rules.c.rule_key, func.count())
        .join(Payee, Payee.organisation_id == Organisation.id)
        .join(rules, rules.c.organisation_id == Organisation.id)
        .where(spent, ~placed)
        .group_by(Organisation.key, rules.c.rule_key)
        .order_by(Organisation.key, rules.c.rule_key)
    )
    return [
        f"{count} payees of {organisation} have no place under {rule}: place them before the totals are used."
        for organisation, rule, count in session.execute(wanted)
    ]


def _amounts(source: type[SpendLine | SpendByPayee], where: Any, lines: Any, sign: int) -> Subquery:
    net = type_coerce(source.net_pence, BigInteger)
    return (
        select(
            source.payee_id,
            source.financial_year,
            source.quarter,
            (func.sum(net) * sign).label("net_pence"),
            (lines * sign).label("line_count"),
        )
        .where(where)
        .group_by(source.payee_id, source.financial_year, source.quarter)
    ).subquery("amounts")


def _amounts_in_force() -> Subquery:
    in_force = SpendLine.file_id.in_(
        select(SpendFile.id).where(SpendFile.withdrawn_at.is_(None), SpendFile.status != FileStatus.IMPORTING)
    )
    return _amounts(SpendLine, in_force, func.count(), 1)


def _payee_amounts(payee_ids: Sequence[int] | None, sign: int) -> Subquery:
    wanted = true() if payee_ids is None else SpendByPayee.payee_id.in_(payee_ids)
    return _amounts(SpendByPayee, wanted, func.sum(SpendByPayee.line_count), sign)


def _by_ring(amounts: Subquery) -> Select[Any]:
    key: list[InstrumentedAttribute[Any] | Any] = [
        Payee.organisation_id,
        PayeePlacement.rule_key,
        amounts.c.financial_year,
        amounts.c.quarter,
        PayeePlacement.ring,
        PayeePlacement.nearest,
        PayeePlacement.farthest,
        Payee.is_transfer,
    ]
    return (
        select(
            *key,
            func.sum(amounts.c.net_pence).label("net_pence"),
            func.sum(amounts.c.line_count).label("line_count"),
        )
        .select_from(amounts)
        .join(Payee, Payee.id == amounts.c.payee_id)
        .join(PayeePlacement, PayeePlacement.payee_id == Payee.id)
        .where(true())  # SQLite needs a WHERE here, or it reads ON CONFLICT as part of the join.
        .group_by(*key)
    )


def _add(session: Session, table: type[Base], key: Sequence[str], amounts: Select[Any]) -> None:
    dialect = postgresql if session.get_bind().dialect.name == "postgresql" else sqlite
    rows: Any = dialect.insert(table).from_select([*key, "net_pence", "line_count"], amounts)
    columns: Any = table.__table__.c
    summed = {name: columns[name] + rows.excluded[name] for name in ("net_pence", "line_count")}
    session.execute(rows.on_conflict_do_update(index_elements=list(key), set_=summed))


def _drop_empty(session: Session) -> None:
    session.execute(delete(SpendByRing).where(SpendByRing.line_count == 0))
    session.execute(delete(SpendByPayee).where(SpendByPayee.line_count == 0))


def _differences(session: Session, name: str, expected: Select[Any], held: Select[Any]) -> list[str]:
    missing = session.execute(expected.except_(held)).all()
    surplus = session.execute(held.except_(expected)).all()
    return [f"The roll-up {name} lacks {_words(row)}." for row in sorted(missing, key=_words)] + [
        f"The roll-up {name} holds {_words(row)}, which the lines do not." for row in sorted(surplus, key=_words)
    ]


def _words(row: Any) -> str:
    return ", ".join(f"{name} {getattr(value, 'pence', value)}" for name, value in row._mapping.items())


def _files_that_differ(session: Session) -> list[str]:
    net = func.coalesce(func.sum(type_coerce(SpendLine.net_pence, BigInteger)), 0)
    wanted = (
        select(SpendFile.id, SpendFile.loaded_rows, SpendFile.total, func.count(SpendLine.file_id), net)
        .join(SpendLine, SpendLine.file_id == SpendFile.id, isouter=True)
        .group_by(SpendFile.id)
        .order_by(SpendFile.id)
    )
    return [
        f"File {file_id} was accepted with {rows} lines of {total.pence} pence; it holds {found} of {pence} pence."
        for file_id, rows, total, found, pence in session.execute(wanted)
        if (rows, total.pence) != (found, int(pence))
    ]
