"""Enters the demonstration's contracts and the returns made under them, at the dates they were made."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from wpound.catalogue.model import Catalogue
from wpound.core.bids import Commitment
from wpound.core.delivery import ClaimState, VerificationLevel
from wpound.core.reporting import DAYS_TO_REPORT
from wpound.demo.cast import OFFICER
from wpound.demo.contracts import DemoClaim, DemoContract, DemoReturn
from wpound.demo.load_award import award
from wpound.demo.load_tenders import clock_of, get_firm
from wpound.services.enter_contract import ContractTerms, enter_contract
from wpound.services.verify_return import OWN_LEVELS, Finding, verify_return
from wpound.store.base import add
from wpound.store.models.returns import Claim, ReturnStatus, SocialValueReturn
from wpound.store.organisations import get_organisation
from wpound.store.tenders import get_lot

VERIFIER = "Contract manager (example)"


def load_contract(session: Any, catalogue: Catalogue, contract: DemoContract, tender: Any) -> Any:
    """Enter a contract, by the award of its stored tender where it has one, with its returns; gives the stored one."""
    stored = _enter(session, catalogue, contract) if tender is None else _award(session, catalogue, contract, tender)
    for quarter in contract.returns:
        _load_return(session, contract, stored, quarter)
    return stored


def _enter(session: Any, catalogue: Catalogue, contract: DemoContract) -> Any:
    return enter_contract(
        session,
        get_organisation(session, contract.buyer.key),
        get_firm(session, contract.supplier),
        ContractTerms(contract.reference, contract.title, contract.value, contract.life),
        [Commitment(promise.measure.code, promise.quantity, promise.year) for promise in contract.commitments],
        catalogue,
        actor=OFFICER,
    )


def _award(session: Any, catalogue: Catalogue, contract: DemoContract, tender: Any) -> Any:
    lot = get_lot(session, tender, 1)
    return award(session, catalogue, tender, lot, contract.supplier, contract.reference, contract.life)


def _load_return(session: Any, contract: DemoContract, stored: Any, quarter: DemoReturn) -> None:
    submitted = add(
        session,
        SocialValueReturn(
            contract_id=stored.id,
            period_start_on=quarter.period.start_on,
            period_end_on=quarter.period.end_on,
            due_on=quarter.period.end_on + timedelta(days=DAYS_TO_REPORT),
            status=ReturnStatus.SUBMITTED,
            submitted_at=clock_of(quarter.submitted_on)(session),
            submitted_by=contract.supplier.name,
            claims=[_claim(stored.commitments, claim) for claim in quarter.claims],
        ),
    )
    findings = {
        held.id: Finding(claim.verified, claim.level)
        for held, claim in zip(submitted.claims, quarter.claims, strict=True)
        if claim.verified is not None
    }
    if findings:
        verify_return(session, submitted, findings, actor=VERIFIER, clock=clock_of(quarter.checked_on))


def _claim(commitments: Sequence[Any], claim: DemoClaim) -> Claim:
    """The claim as the supplier makes it; how well it is proved is for the officer to say."""
    return Claim(
        commitment_id=commitments[claim.commitment].id,
        state=ClaimState.SUBMITTED,
        amount=claim.claimed,
        claimed=claim.claimed,
        level=claim.level if claim.level in OWN_LEVELS else VerificationLevel.DOCUMENTED,
        narrative=claim.evidence,
    )
