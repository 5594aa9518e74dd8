"""The classes Flask-Security works with, over the tables of ``models.accounts``; loaded by the web pages alone.

They are the one place below the web pages that names Flask-Security: its mixins bring the methods it calls, and its
own log-in, password and second-factor pages read and write through :func:`account_sessions`.
"""

from collections.abc import Collection
from typing import Any

from flask_security import UserMixin, WebAuthnMixin
from sqlalchemy import Engine, event, select
from sqlalchemy.orm import Mapped, Session, object_session, relationship, scoped_session, sessionmaker

from wpound.core.roles import Role
from wpound.store.models.accounts import Membership, Passkey, User


class Account(UserMixin, User):
    """A person as Flask-Security sees them: no roles of its kind, for access comes from memberships."""

    roles = ()  # type: ignore[assignment]  # nothing is ever added
    tf_phone_number = None
    webauthn: Mapped[list["AccountPasskey"]] = relationship(  # type: ignore[assignment]  # of its own class
        back_populates="user", cascade="all, delete", order_by="AccountPasskey.id"
    )

    def check_tf_required_setup(self) -> bool:
        """Whether this person may not do without a second factor: they hold a role that asks for one."""
        session = object_session(self)
        roles = session.info["second_factor_roles"] if session else ()
        held = select(Membership.id).where(
            Membership.user_id == self.id, Membership.removed_at.is_(None), Membership.role.in_(roles)
        )
        return session is not None and session.scalar(held.limit(1)) is not None

    def check_tf_required(
        self, tf_setup_methods: list[tuple[str, str]], tf_fresh: bool
    ) -> tuple[bool, list[tuple[str, str]]]:
        """Ask for a second factor where there is one or where there must be one, at every sign-in."""
        return bool(tf_setup_methods) or self.check_tf_required_setup(), tf_setup_methods

    def get_auth_token(self) -> str:
        """Never: a token would outlive the sign-in it was given to."""
        raise NotImplementedError("People sign in with a cookie only.")

    def verify_auth_token(self, tdata: dict[str, Any]) -> bool:
        """Never: see :meth:`get_auth_token`."""
        return False


class AccountPasskey(WebAuthnMixin, Passkey):
    """A passkey as Flask-Security sees it."""

    user: Mapped[Account] = relationship(back_populates="webauthn")


def account_sessions(engine: Engine, second_factor_roles: Collection[Role]) -> scoped_session[Session]:
    """Sessions for Flask-Security, one a thread: they read without a lock and take SQLite's when they first write.

    It commits by itself; call ``remove()`` at the end of each request.
    """
    factory = sessionmaker(
        engine.execution_options(wpound_late_lock=True),
        expire_on_commit=False,
        info={"second_factor_roles": tuple(second_factor_roles)},
    )
    event.listen(factory, "before_flush", lambda session, context, instances: take_lock(session))
    return scoped_session(factory)


def take_lock(session: Session) -> None:
    """Take SQLite's write lock for the rest of the transaction, where it is not held; PostgreSQL locks rows."""
    connection = session.connection()
    if connection.dialect.name == "sqlite":
        raw: Any = connection.connection.driver_connection
        if not raw.in_transaction:
            connection.exec_driver_sql("BEGIN IMMEDIATE")
