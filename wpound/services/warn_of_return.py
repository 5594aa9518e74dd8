"""What a person should look at in a return; none of it refuses the return or changes a figure."""

from collections.abc import Collection, Sequence
from decimal import Decimal

from sqlalchemy.orm import Session

from wpound.catalogue.model import Catalogue
from wpound.core.counting import Counting
from wpound.core.delivery import Side
from wpound.core.double_counts import Use
from wpound.core.quantities import Unit
from wpound.core.return_checks import (
    CheckedClaim,
    FileUse,
    ReturnWarning,
    check_claim,
    find_moved_starts,
    find_same_files,
)
from wpound.services.count_twice import use_of
from wpound.services.show_claim import ClaimLine
from wpound.services.tell_return import period_of
from wpound.store.counted_keys import CountedUse, list_standing_uses, list_uses
from wpound.store.evidence import list_same_files
from wpound.store.models.contracts import Contract
from wpound.store.models.returns import ReturnStatus, SocialValueReturn
from wpound.store.returns import list_claimed_elsewhere


def warn_of_return(
    session: Session,
    found: SocialValueReturn,
    contract: Contract,
    lines: Sequence[ClaimLine],
    catalogue: Catalogue,
    side: Side,
    seen: Collection[int] | None,
) -> dict[int, list[ReturnWarning]]:
    """The warnings of each line that has any, by its claim's number; those that concern another supplier for the buyer.

    What other contracts say is drawn from those of ``seen`` alone (None: all), for a partner is not shown what the
    first supplier reports elsewhere. A line that nobody has answered yet has no warnings about its figures.
    """
    elsewhere = list_claimed_elsewhere(
        session,
        supplier_id=contract.supplier_id,
        except_contract_id=contract.id,
        period=period_of(found),
        contract_ids=seen,
    )
    warnings = [
        warning
        for line in lines
        if line.is_answered
        for warning in check_claim(_checked(line, elsewhere.get(line.commitment.measure_code, ())))
    ]
    # Of a queried line a buyer is shown no entries.
    warnings += _moved(session, [line.claim.id for line in lines if line.entries], catalogue, seen)
    warnings += _same_files(session, found, contract, lines, seen)
    by_claim: dict[int, list[ReturnWarning]] = {}
    for warning in warnings:
        if side is Side.BUYER or not warning.buyer_only:
            by_claim.setdefault(warning.claim_id, []).append(warning)
    return by_claim


def _checked(line: ClaimLine, elsewhere: Sequence[Decimal]) -> CheckedClaim:
    is_fte = line.rule.counting is Counting.FTE_YEARS
    return CheckedClaim(
        claim_id=line.claim.id,
        claimed=line.claimed,
        due=line.due,
        promised=line.promised,
        delivered_before=line.carried,
        last_quarter=line.last_quarter,
        elsewhere=elsewhere,
        weekly_hours=[one.row.hours for one in line.entries if one.row.hours is not None] if is_fte else (),
        narrative=line.narrative or "",
        is_plain_carbon=line.commitment.unit is Unit.TCO2E and not line.entries,
    )


def _moved(
    session: Session, claim_ids: Sequence[int], catalogue: Catalogue, seen: Collection[int] | None
) -> list[ReturnWarning]:
    own = list_uses(session, claim_ids=claim_ids)
    key_ids = {one.entry.key_id for one in own if one.entry.started_on}
    if not key_ids:
        return []
    standing = list_standing_uses(session, key_ids=key_ids, except_claim_ids=claim_ids)
    standing = [one for one in standing if seen is None or one.contract_id in seen]
    new: dict[int, list[Use]] = {}
    for one, use in _uses(own, catalogue):
        new.setdefault(one.entry.claim_id, []).append(use)
    return find_moved_starts(new, [use for _, use in _uses(standing, catalogue)])


def _uses(found: Sequence[CountedUse], catalogue: Catalogue) -> list[tuple[CountedUse, Use]]:
    return [(one, use) for one in found if (use := use_of(one, catalogue)) is not None]


def _same_files(
    session: Session,
    found: SocialValueReturn,
    contract: Contract,
    lines: Sequence[ClaimLine],
    seen: Collection[int] | None,
) -> list[ReturnWarning]:
    """Files of returns that were not sent yet are nobody's to compare with."""
    own = [FileUse(file.sha256, line.claim.id, found.id, contract.supplier_id) for line in lines for file in line.files]
    if not own:
        return []
    others = [
        FileUse(one.sha256, one.claim_id, one.return_id, one.supplier_id)
        for one in list_same_files(session, {file.sha256 for file in own})
        if one.return_id != found.id
        and one.status is not ReturnStatus.DRAFT
        and (seen is None or one.contract_id in seen)
    ]
    return find_same_files(own, others)
