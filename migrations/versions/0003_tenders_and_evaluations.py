"""Tenders, bids and evaluations."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

TABLES = ("tenders", "lots", "bids", "bid_commitments", "bid_marks", "evaluations", "evaluation_bids", "score_lines")


def upgrade() -> None:
    create_tenders()
    create_lots()
    create_bids()
    create_bid_commitments()
    create_bid_marks()
    create_evaluations()
    create_evaluation_bids()
    create_score_lines()


def downgrade() -> None:
    for table in reversed(TABLES):
        op.drop_table(table)


def create_tenders() -> None:
    op.create_table(
        "tenders",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("ocid", sa.Text(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("stage", sa.Text(), nullable=False),
        sa.Column("deadline_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("contract_value", sa.BigInteger(), nullable=True),
        sa.Column("years", sa.Text(), nullable=True),
        sa.Column("as_of", sa.Date(), nullable=True),
        sa.Column("method", sa.Text(), nullable=True),
        sa.Column("method_hash", sa.Text(), nullable=True),
        sa.Column("catalogue_fingerprint", sa.Text(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column(
            "created_at", sa.DateTime(timezone=True), server_default=sa.text("(CURRENT_TIMESTAMP)"), nullable=False
        ),
        sa.CheckConstraint(
            "stage IN ('draft', 'cancelled') OR (deadline_at IS NOT NULL AND method IS NOT NULL "
            "AND method_hash IS NOT NULL AND catalogue_fingerprint IS NOT NULL AND as_of IS NOT NULL)",
            name=op.f("ck_tenders_published_is_complete"),
        ),
        sa.CheckConstraint(
            "stage IN ('draft', 'published', 'closed', 'evaluation', 'awarded', 'cancelled')",
            name=op.f("ck_tenders_stage_known"),
        ),
        sa.CheckConstraint("contract_value > 0", name=op.f("ck_tenders_contract_value_above_nothing")),
        sa.ForeignKeyConstraint(["organisation_id"], ["organisations.id"], name=op.f("fk_tenders_organisation_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_tenders")),
        sa.UniqueConstraint("ocid", name=op.f("uq_tenders_ocid")),
    )
    op.create_index("ix_tenders_organisation_id", "tenders", ["organisation_id", "id"], unique=False)


def create_lots() -> None:
    op.create_table(
        "lots",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("tender_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("contract_value", sa.BigInteger(), nullable=True),
        sa.Column(
            "created_at", sa.DateTime(timezone=True), server_default=sa.text("(CURRENT_TIMESTAMP)"), nullable=False
        ),
        sa.ForeignKeyConstraint(["tender_id"], ["tenders.id"], name=op.f("fk_lots_tender_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_lots")),
        sa.UniqueConstraint("tender_id", "number", name=op.f("uq_lots_tender_id_number")),
    )


def create_bids() -> None:
    op.create_table(
        "bids",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("tender_id", sa.Integer(), nullable=False),
        sa.Column("supplier_id", sa.Integer(), nullable=False),
        sa.Column("bidder", sa.Text(), nullable=False),
        sa.Column("submitted_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("price", sa.BigInteger(), nullable=False),
        sa.Column("passes", sa.Text(), nullable=False),
        sa.Column("content", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column(
            "created_at", sa.DateTime(timezone=True), server_default=sa.text("(CURRENT_TIMESTAMP)"), nullable=False
        ),
        sa.CheckConstraint("price > 0", name=op.f("ck_bids_price_above_nothing")),
        sa.ForeignKeyConstraint(["supplier_id"], ["suppliers.id"], name=op.f("fk_bids_supplier_id")),
        sa.ForeignKeyConstraint(["tender_id"], ["tenders.id"], name=op.f("fk_bids_tender_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_bids")),
        sa.UniqueConstraint("tender_id", "bidder", name=op.f("uq_bids_tender_id_bidder")),
        sa.UniqueConstraint("tender_id", "supplier_id", name=op.f("uq_bids_tender_id_supplier_id")),
    )
    op.create_index(op.f("ix_bids_supplier_id"), "bids", ["supplier_id"], unique=False)


def create_bid_commitments() -> None:
    op.create_table(
        "bid_commitments",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("bid_id", sa.Integer(), nullable=False),
        sa.Column("measure_code", sa.Text(), nullable=False),
        sa.Column("quantity", sa.Text(), nullable=False),
        sa.Column("unit", sa.Text(), nullable=False),
        sa.Column("year", sa.Integer(), nullable=True),
        sa.Column(
            "created_at", sa.DateTime(timezone=True), server_default=sa.text("(CURRENT_TIMESTAMP)"), nullable=False
        ),
        sa.CheckConstraint("quantity NOT LIKE '-%'", name=op.f("ck_bid_commitments_quantity_not_negative")),
        sa.CheckConstraint(
            "unit IN ('fte_year', 'person', 'week', 'hour', 'attendee_hour', 'gbp', 'tco2e', 'percent',"
            " 'tonne', 'mile', 'event', 'square_metre', 'count')",
            name=op.f("ck_bid_commitments_unit_known"),
        ),
        sa.ForeignKeyConstraint(["bid_id"], ["bids.id"], name=op.f("fk_bid_commitments_bid_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_bid_commitments")),
        sa.UniqueConstraint("bid_id", "measure_code", "year", name=op.f("uq_bid_commitments_bid_id_measure_code_year")),
    )
    op.create_index(
        "uq_bid_commitments_whole",
        "bid_commitments",
        ["bid_id", "measure_code"],
        unique=True,
        sqlite_where=sa.text("year IS NULL"),
        postgresql_where=sa.text("year IS NULL"),
    )


def create_bid_marks() -> None:
    op.create_table(
        "bid_marks",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("bid_id", sa.Integer(), nullable=False),
        sa.Column("criterion", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("marked_by", sa.Text(), nullable=False),
        sa.Column("mark", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column(
            "created_at", sa.DateTime(timezone=True), server_default=sa.text("(CURRENT_TIMESTAMP)"), nullable=False
        ),
        sa.CheckConstraint("kind IN ('individual', 'consensus')", name=op.f("ck_bid_marks_kind_known")),
        sa.CheckConstraint("mark NOT LIKE '-%'", name=op.f("ck_bid_marks_mark_not_negative")),
        sa.ForeignKeyConstraint(["bid_id"], ["bids.id"], name=op.f("fk_bid_marks_bid_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_bid_marks")),
        sa.UniqueConstraint(
            "bid_id", "criterion", "kind", "marked_by", name=op.f("uq_bid_marks_bid_id_criterion_kind_marked_by")
        ),
    )
    op.create_index(
        "uq_bid_marks_consensus",
        "bid_marks",
        ["bid_id", "criterion"],
        unique=True,
        sqlite_where=sa.text("kind = 'consensus'"),
        postgresql_where=sa.text("kind = 'consensus'"),
    )


def create_evaluations() -> None:
    op.create_table(
        "evaluations",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("tender_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("created_by", sa.Text(), nullable=False),
        sa.Column("as_of", sa.Date(), nullable=False),
        sa.Column("engine_version", sa.Text(), nullable=False),
        sa.Column("method_hash", sa.Text(), nullable=False),
        sa.Column("catalogue_fingerprint", sa.Text(), nullable=False),
        sa.Column("result", sa.Text(), nullable=False),
        sa.Column("result_hash", sa.Text(), nullable=False),
        sa.Column(
            "created_at", sa.DateTime(timezone=True), server_default=sa.text("(CURRENT_TIMESTAMP)"), nullable=False
        ),
        sa.CheckConstraint("number = 1 OR reason IS NOT NULL", name=op.f("ck_evaluations_rescore_has_reason")),
        sa.CheckConstraint("number > 0", name=op.f("ck_evaluations_number_above_nothing")),
        sa.ForeignKeyConstraint(["tender_id"], ["tenders.id"], name=op.f("fk_evaluations_tender_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_evaluations")),
        sa.UniqueConstraint("tender_id", "number", name=op.f("uq_evaluations_tender_id_number")),
    )


def create_evaluation_bids() -> None:
    op.create_table(
        "evaluation_bids",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("evaluation_id", sa.Integer(), nullable=False),
        sa.Column("bid_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("rank", sa.Integer(), nullable=True),
        sa.Column("score", sa.Text(), nullable=True),
        sa.Column("points", sa.Text(), nullable=True),
        sa.Column("excluded_because", sa.Text(), nullable=True),
        sa.Column(
            "created_at", sa.DateTime(timezone=True), server_default=sa.text("(CURRENT_TIMESTAMP)"), nullable=False
        ),
        sa.CheckConstraint(
            "(rank IS NULL) = (excluded_because IS NOT NULL)", name=op.f("ck_evaluation_bids_ranked_or_excluded")
        ),
        sa.ForeignKeyConstraint(["bid_id"], ["bids.id"], name=op.f("fk_evaluation_bids_bid_id")),
        sa.ForeignKeyConstraint(["evaluation_id"], ["evaluations.id"], name=op.f("fk_evaluation_bids_evaluation_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_evaluation_bids")),
        sa.UniqueConstraint("evaluation_id", "bid_id", name=op.f("uq_evaluation_bids_evaluation_id_bid_id")),
        sa.UniqueConstraint("evaluation_id", "position", name=op.f("uq_evaluation_bids_evaluation_id_position")),
    )
    op.create_index(op.f("ix_evaluation_bids_bid_id"), "evaluation_bids", ["bid_id"], unique=False)


def create_score_lines() -> None:
    op.create_table(
        "score_lines",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("evaluation_bid_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("criterion", sa.Text(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("share", sa.Text(), nullable=True),
        sa.Column("weighting", sa.Integer(), nullable=False),
        sa.Column("available", sa.Text(), nullable=False),
        sa.Column("contribution", sa.Text(), nullable=True),
        sa.Column("formula", sa.Text(), nullable=False),
        sa.Column("inputs", sa.Text(), nullable=False),
        sa.Column("values_used", sa.Text(), nullable=False),
        sa.Column("explanation", sa.Text(), nullable=False),
        sa.Column(
            "created_at", sa.DateTime(timezone=True), server_default=sa.text("(CURRENT_TIMESTAMP)"), nullable=False
        ),
        sa.ForeignKeyConstraint(
            ["evaluation_bid_id"], ["evaluation_bids.id"], name=op.f("fk_score_lines_evaluation_bid_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_score_lines")),
        sa.UniqueConstraint("evaluation_bid_id", "position", name=op.f("uq_score_lines_evaluation_bid_id_position")),
    )
