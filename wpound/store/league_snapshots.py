"""Published league tables: from the rules' table to rows and back, without losing a figure."""

from collections.abc import Mapping

from sqlalchemy.orm import Session

from wpound.catalogue.model import AnchorKind
from wpound.core.composite import HeadWeightings, VerifiedDelivery
from wpound.core.league import LeagueRow, LeagueRules, LeagueTable
from wpound.core.local_spend import RingRow, RingTable, ShareRange, share_of_positive
from wpound.core.periods import Period
from wpound.core.rank_ranges import RankRange
from wpound.store.base import add
from wpound.store.models.league import LeagueSnapshot, LeagueSnapshotRank, LeagueSnapshotRing, LeagueSnapshotRow

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
    rings: Mapping[str, RingTable],
    *,
    city_key: str,
    rule_key: str,
    organisation_ids: Mapping[str, int],
    spend_fingerprint: str,
    created_by: str,
) -> LeagueSnapshot:
    """Keep a table as it stands with its rings; ``rings`` and ``organisation_ids`` are by anchor key."""
    weightings = table.rules.weightings
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
            economy_weighting=weightings.economy,
            jobs_weighting=weightings.jobs,
            climate_weighting=weightings.climate,
            spend_fingerprint=spend_fingerprint,
            pooled_low=table.pooled.low,
            pooled_high=table.pooled.high,
            mean_low=table.mean.low,
            mean_high=table.mean.high,
            notes=list(table.notes),
            created_by=created_by,
            rows=[
                _to_stored(row, rings[row.anchor], position, organisation_ids[row.anchor])
                for position, row in enumerate(table.rows, start=1)
            ],
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
        rules=LeagueRules(
            coverage_floor=snapshot.coverage_floor,
            weightings=HeadWeightings(snapshot.economy_weighting, snapshot.jobs_weighting, snapshot.climate_weighting),
            seed=snapshot.seed,
            draws=snapshot.draws,
        ),
        notes=tuple(snapshot.notes),
    )


def rings_of(snapshot: LeagueSnapshot) -> dict[str, RingTable]:
    """Where each anchor's money went, as it was published, by anchor key; rows and rings must be loaded."""
    return {row.anchor: _ring_table(row) for row in snapshot.rows}


def _ring_table(row: LeagueSnapshotRow) -> RingTable:
    rows = [RingRow(one.ring, one.spend, one.lines, share_of_positive(one.spend, row.total)) for one in row.rings]
    return RingTable(
        rings=tuple(rows),
        total=row.total,
        lines=sum(one.lines for one in row.rings),
        transfers=row.transfers,
        transfer_lines=row.transfer_lines,
    )


def _to_stored(row: LeagueRow, rings: RingTable, position: int, organisation_id: int) -> LeagueSnapshotRow:
    share, rank = row.bootstrap_share, row.bootstrap_rank
    return LeagueSnapshotRow(
        **{name: getattr(row, name) for name in _SAME},
        organisation_id=organisation_id,
        position=position,
        anchor_kind=AnchorKind(row.kind),
        transfers=rings.transfers,
        transfer_lines=rings.transfer_lines,
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
        rings=[LeagueSnapshotRing(ring=ring.ring, spend=ring.spend, lines=ring.lines) for ring in rings.rings],
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
