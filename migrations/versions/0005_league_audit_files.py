"""League tables, the audit trail and stored files."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

TABLES = (
    "league_snapshots",
    "league_snapshot_rows",
    "league_snapshot_ranks",
    "league_snapshot_rings",
    "audit_events",
    "stored_files",
)


def upgrade() -> None:
    create_league_snapshots()
    create_league_snapshot_rows()
    create_league_snapshot_ranks()
    create_league_snapshot_rings()
    create_audit_events()
    create_stored_files()


def downgrade() -> None:
    for table in reversed(TABLES):
        op.drop_table(table)


def create_league_snapshots() -> None:
    op.create_table(
        "league_snapshots",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("city_key", sa.Text(), nullable=False),
        sa.Column("rule_key", sa.Text(), nullable=False),
        sa.Column("definition", sa.Text(), nullable=False),
        sa.Column("period_start_on", sa.Date(), nullable=False),
        sa.Column("period_end_on", sa.Date(), nullable=False),
        sa.Column("seed", sa.Text(), nullable=False),
        sa.Column("draws", sa.Integer(), nullable=False),
        sa.Column("coverage_floor", sa.Text(), nullable=False),
        sa.Column("economy_weighting", sa.Integer(), nullable=False),
        sa.Column("jobs_weighting", sa.Integer(), nullable=False),
        sa.Column("climate_weighting", sa.Integer(), nullable=False),
        sa.Column("spend_fingerprint", sa.Text(), nullable=False),
        sa.Column("pooled_low", sa.Text(), nullable=True),
        sa.Column("pooled_high", sa.Text(), nullable=True),
        sa.Column("mean_low", sa.Text(), nullable=True),
        sa.Column("mean_high", sa.Text(), nullable=True),
        sa.Column("notes", sa.Text(), nullable=False),
        sa.Column("created_by", sa.Text(), nullable=False),
        sa.Column(
            "created_at", sa.DateTime(timezone=True), server_default=sa.text("(CURRENT_TIMESTAMP)"), nullable=False
        ),
        sa.CheckConstraint("period_end_on >= period_start_on", name=op.f("ck_league_snapshots_ends_after_start")),
        sa.CheckConstraint(
            "economy_weighting + jobs_weighting + climate_weighting = 100",
            name=op.f("ck_league_snapshots_weightings_total_100"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_league_snapshots")),
    )
    op.create_index(
        "ix_league_snapshots_published",
        "league_snapshots",
        ["city_key", "rule_key", "period_start_on", "id"],
        unique=False,
    )


def create_league_snapshot_rows() -> None:
    op.create_table(
        "league_snapshot_rows",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("snapshot_id", sa.Integer(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("anchor", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("anchor_kind", sa.Text(), nullable=False),
        sa.Column("total", sa.BigInteger(), nullable=False),
        sa.Column("local_low", sa.BigInteger(), nullable=False),
        sa.Column("local_high", sa.BigInteger(), nullable=False),
        sa.Column("unknown", sa.BigInteger(), nullable=False),
        sa.Column("transfers", sa.BigInteger(), nullable=False),
        sa.Column("transfer_lines", sa.Integer(), nullable=False),
        sa.Column("share_low", sa.Text(), nullable=True),
        sa.Column("share_high", sa.Text(), nullable=True),
        sa.Column("coverage", sa.Text(), nullable=True),
        sa.Column("per_head_low", sa.BigInteger(), nullable=True),
        sa.Column("per_head_high", sa.BigInteger(), nullable=True),
        sa.Column("growth_low", sa.BigInteger(), nullable=True),
        sa.Column("growth_high", sa.BigInteger(), nullable=True),
        sa.Column("top1_share", sa.Text(), nullable=True),
        sa.Column("top5_share", sa.Text(), nullable=True),
        sa.Column("fte_years_per_million", sa.Text(), nullable=True),
        sa.Column("apprenticeship_weeks_per_million", sa.Text(), nullable=True),
        sa.Column("tco2e_per_million", sa.Text(), nullable=True),
        sa.Column("composite_low", sa.Text(), nullable=True),
        sa.Column("composite_high", sa.Text(), nullable=True),
        sa.Column("bootstrap_share_low", sa.Text(), nullable=True),
        sa.Column("bootstrap_share_high", sa.Text(), nullable=True),
        sa.Column("bootstrap_rank_low", sa.Integer(), nullable=True),
        sa.Column("bootstrap_rank_high", sa.Integer(), nullable=True),
        sa.Column("unranked_because", sa.Text(), nullable=True),
        sa.Column(
            "created_at", sa.DateTime(timezone=True), server_default=sa.text("(CURRENT_TIMESTAMP)"), nullable=False
        ),
        sa.CheckConstraint(
            "anchor_kind IN ('council', 'health', 'university', 'college', 'housing')",
            name=op.f("ck_league_snapshot_rows_anchor_kind_known"),
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisations.id"], name=op.f("fk_league_snapshot_rows_organisation_id")
        ),
        sa.ForeignKeyConstraint(
            ["snapshot_id"], ["league_snapshots.id"], name=op.f("fk_league_snapshot_rows_snapshot_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_league_snapshot_rows")),
        sa.UniqueConstraint(
            "snapshot_id", "organisation_id", name=op.f("uq_league_snapshot_rows_snapshot_id_organisation_id")
        ),
        sa.UniqueConstraint("snapshot_id", "position", name=op.f("uq_league_snapshot_rows_snapshot_id_position")),
    )
    op.create_index(
        op.f("ix_league_snapshot_rows_organisation_id"), "league_snapshot_rows", ["organisation_id"], unique=False
    )


def create_league_snapshot_ranks() -> None:
    op.create_table(
        "league_snapshot_ranks",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("row_id", sa.Integer(), nullable=False),
        sa.Column("ranked_by", sa.Text(), nullable=False),
        sa.Column("low", sa.Integer(), nullable=False),
        sa.Column("high", sa.Integer(), nullable=False),
        sa.Column("shared", sa.Boolean(), nullable=False),
        sa.Column(
            "created_at", sa.DateTime(timezone=True), server_default=sa.text("(CURRENT_TIMESTAMP)"), nullable=False
        ),
        sa.CheckConstraint(
            "ranked_by IN ('share', 'local_pounds', 'per_head', 'growth', 'composite')",
            name=op.f("ck_league_snapshot_ranks_ranked_by_known"),
        ),
        sa.CheckConstraint("low BETWEEN 1 AND high", name=op.f("ck_league_snapshot_ranks_low_to_high")),
        sa.ForeignKeyConstraint(["row_id"], ["league_snapshot_rows.id"], name=op.f("fk_league_snapshot_ranks_row_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_league_snapshot_ranks")),
        sa.UniqueConstraint("row_id", "ranked_by", name=op.f("uq_league_snapshot_ranks_row_id_ranked_by")),
    )


def create_league_snapshot_rings() -> None:
    op.create_table(
        "league_snapshot_rings",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("row_id", sa.Integer(), nullable=False),
        sa.Column("ring", sa.Text(), nullable=False),
        sa.Column("spend", sa.BigInteger(), nullable=False),
        sa.Column("lines", sa.Integer(), nullable=False),
        sa.Column(
            "created_at", sa.DateTime(timezone=True), server_default=sa.text("(CURRENT_TIMESTAMP)"), nullable=False
        ),
        sa.CheckConstraint(
            "ring IN ('ward', 'city', 'sub_region', 'combined_authority', 'region', 'uk', 'overseas', 'unknown')",
            name=op.f("ck_league_snapshot_rings_ring_known"),
        ),
        sa.ForeignKeyConstraint(["row_id"], ["league_snapshot_rows.id"], name=op.f("fk_league_snapshot_rings_row_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_league_snapshot_rings")),
        sa.UniqueConstraint("row_id", "ring", name=op.f("uq_league_snapshot_rings_row_id_ring")),
    )


def create_audit_events() -> None:
    op.create_table(
        "audit_events",
        sa.Column("seq", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("actor", sa.Text(), nullable=False),
        sa.Column("action", sa.Text(), nullable=False),
        sa.Column("object_kind", sa.Text(), nullable=False),
        sa.Column("object_id", sa.Text(), nullable=False),
        sa.Column("detail", sa.Text(), nullable=False),
        sa.Column("previous_hash", sa.Text(), nullable=False),
        sa.Column("hash", sa.Text(), nullable=False),
        sa.CheckConstraint("seq > 0", name=op.f("ck_audit_events_seq_above_nothing")),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_audit_events")),
        sa.UniqueConstraint("hash", name=op.f("uq_audit_events_hash")),
        sa.UniqueConstraint("previous_hash", name=op.f("uq_audit_events_previous_hash")),
    )
    op.create_index("ix_audit_events_object", "audit_events", ["object_kind", "object_id", "seq"], unique=False)


def create_stored_files() -> None:
    op.create_table(
        "stored_files",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("sha256", sa.Text(), nullable=False),
        sa.Column("media_type", sa.Text(), nullable=False),
        sa.Column("byte_count", sa.Integer(), nullable=False),
        sa.Column("original_name", sa.Text(), nullable=False),
        sa.Column(
            "created_at", sa.DateTime(timezone=True), server_default=sa.text("(CURRENT_TIMESTAMP)"), nullable=False
        ),
        sa.CheckConstraint("byte_count >= 0", name=op.f("ck_stored_files_byte_count_not_negative")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_stored_files")),
        sa.UniqueConstraint("sha256", name=op.f("uq_stored_files_sha256")),
    )
