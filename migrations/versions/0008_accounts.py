"""People, their roles, the browsers they are signed in with, invitations, counted attempts, reminder choices."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

TABLES = ("attempt_counts", "users", "login_sessions", "passkeys", "reminder_choices", "invitations", "memberships")


def upgrade() -> None:
    create_attempt_counts()
    create_users()
    create_login_sessions()
    create_passkeys()
    create_reminder_choices()
    create_invitations()
    create_memberships()


def downgrade() -> None:
    for table in reversed(TABLES):
        op.drop_table(table)


def create_attempt_counts() -> None:
    op.create_table(
        "attempt_counts",
        sa.Column("action", sa.Text(), nullable=False),
        sa.Column("subject_hash", sa.Text(), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("count >= 0", name=op.f("ck_attempt_counts_count_not_negative")),
        sa.PrimaryKeyConstraint("action", "subject_hash", name=op.f("pk_attempt_counts")),
    )
    op.create_index(op.f("ix_attempt_counts_since"), "attempt_counts", ["since"], unique=False)


def create_users() -> None:
    op.create_table(
        "users",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("email", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("password", sa.Text(), nullable=True),
        sa.Column("fs_uniquifier", sa.Text(), nullable=False),
        sa.Column("fs_webauthn_user_handle", sa.Text(), nullable=False),
        sa.Column("tf_primary_method", sa.Text(), nullable=True),
        sa.Column("tf_totp_secret", sa.Text(), nullable=True),
        sa.Column("mf_recovery_codes", sa.Text(), nullable=True),
        sa.Column("totp_used_counter", sa.Integer(), nullable=True),
        sa.Column("single_sign_on", sa.Text(), nullable=True),
        sa.Column("current_organisation_id", sa.Integer(), nullable=True),
        sa.Column(
            "created_at", sa.DateTime(timezone=True), server_default=sa.text("(CURRENT_TIMESTAMP)"), nullable=False
        ),
        sa.CheckConstraint("email = lower(email)", name=op.f("ck_users_email_in_small_letters")),
        sa.ForeignKeyConstraint(
            ["current_organisation_id"], ["organisations.id"], name=op.f("fk_users_current_organisation_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_users")),
        sa.UniqueConstraint("email", name=op.f("uq_users_email")),
        sa.UniqueConstraint("fs_uniquifier", name=op.f("uq_users_fs_uniquifier")),
        sa.UniqueConstraint("fs_webauthn_user_handle", name=op.f("uq_users_fs_webauthn_user_handle")),
        sa.UniqueConstraint("single_sign_on", name=op.f("uq_users_single_sign_on")),
    )


def create_login_sessions() -> None:
    op.create_table(
        "login_sessions",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key_hash", sa.Text(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=True),
        sa.Column("data", sa.Text(), nullable=False),
        sa.Column("last_seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("address_hint", sa.Text(), nullable=False),
        sa.Column("user_agent", sa.Text(), nullable=False),
        sa.Column(
            "created_at", sa.DateTime(timezone=True), server_default=sa.text("(CURRENT_TIMESTAMP)"), nullable=False
        ),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_login_sessions_user_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_login_sessions")),
        sa.UniqueConstraint("key_hash", name=op.f("uq_login_sessions_key_hash")),
    )
    op.create_index("ix_login_sessions_expires_at", "login_sessions", ["expires_at"], unique=False)
    op.create_index(op.f("ix_login_sessions_user_id"), "login_sessions", ["user_id"], unique=False)


def create_passkeys() -> None:
    op.create_table(
        "passkeys",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("credential_id", sa.LargeBinary(), nullable=False),
        sa.Column("public_key", sa.LargeBinary(), nullable=False),
        sa.Column("sign_count", sa.Integer(), nullable=False),
        sa.Column("transports", sa.Text(), nullable=True),
        sa.Column("backup_state", sa.Boolean(), nullable=False),
        sa.Column("device_type", sa.Text(), nullable=False),
        sa.Column("extensions", sa.Text(), nullable=True),
        sa.Column("usage", sa.Text(), nullable=False),
        sa.Column("lastuse_datetime", sa.DateTime(timezone=True), nullable=False),
        sa.Column(
            "created_at", sa.DateTime(timezone=True), server_default=sa.text("(CURRENT_TIMESTAMP)"), nullable=False
        ),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_passkeys_user_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_passkeys")),
        sa.UniqueConstraint("credential_id", name=op.f("uq_passkeys_credential_id")),
        sa.UniqueConstraint("user_id", "name", name=op.f("uq_passkeys_user_id_name")),
    )


def create_reminder_choices() -> None:
    op.create_table(
        "reminder_choices",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("wanted", sa.Boolean(), nullable=False),
        sa.Column(
            "created_at", sa.DateTime(timezone=True), server_default=sa.text("(CURRENT_TIMESTAMP)"), nullable=False
        ),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_reminder_choices_user_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reminder_choices")),
        sa.UniqueConstraint("user_id", "kind", name=op.f("uq_reminder_choices_user_id_kind")),
    )


def create_invitations() -> None:
    op.create_table(
        "invitations",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("token_hash", sa.Text(), nullable=False),
        sa.Column("email", sa.Text(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=True),
        sa.Column("organisation_name", sa.Text(), nullable=True),
        sa.Column("organisation_identifier", sa.Text(), nullable=True),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("tender_id", sa.Integer(), nullable=True),
        sa.Column("contract_id", sa.Integer(), nullable=True),
        sa.Column("invited_by", sa.Text(), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("accepted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column(
            "created_at", sa.DateTime(timezone=True), server_default=sa.text("(CURRENT_TIMESTAMP)"), nullable=False
        ),
        sa.CheckConstraint(
            "role IN ('admin', 'officer', 'evaluator', 'contract_manager', 'supplier', 'anchor')",
            name=op.f("ck_invitations_role_known"),
        ),
        sa.CheckConstraint("email = lower(email)", name=op.f("ck_invitations_email_in_small_letters")),
        sa.CheckConstraint(
            "organisation_id IS NOT NULL OR organisation_name IS NOT NULL", name=op.f("ck_invitations_says_where")
        ),
        sa.ForeignKeyConstraint(["contract_id"], ["contracts.id"], name=op.f("fk_invitations_contract_id")),
        sa.ForeignKeyConstraint(["organisation_id"], ["organisations.id"], name=op.f("fk_invitations_organisation_id")),
        sa.ForeignKeyConstraint(["tender_id"], ["tenders.id"], name=op.f("fk_invitations_tender_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_invitations")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_invitations_token_hash")),
    )
    op.create_index("ix_invitations_email", "invitations", ["email", "id"], unique=False)
    op.create_index(op.f("ix_invitations_organisation_id"), "invitations", ["organisation_id"], unique=False)


def create_memberships() -> None:
    op.create_table(
        "memberships",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("tender_id", sa.Integer(), nullable=True),
        sa.Column("contract_id", sa.Integer(), nullable=True),
        sa.Column("granted_by", sa.Text(), nullable=False),
        sa.Column("granted_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("removed_by", sa.Text(), nullable=True),
        sa.Column("removed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column(
            "created_at", sa.DateTime(timezone=True), server_default=sa.text("(CURRENT_TIMESTAMP)"), nullable=False
        ),
        sa.CheckConstraint(
            "role IN ('admin', 'officer', 'evaluator', 'contract_manager', 'supplier', 'anchor')",
            name=op.f("ck_memberships_role_known"),
        ),
        sa.CheckConstraint("tender_id IS NULL OR contract_id IS NULL", name=op.f("ck_memberships_one_thing_at_most")),
        sa.ForeignKeyConstraint(["contract_id"], ["contracts.id"], name=op.f("fk_memberships_contract_id")),
        sa.ForeignKeyConstraint(["organisation_id"], ["organisations.id"], name=op.f("fk_memberships_organisation_id")),
        sa.ForeignKeyConstraint(["tender_id"], ["tenders.id"], name=op.f("fk_memberships_tender_id")),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_memberships_user_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_memberships")),
    )
    op.create_index(op.f("ix_memberships_contract_id"), "memberships", ["contract_id"], unique=False)
    op.create_index(op.f("ix_memberships_organisation_id"), "memberships", ["organisation_id"], unique=False)
    op.create_index(op.f("ix_memberships_tender_id"), "memberships", ["tender_id"], unique=False)
    op.create_index(
        "uq_memberships_active_contract",
        "memberships",
        ["user_id", "organisation_id", "role", "contract_id"],
        unique=True,
        sqlite_where=sa.text("removed_at IS NULL AND contract_id IS NOT NULL"),
        postgresql_where=sa.text("removed_at IS NULL AND contract_id IS NOT NULL"),
    )
    op.create_index(
        "uq_memberships_active_organisation",
        "memberships",
        ["user_id", "organisation_id", "role"],
        unique=True,
        sqlite_where=sa.text("removed_at IS NULL AND tender_id IS NULL AND contract_id IS NULL"),
        postgresql_where=sa.text("removed_at IS NULL AND tender_id IS NULL AND contract_id IS NULL"),
    )
    op.create_index(
        "uq_memberships_active_tender",
        "memberships",
        ["user_id", "organisation_id", "role", "tender_id"],
        unique=True,
        sqlite_where=sa.text("removed_at IS NULL AND tender_id IS NOT NULL"),
        postgresql_where=sa.text("removed_at IS NULL AND tender_id IS NOT NULL"),
    )
