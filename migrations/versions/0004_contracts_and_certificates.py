"""Contracts, returns and certificates."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

TABLES = ("contracts", "commitments", "social_value_returns", "claims", "certificates")


def upgrade() -> None:
    create_contracts()
    create_commitments()
    create_social_value_returns()
    create_claims()
    create_certificates()


def downgrade() -> None:
    for table in reversed(TABLES):
        op.drop_table(table)


def create_contracts() -> None:
    op.create_table(
        "contracts",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("supplier_id", sa.Integer(), nullable=False),
        sa.Column("tender_id", sa.Integer(), nullable=True),
        sa.Column("bid_id", sa.Integer(), nullable=True),
        sa.Column("reference", sa.Text(), nullable=False),
        sa.Column("ocid", sa.Text(), nullable=True),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("contract_value", sa.BigInteger(), nullable=False),
        sa.Column("start_on", sa.Date(), nullable=False),
        sa.Column("end_on", sa.Date(), nullable=False),
        sa.Column("catalogue_fingerprint", sa.Text(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column(
            "created_at", sa.DateTime(timezone=True), server_default=sa.text("(CURRENT_TIMESTAMP)"), nullable=False
        ),
        sa.CheckConstraint("contract_value > 0", name=op.f("ck_contracts_contract_value_above_nothing")),
        sa.CheckConstraint("end_on >= start_on", name=op.f("ck_contracts_ends_after_start")),
        sa.ForeignKeyConstraint(["bid_id"], ["bids.id"], name=op.f("fk_contracts_bid_id")),
        sa.ForeignKeyConstraint(["organisation_id"], ["organisations.id"], name=op.f("fk_contracts_organisation_id")),
        sa.ForeignKeyConstraint(["supplier_id"], ["suppliers.id"], name=op.f("fk_contracts_supplier_id")),
        sa.ForeignKeyConstraint(["tender_id"], ["tenders.id"], name=op.f("fk_contracts_tender_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_contracts")),
        sa.UniqueConstraint("bid_id", name=op.f("uq_contracts_bid_id")),
        sa.UniqueConstraint("organisation_id", "reference", name=op.f("uq_contracts_organisation_id_reference")),
    )
    op.create_index(op.f("ix_contracts_supplier_id"), "contracts", ["supplier_id"], unique=False)
    op.create_index(op.f("ix_contracts_tender_id"), "contracts", ["tender_id"], unique=False)


def create_commitments() -> None:
    op.create_table(
        "commitments",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("contract_id", sa.Integer(), nullable=False),
        sa.Column("measure_code", sa.Text(), nullable=False),
        sa.Column("head", sa.Text(), nullable=False),
        sa.Column("year", sa.Integer(), nullable=True),
        sa.Column("quantity", sa.Text(), nullable=False),
        sa.Column("unit", sa.Text(), nullable=False),
        sa.Column("value_kind", sa.Text(), nullable=False),
        sa.Column("unit_value", sa.Text(), nullable=True),
        sa.Column("value_reference", sa.Text(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column(
            "created_at", sa.DateTime(timezone=True), server_default=sa.text("(CURRENT_TIMESTAMP)"), nullable=False
        ),
        sa.CheckConstraint(
            "head IN ('jobs', 'economy', 'climate', 'families', 'care', 'communities', 'homes', 'digital', 'fairness')",
            name=op.f("ck_commitments_head_known"),
        ),
        sa.CheckConstraint("quantity NOT LIKE '-%'", name=op.f("ck_commitments_quantity_not_negative")),
        sa.CheckConstraint(
            "unit IN ('fte_year', 'person', 'week', 'hour', 'attendee_hour', 'gbp', 'tco2e', 'percent',"
            " 'tonne', 'mile', 'event', 'square_metre', 'count')",
            name=op.f("ck_commitments_unit_known"),
        ),
        sa.CheckConstraint("unit_value IS NULL OR value_kind <> 'none'", name=op.f("ck_commitments_value_has_kind")),
        sa.CheckConstraint(
            "value_kind IN ('additional', 'flow', 'none')", name=op.f("ck_commitments_value_kind_known")
        ),
        sa.CheckConstraint(
            "(unit_value IS NULL) = (value_reference IS NULL)", name=op.f("ck_commitments_value_has_reference")
        ),
        sa.ForeignKeyConstraint(["contract_id"], ["contracts.id"], name=op.f("fk_commitments_contract_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_commitments")),
        sa.UniqueConstraint(
            "contract_id", "measure_code", "year", name=op.f("uq_commitments_contract_id_measure_code_year")
        ),
    )
    op.create_index(
        "uq_commitments_whole",
        "commitments",
        ["contract_id", "measure_code"],
        unique=True,
        sqlite_where=sa.text("year IS NULL"),
        postgresql_where=sa.text("year IS NULL"),
    )


def create_social_value_returns() -> None:
    op.create_table(
        "social_value_returns",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("contract_id", sa.Integer(), nullable=False),
        sa.Column("period_start_on", sa.Date(), nullable=False),
        sa.Column("period_end_on", sa.Date(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("submitted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("submitted_by", sa.Text(), nullable=True),
        sa.Column("verified_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("verified_by", sa.Text(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column(
            "created_at", sa.DateTime(timezone=True), server_default=sa.text("(CURRENT_TIMESTAMP)"), nullable=False
        ),
        sa.CheckConstraint(
            "(status = 'verified') = (verified_at IS NOT NULL)", name=op.f("ck_social_value_returns_verified_at_a_time")
        ),
        sa.CheckConstraint(
            "status = 'draft' OR submitted_at IS NOT NULL", name=op.f("ck_social_value_returns_submitted_at_a_time")
        ),
        sa.CheckConstraint(
            "status IN ('draft', 'submitted', 'verified')", name=op.f("ck_social_value_returns_status_known")
        ),
        sa.CheckConstraint(
            "(submitted_at IS NULL) = (submitted_by IS NULL)",
            name=op.f("ck_social_value_returns_submitted_by_somebody"),
        ),
        sa.CheckConstraint(
            "(verified_at IS NULL) = (verified_by IS NULL)", name=op.f("ck_social_value_returns_verified_by_somebody")
        ),
        sa.CheckConstraint("period_end_on >= period_start_on", name=op.f("ck_social_value_returns_ends_after_start")),
        sa.CheckConstraint("verified_by <> submitted_by", name=op.f("ck_social_value_returns_two_people")),
        sa.ForeignKeyConstraint(["contract_id"], ["contracts.id"], name=op.f("fk_social_value_returns_contract_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_social_value_returns")),
        sa.UniqueConstraint(
            "contract_id",
            "period_start_on",
            "period_end_on",
            name=op.f("uq_social_value_returns_contract_id_period_start_on_period_end_on"),
        ),
    )


def create_claims() -> None:
    op.create_table(
        "claims",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("return_id", sa.Integer(), nullable=False),
        sa.Column("commitment_id", sa.Integer(), nullable=False),
        sa.Column("claimed", sa.Text(), nullable=False),
        sa.Column("verified", sa.Text(), nullable=True),
        sa.Column("level", sa.Text(), nullable=False),
        sa.Column("evidence", sa.Text(), nullable=True),
        sa.Column("verified_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("verified_by", sa.Text(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column(
            "created_at", sa.DateTime(timezone=True), server_default=sa.text("(CURRENT_TIMESTAMP)"), nullable=False
        ),
        sa.CheckConstraint("claimed NOT LIKE '-%'", name=op.f("ck_claims_claimed_not_negative")),
        sa.CheckConstraint(
            "level IN ('self_declared', 'documented', 'officer_checked', 'third_party', 'beneficiary_confirmed')",
            name=op.f("ck_claims_level_known"),
        ),
        sa.CheckConstraint(
            "verified IS NULL OR level NOT IN ('self_declared', 'documented')",
            name=op.f("ck_claims_verified_was_checked"),
        ),
        sa.CheckConstraint("verified NOT LIKE '-%'", name=op.f("ck_claims_verified_not_negative")),
        sa.CheckConstraint(
            "(verified IS NULL) = (verified_at IS NULL) AND (verified IS NULL) = (verified_by IS NULL)",
            name=op.f("ck_claims_verified_by_somebody"),
        ),
        sa.ForeignKeyConstraint(["commitment_id"], ["commitments.id"], name=op.f("fk_claims_commitment_id")),
        sa.ForeignKeyConstraint(["return_id"], ["social_value_returns.id"], name=op.f("fk_claims_return_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_claims")),
        sa.UniqueConstraint("return_id", "commitment_id", name=op.f("uq_claims_return_id_commitment_id")),
    )
    op.create_index(op.f("ix_claims_commitment_id"), "claims", ["commitment_id"], unique=False)


def create_certificates() -> None:
    op.create_table(
        "certificates",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("serial", sa.Text(), nullable=False),
        sa.Column("contract_id", sa.Integer(), nullable=True),
        sa.Column("supplier_id", sa.Integer(), nullable=False),
        sa.Column("period_start_on", sa.Date(), nullable=False),
        sa.Column("period_end_on", sa.Date(), nullable=False),
        sa.Column("issued_on", sa.Date(), nullable=False),
        sa.Column("expires_on", sa.Date(), nullable=False),
        sa.Column("facts", sa.Text(), nullable=False),
        sa.Column("facts_sha256", sa.Text(), nullable=False),
        sa.Column("pdf_sha256", sa.Text(), nullable=False),
        sa.Column("audit_head", sa.Text(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("revoked_because", sa.Text(), nullable=True),
        sa.Column(
            "created_at", sa.DateTime(timezone=True), server_default=sa.text("(CURRENT_TIMESTAMP)"), nullable=False
        ),
        sa.CheckConstraint(
            "(status = 'revoked') = (revoked_at IS NOT NULL) AND (revoked_at IS NULL) = (revoked_because IS NULL)",
            name=op.f("ck_certificates_revocation_explained"),
        ),
        sa.CheckConstraint("status IN ('issued', 'revoked')", name=op.f("ck_certificates_status_known")),
        sa.CheckConstraint("expires_on >= issued_on", name=op.f("ck_certificates_expires_after_issue")),
        sa.CheckConstraint("number > 0", name=op.f("ck_certificates_number_above_nothing")),
        sa.CheckConstraint("period_end_on >= period_start_on", name=op.f("ck_certificates_ends_after_start")),
        sa.ForeignKeyConstraint(["contract_id"], ["contracts.id"], name=op.f("fk_certificates_contract_id")),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisations.id"], name=op.f("fk_certificates_organisation_id")
        ),
        sa.ForeignKeyConstraint(["supplier_id"], ["suppliers.id"], name=op.f("fk_certificates_supplier_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_certificates")),
        sa.UniqueConstraint(
            "organisation_id", "year", "number", name=op.f("uq_certificates_organisation_id_year_number")
        ),
        sa.UniqueConstraint("pdf_sha256", name=op.f("uq_certificates_pdf_sha256")),
        sa.UniqueConstraint("serial", name=op.f("uq_certificates_serial")),
    )
    op.create_index(op.f("ix_certificates_contract_id"), "certificates", ["contract_id"], unique=False)
    op.create_index(op.f("ix_certificates_supplier_id"), "certificates", ["supplier_id"], unique=False)
