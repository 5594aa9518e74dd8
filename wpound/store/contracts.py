"""Contracts: get and list with their commitments."""

from sqlalchemy import Select, select
from sqlalchemy.orm import Session, selectinload

from wpound.core.errors import NotFound
from wpound.store.models.contracts import Commitment, Contract


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


def find_contract_of_bid(session: Session, bid_id: int) -> Contract | None:
    """The contract that a bid led to, or None."""
    return session.scalar(select(Contract).where(Contract.bid_id == bid_id))


def list_commitments(session: Session, *, contract_id: int) -> list[Commitment]:
    """The commitments of a contract in the order they were entered."""
    return list(
        session.scalars(select(Commitment).where(Commitment.contract_id == contract_id).order_by(Commitment.id))
    )
