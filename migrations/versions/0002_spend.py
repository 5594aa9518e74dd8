"""Spend sources, files, lines and roll-ups."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

TABLES = ("spend_sources", "spend_files", "spend_lines", "spend_issues", "spend_by_payee", "spend_by_ring")


def upgrade() -> None:
    create_spend_sources()
    create_spend_files()
    create_spend_lines()
    create_spend_issues()
    create_spend_by_payee()
    create_spend_by_ring()


def downgrade() -> None:
    for table in reversed(TABLES):
        op.drop_table(table)


def create_spend_sources() -> None:
    op.create_table(
        "spend_sources",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("layout", sa.Text(), nullable=True),
        sa.Column("basis", sa.Text(), nullable=False),
        sa.Column("threshold", sa.BigInteger(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column(
            "created_at", sa.DateTime(timezone=True), server_default=sa.text("(CURRENT_TIMESTAMP)"), nullable=False
        ),
        sa.CheckConstraint("basis IN ('net', 'gross', 'unknown')", name=op.f("ck_spend_sources_basis_known")),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisations.id"], name=op.f("fk_spend_sources_organisation_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_spend_sources")),
        sa.UniqueConstraint("organisation_id", "title", name=op.f("uq_spend_sources_organisation_id_title")),
    )


def create_spend_files() -> None:
    op.create_table(
        "spend_files",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("source_id", sa.Integer(), nullable=False),
        sa.Column("file_name", sa.Text(), nullable=False),
        sa.Column("sha256", sa.Text(), nullable=False),
        sa.Column("content_hash", sa.Text(), nullable=True),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("refused_because", sa.Text(), nullable=True),
        sa.Column("row_count", sa.Integer(), nullable=False),
        sa.Column("loaded_rows", sa.Integer(), nullable=False),
        sa.Column("refused_rows", sa.Integer(), nullable=False),
        sa.Column("repeated_rows", sa.Integer(), nullable=False),
        sa.Column("totals_rows", sa.Integer(), nullable=False),
        sa.Column("blank_rows", sa.Integer(), nullable=False),
        sa.Column("total", sa.BigInteger(), nullable=False),
        sa.Column("negative_rows", sa.Integer(), nullable=False),
        sa.Column("negative_total", sa.BigInteger(), nullable=False),
        sa.Column("first_paid_on", sa.Date(), nullable=True),
        sa.Column("last_paid_on", sa.Date(), nullable=True),
        sa.Column("report", sa.Text(), nullable=False),
        sa.Column("imported_by", sa.Text(), nullable=False),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("withdrawn_by", sa.Text(), nullable=True),
        sa.Column("withdrawn_because", sa.Text(), nullable=True),
        sa.Column(
            "created_at", sa.DateTime(timezone=True), server_default=sa.text("(CURRENT_TIMESTAMP)"), nullable=False
        ),
        sa.CheckConstraint(
            "(status = 'refused') = (refused_because IS NOT NULL)", name=op.f("ck_spend_files_refusal_has_reason")
        ),
        sa.CheckConstraint("status <> 'refused' OR loaded_rows = 0", name=op.f("ck_spend_files_refused_loads_nothing")),
        sa.CheckConstraint(
            "status IN ('importing', 'accepted', 'accepted_with_warnings', 'refused')",
            name=op.f("ck_spend_files_status_known"),
        ),
        sa.CheckConstraint(
            "(withdrawn_at IS NULL) = (withdrawn_by IS NULL) AND (withdrawn_at IS NULL) = (withdrawn_because IS NULL)",
            name=op.f("ck_spend_files_withdrawal_explained"),
        ),
        sa.CheckConstraint("blank_rows >= 0", name=op.f("ck_spend_files_blank_rows_not_negative")),
        sa.CheckConstraint("loaded_rows >= 0", name=op.f("ck_spend_files_loaded_rows_not_negative")),
        sa.CheckConstraint("refused_rows >= 0", name=op.f("ck_spend_files_refused_rows_not_negative")),
        sa.CheckConstraint("repeated_rows >= 0", name=op.f("ck_spend_files_repeated_rows_not_negative")),
        sa.CheckConstraint(
            "row_count = loaded_rows + refused_rows + repeated_rows + totals_rows",
            name=op.f("ck_spend_files_rows_accounted_for"),
        ),
        sa.CheckConstraint("totals_rows >= 0", name=op.f("ck_spend_files_totals_rows_not_negative")),
        sa.ForeignKeyConstraint(["source_id"], ["spend_sources.id"], name=op.f("fk_spend_files_source_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_spend_files")),
    )
    op.create_index(
        "uq_spend_files_same_file",
        "spend_files",
        ["source_id", "sha256"],
        unique=True,
        sqlite_where=sa.text("withdrawn_at IS NULL AND status <> 'refused'"),
        postgresql_where=sa.text("withdrawn_at IS NULL AND status <> 'refused'"),
    )
    op.create_index(
        "uq_spend_files_same_rows",
        "spend_files",
        ["source_id", "content_hash"],
        unique=True,
        sqlite_where=sa.text("withdrawn_at IS NULL AND status <> 'refused'"),
        postgresql_where=sa.text("withdrawn_at IS NULL AND status <> 'refused'"),
    )


def create_spend_lines() -> None:
    op.create_table(
        "spend_lines",
        sa.Column("file_id", sa.Integer(), nullable=False),
        sa.Column("sheet", sa.Text(), nullable=False),
        sa.Column("line_number", sa.Integer(), nullable=False),
        sa.Column("payee_id", sa.Integer(), nullable=False),
        sa.Column("paid_on", sa.Date(), nullable=True),
        sa.Column("financial_year", sa.SmallInteger(), nullable=False),
        sa.Column("quarter", sa.SmallInteger(), nullable=False),
        sa.Column("net_pence", sa.BigInteger(), nullable=False),
        sa.Column("transaction_number", sa.Text(), nullable=True),
        sa.Column("department", sa.Text(), nullable=True),
        sa.Column("purpose", sa.Text(), nullable=True),
        sa.Column("category", sa.Text(), nullable=True),
        sa.Column("redaction", sa.Text(), nullable=True),
        sa.Column("raw", sa.Text(), nullable=False),
        sa.CheckConstraint("redaction IN ('personal', 'confidential')", name=op.f("ck_spend_lines_redaction_known")),
        sa.CheckConstraint(
            "(paid_on IS NULL) = (quarter = 0) AND (quarter = 0) = (financial_year = 0)",
            name=op.f("ck_spend_lines_dated_or_not"),
        ),
        sa.CheckConstraint("quarter BETWEEN 0 AND 4", name=op.f("ck_spend_lines_quarter_of_a_year")),
        sa.ForeignKeyConstraint(["file_id"], ["spend_files.id"], name=op.f("fk_spend_lines_file_id")),
        sa.ForeignKeyConstraint(["payee_id"], ["payees.id"], name=op.f("fk_spend_lines_payee_id")),
        sa.PrimaryKeyConstraint("file_id", "sheet", "line_number", name=op.f("pk_spend_lines")),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_spend_lines_payee_id", "spend_lines", ["payee_id"], unique=False)


def create_spend_issues() -> None:
    op.create_table(
        "spend_issues",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("file_id", sa.Integer(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("severity", sa.Text(), nullable=False),
        sa.Column("message", sa.Text(), nullable=False),
        sa.Column("sheet", sa.Text(), nullable=True),
        sa.Column("line_number", sa.Integer(), nullable=True),
        sa.Column("column_name", sa.Text(), nullable=True),
        sa.Column("value", sa.Text(), nullable=True),
        sa.Column(
            "created_at", sa.DateTime(timezone=True), server_default=sa.text("(CURRENT_TIMESTAMP)"), nullable=False
        ),
        sa.CheckConstraint("severity IN ('error', 'warning', 'note')", name=op.f("ck_spend_issues_severity_known")),
        sa.ForeignKeyConstraint(["file_id"], ["spend_files.id"], name=op.f("fk_spend_issues_file_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_spend_issues")),
    )
    op.create_index("ix_spend_issues_file_id", "spend_issues", ["file_id", "id"], unique=False)


def create_spend_by_payee() -> None:
    op.create_table(
        "spend_by_payee",
        sa.Column("payee_id", sa.Integer(), nullable=False),
        sa.Column("financial_year", sa.SmallInteger(), nullable=False),
        sa.Column("quarter", sa.SmallInteger(), nullable=False),
        sa.Column("net_pence", sa.BigInteger(), nullable=False),
        sa.Column("line_count", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["payee_id"], ["payees.id"], name=op.f("fk_spend_by_payee_payee_id")),
        sa.PrimaryKeyConstraint("payee_id", "financial_year", "quarter", name=op.f("pk_spend_by_payee")),
        sqlite_with_rowid=False,
    )


def create_spend_by_ring() -> None:
    op.create_table(
        "spend_by_ring",
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("rule_key", sa.Text(), nullable=False),
        sa.Column("financial_year", sa.SmallInteger(), nullable=False),
        sa.Column("quarter", sa.SmallInteger(), nullable=False),
        sa.Column("ring", sa.Text(), nullable=False),
        sa.Column("nearest", sa.Text(), nullable=False),
        sa.Column("farthest", sa.Text(), nullable=False),
        sa.Column("is_transfer", sa.Boolean(), nullable=False),
        sa.Column("net_pence", sa.BigInteger(), nullable=False),
        sa.Column("line_count", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisations.id"], name=op.f("fk_spend_by_ring_organisation_id")
        ),
        sa.PrimaryKeyConstraint(
            "organisation_id",
            "rule_key",
            "financial_year",
            "quarter",
            "ring",
            "nearest",
            "farthest",
            "is_transfer",
            name=op.f("pk_spend_by_ring"),
        ),
        sqlite_with_rowid=False,
    )
