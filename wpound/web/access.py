"""Who may see a page: every view says so itself, and a view that says nothing is closed to everyone."""

from collections.abc import Callable
from typing import TypeVar, cast

from flask import Flask, redirect, request, url_for
from flask.globals import app_ctx, request_ctx
from flask_login import current_user  # type: ignore[import-untyped]
from werkzeug.wrappers import Response

from wpound.core.errors import AccessDenied
from wpound.services.access import Person, Policy, decide, find_person
from wpound.store.engine import reading
from wpound.web.extensions import site
from wpound.web.sessions import BrowserSession

__all__ = ["Policy", "current_person", "find_current_person", "register_access", "requires"]

View = TypeVar("View", bound=Callable[..., object])


def requires(policy: Policy) -> Callable[[View], View]:
    """Mark a view with its policy, readable as ``view.access_policy``."""

    def mark(view: View) -> View:
        view.access_policy = policy  # type: ignore[attr-defined]  # kept on the function so that a test can read it
        return view

    return mark


def register_access(app: Flask) -> None:
    """Refuse every view without a policy, before it runs; Flask's own view of the static files is public."""
    requires(Policy.PUBLIC)(app.view_functions["static"])
    app.before_request(_check_policy)


def current_person() -> Person:
    """The person signed in; raises AccessDenied where nobody is, which no view but a public one meets."""
    person = find_current_person()
    if person is None:
        raise AccessDenied("Sign in first.")
    return person


def find_current_person() -> Person | None:
    """The person signed in, or None; read once a request.

    A browser without our cookie is nobody's, and the session is left alone so that a public page can be kept.
    """
    kept = app_ctx.g
    if "person" not in kept:
        has_cookie = app_ctx.app.config["SESSION_COOKIE_NAME"] in request.cookies
        kept.person = _read_person() if has_cookie else None
    return cast(Person | None, kept.person)


def _read_person() -> Person | None:
    """Whoever the session was found to be for; whoever signed in or out during this request is read anew."""
    found = cast(BrowserSession, request_ctx.session)
    if found.person is not None and found.is_for == found.was_for:
        return found.person
    if not current_user.is_authenticated:
        return None
    with reading(site().engine) as database:
        return find_person(database, current_user.id)


def _check_policy() -> Response | None:
    """The policy of the view asked for, met; whoever is not signed in is asked to, and comes back to the page."""
    here = request_ctx
    asked, app = here.request, here.app
    if asked.endpoint is None:
        return None
    policy = getattr(app.view_functions[asked.endpoint], "access_policy", None)
    if policy is None:
        raise AccessDenied("This page is not open to anyone.")
    if policy is Policy.PUBLIC:
        return None
    person = find_current_person()
    if person is None:
        back = asked.full_path.rstrip("?") if asked.method == "GET" else None
        return redirect(url_for("security.login", next=back), 303)
    decide(policy, person)
    return None
