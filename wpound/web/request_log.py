"""A number for every request, and one log line when it is answered."""

import re
import time
from secrets import token_hex

from flask import Flask, Response, g, request
from structlog.contextvars import bind_contextvars, clear_contextvars

from wpound.logs import get_logger

# What a proxy in front may have given; anything else would let a visitor write into the log.
_GIVEN = re.compile(r"[0-9a-f-]{8,64}")
_UNLOGGED = ("static", "public.health", "public.ready")

log = get_logger(__name__)


def register_request_log(app: Flask) -> None:
    """Number requests before anything else sees them; the number goes back as ``X-Request-ID``."""
    app.before_request(_number)
    app.after_request(_log)


def _number() -> None:
    given = request.headers.get("X-Request-ID", "")
    g.request_id = given if _GIVEN.fullmatch(given) else token_hex(8)
    g.started = time.perf_counter()
    clear_contextvars()
    bind_contextvars(request_id=g.request_id)


def _log(response: Response) -> Response:
    """The route, not the address: an address may hold a name or the secret of a link."""
    response.headers["X-Request-ID"] = g.request_id
    if request.endpoint not in _UNLOGGED:
        log.info(
            "request",
            method=request.method,
            route=request.url_rule.rule if request.url_rule else None,
            status=response.status_code,
            milliseconds=round((time.perf_counter() - g.started) * 1000),
        )
    return response
