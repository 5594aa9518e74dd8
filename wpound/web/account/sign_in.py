"""Flask-Security, set up: its log-in, password and second-factor pages under our addresses, words and policies."""

import hmac
from base64 import urlsafe_b64encode
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from typing import Any

from flask import Flask, Response, session
from flask_login.utils import _user_context_processor  # type: ignore[import-untyped]
from flask_security import (
    PasswordUtil,
    Security,
    SQLAlchemySessionUserDatastore,
    Totp,
    UserMixin,
    password_changed,
    password_reset,
    tf_disabled,
    tf_profile_changed,
    user_authenticated,
)
from flask_security.core import RoleMixin
from flask_security.recovery_codes import MfRecoveryCodesUtil
from passlib.exc import UsedTokenError  # type: ignore[import-untyped]

from wpound.config import Settings
from wpound.documents.qr_code import draw_qr_code
from wpound.services import check_password
from wpound.services.check_password import MINIMUM_LENGTH, find_password_problem
from wpound.services.keep_sign_in import hash_of_key
from wpound.store.accounts import end_sign_ins, use_code, use_recovery_code
from wpound.store.audit import append_event
from wpound.store.engine import writing
from wpound.store.logins import Account, AccountPasskey, account_sessions, take_lock
from wpound.web.access import Policy, requires
from wpound.web.account import forms_sign_in as forms
from wpound.web.account.letters import Letters
from wpound.web.account.views_help import help_with_code
from wpound.web.account.words import WORDS
from wpound.web.extensions import site
from wpound.web.sessions import BrowserSession

ADDRESSES = {
    "LOGIN_URL": "/account/sign-in",
    "LOGOUT_URL": "/account/sign-out",
    "VERIFY_URL": "/account/confirm",
    "RESET_URL": "/account/password/forgotten",
    "CHANGE_URL": "/account/password",
    "TWO_FACTOR_SETUP_URL": "/account/second-factor",
    "TWO_FACTOR_TOKEN_VALIDATION_URL": "/account/sign-in/code",
    "TWO_FACTOR_RESCUE_URL": "/account/sign-in/help",
    "TWO_FACTOR_SELECT_URL": "/account/sign-in/choose",
    "MULTI_FACTOR_RECOVERY_CODES_URL": "/account/recovery-codes",
    "MULTI_FACTOR_RECOVERY_URL": "/account/sign-in/recovery-code",
    "WAN_REGISTER_URL": "/account/passkeys",
    "WAN_DELETE_URL": "/account/passkeys/remove",
    "WAN_SIGNIN_URL": "/account/sign-in/passkey",
}
POLICIES = {
    Policy.PUBLIC: (
        "login",
        "logout",
        "forgot_password",
        "reset_password",
        # While a second factor is asked for, or set up for the first time, nobody is signed in yet.
        "two_factor_setup",
        "two_factor_token_validation",
        "tf_select",
        "mf_recovery",
        "wan_signin",
        "wan_signin_response",
    ),
    Policy.SIGNED_IN: (
        "verify",
        "change_password",
        "two_factor_setup_validate",
        "mf_recovery_codes",
        "wan_register",
        "wan_register_response",
        "wan_delete",
    ),
}
OPTIONS = {
    "EMAIL_PLAINTEXT": False,
    "EMAIL_HTML": False,
    "PASSWORD_HASH": "argon2",
    "PASSWORD_SCHEMES": ["argon2"],
    "DEPRECATED_PASSWORD_SCHEMES": [],
    "PASSWORD_SINGLE_HASH": ["argon2"],
    # For links to choose a new password. The library's own takes half a second, and only where there is an account,
    # which tells with a clock who has one; what is hashed is a hash already, so nobody can guess their way back.
    "HASHING_SCHEMES": ["hex_sha256"],
    "DEPRECATED_HASHING_SCHEMES": [],
    "PASSWORD_LENGTH_MIN": MINIMUM_LENGTH,
    "RETURN_GENERIC_RESPONSES": True,
    "API_ENABLED_METHODS": ["session"],
    "LOGOUT_CSRF": True,
    "STATIC_FOLDER": None,
    "STATIC_FOLDER_URL": None,
    "CLI_USERS_NAME": False,
    "CLI_ROLES_NAME": False,
    "CACHE_CONTROL": None,
    "RECOVERABLE": True,
    "CHANGEABLE": True,
    "RESET_PASSWORD_WITHIN": timedelta(hours=1),
    "POST_LOGIN_VIEW": "/home",
    "POST_CHANGE_VIEW": "account.account",
    "POST_VERIFY_VIEW": "account.account",
    "FRESHNESS": timedelta(minutes=30),
    "FRESHNESS_GRACE_PERIOD": timedelta(minutes=15),
    "JOIN_USER_ROLES": False,
    "DATETIME_FACTORY": lambda: datetime.now(UTC),
    "TWO_FACTOR": True,
    "TWO_FACTOR_ENABLED_METHODS": ["authenticator"],
    # Seconds a code is taken before and after its own half minute, for clocks that differ.
    "TWO_FACTOR_AUTHENTICATOR_VALIDITY": 30,
    "TWO_FACTOR_RESCUE_EMAIL": False,
    "TWO_FACTOR_POST_SETUP_VIEW": "account.account",
    "MULTI_FACTOR_RECOVERY_CODES": True,
    "MULTI_FACTOR_RECOVERY_CODES_N": 8,
    # A passkey stands in for the authenticator app, not for the password.
    "WAN_ALLOW_AS_FIRST_FACTOR": False,
    "WAN_ALLOW_AS_VERIFY": None,
    "WAN_ALLOW_USER_HINTS": False,
    "WAN_POST_REGISTER_VIEW": ".wan_register",
}


class Passwords(PasswordUtil):
    """Our rule for passwords, where the library asks."""

    def validate(self, password: str, is_register: bool, **kwargs: Any) -> tuple[list[str] | None, str]:
        """What is wrong with a new password, and the password as it is hashed."""
        user = kwargs.get("user")
        problem = find_password_problem(password, about=(user.email, user.name) if user else ())
        return [problem] if problem else None, self.normalize(password)


class Codes(Totp):
    """Codes of authenticator apps; each is taken once, whichever worker is asked."""

    def generate_qrcode(self, username: str, totp: str) -> str:
        """An SVG to stand in the page: a picture in the address of an image is not allowed there."""
        address = self.get_totp_uri(username, totp)
        return draw_qr_code(address, title="QR code for your authenticator app", css_class="app-qr-code", border=4)

    def set_last_counter(self, user: UserMixin, tmatch: Any) -> None:
        """Refuse a code that was used: whoever looked over a shoulder has no use for it."""
        with writing(site().engine) as database:
            if not use_code(database, user_id=user.id, counter=tmatch.counter):
                raise UsedTokenError


class RecoveryCodes(MfRecoveryCodesUtil):
    """Recovery codes; each is taken once, however many browsers send it at the same moment."""

    def check_recovery_code(self, user: UserMixin, code: str) -> bool:
        """Whether it is one of the person's codes; from now on it is none of them any more."""
        with writing(site().engine) as database:
            return use_recovery_code(
                database, user_id=user.id, is_it=lambda kept: self._decrypt_codes([kept]) == [code]
            )

    def delete_recovery_code(self, user: UserMixin, code: str) -> bool:
        """Done already: what the library has read of the codes may be out of date."""
        return True


def register_sign_in(app: Flask, settings: Settings) -> None:
    """Add Flask-Security and give each of its pages its policy."""
    sessions = account_sessions(site_engine(app), settings.second_factor)
    options = {"PASSWORD_HASH_PASSLIB_OPTIONS": _hashing()} | OPTIONS | ADDRESSES | _secrets(app)
    app.config.update({f"SECURITY_{name}": value for name, value in options.items()})
    app.config.update({f"SECURITY_MSG_{name}": (text, kind) for name, (text, kind) in WORDS.items()})
    app.config.update(SECURITY_WEBAUTHN=settings.passkeys, SECURITY_WAN_RP_NAME=app.extensions["wpound"].city.programme)
    security = Security(
        app,
        SQLAlchemySessionUserDatastore(sessions, Account, RoleMixin, AccountPasskey),
        login_form=forms.SignInForm,
        verify_form=forms.ConfirmPasswordForm,
        forgot_password_form=forms.ForgottenForm,
        reset_password_form=forms.NewPasswordForm,
        change_password_form=forms.PasswordForm,
        two_factor_setup_form=forms.SetUpForm,
        two_factor_select_form=forms.SelectForm,
        two_factor_rescue_form=forms.RescueForm,
        two_factor_verify_code_form=forms.CodeForm,
        mf_recovery_form=forms.RecoveryForm,
        mail_util_cls=Letters,
        wan_register_form=forms.PasskeyForm,
        wan_delete_form=forms.RemovePasskeyForm,
        password_util_cls=Passwords,
        totp_cls=Codes,
        mf_recovery_codes_util_cls=RecoveryCodes,
    )
    security.want_json(lambda request: False)
    # It reads the account once more for every page; the templates ask for the person of the session instead.
    app.template_context_processors[None].remove(_user_context_processor)
    _leave_visitors_alone(app, security)
    # The library's page would mail codes and write to an administrator; ours says where to find help.
    app.view_functions["security.two_factor_rescue"] = help_with_code
    _set_policies(app)
    _listen(app)
    app.after_request(lambda response: _write_before_the_session(sessions, response))
    app.teardown_appcontext(lambda error: sessions.remove())


def _hashing() -> dict[str, int]:
    """The costs of a password's hash, as the library calls them; another cost than ours would be written anew."""
    names = ("time_cost", "memory_cost", "parallelism")
    return {f"argon2__{name}": cost for name, cost in zip(names, check_password.HASHING, strict=True)}


def _write_before_the_session(sessions: Any, response: Response) -> Response:
    """Commit what the library has changed before the sign-in is written, which would wait for its lock in vain.

    It hashes a password anew at sign-in when the costs have been raised, and does not commit on every way.
    """
    if response.status_code < 500 and sessions.registry.has():
        sessions.commit()
    return response


def site_engine(app: Flask) -> Any:
    """The database of an application that is being built."""
    return app.extensions["wpound"].engine


def _secrets(app: Flask) -> dict[str, Any]:
    """Keys for what is kept encrypted, each its own, from the one secret of the installation."""
    return {
        "TOTP_SECRETS": {"1": _derive(app, "authenticator apps").hex()},
        "TOTP_ISSUER": app.extensions["wpound"].city.programme,
        "MULTI_FACTOR_RECOVERY_CODES_KEYS": [urlsafe_b64encode(_derive(app, "recovery codes"))],
    }


def _derive(app: Flask, purpose: str) -> bytes:
    return hmac.digest(str(app.secret_key).encode(), purpose.encode(), sha256)


def _leave_visitors_alone(app: Flask, security: Security) -> None:
    """Take away what asks on every request who is signed in: public pages are the same for all and can be kept."""
    asked = app.before_request_funcs.get(None, [])
    app.before_request_funcs[None] = [ask for ask in asked if getattr(ask, "__self__", None) is not security.principal]


def _set_policies(app: Flask) -> None:
    for policy, names in POLICIES.items():
        for name in names:
            view = app.view_functions.get(f"security.{name}")
            if view is not None:
                requires(policy)(view)


def _listen(app: Flask) -> None:
    """Write down what happened to an account, in the transaction in which it happened."""
    user_authenticated.connect(_signed_in, app)
    password_changed.connect(_password_set, app)
    password_reset.connect(_password_set, app)
    tf_profile_changed.connect(_second_factor_set, app)
    tf_disabled.connect(_second_factor_gone, app)


def _signed_in(app: Flask, user: Account, **more: Any) -> None:
    # "Remember me" would be a cookie that outlives the sign-in's row, whichever form was made to ask for it.
    session.pop("_remember", None)
    _record(app, user, "account.signed_in")


def _password_set(app: Flask, user: Account, **more: Any) -> None:
    """A new password ends every sign-in but the one that set it."""
    _record(app, user, "account.password_changed")
    key = session.key if isinstance(session, BrowserSession) else None
    end_sign_ins(_session(app), user_id=user.id, but=hash_of_key(key or ""))


def _second_factor_set(app: Flask, user: Account, **more: Any) -> None:
    _record(app, user, "account.second_factor_set")
    app.extensions["security"].mail_util.tell(user, "a second factor was set up")


def _second_factor_gone(app: Flask, user: Account, **more: Any) -> None:
    _record(app, user, "account.second_factor_removed")
    app.extensions["security"].mail_util.tell(user, "the second factor was removed")


def _record(app: Flask, user: Account, action: str) -> None:
    database = _session(app)
    take_lock(database)
    append_event(database, actor=user.email, action=action, object_kind="user", object_id=user.id, detail={})


def _session(app: Flask) -> Any:
    return app.extensions["security"].datastore.db.session()
