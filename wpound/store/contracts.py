"""Contracts: get and list with their commitments."""

from collections.abc import Collection

from sqlalchemy import Select, select
from sqlalchemy.orm import Session, selectinload

from wpound.core.errors import NotFound
from wpound.store.models.awards import Award
from wpound.store.models.contracts import Commitment, Contract, ContractChange, ContractPartner
from wpound.store.models.suppliers import Supplier
from wpound.store.models.tenders import Lot


def get_contract(session: Session, reference: str, *, organisation_id: int) -> Contract:
    """A buyer's contract of that reference with its commitments; raises NotFound."""
    found = find_contract(session, reference, organisation_id=organisation_id)
    if found is None:
        raise NotFound("There is no such contract.")
    return found


def find_contract(session: Session, reference: str, *, organisation_id: int) -> Contract | None:
    """A buyer's contract of that reference with its commitments, or None."""
    wanted = _contracts().where(Contract.organisation_id == organisation_id, Contract.reference == reference)
    return session.scalar(wanted)


def list_contracts(session: Session, *, organisation_id: int) -> list[Contract]:
    """A buyer's contracts, newest start first, with commitments."""
    return list(session.scalars(_contracts().where(Contract.organisation_id == organisation_id).order_by(*_NEWEST)))


_NEWEST = (Contract.start_on.desc(), Contract.id)


def _contracts() -> Select[Contract]:
    return select(Contract).options(selectinload(Contract.commitments))


def get_contract_of(session: Session, contract_id: int) -> Contract:
    """The contract of a number as it is now, with the commitments in force; raises NotFound."""
    wanted = _contracts().where(Contract.id == contract_id).execution_options(populate_existing=True)
    found = session.scalar(wanted)
    if found is None:
        raise NotFound("There is no such contract.")
    return found


def find_contract_of_bid(session: Session, bid_id: int) -> Contract | None:
    """The contract that a bid led to, or None."""
    return session.scalar(select(Contract).where(Contract.bid_id == bid_id))


def list_commitments(session: Session, *, contract_id: int) -> list[Commitment]:
    """The commitments of a contract that are in force, in the order they were entered."""
    return [one for one in list_all_commitments(session, contract_id=contract_id) if one.ended_with_id is None]


def list_all_commitments(session: Session, *, contract_id: int) -> list[Commitment]:
    """The commitments of a contract, those that a change took out too, in the order they were entered."""
    wanted = select(Commitment).where(Commitment.contract_id == contract_id).order_by(Commitment.id)
    return list(session.scalars(wanted))


def list_contract_changes(session: Session, *, contract_id: int) -> list[ContractChange]:
    """What was changed in a contract, the first change first."""
    wanted = select(ContractChange).where(ContractChange.contract_id == contract_id)
    return list(session.scalars(wanted.order_by(ContractChange.number)))


def list_contract_suppliers(session: Session, contract_ids: Collection[int]) -> dict[int, list[Supplier]]:
    """The suppliers of contracts, by contract: its first one first, the others by name."""
    first = select(Contract.id, Supplier).join(Supplier, Supplier.id == Contract.supplier_id)
    others = select(ContractPartner.contract_id, Supplier).join(Supplier, Supplier.id == ContractPartner.supplier_id)
    found: dict[int, list[Supplier]] = {}
    for wanted, key in ((first, Contract.id), (others, ContractPartner.contract_id)):
        for contract_id, supplier in session.execute(wanted.where(key.in_(contract_ids)).order_by(Supplier.name)):
            found.setdefault(contract_id, []).append(supplier)
    return found


def find_lot_of_contract(session: Session, contract_id: int) -> Lot | None:
    """The lot whose award led to a contract, or None."""
    return session.scalar(select(Lot).join(Award, Award.lot_id == Lot.id).where(Award.contract_id == contract_id))
