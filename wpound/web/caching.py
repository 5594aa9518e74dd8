"""What a browser may keep of our pages, and how it learns that what it kept is still right."""

from collections.abc import Callable
from hashlib import sha256
from typing import TypeVar

from flask import Flask, Response, current_app, request
from flask.globals import request_ctx

from wpound.web.extensions import site

View = TypeVar("View", bound=Callable[..., object])


def unchanging(view: View) -> View:
    """Mark a view whose page hangs on its address, the program and what that reads at its start, and nothing else."""
    view.is_unchanging = True  # type: ignore[attr-defined]  # kept on the function, as its policy is
    return view


def register_caching(app: Flask) -> None:
    """Answer whoever holds an unchanging page in its newest form before the page is made again."""
    app.before_request(_answer_unchanged)


def set_caching(response: Response, *, personal: bool) -> None:
    """Forms, personal pages and errors are never kept; the rest is kept but asked for again, by its fingerprint."""
    if request.endpoint == "static":
        # The address holds the fingerprint of the files, so what it leads to never changes.
        response.cache_control.immutable = True
    elif response.status_code == 304 and not personal:
        response.headers["Cache-Control"] = "no-cache"
    elif personal or response.status_code != 200:
        response.headers["Cache-Control"] = "private, no-store"
    else:
        response.headers["Cache-Control"] = "no-cache"
        if _is_unchanging():
            response.set_etag(_tag())
        else:
            response.add_etag()
        response.make_conditional(request)


def _answer_unchanged() -> Response | None:
    asked = request_ctx.request
    # Most requests hold no fingerprint at all, which their raw headers tell at once.
    if "HTTP_IF_NONE_MATCH" not in asked.environ or asked.method != "GET" or not _is_unchanging():
        return None
    tag = _tag()
    if not asked.if_none_match.contains_weak(tag):
        return None
    response = Response(status=304)
    response.set_etag(tag)
    return response


def _is_unchanging() -> bool:
    """Whether this is such a page for a visitor; the frame of whoever has our cookie may show who they are."""
    view = current_app.view_functions.get(request.endpoint or "")
    is_visitor = current_app.config["SESSION_COOKIE_NAME"] not in request.cookies
    return is_visitor and getattr(view, "is_unchanging", False)


def _tag() -> str:
    # The frame says so where the data is invented, and that is the only thing it reads from the database.
    here = site()
    return sha256(f"{here.edition} {here.is_demonstration} {request.full_path}".encode()).hexdigest()[:32]


def by_version(make: Callable[[], Response], *facts: object) -> Response:
    """What hangs on the program, its address and these facts alone: not made again for whoever holds it already."""
    tag = sha256(f"{site().edition} {request.full_path} {facts}".encode()).hexdigest()[:32]
    response = Response(status=304) if request.if_none_match.contains_weak(tag) else make()
    response.set_etag(tag)
    return response
