"""What a claim says, for somebody outside: who reports how much of what, in which quarter, to which public body."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from sqlalchemy.orm import Session

from wpound.catalogue.model import Catalogue
from wpound.core.periods import Period, format_day
from wpound.core.quantities import Quantity
from wpound.services.reach_contract import catalogue_of, measure_title
from wpound.store.contracts import list_contract_suppliers
from wpound.store.models.contracts import Commitment, Contract
from wpound.store.models.organisations import Organisation
from wpound.store.models.returns import Claim, SocialValueReturn
from wpound.store.returns import list_claim_versions


@dataclass(frozen=True, slots=True)
class ClaimInWords:
    """A claim without anything of its contract, its entries or its people; ``quantity`` is in the measure's unit."""

    suppliers: str
    buyer: str
    measure: str
    how_to_count: str
    quantity: Quantity
    period: Period

    @property
    def question(self) -> str:
        """What somebody who benefited can be asked about it."""
        days = f"{format_day(self.period.start_on)} and {format_day(self.period.end_on)}"
        return (
            f"According to {self.suppliers}, this was delivered for {self.buyer} between {days}: "
            f"{self.measure}, {self.quantity.format()}. As far as you know, did it happen with your organisation?"
        )


def tell_claim(
    session: Session,
    claim: Claim,
    found: SocialValueReturn,
    contract: Contract,
    catalogue: Catalogue,
    at: datetime | None = None,
) -> ClaimInWords:
    """A claim of a return in words, as it was sent or decided last, or as it stood at a moment."""
    promise = session.get_one(Commitment, claim.commitment_id)
    kept = catalogue_of(session, contract, catalogue)
    return ClaimInWords(
        suppliers=" and ".join(firm.name for firm in list_contract_suppliers(session, [contract.id])[contract.id]),
        buyer=session.get_one(Organisation, contract.organisation_id).name,
        measure=measure_title(kept, promise.measure_code),
        how_to_count=kept.measures[promise.measure_code].how_to_count if promise.measure_code in kept.measures else "",
        quantity=Quantity(figure_at(session, claim, at), promise.unit),
        period=Period(found.period_start_on, found.period_end_on),
    )


def figure_at(session: Session, claim: Claim, at: datetime | None = None) -> Decimal:
    """What a claim came to as it was sent or decided last, or last before a moment, in its unit."""
    versions = list_claim_versions(session, claim_ids=[claim.id])
    figures = [version.claimed for version in versions if at is None or version.created_at <= at]
    return figures[-1] if figures else claim.claimed
