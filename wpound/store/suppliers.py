"""Suppliers, payees, and the decisions that say which payee is which supplier."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import NamedTuple

from sqlalchemy import ColumnElement, delete, exists, func, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session, selectinload

from wpound.core.errors import NotFound, StateError
from wpound.core.supplier_size import SupplierSize
from wpound.store.base import add
from wpound.store.bulk import chunks, insert_rows
from wpound.store.engine import lock, now_in
from wpound.store.models.bids import Bid
from wpound.store.models.contracts import Contract
from wpound.store.models.spend import SpendByPayee
from wpound.store.models.suppliers import DecidedBy, Payee, Supplier, SupplierCandidate, SupplierDecision
from wpound.store.rollups import moving


class PayeeKey(NamedTuple):
    """How a file names somebody; empty text where it says nothing."""

    name: str
    supplier_number: str = ""
    identifier: str = ""
    postcode: str = ""


class Decision(NamedTuple):
    """Who a payee is taken to be, with the score (0 to 1, None where not scored) and the reasons in words."""

    supplier_id: int
    decided_by: DecidedBy
    score: Decimal | None
    reasons: Sequence[str]
    is_transfer: bool


def list_suppliers(session: Session) -> list[Supplier]:
    """Every supplier with its addresses, in the order of entry."""
    return list(session.scalars(select(Supplier).options(selectinload(Supplier.addresses)).order_by(Supplier.id)))


def get_supplier(session: Session, supplier_id: int) -> Supplier:
    """A supplier with its addresses; raises NotFound."""
    wanted = select(Supplier).where(Supplier.id == supplier_id).options(selectinload(Supplier.addresses))
    found = session.scalar(wanted)
    if found is None:
        raise NotFound("There is no such supplier.")
    return found


def find_supplier(session: Session, identifier: str) -> Supplier | None:
    """The supplier of that scheme-prefixed identifier, or None."""
    return session.scalar(select(Supplier).where(Supplier.identifier == identifier))


def enter_supplier(session: Session, *, identifier: str, name: str, source: str, seen_on: date) -> Supplier:
    """The supplier of that identifier, entered where there is none yet, even where two do so at the same moment."""
    insert = postgresql.insert if session.get_bind().dialect.name == "postgresql" else sqlite.insert
    facts = {"name": name, "size": SupplierSize.UNKNOWN, "source": source, "seen_on": seen_on}
    row = insert(Supplier).values(identifier=identifier, version=1, **facts)
    session.execute(row.on_conflict_do_nothing(index_elements=[Supplier.identifier]))
    return session.scalars(select(Supplier).where(Supplier.identifier == identifier)).one()


def has_dealings(session: Session, identifier: str) -> bool:
    """Whether the supplier of that identifier has a contract or a bid here."""
    dealings = exists().where(Contract.supplier_id == Supplier.id) | exists().where(Bid.supplier_id == Supplier.id)
    return session.scalar(select(Supplier.id).where(Supplier.identifier == identifier, dealings)) is not None


def get_payee_ids(session: Session, *, organisation_id: int) -> dict[PayeeKey, int]:
    """Every way an organisation's files have named somebody so far, with its number."""
    return _payee_ids(session, Payee.organisation_id == organisation_id)


def add_payees(session: Session, keys: Iterable[PayeeKey], *, organisation_id: int) -> dict[PayeeKey, int]:
    """Put in those of the payees that are not known yet, and give the numbers of all of them."""
    wanted = list(dict.fromkeys(keys))
    known = _find_payees(session, wanted, organisation_id)
    missing = [key for key in wanted if key not in known]
    columns = ("organisation_id", *PayeeKey._fields, "is_transfer")
    insert_rows(session, "payees", columns, ((organisation_id, *key, False) for key in missing))
    return known | _find_payees(session, missing, organisation_id)


def _find_payees(session: Session, keys: Sequence[PayeeKey], organisation_id: int) -> dict[PayeeKey, int]:
    found: dict[PayeeKey, int] = {}
    for chunk in chunks(keys):
        named = Payee.name.in_({key.name for key in chunk})
        found |= _payee_ids(session, (Payee.organisation_id == organisation_id) & named)
    return {key: found[key] for key in keys if key in found}


def _payee_ids(session: Session, where: ColumnElement[bool]) -> dict[PayeeKey, int]:
    columns = (Payee.name, Payee.supplier_number, Payee.identifier, Payee.postcode, Payee.id)
    wanted = select(*columns).where(where).order_by(Payee.id)
    return {PayeeKey(*key): payee_id for *key, payee_id in session.execute(wanted)}


def list_payees(session: Session, *, organisation_id: int) -> list[Payee]:
    """An organisation's payees in the order of entry, with who they are now."""
    return list(session.scalars(select(Payee).where(Payee.organisation_id == organisation_id).order_by(Payee.id)))


def decide(session: Session, decisions: Mapping[int, Decision], *, actor: str) -> None:
    """Say who payees (by id) are, in place of what was decided before; the decisions are remembered.

    The caller places the payees anew afterwards (``rollups.set_placements``).
    """
    for ids in chunks(sorted(decisions)):
        undo(session, ids, by=actor)
        with moving(session, ids):
            for payee in _payees(session, ids):
                taken = decisions[payee.id]
                payee.supplier_id, payee.is_transfer = taken.supplier_id, taken.is_transfer
                session.add(_remembered(payee.id, taken, actor))
            session.execute(delete(SupplierCandidate).where(SupplierCandidate.payee_id.in_(ids)))


def _payees(session: Session, ids: Sequence[int]) -> Iterable[Payee]:
    return session.scalars(select(Payee).where(Payee.id.in_(ids)).order_by(Payee.id))


def _remembered(payee_id: int, taken: Decision, actor: str) -> SupplierDecision:
    return SupplierDecision(
        payee_id=payee_id,
        supplier_id=taken.supplier_id,
        decided_by=taken.decided_by,
        actor=actor,
        score=taken.score,
        reasons=list(taken.reasons),
    )


def undo(session: Session, payee_ids: Sequence[int], *, by: str) -> None:
    """Take back who payees are; the decisions stay, marked undone, so that they are not taken again by themselves."""
    now = now_in(session)
    for chunk in chunks(payee_ids):
        wanted = select(SupplierDecision).where(
            SupplierDecision.payee_id.in_(chunk), SupplierDecision.undone_at.is_(None)
        )
        in_force = list(session.scalars(wanted.order_by(SupplierDecision.id)))
        ids = [decision.payee_id for decision in in_force]
        if not ids:
            continue
        with moving(session, ids):
            for decision in in_force:
                decision.undone_at, decision.undone_by = now, by
            for payee in _payees(session, ids):
                payee.supplier_id, payee.is_transfer = None, False


def list_decisions(session: Session, *, organisation_id: int) -> list[SupplierDecision]:
    """Every decision about an organisation's payees, undone ones too, in the order they were taken."""
    wanted = select(SupplierDecision).join(Payee, Payee.id == SupplierDecision.payee_id)
    return list(session.scalars(wanted.where(Payee.organisation_id == organisation_id).order_by(SupplierDecision.id)))


def add_candidate(
    session: Session, *, payee_id: int, supplier_id: int, score: Decimal, reasons: Sequence[str]
) -> SupplierCandidate:
    """Put a likeness into the queue for a person; raises StateError where it is there already or was decided."""
    if lock(session, Payee, payee_id).supplier_id is not None:
        raise StateError("It is settled who this payee is; undo that decision first.")
    return add(
        session, SupplierCandidate(payee_id=payee_id, supplier_id=supplier_id, score=score, reasons=list(reasons))
    )


def list_candidate_pairs(session: Session, *, organisation_id: int) -> set[tuple[int, int]]:
    """The likenesses an organisation's queue holds already: (payee, supplier) by number."""
    columns = (SupplierCandidate.payee_id, SupplierCandidate.supplier_id)
    wanted = select(*columns).join(Payee, Payee.id == SupplierCandidate.payee_id)
    found = session.execute(wanted.where(Payee.organisation_id == organisation_id).order_by(*columns))
    return {(payee_id, supplier_id) for payee_id, supplier_id in found}


def list_queue(
    session: Session, *, organisation_id: int, limit: int = 100
) -> list[tuple[Payee, list[tuple[SupplierCandidate, Supplier]]]]:
    """Payees a person should look at, most money first, each with the suppliers it may be."""
    size = func.coalesce(func.sum(func.abs(SpendByPayee.net_pence)), 0)
    waiting = (
        select(Payee)
        .join(SpendByPayee, SpendByPayee.payee_id == Payee.id, isouter=True)
        .where(Payee.organisation_id == organisation_id, Payee.id.in_(select(SupplierCandidate.payee_id)))
        .group_by(Payee.id)
        .order_by(size.desc(), Payee.id)
        .limit(limit)
    )
    queue: dict[Payee, list[tuple[SupplierCandidate, Supplier]]] = {payee: [] for payee in session.scalars(waiting)}
    by_id = {payee.id: payee for payee in queue}
    likely = (
        select(SupplierCandidate, Supplier)
        .join(Supplier, Supplier.id == SupplierCandidate.supplier_id)
        .where(SupplierCandidate.payee_id.in_(by_id))
        .order_by(SupplierCandidate.id)
    )
    for candidate, supplier in session.execute(likely):
        queue[by_id[candidate.payee_id]].append((candidate, supplier))
    return [(payee, sorted(found, key=lambda one: (-one[0].score, one[1].id))) for payee, found in queue.items()]
