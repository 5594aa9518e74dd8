"""Published league tables, kept as they stood."""

from datetime import date
from decimal import Decimal

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from wpound.catalogue.model import AnchorKind
from wpound.core.league import Column
from wpound.core.money import Money
from wpound.core.places import Ring
from wpound.store.base import AppendOnly, Base, Identified, one_of
from wpound.store.types import CanonicalJson, Word


class LeagueSnapshot(Identified, AppendOnly, Base):
    """A table as published: definition of local, period, seed, and the fingerprint of the spend it was drawn from.

    Shares are of 1 (None where there was no net spend).
    """

    __tablename__ = "league_snapshots"
    __table_args__ = (
        CheckConstraint("period_end_on >= period_start_on", name="ends_after_start"),
        CheckConstraint("economy_weighting + jobs_weighting + climate_weighting = 100", name="weightings_total_100"),
        Index("ix_league_snapshots_published", "city_key", "rule_key", "period_start_on", "id"),
    )

    city_key: Mapped[str]
    rule_key: Mapped[str]
    definition: Mapped[str]
    period_start_on: Mapped[date]
    period_end_on: Mapped[date]
    seed: Mapped[str]
    draws: Mapped[int]
    coverage_floor: Mapped[Decimal]
    economy_weighting: Mapped[int]
    jobs_weighting: Mapped[int]
    climate_weighting: Mapped[int]
    spend_fingerprint: Mapped[str]
    pooled_low: Mapped[Decimal | None]
    pooled_high: Mapped[Decimal | None]
    mean_low: Mapped[Decimal | None]
    mean_high: Mapped[Decimal | None]
    notes: Mapped[list[str]] = mapped_column(CanonicalJson)
    created_by: Mapped[str]

    rows: Mapped[list["LeagueSnapshotRow"]] = relationship(lazy="raise_on_sql", order_by="LeagueSnapshotRow.position")


class LeagueSnapshotRow(Identified, AppendOnly, Base):
    """One anchor in a published table; names and figures as they were printed from, unrounded."""

    __tablename__ = "league_snapshot_rows"
    __table_args__ = (
        one_of("anchor_kind", AnchorKind),
        UniqueConstraint("snapshot_id", "position"),
        UniqueConstraint("snapshot_id", "organisation_id"),
    )

    snapshot_id: Mapped[int] = mapped_column(ForeignKey("league_snapshots.id"))
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisations.id"), index=True)
    position: Mapped[int]
    anchor: Mapped[str]
    name: Mapped[str]
    anchor_kind: Mapped[AnchorKind] = mapped_column(Word(AnchorKind))
    total: Mapped[Money]
    local_low: Mapped[Money]
    local_high: Mapped[Money]
    unknown: Mapped[Money]
    transfers: Mapped[Money]
    transfer_lines: Mapped[int]
    share_low: Mapped[Decimal | None]
    share_high: Mapped[Decimal | None]
    coverage: Mapped[Decimal | None]
    per_head_low: Mapped[Money | None]
    per_head_high: Mapped[Money | None]
    growth_low: Mapped[Money | None]
    growth_high: Mapped[Money | None]
    top1_share: Mapped[Decimal | None]
    top5_share: Mapped[Decimal | None]
    fte_years_per_million: Mapped[Decimal | None]
    apprenticeship_weeks_per_million: Mapped[Decimal | None]
    tco2e_per_million: Mapped[Decimal | None]
    composite_low: Mapped[Decimal | None]
    composite_high: Mapped[Decimal | None]
    bootstrap_share_low: Mapped[Decimal | None]
    bootstrap_share_high: Mapped[Decimal | None]
    bootstrap_rank_low: Mapped[int | None]
    bootstrap_rank_high: Mapped[int | None]
    unranked_because: Mapped[str | None]

    ranks: Mapped[list["LeagueSnapshotRank"]] = relationship(lazy="raise_on_sql", order_by="LeagueSnapshotRank.id")
    rings: Mapped[list["LeagueSnapshotRing"]] = relationship(lazy="raise_on_sql", order_by="LeagueSnapshotRing.id")


class LeagueSnapshotRank(Identified, AppendOnly, Base):
    """An anchor's range of ranks by one column of a published table."""

    __tablename__ = "league_snapshot_ranks"
    __table_args__ = (
        one_of("ranked_by", Column),
        UniqueConstraint("row_id", "ranked_by"),
        CheckConstraint("low BETWEEN 1 AND high", name="low_to_high"),
    )

    row_id: Mapped[int] = mapped_column(ForeignKey("league_snapshot_rows.id"))
    ranked_by: Mapped[Column] = mapped_column(Word(Column))
    low: Mapped[int]
    high: Mapped[int]
    shared: Mapped[bool]


class LeagueSnapshotRing(Identified, AppendOnly, Base):
    """What an anchor of a published table paid in one ring; a row's rings add up to its total."""

    __tablename__ = "league_snapshot_rings"
    __table_args__ = (one_of("ring", Ring), UniqueConstraint("row_id", "ring"))

    row_id: Mapped[int] = mapped_column(ForeignKey("league_snapshot_rows.id"))
    ring: Mapped[Ring] = mapped_column(Word(Ring))
    spend: Mapped[Money]
    lines: Mapped[int]
