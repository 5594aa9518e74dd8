"""Organisations, suppliers, postcodes."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

TABLES = (
    "organisations",
    "suppliers",
    "supplier_addresses",
    "payees",
    "payee_placements",
    "supplier_decisions",
    "supplier_candidates",
    "postcode_tables",
    "postcodes",
)


def upgrade() -> None:
    create_organisations()
    create_suppliers()
    create_supplier_addresses()
    create_payees()
    create_payee_placements()
    create_supplier_decisions()
    create_supplier_candidates()
    create_postcode_tables()
    create_postcodes()


def downgrade() -> None:
    for table in reversed(TABLES):
        op.drop_table(table)


def create_organisations() -> None:
    op.create_table(
        "organisations",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("identifier", sa.Text(), nullable=True),
        sa.Column("anchor_kind", sa.Text(), nullable=True),
        sa.Column("city_key", sa.Text(), nullable=True),
        sa.Column("district_code", sa.Text(), nullable=True),
        sa.Column("population", sa.Integer(), nullable=True),
        sa.Column("population_on", sa.Date(), nullable=True),
        sa.Column("is_public_body", sa.Boolean(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column(
            "created_at", sa.DateTime(timezone=True), server_default=sa.text("(CURRENT_TIMESTAMP)"), nullable=False
        ),
        sa.CheckConstraint(
            "anchor_kind IN ('council', 'health', 'university', 'college', 'housing')",
            name=op.f("ck_organisations_anchor_kind_known"),
        ),
        sa.CheckConstraint(
            "(population IS NULL) = (population_on IS NULL)", name=op.f("ck_organisations_population_dated")
        ),
        sa.CheckConstraint(
            "anchor_kind IS NULL OR city_key IS NOT NULL", name=op.f("ck_organisations_anchor_has_city")
        ),
        sa.CheckConstraint("population > 0", name=op.f("ck_organisations_population_above_nothing")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_organisations")),
        sa.UniqueConstraint("identifier", name=op.f("uq_organisations_identifier")),
        sa.UniqueConstraint("key", name=op.f("uq_organisations_key")),
    )
    op.create_index(op.f("ix_organisations_city_key"), "organisations", ["city_key"], unique=False)


def create_suppliers() -> None:
    op.create_table(
        "suppliers",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("identifier", sa.Text(), nullable=True),
        sa.Column("size", sa.Text(), nullable=False),
        sa.Column("is_vcse", sa.Boolean(), nullable=True),
        sa.Column("is_public_body", sa.Boolean(), nullable=True),
        sa.Column("is_individual", sa.Boolean(), nullable=True),
        sa.Column("sic", sa.Text(), nullable=True),
        sa.Column("group_name", sa.Text(), nullable=True),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("seen_on", sa.Date(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column(
            "created_at", sa.DateTime(timezone=True), server_default=sa.text("(CURRENT_TIMESTAMP)"), nullable=False
        ),
        sa.CheckConstraint(
            "size IN ('micro', 'small', 'medium', 'large', 'unknown')", name=op.f("ck_suppliers_size_known")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_suppliers")),
        sa.UniqueConstraint("identifier", name=op.f("uq_suppliers_identifier")),
    )
    op.create_index("ix_suppliers_name", "suppliers", ["name", "id"], unique=False)


def create_supplier_addresses() -> None:
    op.create_table(
        "supplier_addresses",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("supplier_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("postcode", sa.Text(), nullable=True),
        sa.Column("country", sa.Text(), nullable=True),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("seen_on", sa.Date(), nullable=False),
        sa.Column(
            "created_at", sa.DateTime(timezone=True), server_default=sa.text("(CURRENT_TIMESTAMP)"), nullable=False
        ),
        sa.CheckConstraint(
            "kind IN ('trading', 'delivery', 'invoice', 'registered')", name=op.f("ck_supplier_addresses_kind_known")
        ),
        sa.CheckConstraint(
            "postcode IS NOT NULL OR country IS NOT NULL", name=op.f("ck_supplier_addresses_says_where")
        ),
        sa.ForeignKeyConstraint(["supplier_id"], ["suppliers.id"], name=op.f("fk_supplier_addresses_supplier_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_supplier_addresses")),
        sa.UniqueConstraint(
            "supplier_id",
            "kind",
            "source",
            "postcode",
            name=op.f("uq_supplier_addresses_supplier_id_kind_source_postcode"),
        ),
    )


def create_payees() -> None:
    op.create_table(
        "payees",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("supplier_number", sa.Text(), nullable=False),
        sa.Column("identifier", sa.Text(), nullable=False),
        sa.Column("postcode", sa.Text(), nullable=False),
        sa.Column("supplier_id", sa.Integer(), nullable=True),
        sa.Column("is_transfer", sa.Boolean(), nullable=False),
        sa.Column(
            "created_at", sa.DateTime(timezone=True), server_default=sa.text("(CURRENT_TIMESTAMP)"), nullable=False
        ),
        sa.ForeignKeyConstraint(["organisation_id"], ["organisations.id"], name=op.f("fk_payees_organisation_id")),
        sa.ForeignKeyConstraint(["supplier_id"], ["suppliers.id"], name=op.f("fk_payees_supplier_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_payees")),
        sa.UniqueConstraint(
            "organisation_id", "name", "supplier_number", "identifier", "postcode", name="uq_payees_spelling"
        ),
    )
    op.create_index(op.f("ix_payees_supplier_id"), "payees", ["supplier_id"], unique=False)


def create_payee_placements() -> None:
    op.create_table(
        "payee_placements",
        sa.Column("payee_id", sa.Integer(), nullable=False),
        sa.Column("rule_key", sa.Text(), nullable=False),
        sa.Column("ring", sa.Text(), nullable=False),
        sa.Column("nearest", sa.Text(), nullable=False),
        sa.Column("farthest", sa.Text(), nullable=False),
        sa.CheckConstraint(
            "farthest IN ('ward', 'city', 'sub_region', 'combined_authority', 'region', 'uk', 'overseas', 'unknown')",
            name=op.f("ck_payee_placements_farthest_known"),
        ),
        sa.CheckConstraint(
            "nearest IN ('ward', 'city', 'sub_region', 'combined_authority', 'region', 'uk', 'overseas', 'unknown')",
            name=op.f("ck_payee_placements_nearest_known"),
        ),
        sa.CheckConstraint(
            "ring IN ('ward', 'city', 'sub_region', 'combined_authority', 'region', 'uk', 'overseas', 'unknown')",
            name=op.f("ck_payee_placements_ring_known"),
        ),
        sa.ForeignKeyConstraint(["payee_id"], ["payees.id"], name=op.f("fk_payee_placements_payee_id")),
        sa.PrimaryKeyConstraint("payee_id", "rule_key", name=op.f("pk_payee_placements")),
        sqlite_with_rowid=False,
    )


def create_supplier_decisions() -> None:
    op.create_table(
        "supplier_decisions",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("payee_id", sa.Integer(), nullable=False),
        sa.Column("supplier_id", sa.Integer(), nullable=False),
        sa.Column("decided_by", sa.Text(), nullable=False),
        sa.Column("actor", sa.Text(), nullable=False),
        sa.Column("score", sa.Text(), nullable=True),
        sa.Column("reasons", sa.Text(), nullable=False),
        sa.Column("undone_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("undone_by", sa.Text(), nullable=True),
        sa.Column(
            "created_at", sa.DateTime(timezone=True), server_default=sa.text("(CURRENT_TIMESTAMP)"), nullable=False
        ),
        sa.CheckConstraint(
            "decided_by IN ('register', 'automatic', 'person')", name=op.f("ck_supplier_decisions_decided_by_known")
        ),
        sa.CheckConstraint(
            "(undone_at IS NULL) = (undone_by IS NULL)", name=op.f("ck_supplier_decisions_undone_by_somebody")
        ),
        sa.ForeignKeyConstraint(["payee_id"], ["payees.id"], name=op.f("fk_supplier_decisions_payee_id")),
        sa.ForeignKeyConstraint(["supplier_id"], ["suppliers.id"], name=op.f("fk_supplier_decisions_supplier_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_supplier_decisions")),
    )
    op.create_index(op.f("ix_supplier_decisions_payee_id"), "supplier_decisions", ["payee_id"], unique=False)
    op.create_index(op.f("ix_supplier_decisions_supplier_id"), "supplier_decisions", ["supplier_id"], unique=False)
    op.create_index(
        "uq_supplier_decisions_in_force",
        "supplier_decisions",
        ["payee_id"],
        unique=True,
        sqlite_where=sa.text("undone_at IS NULL"),
        postgresql_where=sa.text("undone_at IS NULL"),
    )


def create_supplier_candidates() -> None:
    op.create_table(
        "supplier_candidates",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("payee_id", sa.Integer(), nullable=False),
        sa.Column("supplier_id", sa.Integer(), nullable=False),
        sa.Column("score", sa.Text(), nullable=False),
        sa.Column("reasons", sa.Text(), nullable=False),
        sa.Column(
            "created_at", sa.DateTime(timezone=True), server_default=sa.text("(CURRENT_TIMESTAMP)"), nullable=False
        ),
        sa.ForeignKeyConstraint(["payee_id"], ["payees.id"], name=op.f("fk_supplier_candidates_payee_id")),
        sa.ForeignKeyConstraint(["supplier_id"], ["suppliers.id"], name=op.f("fk_supplier_candidates_supplier_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_supplier_candidates")),
        sa.UniqueConstraint("payee_id", "supplier_id", name=op.f("uq_supplier_candidates_payee_id_supplier_id")),
    )
    op.create_index(op.f("ix_supplier_candidates_supplier_id"), "supplier_candidates", ["supplier_id"], unique=False)


def create_postcode_tables() -> None:
    op.create_table(
        "postcode_tables",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("vintage", sa.Text(), nullable=False),
        sa.Column(
            "created_at", sa.DateTime(timezone=True), server_default=sa.text("(CURRENT_TIMESTAMP)"), nullable=False
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_postcode_tables")),
        sa.UniqueConstraint("title", name=op.f("uq_postcode_tables_title")),
    )


def create_postcodes() -> None:
    op.create_table(
        "postcodes",
        sa.Column("postcode", sa.Text(), nullable=False),
        sa.Column("table_id", sa.Integer(), nullable=False),
        sa.Column("district_code", sa.Text(), nullable=False),
        sa.Column("ward_code", sa.Text(), nullable=True),
        sa.Column("lsoa_code", sa.Text(), nullable=True),
        sa.Column("introduced", sa.Text(), nullable=True),
        sa.Column("terminated", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(["table_id"], ["postcode_tables.id"], name=op.f("fk_postcodes_table_id")),
        sa.PrimaryKeyConstraint("postcode", "table_id", name=op.f("pk_postcodes")),
        sqlite_with_rowid=False,
    )
    op.create_index(op.f("ix_postcodes_table_id"), "postcodes", ["table_id"], unique=False)
