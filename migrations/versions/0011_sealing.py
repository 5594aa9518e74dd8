"""Opening keys, seals, drafts, receipts and sealed bids: all content of a bid is ciphertext until it is opened."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

TABLES = (
    "opening_keys",
    "tender_seals",
    "tender_openers",
    "opening_acts",
    "bid_receipts",
    "bid_drafts",
    "bid_files",
    "sealed_bids",
)
# Written once, whole.
KEPT = (
    "opening_keys",
    "tender_seals",
    "tender_openers",
    "opening_acts",
    "bid_receipts",
)


def upgrade() -> None:
    create_opening_keys()
    create_tender_seals()
    create_tender_openers()
    create_opening_acts()
    create_bid_receipts()
    create_bid_drafts()
    create_bid_files()
    create_sealed_bids()
    for table in KEPT:
        keep(table)


def downgrade() -> None:
    for table in reversed(TABLES):
        op.drop_table(table)


def create_opening_keys() -> None:
    op.create_table(
        "opening_keys",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("public_key", sa.LargeBinary(), nullable=False),
        sa.Column("wrapped_private_key", sa.LargeBinary(), nullable=False),
        sa.Column(
            "created_at", sa.DateTime(timezone=True), server_default=sa.text("(CURRENT_TIMESTAMP)"), nullable=False
        ),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_opening_keys_user_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_opening_keys")),
    )
    op.create_index(op.f("ix_opening_keys_user_id"), "opening_keys", ["user_id"], unique=False)


def create_tender_seals() -> None:
    op.create_table(
        "tender_seals",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("tender_id", sa.Integer(), nullable=False),
        sa.Column("envelope", sa.Text(), nullable=False),
        sa.Column("public_key", sa.LargeBinary(), nullable=False),
        sa.Column("wrapped_keys", sa.Text(), nullable=False),
        sa.Column(
            "created_at", sa.DateTime(timezone=True), server_default=sa.text("(CURRENT_TIMESTAMP)"), nullable=False
        ),
        sa.CheckConstraint("envelope IN ('quality', 'price')", name=op.f("ck_tender_seals_envelope_known")),
        sa.ForeignKeyConstraint(["tender_id"], ["tenders.id"], name=op.f("fk_tender_seals_tender_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_tender_seals")),
        sa.UniqueConstraint("tender_id", "envelope", name=op.f("uq_tender_seals_tender_id_envelope")),
    )


def create_tender_openers() -> None:
    op.create_table(
        "tender_openers",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("tender_id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("opening_key_id", sa.Integer(), nullable=False),
        sa.Column(
            "created_at", sa.DateTime(timezone=True), server_default=sa.text("(CURRENT_TIMESTAMP)"), nullable=False
        ),
        sa.ForeignKeyConstraint(["opening_key_id"], ["opening_keys.id"], name=op.f("fk_tender_openers_opening_key_id")),
        sa.ForeignKeyConstraint(["tender_id"], ["tenders.id"], name=op.f("fk_tender_openers_tender_id")),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_tender_openers_user_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_tender_openers")),
        sa.UniqueConstraint("tender_id", "user_id", name=op.f("uq_tender_openers_tender_id_user_id")),
    )


def create_opening_acts() -> None:
    op.create_table(
        "opening_acts",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("tender_id", sa.Integer(), nullable=False),
        sa.Column("envelope", sa.Text(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("acted_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("passed_on", sa.Text(), nullable=True),
        sa.Column(
            "created_at", sa.DateTime(timezone=True), server_default=sa.text("(CURRENT_TIMESTAMP)"), nullable=False
        ),
        sa.CheckConstraint("envelope IN ('quality', 'price')", name=op.f("ck_opening_acts_envelope_known")),
        sa.CheckConstraint("(number = 1) = (passed_on IS NOT NULL)", name=op.f("ck_opening_acts_first_passes_on")),
        sa.CheckConstraint("number IN (1, 2)", name=op.f("ck_opening_acts_number_first_or_second")),
        sa.ForeignKeyConstraint(["tender_id"], ["tenders.id"], name=op.f("fk_opening_acts_tender_id")),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_opening_acts_user_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_opening_acts")),
        sa.UniqueConstraint("tender_id", "envelope", "number", name=op.f("uq_opening_acts_tender_id_envelope_number")),
        sa.UniqueConstraint(
            "tender_id", "envelope", "user_id", name=op.f("uq_opening_acts_tender_id_envelope_user_id")
        ),
    )


def create_bid_receipts() -> None:
    op.create_table(
        "bid_receipts",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("tender_id", sa.Integer(), nullable=False),
        sa.Column("lot_id", sa.Integer(), nullable=False),
        sa.Column("supplier_id", sa.Integer(), nullable=False),
        sa.Column("content_hash", sa.Text(), nullable=False),
        sa.Column("method_hash", sa.Text(), nullable=False),
        sa.Column("amendment", sa.Integer(), nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("submitted_by", sa.Text(), nullable=False),
        sa.Column(
            "created_at", sa.DateTime(timezone=True), server_default=sa.text("(CURRENT_TIMESTAMP)"), nullable=False
        ),
        sa.ForeignKeyConstraint(["supplier_id"], ["suppliers.id"], name=op.f("fk_bid_receipts_supplier_id")),
        sa.ForeignKeyConstraint(["tender_id", "lot_id"], ["lots.tender_id", "lots.id"], name="fk_bid_receipts_lot"),
        sa.ForeignKeyConstraint(["tender_id"], ["tenders.id"], name=op.f("fk_bid_receipts_tender_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_bid_receipts")),
        sa.UniqueConstraint("code", name=op.f("uq_bid_receipts_code")),
    )
    op.create_index("ix_bid_receipts_lot_id", "bid_receipts", ["lot_id", "supplier_id", "id"], unique=False)
    op.create_index(op.f("ix_bid_receipts_supplier_id"), "bid_receipts", ["supplier_id"], unique=False)


def create_bid_drafts() -> None:
    op.create_table(
        "bid_drafts",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("lot_id", sa.Integer(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("kept_content", sa.LargeBinary(), nullable=False),
        sa.Column("updated_by", sa.Text(), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("reviewed_by", sa.Text(), nullable=True),
        sa.Column("reviewed_version", sa.Integer(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column(
            "created_at", sa.DateTime(timezone=True), server_default=sa.text("(CURRENT_TIMESTAMP)"), nullable=False
        ),
        sa.CheckConstraint(
            "(reviewed_by IS NULL) = (reviewed_version IS NULL)", name=op.f("ck_bid_drafts_reviewed_by_complete")
        ),
        sa.ForeignKeyConstraint(["lot_id"], ["lots.id"], name=op.f("fk_bid_drafts_lot_id")),
        sa.ForeignKeyConstraint(["organisation_id"], ["organisations.id"], name=op.f("fk_bid_drafts_organisation_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_bid_drafts")),
        sa.UniqueConstraint("lot_id", "organisation_id", name=op.f("uq_bid_drafts_lot_id_organisation_id")),
    )
    op.create_index(op.f("ix_bid_drafts_organisation_id"), "bid_drafts", ["organisation_id"], unique=False)


def create_bid_files() -> None:
    op.create_table(
        "bid_files",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("lot_id", sa.Integer(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("stored_as", sa.Text(), nullable=False),
        sa.Column("byte_count", sa.Integer(), nullable=False),
        sa.Column("added_by", sa.Text(), nullable=False),
        sa.Column(
            "created_at", sa.DateTime(timezone=True), server_default=sa.text("(CURRENT_TIMESTAMP)"), nullable=False
        ),
        sa.CheckConstraint("byte_count >= 0", name=op.f("ck_bid_files_byte_count_not_negative")),
        sa.ForeignKeyConstraint(["lot_id"], ["lots.id"], name=op.f("fk_bid_files_lot_id")),
        sa.ForeignKeyConstraint(["organisation_id"], ["organisations.id"], name=op.f("fk_bid_files_organisation_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_bid_files")),
        sa.UniqueConstraint("stored_as", name=op.f("uq_bid_files_stored_as")),
    )
    op.create_index("ix_bid_files_lot_id", "bid_files", ["lot_id", "organisation_id"], unique=False)


def create_sealed_bids() -> None:
    op.create_table(
        "sealed_bids",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("lot_id", sa.Integer(), nullable=False),
        sa.Column("supplier_id", sa.Integer(), nullable=False),
        sa.Column("receipt_id", sa.Integer(), nullable=False),
        sa.Column("quality", sa.LargeBinary(), nullable=True),
        sa.Column("price", sa.LargeBinary(), nullable=True),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column(
            "created_at", sa.DateTime(timezone=True), server_default=sa.text("(CURRENT_TIMESTAMP)"), nullable=False
        ),
        sa.CheckConstraint("(quality IS NULL) = (price IS NULL)", name=op.f("ck_sealed_bids_quality_complete")),
        sa.ForeignKeyConstraint(["lot_id"], ["lots.id"], name=op.f("fk_sealed_bids_lot_id")),
        sa.ForeignKeyConstraint(["receipt_id"], ["bid_receipts.id"], name=op.f("fk_sealed_bids_receipt_id")),
        sa.ForeignKeyConstraint(["supplier_id"], ["suppliers.id"], name=op.f("fk_sealed_bids_supplier_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sealed_bids")),
        sa.UniqueConstraint("lot_id", "supplier_id", name=op.f("uq_sealed_bids_lot_id_supplier_id")),
        sa.UniqueConstraint("receipt_id", name=op.f("uq_sealed_bids_receipt_id")),
    )
    op.create_index(op.f("ix_sealed_bids_supplier_id"), "sealed_bids", ["supplier_id"], unique=False)


def keep(table: str) -> None:
    """Refuse updates and deletions; the function PostgreSQL calls is there since 0006."""
    is_postgresql = op.get_bind().dialect.name == "postgresql"
    message = f"append-only: rows of {table} are kept as written"
    body = "EXECUTE FUNCTION keep_row()" if is_postgresql else f"BEGIN SELECT RAISE(ABORT, '{message}'); END"
    for action in ("update", "delete"):
        op.execute(f"CREATE TRIGGER keep_{table}_{action} BEFORE {action.upper()} ON {table} FOR EACH ROW {body}")
    if is_postgresql:
        op.execute(f"CREATE TRIGGER keep_{table}_truncate BEFORE TRUNCATE ON {table} EXECUTE FUNCTION keep_row()")
