"""The pseudonyms of what is counted: kept once each, held while a return is sent, and what stands under them."""

from collections.abc import Collection
from datetime import date
from typing import Any, NamedTuple

from sqlalchemy import select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from wpound.core.claim_counting import EntryKind
from wpound.core.delivery import ClaimState
from wpound.store.models.contracts import Commitment
from wpound.store.models.returns import Claim, ClaimEntry, ClaimVersion, CountedKey, SocialValueReturn

# What was not sent yet takes nothing from anybody, and what was rejected does not either.
COUNTING_STATES = (ClaimState.SUBMITTED, ClaimState.QUERIED, ClaimState.APPROVED)
_INSERT = {"postgresql": postgresql.insert, "sqlite": sqlite.insert}


class CountedUse(NamedTuple):
    """An entry with its pseudonym, the measure it counts towards and where it was reported."""

    entry: ClaimEntry
    key: str
    measure_code: str
    contract_id: int
    period_start_on: date
    period_end_on: date


def keep_keys(session: Session, wanted: Collection[tuple[EntryKind, str]]) -> dict[str, int]:
    """The numbers of pseudonyms, each made where it is not there yet; two people at once make one.

    Always in the same order, so that nobody waits for somebody who waits for them.
    """
    if not wanted:
        return {}
    insert: Any = _INSERT[session.get_bind().dialect.name]
    rows = [{"kind": kind, "key": key} for kind, key in sorted(set(wanted), key=lambda pair: pair[1])]
    session.execute(insert(CountedKey).values(rows).on_conflict_do_nothing())
    found = select(CountedKey.key, CountedKey.id).where(CountedKey.key.in_([row["key"] for row in rows]))
    return {row.key: row.id for row in session.execute(found)}


def hold_keys(session: Session, key_ids: Collection[int]) -> None:
    """Hold pseudonyms against everybody else who sends a return that counts them, until the transaction ends.

    Whoever only enters them, in an order of their own, does not wait: else each could wait for the other.
    """
    wanted = select(CountedKey.id).where(CountedKey.id.in_(key_ids)).order_by(CountedKey.id)
    session.execute(wanted.with_for_update(key_share=True)).all()


def list_uses(session: Session, *, claim_ids: Collection[int]) -> list[CountedUse]:
    """What claims count, in the order of the claims and of what is in them."""
    return _list(session, ClaimEntry.claim_id.in_(claim_ids))


def list_standing_uses(
    session: Session, *, key_ids: Collection[int], except_claim_ids: Collection[int]
) -> list[CountedUse]:
    """What stands under pseudonyms in claims of all contracts that were sent and not rejected, but for those named.

    What was put into a queried line takes nothing until it is answered.
    """
    found = _list(
        session,
        ClaimEntry.key_id.in_(key_ids),
        ClaimEntry.claim_id.not_in(except_claim_ids),
        Claim.state.in_(COUNTING_STATES),
    )
    queried = select(ClaimVersion).join(Claim, Claim.id == ClaimVersion.claim_id)
    queried = queried.where(Claim.id.in_({one.entry.claim_id for one in found}), Claim.state == ClaimState.QUERIED)
    versions = session.scalars(queried.order_by(ClaimVersion.number))
    sent = {one.claim_id: {entry["key"] for entry in one.content["entries"]} for one in versions}
    return [one for one in found if one.key in sent.get(one.entry.claim_id, {one.key})]


def _list(session: Session, *chosen: Any) -> list[CountedUse]:
    wanted = (
        select(
            ClaimEntry,
            CountedKey.key,
            Commitment.measure_code,
            SocialValueReturn.contract_id,
            SocialValueReturn.period_start_on,
            SocialValueReturn.period_end_on,
        )
        .join(CountedKey, CountedKey.id == ClaimEntry.key_id)
        .join(Claim, Claim.id == ClaimEntry.claim_id)
        .join(Commitment, Commitment.id == Claim.commitment_id)
        .join(SocialValueReturn, SocialValueReturn.id == Claim.return_id)
        .where(*chosen)
        .order_by(ClaimEntry.claim_id, ClaimEntry.number)
    )
    return [CountedUse(*row) for row in session.execute(wanted)]
