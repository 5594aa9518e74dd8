"""Bids and evaluations belong to a lot; a bid's price can be unopened, a mark unfinished, a promise handed over."""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

HANDED_OVER = ("owner", "due_profile", "milestones", "evidence", "remedy")
PROFILES = "due_profile IN ('even', 'front_loaded', 'milestones')"


def upgrade() -> None:
    move_bids()
    move_evaluations()
    with op.batch_alter_table("bid_marks") as marks:
        marks.add_column(sa.Column("present", sa.Text(), nullable=True))
        marks.alter_column("mark", existing_type=sa.Text(), nullable=True)
        marks.create_check_constraint(
            op.f("ck_bid_marks_consensus_has_mark"), "kind = 'individual' OR mark IS NOT NULL"
        )
    op.execute("UPDATE bid_marks SET present = '[]'")
    with op.batch_alter_table("bid_marks") as marks:
        marks.alter_column("present", existing_type=sa.Text(), nullable=False)
    with op.batch_alter_table("commitments") as commitments:
        for name in HANDED_OVER:
            commitments.add_column(sa.Column(name, sa.Text(), nullable=True))
        commitments.create_check_constraint(op.f("ck_commitments_due_profile_known"), PROFILES)


def downgrade() -> None:
    with op.batch_alter_table("commitments") as commitments:
        commitments.drop_constraint(op.f("ck_commitments_due_profile_known"), type_="check")
        for name in reversed(HANDED_OVER):
            commitments.drop_column(name)
    op.execute("DELETE FROM bid_marks WHERE mark IS NULL")
    with op.batch_alter_table("bid_marks") as marks:
        marks.drop_constraint(op.f("ck_bid_marks_consensus_has_mark"), type_="check")
        marks.alter_column("mark", existing_type=sa.Text(), nullable=False)
        marks.drop_column("present")
    move_evaluations_back()
    move_bids_back()


def move_bids() -> None:
    with op.batch_alter_table("bids") as bids:
        bids.add_column(sa.Column("lot_id", sa.Integer(), nullable=True))
        bids.add_column(sa.Column("receipt_id", sa.Integer(), nullable=True))
        bids.add_column(sa.Column("alias", sa.Text(), nullable=True))
        bids.alter_column("price", existing_type=sa.BigInteger(), nullable=True)
        bids.drop_constraint(op.f("uq_bids_tender_id_bidder"), type_="unique")
        bids.drop_constraint(op.f("uq_bids_tender_id_supplier_id"), type_="unique")
    op.execute("UPDATE bids SET lot_id = (SELECT min(lots.id) FROM lots WHERE lots.tender_id = bids.tender_id)")
    op.execute(
        "UPDATE bids SET alias = 'Bidder ' || "
        "(SELECT count(*) FROM bids others WHERE others.tender_id = bids.tender_id AND others.id <= bids.id)"
    )
    with op.batch_alter_table("bids") as bids:
        bids.alter_column("lot_id", existing_type=sa.Integer(), nullable=False)
        bids.alter_column("alias", existing_type=sa.Text(), nullable=False)
        bids.create_unique_constraint(op.f("uq_bids_lot_id_alias"), ["lot_id", "alias"])
        bids.create_unique_constraint(op.f("uq_bids_lot_id_bidder"), ["lot_id", "bidder"])
        bids.create_unique_constraint(op.f("uq_bids_lot_id_supplier_id"), ["lot_id", "supplier_id"])
        bids.create_unique_constraint(op.f("uq_bids_receipt_id"), ["receipt_id"])
        bids.create_foreign_key("fk_bids_lot_of_tender", "lots", ["tender_id", "lot_id"], ["tender_id", "id"])
        bids.create_foreign_key(op.f("fk_bids_receipt_id"), "bid_receipts", ["receipt_id"], ["id"])
        bids.create_index("ix_bids_tender_id", ["tender_id", "id"])


def move_bids_back() -> None:
    with op.batch_alter_table("bids") as bids:
        bids.drop_index("ix_bids_tender_id")
        bids.drop_constraint(op.f("fk_bids_receipt_id"), type_="foreignkey")
        bids.drop_constraint("fk_bids_lot_of_tender", type_="foreignkey")
        for name in ("receipt_id", "lot_id_supplier_id", "lot_id_bidder", "lot_id_alias"):
            bids.drop_constraint(op.f(f"uq_bids_{name}"), type_="unique")
        bids.create_unique_constraint(op.f("uq_bids_tender_id_bidder"), ["tender_id", "bidder"])
        bids.create_unique_constraint(op.f("uq_bids_tender_id_supplier_id"), ["tender_id", "supplier_id"])
        bids.alter_column("price", existing_type=sa.BigInteger(), nullable=False)
        for name in ("alias", "receipt_id", "lot_id"):
            bids.drop_column(name)


def move_evaluations() -> None:
    release("evaluations")
    with op.batch_alter_table("evaluations") as evaluations:
        evaluations.add_column(sa.Column("lot_id", sa.Integer(), nullable=True))
        evaluations.drop_constraint(op.f("uq_evaluations_tender_id_number"), type_="unique")
    op.execute(
        "UPDATE evaluations SET lot_id = (SELECT min(lots.id) FROM lots WHERE lots.tender_id = evaluations.tender_id)"
    )
    with op.batch_alter_table("evaluations") as evaluations:
        evaluations.alter_column("lot_id", existing_type=sa.Integer(), nullable=False)
        evaluations.create_unique_constraint(op.f("uq_evaluations_lot_id_number"), ["lot_id", "number"])
        evaluations.create_foreign_key(
            "fk_evaluations_lot_of_tender", "lots", ["tender_id", "lot_id"], ["tender_id", "id"]
        )
        evaluations.create_index("ix_evaluations_tender_id", ["tender_id", "id"])
    keep("evaluations")


def move_evaluations_back() -> None:
    release("evaluations")
    with op.batch_alter_table("evaluations") as evaluations:
        evaluations.drop_index("ix_evaluations_tender_id")
        evaluations.drop_constraint("fk_evaluations_lot_of_tender", type_="foreignkey")
        evaluations.drop_constraint(op.f("uq_evaluations_lot_id_number"), type_="unique")
        evaluations.create_unique_constraint(op.f("uq_evaluations_tender_id_number"), ["tender_id", "number"])
        evaluations.drop_column("lot_id")
    keep("evaluations")


def release(table: str) -> None:
    """Let the rows of a table be changed while this migration runs."""
    is_postgresql = op.get_bind().dialect.name == "postgresql"
    for action in ("update", "delete", "truncate") if is_postgresql else ("update", "delete"):
        op.execute(f"DROP TRIGGER keep_{table}_{action}" + (f" ON {table}" if is_postgresql else ""))


def keep(table: str) -> None:
    """Refuse updates and deletions; the function PostgreSQL calls is there since 0006."""
    is_postgresql = op.get_bind().dialect.name == "postgresql"
    message = f"append-only: rows of {table} are kept as written"
    body = "EXECUTE FUNCTION keep_row()" if is_postgresql else f"BEGIN SELECT RAISE(ABORT, '{message}'); END"
    for action in ("update", "delete"):
        op.execute(f"CREATE TRIGGER keep_{table}_{action} BEFORE {action.upper()} ON {table} FOR EACH ROW {body}")
    if is_postgresql:
        op.execute(f"CREATE TRIGGER keep_{table}_truncate BEFORE TRUNCATE ON {table} EXECUTE FUNCTION keep_row()")
