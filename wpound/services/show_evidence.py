"""The page on which a supplier keeps the files behind one line of a return."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from wpound.catalogue.model import Catalogue
from wpound.core.delivery import Side
from wpound.core.periods import Period
from wpound.services.access import Person
from wpound.services.find_duplicates import Duplicate, find_duplicates
from wpound.services.keep_evidence import MOST_OF_RETURN, may_change
from wpound.services.reach_contract import catalogue_of, measure_title
from wpound.services.reach_return import find_claim, reach_own_return
from wpound.store.contracts import list_all_commitments
from wpound.store.evidence import list_evidence
from wpound.store.models.contracts import Contract
from wpound.store.models.evidence import Evidence
from wpound.store.models.returns import Claim, SocialValueReturn


@dataclass(frozen=True, slots=True)
class EvidencePage:
    """A line and its files; ``asked`` is what proves its measure, ``agreed`` what the hand-over settled on, if any.

    ``left`` is how many bytes the return still holds.
    """

    found: SocialValueReturn
    contract: Contract
    claim: Claim
    title: str
    asked: tuple[str, ...]
    agreed: str | None
    files: Sequence[Evidence]
    duplicates: Mapping[int, Duplicate]
    may_change: bool
    left: int

    @property
    def period(self) -> Period:
        """The quarter of the return."""
        return Period(self.found.period_start_on, self.found.period_end_on)


def show_evidence(
    session: Session, person: Person, return_id: int, claim_id: int, catalogue: Catalogue
) -> EvidencePage:
    """The files behind a line of the supplier's own return; raises NotFound for any other."""
    found, contract = reach_own_return(session, person, return_id)
    claim = find_claim(session, found, claim_id)
    kept = list_evidence(session, claim_ids=[one.id for one in found.claims])
    files, edition = kept.get(claim.id, []), catalogue_of(session, contract, catalogue)
    [commitment] = [
        one for one in list_all_commitments(session, contract_id=contract.id) if one.id == claim.commitment_id
    ]
    code = commitment.measure_code
    return EvidencePage(
        found=found,
        contract=contract,
        claim=claim,
        title=measure_title(edition, code, commitment.year),
        asked=edition.measures[code].evidence if code in edition.measures else (),
        agreed=commitment.evidence,
        files=files,
        duplicates=find_duplicates(session, person, Side.SUPPLIER, files, edition),
        may_change=may_change(found, claim),
        left=MOST_OF_RETURN - sum(row.byte_count for rows in kept.values() for row in rows),
    )
