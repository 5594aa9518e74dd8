"""A tender knows when it was published: its page and its open data say so."""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("tenders") as tenders:
        tenders.add_column(sa.Column("published_at", sa.DateTime(timezone=True), nullable=True))
    # The nearest that was written down of those published before.
    op.execute(
        "UPDATE tenders SET published_at = COALESCE(sent_for_approval_at, created_at) WHERE method_hash IS NOT NULL"
    )


def downgrade() -> None:
    with op.batch_alter_table("tenders") as tenders:
        tenders.drop_column("published_at")
