"""A return keeps which of its lines were drawn to be looked at closely; those sent before have none."""

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("social_value_returns") as returns:
        returns.add_column(sa.Column("sample", sa.Text(), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("social_value_returns") as returns:
        returns.drop_column("sample")
