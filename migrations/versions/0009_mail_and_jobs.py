"""Mail on its way out, and work done in the background."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    create_outgoing_mail()
    create_jobs()


def downgrade() -> None:
    op.drop_table("jobs")
    op.drop_table("outgoing_mail")


def create_outgoing_mail() -> None:
    op.create_table(
        "outgoing_mail",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("recipient", sa.Text(), nullable=False),
        sa.Column("template", sa.Text(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("body", sa.Text(), nullable=True),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column(
            "created_at", sa.DateTime(timezone=True), server_default=sa.text("(CURRENT_TIMESTAMP)"), nullable=False
        ),
        sa.CheckConstraint("(body IS NULL) = (sent_at IS NOT NULL)", name=op.f("ck_outgoing_mail_text_until_sent")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outgoing_mail")),
    )


def create_jobs() -> None:
    op.create_table(
        "jobs",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("arguments", sa.Text(), nullable=False),
        sa.Column("asked_by_id", sa.Integer(), nullable=True),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("attempt", sa.Integer(), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("handed_on_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("progress_done", sa.Integer(), nullable=False),
        sa.Column("progress_total", sa.Integer(), nullable=True),
        sa.Column("message", sa.Text(), nullable=True),
        sa.Column(
            "created_at", sa.DateTime(timezone=True), server_default=sa.text("(CURRENT_TIMESTAMP)"), nullable=False
        ),
        sa.CheckConstraint("state IN ('queued', 'running', 'done', 'failed')", name=op.f("ck_jobs_state_known")),
        sa.CheckConstraint(
            "(state IN ('done', 'failed')) = (finished_at IS NOT NULL)", name=op.f("ck_jobs_finished_at_a_time")
        ),
        sa.CheckConstraint("progress_done <= progress_total", name=op.f("ck_jobs_progress_within_total")),
        sa.CheckConstraint("progress_done >= 0", name=op.f("ck_jobs_progress_done_not_negative")),
        sa.CheckConstraint("attempt >= 1", name=op.f("ck_jobs_attempt_counts_from_one")),
        sa.ForeignKeyConstraint(["asked_by_id"], ["users.id"], name=op.f("fk_jobs_asked_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_jobs")),
        sa.UniqueConstraint("key", name=op.f("uq_jobs_key")),
    )
    op.create_index("ix_jobs_asked_by_id", "jobs", ["asked_by_id", "id"], unique=False)
    op.create_index("ix_jobs_state_due_at", "jobs", ["state", "due_at"], unique=False)
