"""Returns: get and list with claims and what belongs to them, and what was verified for the league table."""

from collections.abc import Collection, Iterable, Sequence
from decimal import Decimal

from sqlalchemy import ColumnElement, Select, func, select
from sqlalchemy.orm import Session, selectinload

from wpound.core.delivery import ClaimState
from wpound.core.errors import NotFound
from wpound.core.periods import Period
from wpound.store.models.contracts import Commitment, Contract
from wpound.store.models.returns import (
    Claim,
    ClaimCorrection,
    ClaimEntry,
    ClaimMessage,
    ClaimVersion,
    CountedKey,
    SocialValueReturn,
)


def list_returns(session: Session, *, contract_id: int) -> list[SocialValueReturn]:
    """A contract's returns by period, with claims."""
    wanted = _returns().where(SocialValueReturn.contract_id == contract_id)
    return list(session.scalars(wanted.order_by(SocialValueReturn.period_start_on, SocialValueReturn.id)))


def list_submitted(
    session: Session, *, contract_ids: Sequence[int], period: Period
) -> dict[int, list[SocialValueReturn]]:
    """The submitted returns that lie in the period, with claims, for each contract that has any."""
    wanted = _returns().where(
        SocialValueReturn.contract_id.in_(contract_ids),
        SocialValueReturn.submitted_at.is_not(None),
        SocialValueReturn.period_start_on >= period.start_on,
        SocialValueReturn.period_end_on <= period.end_on,
    )
    found: dict[int, list[SocialValueReturn]] = {}
    for one in session.scalars(wanted.order_by(SocialValueReturn.period_start_on, SocialValueReturn.id)):
        found.setdefault(one.contract_id, []).append(one)
    return found


def find_return(session: Session, *, contract_id: int, period: Period) -> SocialValueReturn | None:
    """The return of a contract for a period with its claims, or None."""
    wanted = _returns().where(
        SocialValueReturn.contract_id == contract_id,
        SocialValueReturn.period_start_on == period.start_on,
        SocialValueReturn.period_end_on == period.end_on,
    )
    return session.scalar(wanted)


def list_periods(session: Session, *, contract_ids: Iterable[int]) -> dict[int, set[Period]]:
    """The periods for which contracts have a return, sent or not, by contract; one without any is left out."""
    wanted = select(SocialValueReturn.contract_id, SocialValueReturn.period_start_on, SocialValueReturn.period_end_on)
    found: dict[int, set[Period]] = {}
    for contract_id, *days in session.execute(wanted.where(SocialValueReturn.contract_id.in_(list(contract_ids)))):
        found.setdefault(contract_id, set()).add(Period(*days))
    return found


def list_contracts_without_return(session: Session, *, period: Period) -> list[int]:
    """The contracts that ran in a period, promise something and have no return for it, by number."""
    reported = select(SocialValueReturn.contract_id).where(
        SocialValueReturn.period_start_on == period.start_on, SocialValueReturn.period_end_on == period.end_on
    )
    wanted = select(Contract.id).where(
        Contract.start_on <= period.end_on,
        Contract.end_on >= period.start_on,
        Contract.id.in_(select(Commitment.contract_id)),
        Contract.id.not_in(reported),
    )
    return list(session.scalars(wanted.order_by(Contract.id)))


def get_return(session: Session, return_id: int) -> SocialValueReturn:
    """A return as it is now, with its claims; raises NotFound."""
    wanted = _returns().where(SocialValueReturn.id == return_id)
    found = session.scalar(wanted.execution_options(populate_existing=True))
    if found is None:
        raise NotFound("There is no such return.")
    return found


def get_claim(session: Session, claim_id: int) -> Claim:
    """A claim as it is now, with its entries; raises NotFound."""
    wanted = select(Claim).options(selectinload(Claim.entries)).where(Claim.id == claim_id)
    found = session.scalar(wanted.execution_options(populate_existing=True))
    if found is None:
        raise NotFound("There is no such line.")
    return found


def list_claims(session: Session, *, return_id: int) -> list[Claim]:
    """The claims of a return as they are now, in order, with their entries."""
    wanted = select(Claim).options(selectinload(Claim.entries)).where(Claim.return_id == return_id).order_by(Claim.id)
    return list(session.scalars(wanted.execution_options(populate_existing=True)))


def list_entries(session: Session, *, claim_ids: Iterable[int]) -> dict[int, list[tuple[ClaimEntry, CountedKey]]]:
    """What claims count with its pseudonyms, by claim and in order; a claim without entries is left out."""
    wanted = (
        select(ClaimEntry, CountedKey)
        .join(CountedKey, CountedKey.id == ClaimEntry.key_id)
        .where(ClaimEntry.claim_id.in_(list(claim_ids)))
        .order_by(ClaimEntry.claim_id, ClaimEntry.number)
    )
    found: dict[int, list[tuple[ClaimEntry, CountedKey]]] = {}
    for entry, key in session.execute(wanted):
        found.setdefault(entry.claim_id, []).append((entry, key))
    return found


def list_claim_versions(session: Session, *, claim_ids: Iterable[int]) -> list[ClaimVersion]:
    """Every version of claims, the oldest of each first."""
    wanted = select(ClaimVersion).where(ClaimVersion.claim_id.in_(list(claim_ids)))
    return list(session.scalars(wanted.order_by(ClaimVersion.claim_id, ClaimVersion.number)))


def list_stated(session: Session, claims: Collection[Claim]) -> dict[int, Decimal]:
    """What claims say to everybody but their supplier, by number: of a queried line what was sent with it last."""
    queried = [claim.id for claim in claims if claim.state is ClaimState.QUERIED]
    versions = list_claim_versions(session, claim_ids=queried) if queried else []
    # The newest version of a claim comes last.
    return {claim.id: claim.claimed for claim in claims} | {one.claim_id: one.claimed for one in versions}


def stated() -> ColumnElement[Decimal]:
    """The same as a column beside claims."""
    own = (ClaimVersion.claim_id == Claim.id, Claim.state == ClaimState.QUERIED)
    newest = select(ClaimVersion.claimed).where(*own).order_by(ClaimVersion.number.desc()).limit(1)
    return func.coalesce(newest.correlate(Claim).scalar_subquery(), Claim.claimed)


def list_claim_messages(session: Session, *, claim_ids: Iterable[int]) -> list[ClaimMessage]:
    """What was written about claims, the oldest of each first."""
    wanted = select(ClaimMessage).where(ClaimMessage.claim_id.in_(list(claim_ids)))
    return list(session.scalars(wanted.order_by(ClaimMessage.claim_id, ClaimMessage.id)))


def list_corrections(session: Session, *, claim_ids: Iterable[int]) -> list[ClaimCorrection]:
    """Every correction proposed for claims, the oldest of each first."""
    wanted = select(ClaimCorrection).where(ClaimCorrection.claim_id.in_(list(claim_ids)))
    return list(session.scalars(wanted.order_by(ClaimCorrection.claim_id, ClaimCorrection.number)))


def _returns() -> Select[SocialValueReturn]:
    return select(SocialValueReturn).options(selectinload(SocialValueReturn.claims))


def list_verified(
    session: Session, *, organisation_ids: Sequence[int], period: Period
) -> dict[int, list[tuple[str, Decimal]]]:
    """What officers verified in returns that lie in the period: (measure code, quantity), for each buyer."""
    wanted = (
        select(Contract.organisation_id, Commitment.measure_code, Claim.verified)
        .select_from(Claim)
        .join(Commitment, Commitment.id == Claim.commitment_id)
        .join(SocialValueReturn, SocialValueReturn.id == Claim.return_id)
        .join(Contract, Contract.id == SocialValueReturn.contract_id)
        .where(
            Contract.organisation_id.in_(organisation_ids),
            Claim.verified.is_not(None),
            SocialValueReturn.period_start_on >= period.start_on,
            SocialValueReturn.period_end_on <= period.end_on,
        )
        .order_by(Contract.organisation_id, Claim.id)
    )
    found: dict[int, list[tuple[str, Decimal]]] = {organisation_id: [] for organisation_id in organisation_ids}
    for organisation_id, measure_code, verified in session.execute(wanted):
        if verified is not None:
            found[organisation_id].append((measure_code, verified))
    return found


def list_claimed_elsewhere(
    session: Session,
    *,
    supplier_id: int,
    except_contract_id: int,
    period: Period,
    contract_ids: Collection[int] | None = None,
) -> dict[str, list[Decimal]]:
    """What a supplier sent for a period under its other contracts (None: all, else those of the list), by measure."""
    limits = () if contract_ids is None else (Contract.id.in_(contract_ids),)
    wanted = (
        select(Commitment.measure_code, stated())
        .select_from(Claim)
        .join(Commitment, Commitment.id == Claim.commitment_id)
        .join(SocialValueReturn, SocialValueReturn.id == Claim.return_id)
        .join(Contract, Contract.id == SocialValueReturn.contract_id)
        .where(
            Contract.supplier_id == supplier_id,
            Contract.id != except_contract_id,
            SocialValueReturn.submitted_at.is_not(None),
            SocialValueReturn.period_start_on == period.start_on,
            *limits,
        )
        .order_by(Claim.id)
    )
    found: dict[str, list[Decimal]] = {}
    for measure_code, claimed in session.execute(wanted):
        found.setdefault(measure_code, []).append(claimed)
    return found
