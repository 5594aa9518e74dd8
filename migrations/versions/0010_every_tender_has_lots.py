"""Every tender has at least one lot, and keeps what is told to bidders beside the method, and who approved it."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

NEW = (
    ("particulars", sa.Text()),
    ("particulars_hash", sa.Text()),
    ("amendment", sa.Integer()),
    ("sent_for_approval_by", sa.Text()),
    ("sent_for_approval_at", sa.DateTime(timezone=True)),
    ("approved_by", sa.Text()),
    ("moderation_locked_by", sa.Text()),
    ("moderation_locked_at", sa.DateTime(timezone=True)),
    ("ended_because", sa.Text()),
)
CHECKS = {
    "approved_by_another": "approved_by <> sent_for_approval_by",
    "sent_for_approval_by_complete": "(sent_for_approval_by IS NULL) = (sent_for_approval_at IS NULL)",
    "moderation_locked_by_complete": "(moderation_locked_by IS NULL) = (moderation_locked_at IS NULL)",
}


def upgrade() -> None:
    with op.batch_alter_table("tenders") as tenders:
        for name, kind in NEW:
            tenders.add_column(sa.Column(name, kind, nullable=True))
        for name, condition in CHECKS.items():
            tenders.create_check_constraint(op.f(f"ck_tenders_{name}"), condition)
    op.execute("UPDATE tenders SET particulars = '{}', amendment = 0")
    with op.batch_alter_table("tenders") as tenders:
        tenders.alter_column("particulars", existing_type=sa.Text(), nullable=False)
        tenders.alter_column("amendment", existing_type=sa.Integer(), nullable=False)
    # A tender that is not divided is its own only lot, so that everything after it belongs to a lot.
    op.execute(
        "INSERT INTO lots (tender_id, number, title, contract_value) "
        "SELECT id, 1, title, contract_value FROM tenders WHERE id NOT IN (SELECT tender_id FROM lots)"
    )
    with op.batch_alter_table("lots") as lots:
        lots.create_unique_constraint(op.f("uq_lots_tender_id_id"), ["tender_id", "id"])


def downgrade() -> None:
    with op.batch_alter_table("lots") as lots:
        lots.drop_constraint(op.f("uq_lots_tender_id_id"), type_="unique")
    with op.batch_alter_table("tenders") as tenders:
        for name in CHECKS:
            tenders.drop_constraint(op.f(f"ck_tenders_{name}"), type_="check")
        for name, _ in reversed(NEW):
            tenders.drop_column(name)
