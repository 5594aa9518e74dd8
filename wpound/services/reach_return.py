"""Find a return or a line of it for somebody: of another organisation, or not sent yet, it does not exist for them."""

from sqlalchemy.orm import Session

from wpound.core.errors import NotFound
from wpound.services.access import Person, Policy, Target, decide
from wpound.services.reach_contract import find_suppliers_contract
from wpound.store.contracts import get_contract_of
from wpound.store.engine import lock
from wpound.store.models.contracts import Contract
from wpound.store.models.returns import Claim, ReturnStatus, SocialValueReturn
from wpound.store.returns import get_claim, get_return

NO_LINE = "There is no such line in this return."


def reach_own_return(session: Session, person: Person, return_id: int) -> tuple[SocialValueReturn, Contract]:
    """A return of the supplier this person acts for, with its contract; raises NotFound for any other."""
    decide(Policy.SUPPLIER, person)
    found = get_return(session, return_id)
    return found, find_suppliers_contract(session, person, found.contract_id)


def reach_return(session: Session, person: Person, return_id: int) -> tuple[SocialValueReturn, Contract]:
    """A return that was sent to the buyer this person acts for, under a contract they look after; raises NotFound."""
    found = get_return(session, return_id)
    contract = get_contract_of(session, found.contract_id)
    decide(Policy.CONTRACT_MANAGER, person, Target(contract.organisation_id, contract_id=contract.id))
    if found.status is ReturnStatus.DRAFT:
        raise NotFound("This return was not sent yet.")
    return found, contract


def hold_own_return(session: Session, person: Person, return_id: int) -> tuple[SocialValueReturn, Contract]:
    """The supplier's return, held against other writers until the transaction ends."""
    reach_own_return(session, person, return_id)
    lock(session, SocialValueReturn, return_id)
    return reach_own_return(session, person, return_id)


def hold_return(session: Session, person: Person, return_id: int) -> tuple[SocialValueReturn, Contract]:
    """The buyer's return, held against other writers until the transaction ends."""
    reach_return(session, person, return_id)
    lock(session, SocialValueReturn, return_id)
    return reach_return(session, person, return_id)


def find_claim(session: Session, found: SocialValueReturn, claim_id: int) -> Claim:
    """A line of a return with its entries, as it is now; raises NotFound where it is of another."""
    if claim_id not in {claim.id for claim in found.claims}:
        raise NotFound(NO_LINE)
    return get_claim(session, claim_id)
