"""Published league tables: from the rules' table to rows and back, without losing a figure."""

from collections.abc import Mapping

from sqlalchemy.orm import Session

from wpound.core.composite import VerifiedDelivery
from wpound.core.league import LeagueRow, LeagueRules, LeagueTable
from wpound.core.local_spend import ShareRange
from wpound.core.periods import Period
from wpound.core.rank_ranges import RankRange
from wpound.store.base import add
from wpound.store.models.league import LeagueSnapshot, LeagueSnapshotRank, LeagueSnapshotRow

# Columns that a row of the table and a stored row share by name.
_SAME = (
    "anchor",
    "name",
    "total",
    "local_low",
    "local_high",
    "unknown",
    "share_low",
    "share_high",
    "coverage",
    "per_head_low",
    "per_head_high",
    "growth_low",
    "growth_high",
    "top1_share",
    "top5_share",
    "composite_low",
    "composite_high",
    "unranked_because",
)


def save_snapshot(
    session: Session,
    table: LeagueTable,
    *,
    city_key: str,
    rule_key: str,
    organisation_ids: Mapping[str, int],
    spend_fingerprint: str,
    created_by: str,
) -> LeagueSnapshot:
    """Keep a table as it stands; ``organisation_ids`` are by anchor key."""
    return add(
        session,
        LeagueSnapshot(
            city_key=city_key,
            rule_key=rule_key,
            definition=table.definition,
            period_start_on=table.period.start_on,
            period_end_on=table.period.end_on,
            seed=table.rules.seed,
            draws=table.rules.draws,
            coverage_floor=table.rules.coverage_floor,
            spend_fingerprint=spend_fingerprint,
            pooled_low=table.pooled.low,
            pooled_high=table.pooled.high,
            mean_low=table.mean.low,
            mean_high=table.mean.high,
            notes=list(table.notes),
            created_by=created_by,
            rows=[_to_stored(row, i, organisation_ids[row.anchor]) for i, row in enumerate(table.rows, start=1)],
        ),
    )


def table_of(snapshot: LeagueSnapshot) -> LeagueTable:
    """The table as it was published; its rows and ranks must be loaded."""
    return LeagueTable(
        rows=tuple(_from_stored(row) for row in snapshot.rows),
        pooled=ShareRange(snapshot.pooled_low, snapshot.pooled_high),
        mean=ShareRange(snapshot.mean_low, snapshot.mean_high),
        definition=snapshot.definition,
        period=Period(snapshot.period_start_on, snapshot.period_end_on),
        rules=LeagueRules(coverage_floor=snapshot.coverage_floor, seed=snapshot.seed, draws=snapshot.draws),
        notes=tuple(snapshot.notes),
    )


def _to_stored(row: LeagueRow, position: int, organisation_id: int) -> LeagueSnapshotRow:
    share, rank = row.bootstrap_share, row.bootstrap_rank
    return LeagueSnapshotRow(
        **{name: getattr(row, name) for name in _SAME},
        organisation_id=organisation_id,
        position=position,
        anchor_kind=row.kind,
        fte_years_per_million=row.per_million.fte_years,
        apprenticeship_weeks_per_million=row.per_million.apprenticeship_weeks,
        tco2e_per_million=row.per_million.tco2e,
        bootstrap_share_low=share.low if share else None,
        bootstrap_share_high=share.high if share else None,
        bootstrap_rank_low=rank.low if rank else None,
        bootstrap_rank_high=rank.high if rank else None,
        ranks=[
            LeagueSnapshotRank(ranked_by=column, low=found.low, high=found.high, shared=found.shared)
            for column, found in row.ranks.items()
        ],
    )


def _from_stored(row: LeagueSnapshotRow) -> LeagueRow:
    low, high = row.bootstrap_rank_low, row.bootstrap_rank_high
    share = ShareRange(row.bootstrap_share_low, row.bootstrap_share_high)
    return LeagueRow(
        **{name: getattr(row, name) for name in _SAME},
        kind=row.anchor_kind.value,
        per_million=VerifiedDelivery(
            row.fte_years_per_million, row.apprenticeship_weeks_per_million, row.tco2e_per_million
        ),
        ranks={rank.ranked_by: RankRange(rank.low, rank.high, rank.shared) for rank in row.ranks},
        bootstrap_share=share if share.low is not None else None,
        bootstrap_rank=RankRange(low, high, shared=False) if low is not None and high is not None else None,
    )
