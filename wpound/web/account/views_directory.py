"""Single sign-on with the council's own directory (OpenID Connect), for people who have an account here."""

from typing import Any

from authlib.common.errors import AuthlibBaseError  # type: ignore[import-untyped]
from authlib.integrations.flask_client import OAuth  # type: ignore[import-untyped]
from flask import Blueprint, Flask, current_app, flash, redirect, url_for
from flask_security.utils import login_user
from joserfc.errors import JoseError
from requests import RequestException
from werkzeug.wrappers import Response

from wpound.config import Settings
from wpound.services.recognise_person import recognise_person
from wpound.store.engine import writing
from wpound.web.access import Policy, requires
from wpound.web.extensions import site

# A directory that cannot be reached, does not describe itself, refuses us, or says what it has not signed.
FAILURES = (AuthlibBaseError, JoseError, RequestException, KeyError, RuntimeError)


def register_directory(app: Flask, pages: Blueprint, settings: Settings) -> None:
    """Add single sign-on where a directory is set up; templates ask ``has_directory``."""
    app.jinja_env.globals["has_directory"] = bool(settings.oidc_issuer)
    if not settings.oidc_issuer:
        return
    oauth = OAuth(app)
    oauth.register(
        "directory",
        server_metadata_url=f"{settings.oidc_issuer}/.well-known/openid-configuration",
        client_id=settings.oidc_client,
        client_secret=settings.oidc_secret,
        client_kwargs={"scope": "openid email profile", "code_challenge_method": "S256", "timeout": 10},
    )
    app.extensions["wpound.directory"] = oauth.directory
    pages.add_url_rule("/directory", view_func=directory, methods=["POST"])
    pages.add_url_rule("/directory/return", view_func=directory_return)


@requires(Policy.PUBLIC)
def directory() -> Response:
    """Send the browser to the directory; by POST, so that no other site can start it."""
    back = f"{site().settings.base_url}{url_for('account.directory_return')}"
    try:
        answer: Response = _client().authorize_redirect(back)
    except FAILURES:
        return _refuse("Your organisation's directory did not answer. Try again later, or sign in with your password.")
    return answer


@requires(Policy.PUBLIC)
def directory_return() -> Response:
    """Sign in whoever the directory says it is; it has checked password and second factor itself."""
    try:
        claims = _client().authorize_access_token()["userinfo"]
    except FAILURES:
        return _refuse("Signing in with your organisation's directory did not work. Try again.")
    with writing(site().engine) as session:
        user = recognise_person(
            session,
            issuer=str(claims["iss"]),
            subject=str(claims["sub"]),
            email=str(claims.get("email", "")),
            is_verified=claims.get("email_verified") is True,
        )
    account = _datastore().find_user(id=user.id) if user else None
    if account is None:
        return _refuse("There is no account here for this person. Ask a colleague to invite you.")
    login_user(account, authn_via=["directory"])
    _datastore().commit()
    return redirect(url_for("home"), 303)


def _refuse(message: str) -> Response:
    flash(message, "error")
    return redirect(url_for("security.login"), 303)


def _client() -> Any:
    return current_app.extensions["wpound.directory"]


def _datastore() -> Any:
    return current_app.extensions["security"].datastore
