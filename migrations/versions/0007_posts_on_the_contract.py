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
    op.execute("ALTER TABLE bids DROP COLUMN fte")
