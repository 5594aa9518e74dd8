"""What surrounds a tender's bids: answers and changes, the panel and its record, questions, award and hand-over."""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

TABLES = (
    "tender_documents",
    "clarifications",
    "tender_changes",
    "tender_followers",
    "panel_seats",
    "bid_mark_versions",
    "pass_checks",
    "bid_questions",
    "awards",
    "redactions",
    "handover_items",
    "catalogue_editions",
)
# Written once, whole.
KEPT = (
    "bid_mark_versions",
    "catalogue_editions",
)


def upgrade() -> None:
    create_tender_documents()
    create_clarifications()
    create_tender_changes()
    create_tender_followers()
    create_panel_seats()
    create_bid_mark_versions()
    create_pass_checks()
    create_bid_questions()
    create_awards()
    create_redactions()
    create_handover_items()
    create_catalogue_editions()
    for table in KEPT:
        keep(table)


def downgrade() -> None:
    for table in reversed(TABLES):
        op.drop_table(table)


def create_tender_documents() -> None:
    op.create_table(
        "tender_documents",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("tender_id", sa.Integer(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("file_id", sa.Integer(), nullable=False),
        sa.Column("added_by", sa.Text(), nullable=False),
        sa.Column(
            "created_at", sa.DateTime(timezone=True), server_default=sa.text("(CURRENT_TIMESTAMP)"), nullable=False
        ),
        sa.ForeignKeyConstraint(["file_id"], ["stored_files.id"], name=op.f("fk_tender_documents_file_id")),
        sa.ForeignKeyConstraint(["tender_id"], ["tenders.id"], name=op.f("fk_tender_documents_tender_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_tender_documents")),
        sa.UniqueConstraint("tender_id", "title", name=op.f("uq_tender_documents_tender_id_title")),
    )


def create_clarifications() -> None:
    op.create_table(
        "clarifications",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("tender_id", sa.Integer(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=True),
        sa.Column("asked", sa.Text(), nullable=True),
        sa.Column("asked_by", sa.Text(), nullable=True),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("number", sa.Integer(), nullable=True),
        sa.Column("question", sa.Text(), nullable=True),
        sa.Column("answer", sa.Text(), nullable=True),
        sa.Column("answered_by", sa.Text(), nullable=True),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column(
            "created_at", sa.DateTime(timezone=True), server_default=sa.text("(CURRENT_TIMESTAMP)"), nullable=False
        ),
        sa.CheckConstraint(
            "published_at IS NULL OR "
            "(number IS NOT NULL AND question IS NOT NULL AND answer IS NOT NULL AND answered_by IS NOT NULL)",
            name=op.f("ck_clarifications_published_is_complete"),
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisations.id"], name=op.f("fk_clarifications_organisation_id")
        ),
        sa.ForeignKeyConstraint(["tender_id"], ["tenders.id"], name=op.f("fk_clarifications_tender_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_clarifications")),
        sa.UniqueConstraint("tender_id", "number", name=op.f("uq_clarifications_tender_id_number")),
    )
    op.create_index(op.f("ix_clarifications_tender_id"), "clarifications", ["tender_id"], unique=False)


def create_tender_changes() -> None:
    op.create_table(
        "tender_changes",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("tender_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("old_deadline_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("new_deadline_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("proposed_by", sa.Text(), nullable=False),
        sa.Column("proposed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("agreed", sa.Boolean(), nullable=True),
        sa.Column("decided_by", sa.Text(), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column(
            "created_at", sa.DateTime(timezone=True), server_default=sa.text("(CURRENT_TIMESTAMP)"), nullable=False
        ),
        sa.CheckConstraint(
            "kind = 'amendment' OR new_deadline_at IS NOT NULL", name=op.f("ck_tender_changes_extension_has_deadline")
        ),
        sa.CheckConstraint("kind IN ('extension', 'amendment')", name=op.f("ck_tender_changes_kind_known")),
        sa.CheckConstraint(
            "(decided_by IS NULL) = (agreed IS NULL)", name=op.f("ck_tender_changes_decided_with_answer")
        ),
        sa.CheckConstraint(
            "(decided_by IS NULL) = (decided_at IS NULL)", name=op.f("ck_tender_changes_decided_by_complete")
        ),
        sa.CheckConstraint("decided_by <> proposed_by", name=op.f("ck_tender_changes_decided_by_another")),
        sa.CheckConstraint("new_deadline_at > old_deadline_at", name=op.f("ck_tender_changes_deadline_never_shorter")),
        sa.ForeignKeyConstraint(["tender_id"], ["tenders.id"], name=op.f("fk_tender_changes_tender_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_tender_changes")),
        sa.UniqueConstraint("tender_id", "number", name=op.f("uq_tender_changes_tender_id_number")),
    )


def create_tender_followers() -> None:
    op.create_table(
        "tender_followers",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("tender_id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column(
            "created_at", sa.DateTime(timezone=True), server_default=sa.text("(CURRENT_TIMESTAMP)"), nullable=False
        ),
        sa.ForeignKeyConstraint(["tender_id"], ["tenders.id"], name=op.f("fk_tender_followers_tender_id")),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_tender_followers_user_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_tender_followers")),
        sa.UniqueConstraint("tender_id", "user_id", name=op.f("uq_tender_followers_tender_id_user_id")),
    )
    op.create_index(op.f("ix_tender_followers_user_id"), "tender_followers", ["user_id"], unique=False)


def create_panel_seats() -> None:
    op.create_table(
        "panel_seats",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("tender_id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("is_chair", sa.Boolean(), nullable=False),
        sa.Column("seated_by", sa.Text(), nullable=False),
        sa.Column("declared_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("has_interest", sa.Boolean(), nullable=True),
        sa.Column("statement", sa.Text(), nullable=True),
        sa.Column("allowed", sa.Boolean(), nullable=True),
        sa.Column("decided_by", sa.Text(), nullable=True),
        sa.Column("decided_because", sa.Text(), nullable=True),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("removed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column(
            "created_at", sa.DateTime(timezone=True), server_default=sa.text("(CURRENT_TIMESTAMP)"), nullable=False
        ),
        sa.CheckConstraint("(decided_by IS NULL) = (allowed IS NULL)", name=op.f("ck_panel_seats_decided_with_answer")),
        sa.CheckConstraint(
            "(decided_by IS NULL) = (decided_because IS NULL)", name=op.f("ck_panel_seats_decided_by_complete")
        ),
        sa.CheckConstraint(
            "(declared_at IS NULL) = (has_interest IS NULL)", name=op.f("ck_panel_seats_declared_with_answer")
        ),
        sa.ForeignKeyConstraint(["tender_id"], ["tenders.id"], name=op.f("fk_panel_seats_tender_id")),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_panel_seats_user_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_panel_seats")),
        sa.UniqueConstraint("tender_id", "user_id", name=op.f("uq_panel_seats_tender_id_user_id")),
    )
    op.create_index(op.f("ix_panel_seats_user_id"), "panel_seats", ["user_id"], unique=False)


def create_bid_mark_versions() -> None:
    op.create_table(
        "bid_mark_versions",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("bid_id", sa.Integer(), nullable=False),
        sa.Column("criterion", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("marked_by", sa.Text(), nullable=False),
        sa.Column("mark", sa.Text(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("present", sa.Text(), nullable=False),
        sa.Column(
            "created_at", sa.DateTime(timezone=True), server_default=sa.text("(CURRENT_TIMESTAMP)"), nullable=False
        ),
        sa.CheckConstraint("kind IN ('individual', 'consensus')", name=op.f("ck_bid_mark_versions_kind_known")),
        sa.ForeignKeyConstraint(["bid_id"], ["bids.id"], name=op.f("fk_bid_mark_versions_bid_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_bid_mark_versions")),
    )
    op.create_index("ix_bid_mark_versions_bid_id", "bid_mark_versions", ["bid_id", "id"], unique=False)


def create_pass_checks() -> None:
    op.create_table(
        "pass_checks",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("bid_id", sa.Integer(), nullable=False),
        sa.Column("criterion", sa.Text(), nullable=False),
        sa.Column("passed", sa.Boolean(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("checked_by", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column(
            "created_at", sa.DateTime(timezone=True), server_default=sa.text("(CURRENT_TIMESTAMP)"), nullable=False
        ),
        sa.ForeignKeyConstraint(["bid_id"], ["bids.id"], name=op.f("fk_pass_checks_bid_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_pass_checks")),
        sa.UniqueConstraint("bid_id", "criterion", name=op.f("uq_pass_checks_bid_id_criterion")),
    )


def create_bid_questions() -> None:
    op.create_table(
        "bid_questions",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("bid_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("rule", sa.Text(), nullable=True),
        sa.Column("question", sa.Text(), nullable=False),
        sa.Column("asked_by", sa.Text(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("reply_by_on", sa.Date(), nullable=False),
        sa.Column("reply", sa.Text(), nullable=True),
        sa.Column("replied_by", sa.Text(), nullable=True),
        sa.Column("replied_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("conclusion", sa.Text(), nullable=True),
        sa.Column("concluded_by", sa.Text(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column(
            "created_at", sa.DateTime(timezone=True), server_default=sa.text("(CURRENT_TIMESTAMP)"), nullable=False
        ),
        sa.CheckConstraint(
            "(conclusion IS NULL) = (concluded_by IS NULL)", name=op.f("ck_bid_questions_conclusion_complete")
        ),
        sa.CheckConstraint(
            "(reply IS NULL) = (replied_by IS NULL) AND (reply IS NULL) = (replied_at IS NULL)",
            name=op.f("ck_bid_questions_reply_complete"),
        ),
        sa.ForeignKeyConstraint(["bid_id"], ["bids.id"], name=op.f("fk_bid_questions_bid_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_bid_questions")),
        sa.UniqueConstraint("bid_id", "number", name=op.f("uq_bid_questions_bid_id_number")),
    )


def create_awards() -> None:
    op.create_table(
        "awards",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("lot_id", sa.Integer(), nullable=False),
        sa.Column("evaluation_id", sa.Integer(), nullable=False),
        sa.Column("bid_id", sa.Integer(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("winner_address", sa.Text(), nullable=False),
        sa.Column("winner_email", sa.Text(), nullable=False),
        sa.Column("recommended_by", sa.Text(), nullable=False),
        sa.Column("recommended_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("approved_by", sa.Text(), nullable=True),
        sa.Column("approved_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("summaries_issued_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("noticed_on", sa.Date(), nullable=True),
        sa.Column("standstill_ends_on", sa.Date(), nullable=True),
        sa.Column("contract_id", sa.Integer(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column(
            "created_at", sa.DateTime(timezone=True), server_default=sa.text("(CURRENT_TIMESTAMP)"), nullable=False
        ),
        sa.CheckConstraint(
            "(approved_by IS NULL) = (approved_at IS NULL)", name=op.f("ck_awards_approved_by_complete")
        ),
        sa.CheckConstraint(
            "(noticed_on IS NULL) = (standstill_ends_on IS NULL)", name=op.f("ck_awards_noticed_on_complete")
        ),
        sa.CheckConstraint("approved_by <> recommended_by", name=op.f("ck_awards_approved_by_another")),
        sa.CheckConstraint(
            "contract_id IS NULL OR noticed_on IS NOT NULL", name=op.f("ck_awards_contract_after_notice")
        ),
        sa.CheckConstraint(
            "noticed_on IS NULL OR summaries_issued_at IS NOT NULL", name=op.f("ck_awards_notice_after_summaries")
        ),
        sa.CheckConstraint(
            "summaries_issued_at IS NULL OR approved_at IS NOT NULL", name=op.f("ck_awards_summaries_after_approval")
        ),
        sa.ForeignKeyConstraint(["bid_id"], ["bids.id"], name=op.f("fk_awards_bid_id")),
        sa.ForeignKeyConstraint(["contract_id"], ["contracts.id"], name=op.f("fk_awards_contract_id")),
        sa.ForeignKeyConstraint(["evaluation_id"], ["evaluations.id"], name=op.f("fk_awards_evaluation_id")),
        sa.ForeignKeyConstraint(["lot_id"], ["lots.id"], name=op.f("fk_awards_lot_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_awards")),
        sa.UniqueConstraint("bid_id", name=op.f("uq_awards_bid_id")),
        sa.UniqueConstraint("contract_id", name=op.f("uq_awards_contract_id")),
        sa.UniqueConstraint("lot_id", name=op.f("uq_awards_lot_id")),
    )
    op.create_index(op.f("ix_awards_evaluation_id"), "awards", ["evaluation_id"], unique=False)


def create_redactions() -> None:
    op.create_table(
        "redactions",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("award_id", sa.Integer(), nullable=False),
        sa.Column("bid_id", sa.Integer(), nullable=False),
        sa.Column("criterion", sa.Text(), nullable=False),
        sa.Column("because", sa.Text(), nullable=False),
        sa.Column("made_by", sa.Text(), nullable=False),
        sa.Column(
            "created_at", sa.DateTime(timezone=True), server_default=sa.text("(CURRENT_TIMESTAMP)"), nullable=False
        ),
        sa.ForeignKeyConstraint(["award_id"], ["awards.id"], name=op.f("fk_redactions_award_id")),
        sa.ForeignKeyConstraint(["bid_id"], ["bids.id"], name=op.f("fk_redactions_bid_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_redactions")),
        sa.UniqueConstraint("award_id", "bid_id", "criterion", name=op.f("uq_redactions_award_id_bid_id_criterion")),
    )


def create_handover_items() -> None:
    op.create_table(
        "handover_items",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("award_id", sa.Integer(), nullable=False),
        sa.Column("bid_commitment_id", sa.Integer(), nullable=False),
        sa.Column("owner", sa.Text(), nullable=True),
        sa.Column("due_profile", sa.Text(), nullable=True),
        sa.Column("milestones", sa.Text(), nullable=True),
        sa.Column("evidence", sa.Text(), nullable=True),
        sa.Column("remedy", sa.Text(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column(
            "created_at", sa.DateTime(timezone=True), server_default=sa.text("(CURRENT_TIMESTAMP)"), nullable=False
        ),
        sa.CheckConstraint(
            "due_profile IN ('even', 'front_loaded', 'milestones')", name=op.f("ck_handover_items_due_profile_known")
        ),
        sa.ForeignKeyConstraint(["award_id"], ["awards.id"], name=op.f("fk_handover_items_award_id")),
        sa.ForeignKeyConstraint(
            ["bid_commitment_id"], ["bid_commitments.id"], name=op.f("fk_handover_items_bid_commitment_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_handover_items")),
        sa.UniqueConstraint("award_id", "bid_commitment_id", name=op.f("uq_handover_items_award_id_bid_commitment_id")),
    )


def create_catalogue_editions() -> None:
    op.create_table(
        "catalogue_editions",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("fingerprint", sa.Text(), nullable=False),
        sa.Column("content", sa.Text(), nullable=False),
        sa.Column(
            "created_at", sa.DateTime(timezone=True), server_default=sa.text("(CURRENT_TIMESTAMP)"), nullable=False
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_catalogue_editions")),
        sa.UniqueConstraint("fingerprint", name=op.f("uq_catalogue_editions_fingerprint")),
    )


def keep(table: str) -> None:
    """Refuse updates and deletions; the function PostgreSQL calls is there since 0006."""
    is_postgresql = op.get_bind().dialect.name == "postgresql"
    message = f"append-only: rows of {table} are kept as written"
    body = "EXECUTE FUNCTION keep_row()" if is_postgresql else f"BEGIN SELECT RAISE(ABORT, '{message}'); END"
    for action in ("update", "delete"):
        op.execute(f"CREATE TRIGGER keep_{table}_{action} BEFORE {action.upper()} ON {table} FOR EACH ROW {body}")
    if is_postgresql:
        op.execute(f"CREATE TRIGGER keep_{table}_truncate BEFORE TRUNCATE ON {table} EXECUTE FUNCTION keep_row()")
