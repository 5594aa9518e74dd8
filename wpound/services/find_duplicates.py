"""Where else the files of a return are evidence: told by contract and quarter to whoever may see these, else not."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from sqlalchemy.orm import Session

from wpound.catalogue.model import Catalogue
from wpound.core.delivery import Side
from wpound.core.periods import Period
from wpound.services.access import Person, organisation_of
from wpound.services.reach_contract import contracts_of, measure_title
from wpound.store.contracts import list_contract_suppliers
from wpound.store.evidence import SameFile, list_same_files
from wpound.store.models.evidence import Evidence
from wpound.store.models.returns import ReturnStatus
from wpound.store.workload import find_supplier_id

ELSEWHERE = {
    Side.BUYER: "In a return to another buyer, or under a contract that you do not look after",
    Side.SUPPLIER: "In a return of another supplier",
}


@dataclass(frozen=True, slots=True)
class Place:
    """A place the person may know of where the same file is evidence."""

    return_id: int
    claim_id: int
    contract: str
    period: Period
    measure: str
    supplier: str


@dataclass(frozen=True, slots=True)
class Duplicate:
    """The other places of one file; ``elsewhere`` are the words for those of others, None where there are none."""

    places: tuple[Place, ...]
    elsewhere: str | None


def find_duplicates(
    session: Session, person: Person, side: Side, files: Collection[Evidence], catalogue: Catalogue
) -> dict[int, Duplicate]:
    """The files of a return that are evidence somewhere else too, by the number of their row; most are not.

    A buyer is told the places under the contracts this person looks after, by supplier; a supplier those under its own
    contracts. Of anything else neither learns more than that it is so, and nothing of what was not sent yet.
    """
    same = list_same_files(session, {file.sha256 for file in files})
    own = _own_contracts(session, person, side, {one.contract_id: one.organisation_id for one in same})
    found = {}
    for file in files:
        others = [one for one in same if one.sha256 == file.sha256 and one.evidence_id != file.id]
        sent = [one for one in others if one.status is not ReturnStatus.DRAFT]
        known = [one for one in (others if side is Side.SUPPLIER else sent) if one.contract_id in own]
        is_elsewhere = any(one.contract_id not in own for one in sent)
        if known or is_elsewhere:
            places = tuple(_place(one, catalogue) for one in known)
            found[file.id] = Duplicate(places, ELSEWHERE[side] if is_elsewhere else None)
    return found


def _own_contracts(session: Session, person: Person, side: Side, buyers: Mapping[int, int]) -> set[int]:
    """Those contracts that may be named to this person; ``buyers`` is whose each is."""
    if side is Side.BUYER:
        named, own = contracts_of(person), organisation_of(person)
        return {one for one, buyer in buyers.items() if buyer == own and (named is None or one in named)}
    supplier_id = find_supplier_id(session, organisation_id=organisation_of(person))
    suppliers = list_contract_suppliers(session, buyers.keys())
    return {one for one, firms in suppliers.items() if supplier_id in {firm.id for firm in firms}}


def _place(one: SameFile, catalogue: Catalogue) -> Place:
    measure = measure_title(catalogue, one.measure_code)
    return Place(one.return_id, one.claim_id, one.contract, one.period, measure, one.supplier)
