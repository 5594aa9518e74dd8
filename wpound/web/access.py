"""Who may see a page: every view says so itself, and a view that says nothing is closed to everyone."""

from collections.abc import Callable
from typing import TypeVar

from flask import Flask, current_app, request

from wpound.core.errors import AccessDenied
from wpound.services.access import Policy

__all__ = ["Policy", "register_access", "requires"]

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


def _check_policy() -> None:
    if request.endpoint is None:
        return
    if not hasattr(current_app.view_functions[request.endpoint], "access_policy"):
        raise AccessDenied("This page is not open to anyone.")
