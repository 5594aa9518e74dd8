"""A claim knows who entered its figures, and a return the catalogue whose emission factors it is counted with."""

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("claims") as claims:
        claims.add_column(sa.Column("entered_by", sa.Text(), nullable=True))
    # Nobody wrote down who it was until now; who sent and who answered is known from elsewhere.
    op.execute("UPDATE claims SET entered_by = '[]'")
    with op.batch_alter_table("claims") as claims:
        claims.alter_column("entered_by", existing_type=sa.Text(), nullable=False)
    with op.batch_alter_table("social_value_returns") as returns:
        returns.add_column(sa.Column("factors_fingerprint", sa.Text(), nullable=True))
    # Every catalogue so far holds the factors of 2025, so that of the award holds those they were counted with.
    op.execute(
        "UPDATE social_value_returns SET factors_fingerprint = (SELECT contracts.catalogue_fingerprint FROM contracts"
        " JOIN catalogue_editions ON catalogue_editions.fingerprint = contracts.catalogue_fingerprint"
        " WHERE contracts.id = social_value_returns.contract_id)"
        " WHERE id IN (SELECT claims.return_id FROM claims JOIN claim_entries ON claim_entries.claim_id = claims.id"
        " WHERE claim_entries.factor IS NOT NULL)"
    )


def downgrade() -> None:
    with op.batch_alter_table("social_value_returns") as returns:
        returns.drop_column("factors_fingerprint")
    with op.batch_alter_table("claims") as claims:
        claims.drop_column("entered_by")
