"""Returns are filled, queried, decided and corrected line by line, with entries, evidence and confirmations."""

from datetime import timedelta

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None

TABLES = (
    "counted_keys",
    "claim_corrections",
    "claim_entries",
    "claim_messages",
    "claim_versions",
    "confirmations",
    "evidence",
)
STATES = "state IN ('draft', 'submitted', 'queried', 'approved', 'rejected')"
CLAIM_COLUMNS = ("state", "amount", "share", "narrative", "reason", "reply_by", "checked")
RETURN_COLUMNS = ("due_on", "declarations", "evidence_root", "sample_seed")
CLAIM_CHECKS = {
    "state_known": STATES,
    "amount_not_negative": "amount NOT LIKE '-%'",
    "share_not_negative": "share NOT LIKE '-%'",
    "decided_or_not": "(verified IS NOT NULL) = (state IN ('approved', 'rejected'))",
    "refused_with_reason": "state NOT IN ('queried', 'rejected') OR reason IS NOT NULL",
    "queried_until_a_day": "(state = 'queried') = (reply_by IS NOT NULL)",
}
WAS_CHECKED = "ck_claims_verified_was_checked"
SENT_AT = "ck_social_value_returns_submitted_at_a_time"
# Four weeks after the period, as suppliers had until now.
DAYS_TO_REPORT = 28


def upgrade() -> None:
    widen_returns()
    widen_claims()
    create_counted_keys()
    create_claim_corrections()
    create_claim_entries()
    create_claim_messages()
    create_claim_versions()
    create_confirmations()
    create_evidence()
    keep("claim_versions")
    keep("claim_messages")


def downgrade() -> None:
    for table in reversed(TABLES):
        op.drop_table(table)
    narrow_claims()
    narrow_returns()


def widen_returns() -> None:
    with op.batch_alter_table("social_value_returns") as returns:
        returns.add_column(sa.Column("due_on", sa.Date(), nullable=True))
        for name in ("declarations", "evidence_root", "sample_seed"):
            returns.add_column(sa.Column(name, sa.Text(), nullable=True))
    table = sa.table(
        "social_value_returns", sa.column("id"), sa.column("period_end_on", sa.Date()), sa.column("due_on", sa.Date())
    )
    connection = op.get_bind()
    for row in connection.execute(sa.select(table.c.id, table.c.period_end_on)).all():
        due_on = row.period_end_on + timedelta(days=DAYS_TO_REPORT)
        connection.execute(table.update().where(table.c.id == row.id).values(due_on=due_on))
    with op.batch_alter_table("social_value_returns") as returns:
        returns.alter_column("due_on", existing_type=sa.Date(), nullable=False)
        returns.create_check_constraint(op.f("ck_social_value_returns_due_after_end"), "due_on > period_end_on")
        returns.drop_constraint(op.f(SENT_AT), type_="check")
        returns.create_check_constraint(op.f(SENT_AT), "(status = 'draft') = (submitted_at IS NULL)")


def narrow_returns() -> None:
    with op.batch_alter_table("social_value_returns") as returns:
        returns.drop_constraint(op.f(SENT_AT), type_="check")
        returns.create_check_constraint(op.f(SENT_AT), "status = 'draft' OR submitted_at IS NOT NULL")
        returns.drop_constraint(op.f("ck_social_value_returns_due_after_end"), type_="check")
        for name in RETURN_COLUMNS:
            returns.drop_column(name)


def widen_claims() -> None:
    """What was written about documents goes into the narrative; what was verified counts as approved."""
    with op.batch_alter_table("claims") as claims:
        for name in CLAIM_COLUMNS:
            kind = sa.Date() if name == "reply_by" else sa.Text()
            claims.add_column(sa.Column(name, kind, nullable=True))
    op.execute("UPDATE claims SET share = '100', amount = claimed, narrative = evidence")
    op.execute("UPDATE claims SET state = CASE WHEN verified IS NULL THEN 'submitted' ELSE 'approved' END")
    op.execute(
        "UPDATE claims SET state = 'draft' WHERE verified IS NULL"
        " AND return_id IN (SELECT id FROM social_value_returns WHERE status = 'draft')"
    )
    with op.batch_alter_table("claims") as claims:
        claims.drop_column("evidence")
        for name in ("state", "share"):
            claims.alter_column(name, existing_type=sa.Text(), nullable=False)
        for name, rule in CLAIM_CHECKS.items():
            claims.create_check_constraint(op.f(f"ck_claims_{name}"), rule)
        claims.drop_constraint(op.f(WAS_CHECKED), type_="check")
        claims.create_check_constraint(
            op.f(WAS_CHECKED), "state <> 'approved' OR level NOT IN ('self_declared', 'documented')"
        )


def narrow_claims() -> None:
    # A rejected claim may rest on the supplier's own word, which the earlier form did not allow.
    op.execute("UPDATE claims SET level = 'officer_checked' WHERE state = 'rejected'")
    with op.batch_alter_table("claims") as claims:
        claims.drop_constraint(op.f(WAS_CHECKED), type_="check")
        claims.create_check_constraint(
            op.f(WAS_CHECKED), "verified IS NULL OR level NOT IN ('self_declared', 'documented')"
        )
        for name in CLAIM_CHECKS:
            claims.drop_constraint(op.f(f"ck_claims_{name}"), type_="check")
        claims.add_column(sa.Column("evidence", sa.Text(), nullable=True))
    op.execute("UPDATE claims SET evidence = narrative")
    with op.batch_alter_table("claims") as claims:
        for name in CLAIM_COLUMNS:
            claims.drop_column(name)


def keep(table: str) -> None:
    """Refuse updates and deletions; PostgreSQL's function is there since 0006."""
    is_postgresql = op.get_bind().dialect.name == "postgresql"
    message = f"append-only: rows of {table} are kept as written"
    body = "EXECUTE FUNCTION keep_row()" if is_postgresql else f"BEGIN SELECT RAISE(ABORT, '{message}'); END"
    for action in ("update", "delete"):
        op.execute(f"CREATE TRIGGER keep_{table}_{action} BEFORE {action.upper()} ON {table} FOR EACH ROW {body}")
    if is_postgresql:
        op.execute(f"CREATE TRIGGER keep_{table}_truncate BEFORE TRUNCATE ON {table} {body}")


def create_counted_keys() -> None:
    op.create_table(
        "counted_keys",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column(
            "created_at", sa.DateTime(timezone=True), server_default=sa.text("(CURRENT_TIMESTAMP)"), nullable=False
        ),
        sa.CheckConstraint("kind IN ('person', 'event', 'asset')", name=op.f("ck_counted_keys_kind_known")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_counted_keys")),
        sa.UniqueConstraint("key", name=op.f("uq_counted_keys_key")),
    )


def create_claim_corrections() -> None:
    op.create_table(
        "claim_corrections",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("claim_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("claimed", sa.Text(), nullable=False),
        sa.Column("narrative", sa.Text(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("proposed_side", sa.Text(), nullable=False),
        sa.Column("proposed_by", sa.Text(), nullable=False),
        sa.Column("decided_by", sa.Text(), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("accepted", sa.Boolean(), nullable=True),
        sa.Column("decision_reason", sa.Text(), nullable=True),
        sa.Column("verified", sa.Text(), nullable=True),
        sa.Column("level", sa.Text(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column(
            "created_at", sa.DateTime(timezone=True), server_default=sa.text("(CURRENT_TIMESTAMP)"), nullable=False
        ),
        sa.CheckConstraint("claimed NOT LIKE '-%'", name=op.f("ck_claim_corrections_claimed_not_negative")),
        sa.CheckConstraint(
            "level IN ('self_declared', 'documented', 'officer_checked', 'third_party', 'beneficiary_confirmed')",
            name=op.f("ck_claim_corrections_level_known"),
        ),
        sa.CheckConstraint(
            "proposed_side IN ('supplier', 'buyer')", name=op.f("ck_claim_corrections_proposed_side_known")
        ),
        sa.CheckConstraint("verified NOT LIKE '-%'", name=op.f("ck_claim_corrections_verified_not_negative")),
        sa.CheckConstraint(
            "(decided_by IS NULL) = (decided_at IS NULL) AND (decided_by IS NULL) = (accepted IS NULL)",
            name=op.f("ck_claim_corrections_decided_by_complete"),
        ),
        sa.CheckConstraint(
            "(verified IS NULL) = (level IS NULL)", name=op.f("ck_claim_corrections_verified_at_a_level")
        ),
        sa.CheckConstraint("decided_by <> proposed_by", name=op.f("ck_claim_corrections_two_people")),
        sa.ForeignKeyConstraint(["claim_id"], ["claims.id"], name=op.f("fk_claim_corrections_claim_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_claim_corrections")),
        sa.UniqueConstraint("claim_id", "number", name=op.f("uq_claim_corrections_claim_id_number")),
    )
    op.create_index(
        "uq_claim_corrections_open",
        "claim_corrections",
        ["claim_id"],
        unique=True,
        sqlite_where=sa.text("decided_by IS NULL"),
        postgresql_where=sa.text("decided_by IS NULL"),
    )


def create_claim_entries() -> None:
    op.create_table(
        "claim_entries",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("claim_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("key_id", sa.Integer(), nullable=False),
        sa.Column("sealed_reference", sa.LargeBinary(), nullable=True),
        sa.Column("first_on", sa.Date(), nullable=True),
        sa.Column("last_on", sa.Date(), nullable=True),
        sa.Column("started_on", sa.Date(), nullable=True),
        sa.Column("hours", sa.Text(), nullable=True),
        sa.Column("attendees", sa.Integer(), nullable=True),
        sa.Column("amount", sa.Text(), nullable=True),
        sa.Column("factor", sa.Text(), nullable=True),
        sa.Column("share", sa.Text(), nullable=False),
        sa.Column("counted", sa.Text(), nullable=False),
        sa.Column(
            "created_at", sa.DateTime(timezone=True), server_default=sa.text("(CURRENT_TIMESTAMP)"), nullable=False
        ),
        sa.CheckConstraint("amount NOT LIKE '-%'", name=op.f("ck_claim_entries_amount_not_negative")),
        sa.CheckConstraint("counted NOT LIKE '-%'", name=op.f("ck_claim_entries_counted_not_negative")),
        sa.CheckConstraint("hours NOT LIKE '-%'", name=op.f("ck_claim_entries_hours_not_negative")),
        sa.CheckConstraint("kind IN ('person', 'event', 'asset')", name=op.f("ck_claim_entries_kind_known")),
        sa.CheckConstraint("share NOT LIKE '-%'", name=op.f("ck_claim_entries_share_not_negative")),
        sa.CheckConstraint("(first_on IS NULL) = (last_on IS NULL)", name=op.f("ck_claim_entries_first_on_complete")),
        sa.CheckConstraint("attendees >= 1", name=op.f("ck_claim_entries_attendees_at_least_one")),
        sa.CheckConstraint("last_on >= first_on", name=op.f("ck_claim_entries_ends_after_start")),
        sa.ForeignKeyConstraint(["claim_id"], ["claims.id"], name=op.f("fk_claim_entries_claim_id")),
        sa.ForeignKeyConstraint(["key_id"], ["counted_keys.id"], name=op.f("fk_claim_entries_key_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_claim_entries")),
        sa.UniqueConstraint("claim_id", "key_id", name=op.f("uq_claim_entries_claim_id_key_id")),
        sa.UniqueConstraint("claim_id", "number", name=op.f("uq_claim_entries_claim_id_number")),
    )
    op.create_index(op.f("ix_claim_entries_key_id"), "claim_entries", ["key_id"], unique=False)


def create_claim_messages() -> None:
    op.create_table(
        "claim_messages",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("claim_id", sa.Integer(), nullable=False),
        sa.Column("side", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("reply_by", sa.Date(), nullable=True),
        sa.Column("written_by", sa.Text(), nullable=False),
        sa.Column(
            "created_at", sa.DateTime(timezone=True), server_default=sa.text("(CURRENT_TIMESTAMP)"), nullable=False
        ),
        sa.CheckConstraint(
            "(kind = 'query') = (reply_by IS NOT NULL)", name=op.f("ck_claim_messages_query_until_a_day")
        ),
        sa.CheckConstraint("kind IN ('query', 'answer', 'note')", name=op.f("ck_claim_messages_kind_known")),
        sa.CheckConstraint("side IN ('supplier', 'buyer')", name=op.f("ck_claim_messages_side_known")),
        sa.ForeignKeyConstraint(["claim_id"], ["claims.id"], name=op.f("fk_claim_messages_claim_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_claim_messages")),
    )
    op.create_index(op.f("ix_claim_messages_claim_id"), "claim_messages", ["claim_id"], unique=False)


def create_claim_versions() -> None:
    op.create_table(
        "claim_versions",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("claim_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("claimed", sa.Text(), nullable=False),
        sa.Column("verified", sa.Text(), nullable=True),
        sa.Column("level", sa.Text(), nullable=False),
        sa.Column("content", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("made_by", sa.Text(), nullable=False),
        sa.Column(
            "created_at", sa.DateTime(timezone=True), server_default=sa.text("(CURRENT_TIMESTAMP)"), nullable=False
        ),
        sa.CheckConstraint("claimed NOT LIKE '-%'", name=op.f("ck_claim_versions_claimed_not_negative")),
        sa.CheckConstraint(
            "kind IN ('submitted', 'answered', 'approved', 'queried', 'rejected', 'corrected')",
            name=op.f("ck_claim_versions_kind_known"),
        ),
        sa.CheckConstraint(
            "level IN ('self_declared', 'documented', 'officer_checked', 'third_party', 'beneficiary_confirmed')",
            name=op.f("ck_claim_versions_level_known"),
        ),
        sa.CheckConstraint("verified NOT LIKE '-%'", name=op.f("ck_claim_versions_verified_not_negative")),
        sa.ForeignKeyConstraint(["claim_id"], ["claims.id"], name=op.f("fk_claim_versions_claim_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_claim_versions")),
        sa.UniqueConstraint("claim_id", "number", name=op.f("uq_claim_versions_claim_id_number")),
    )


def create_confirmations() -> None:
    op.create_table(
        "confirmations",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("claim_id", sa.Integer(), nullable=False),
        sa.Column("token_sha256", sa.Text(), nullable=False),
        sa.Column("asked_of", sa.Text(), nullable=False),
        sa.Column("email", sa.Text(), nullable=True),
        sa.Column("question", sa.Text(), nullable=False),
        sa.Column("asked_by", sa.Text(), nullable=False),
        sa.Column("expires_on", sa.Date(), nullable=False),
        sa.Column("answer", sa.Text(), nullable=True),
        sa.Column("quantity", sa.Text(), nullable=True),
        sa.Column("comment", sa.Text(), nullable=True),
        sa.Column("answered_by", sa.Text(), nullable=True),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column(
            "created_at", sa.DateTime(timezone=True), server_default=sa.text("(CURRENT_TIMESTAMP)"), nullable=False
        ),
        sa.CheckConstraint(
            "(answer = 'differs') = (quantity IS NOT NULL) OR answer IS NULL",
            name=op.f("ck_confirmations_differs_by_a_figure"),
        ),
        sa.CheckConstraint(
            "answer IN ('happened', 'differs', 'never_happened')", name=op.f("ck_confirmations_answer_known")
        ),
        sa.CheckConstraint("quantity NOT LIKE '-%'", name=op.f("ck_confirmations_quantity_not_negative")),
        sa.CheckConstraint(
            "(answer IS NULL) = (answered_at IS NULL) AND (answer IS NULL) = (answered_by IS NULL)",
            name=op.f("ck_confirmations_answer_complete"),
        ),
        sa.CheckConstraint("answer IS NULL OR email IS NULL", name=op.f("ck_confirmations_address_erased")),
        sa.ForeignKeyConstraint(["claim_id"], ["claims.id"], name=op.f("fk_confirmations_claim_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_confirmations")),
        sa.UniqueConstraint("token_sha256", name=op.f("uq_confirmations_token_sha256")),
    )
    op.create_index(op.f("ix_confirmations_claim_id"), "confirmations", ["claim_id"], unique=False)


def create_evidence() -> None:
    op.create_table(
        "evidence",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("claim_id", sa.Integer(), nullable=False),
        sa.Column("sha256", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("media_type", sa.Text(), nullable=False),
        sa.Column("byte_count", sa.Integer(), nullable=False),
        sa.Column("description", sa.Text(), nullable=False),
        sa.Column("has_personal_data", sa.Boolean(), nullable=False),
        sa.Column("added_by", sa.Text(), nullable=False),
        sa.Column("scanned_by", sa.Text(), nullable=True),
        sa.Column("purged_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column(
            "created_at", sa.DateTime(timezone=True), server_default=sa.text("(CURRENT_TIMESTAMP)"), nullable=False
        ),
        sa.CheckConstraint("byte_count >= 0", name=op.f("ck_evidence_byte_count_not_negative")),
        sa.ForeignKeyConstraint(["claim_id"], ["claims.id"], name=op.f("fk_evidence_claim_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_evidence")),
        sa.UniqueConstraint("claim_id", "sha256", name=op.f("uq_evidence_claim_id_sha256")),
    )
    op.create_index(op.f("ix_evidence_sha256"), "evidence", ["sha256"], unique=False)
