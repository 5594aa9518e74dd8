"""What is kept of a contract for some years only: the files behind its claims, and what its supplier calls people."""

from datetime import date, datetime

from sqlalchemy import ColumnElement, Select, and_, func, or_, select, update
from sqlalchemy.orm import Session

from wpound.core.retention import RetentionClass
from wpound.store.models.contracts import Contract
from wpound.store.models.evidence import Evidence
from wpound.store.models.returns import Claim, ClaimEntry, SocialValueReturn

ERASED = "erased"


def list_ends(session: Session, klass: RetentionClass) -> list[tuple[int, date]]:
    """The contracts of which there still is something of a class to erase, with the last day of each."""
    kept: ColumnElement[bool] = Claim.id.in_(select(Evidence.claim_id).where(_is_kept(klass)))
    if klass is RetentionClass.PERSONAL:
        references = select(ClaimEntry.claim_id).where(ClaimEntry.sealed_reference.is_not(None))
        kept = or_(kept, Claim.id.in_(references))
    wanted = (
        select(Contract.id, func.coalesce(Contract.ended_on, Contract.end_on))
        .distinct()
        .join(SocialValueReturn, SocialValueReturn.contract_id == Contract.id)
        .join(Claim, Claim.return_id == SocialValueReturn.id)
        .where(kept)
        .order_by(Contract.id)
    )
    return [(contract_id, end_on) for contract_id, end_on in session.execute(wanted)]


def purge_files(session: Session, contract_id: int, klass: RetentionClass, *, at: datetime) -> list[str]:
    """Mark the files of a contract that are of a class as purged; gives their hashes.

    What a file with personal data was called, and said of it, may name people too and goes with it.
    """
    wanted = select(Evidence).where(Evidence.claim_id.in_(_claims_of(contract_id)), _is_kept(klass))
    files = list(session.scalars(wanted.order_by(Evidence.id)))
    for file in files:
        file.purged_at = at
        if file.has_personal_data:
            file.name = file.description = ERASED
    return [file.sha256 for file in files]


def erase_references(session: Session, contract_id: int) -> int:
    """Erase what the supplier called the people, events and assets of a contract; gives how many there were."""
    wanted = (
        update(ClaimEntry)
        .where(ClaimEntry.claim_id.in_(_claims_of(contract_id)), ClaimEntry.sealed_reference.is_not(None))
        .values(sealed_reference=None)
        .returning(ClaimEntry.id)
    )
    return len(session.scalars(wanted).all())


def _is_kept(klass: RetentionClass) -> ColumnElement[bool]:
    is_personal = Evidence.has_personal_data.is_(klass is RetentionClass.PERSONAL)
    return and_(Evidence.purged_at.is_(None), is_personal)


def _claims_of(contract_id: int) -> Select[int]:
    wanted = select(Claim.id).join(SocialValueReturn, SocialValueReturn.id == Claim.return_id)
    return wanted.where(SocialValueReturn.contract_id == contract_id)
