"""The posts a bidder would have on the contract, for criteria that count per full-time post."""

from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    # In words of SQL that both databases share: Alembic would copy the whole table on SQLite to add the check.
    op.execute("ALTER TABLE bids ADD COLUMN fte TEXT CONSTRAINT ck_bids_fte_not_negative CHECK (fte NOT LIKE '-%')")


def downgrade() -> None:
    # Later migrations make the table anew on SQLite, and then its check stands apart from the column.
    with op.batch_alter_table("bids") as bids:
        bids.drop_constraint(op.f("ck_bids_fte_not_negative"), type_="check")
        bids.drop_column("fte")
