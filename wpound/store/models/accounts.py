"""People, what they may do for whom, and the browsers they are signed in with.

The columns ``password``, ``fs_uniquifier``, ``fs_webauthn_user_handle``, ``tf_*`` and ``mf_*`` are named by
Flask-Security; the classes it works with are in ``store.logins``, which only the web pages load.
"""

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, LargeBinary, UniqueConstraint, text
from sqlalchemy.ext.mutable import MutableList
from sqlalchemy.orm import Mapped, mapped_column, relationship

from wpound.core.roles import Role
from wpound.store.base import Base, Identified, not_negative, one_of
from wpound.store.models.organisations import Organisation
from wpound.store.types import CanonicalJson, Word


class User(Identified, Base):
    """A person who can sign in; ``email`` is in small letters, ``password`` a hash, None where there is no password.

    ``fs_uniquifier`` stands in every sign-in: a new one ends them all. ``single_sign_on`` is the issuer and the
    subject of the council's own directory.
    """

    __tablename__ = "users"
    __table_args__ = (CheckConstraint("email = lower(email)", name="email_in_small_letters"),)

    email: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]
    active: Mapped[bool] = mapped_column(default=True)
    password: Mapped[str | None]
    fs_uniquifier: Mapped[str] = mapped_column(unique=True)
    fs_webauthn_user_handle: Mapped[str] = mapped_column(unique=True)
    tf_primary_method: Mapped[str | None]
    tf_totp_secret: Mapped[str | None]
    mf_recovery_codes: Mapped[list[Any] | None] = mapped_column(MutableList.as_mutable(CanonicalJson()))
    totp_used_counter: Mapped[int | None]
    single_sign_on: Mapped[str | None] = mapped_column(unique=True)
    current_organisation_id: Mapped[int | None] = mapped_column(ForeignKey("organisations.id"))


class Passkey(Identified, Base):
    """A security key or passkey of a person (the fields are those of WebAuthn)."""

    __tablename__ = "passkeys"
    __table_args__ = (UniqueConstraint("user_id", "name"),)

    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    name: Mapped[str]
    credential_id: Mapped[bytes] = mapped_column(LargeBinary, unique=True)
    public_key: Mapped[bytes] = mapped_column(LargeBinary)
    sign_count: Mapped[int] = mapped_column(default=0)
    transports: Mapped[list[Any] | None] = mapped_column(CanonicalJson)
    backup_state: Mapped[bool]
    device_type: Mapped[str]
    extensions: Mapped[str | None]
    usage: Mapped[str]
    lastuse_datetime: Mapped[datetime]


class LoginSession(Identified, Base):
    """One browser's sign-in; the cookie holds a random key, this row only the key's SHA-256.

    ``user_id`` is None while a second factor is still asked for. ``data`` is the web pages' own text.
    """

    __tablename__ = "login_sessions"
    __table_args__ = (Index("ix_login_sessions_expires_at", "expires_at"),)

    key_hash: Mapped[str] = mapped_column(unique=True)
    user_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"), index=True)
    data: Mapped[str]
    last_seen_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    address_hint: Mapped[str]
    user_agent: Mapped[str]


class Membership(Identified, Base):
    """A role of a person in an organisation, for one tender or one contract where one is named.

    Never deleted: ``removed_at`` ends it, so that who could do what on any day can be told.
    """

    __tablename__ = "memberships"
    __table_args__ = (
        one_of("role", Role),
        CheckConstraint("tender_id IS NULL OR contract_id IS NULL", name="one_thing_at_most"),
        *(
            Index(
                f"uq_memberships_active_{name}",
                *("user_id", "organisation_id", "role", *columns),
                unique=True,
                sqlite_where=text(f"removed_at IS NULL AND {condition}"),
                postgresql_where=text(f"removed_at IS NULL AND {condition}"),
            )
            for name, columns, condition in (
                ("organisation", (), "tender_id IS NULL AND contract_id IS NULL"),
                ("tender", ("tender_id",), "tender_id IS NOT NULL"),
                ("contract", ("contract_id",), "contract_id IS NOT NULL"),
            )
        ),
    )

    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisations.id"), index=True)
    role: Mapped[Role] = mapped_column(Word(Role))
    tender_id: Mapped[int | None] = mapped_column(ForeignKey("tenders.id"), index=True)
    contract_id: Mapped[int | None] = mapped_column(ForeignKey("contracts.id"), index=True)
    granted_by: Mapped[str]
    granted_at: Mapped[datetime]
    removed_by: Mapped[str | None]
    removed_at: Mapped[datetime | None]

    user: Mapped[User] = relationship(lazy="raise_on_sql")
    organisation: Mapped[Organisation] = relationship(lazy="raise_on_sql")


class Invitation(Identified, Base):
    """A link sent to an email address; whoever opens it may take up the role.

    Without ``organisation_id`` a supplier registered itself: name and identifier are those of the new organisation.
    The link holds a random token, the row only its SHA-256.
    """

    __tablename__ = "invitations"
    __table_args__ = (
        one_of("role", Role),
        CheckConstraint("email = lower(email)", name="email_in_small_letters"),
        CheckConstraint("organisation_id IS NOT NULL OR organisation_name IS NOT NULL", name="says_where"),
        Index("ix_invitations_email", "email", "id"),
    )

    token_hash: Mapped[str] = mapped_column(unique=True)
    email: Mapped[str]
    organisation_id: Mapped[int | None] = mapped_column(ForeignKey("organisations.id"), index=True)
    organisation_name: Mapped[str | None]
    organisation_identifier: Mapped[str | None]
    role: Mapped[Role] = mapped_column(Word(Role))
    tender_id: Mapped[int | None] = mapped_column(ForeignKey("tenders.id"))
    contract_id: Mapped[int | None] = mapped_column(ForeignKey("contracts.id"))
    invited_by: Mapped[str]
    expires_at: Mapped[datetime]
    accepted_at: Mapped[datetime | None]
    withdrawn_at: Mapped[datetime | None]

    organisation: Mapped[Organisation | None] = relationship(lazy="raise_on_sql")


class AttemptCount(Base):
    """How often something was tried for one subject since a moment, counted for all workers together.

    ``subject_hash`` is the SHA-256 of an email address or a network address, so that the table names nobody.
    """

    __tablename__ = "attempt_counts"
    __table_args__ = (not_negative("count"),)

    action: Mapped[str] = mapped_column(primary_key=True)
    subject_hash: Mapped[str] = mapped_column(primary_key=True)
    count: Mapped[int]
    since: Mapped[datetime] = mapped_column(index=True)


class ReminderChoice(Identified, Base):
    """Whether a person wants one kind of reminder; a kind without a row is sent."""

    __tablename__ = "reminder_choices"
    __table_args__ = (UniqueConstraint("user_id", "kind"),)

    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    kind: Mapped[str]
    wanted: Mapped[bool]
