"""A number for every request, and one log line when it is answered."""

import re
import time
from secrets import token_hex

from flask import Flask, Response
from flask.globals import app_ctx, request_ctx
from structlog.contextvars import bind_contextvars

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
    given, kept = request_ctx.request.environ.get("HTTP_X_REQUEST_ID", ""), app_ctx.g
    kept.request_id = given if _GIVEN.fullmatch(given) else token_hex(8)
    kept.started = time.perf_counter()
    # The one thing that is bound: what the thread's last request left is overwritten.
    bind_contextvars(request_id=kept.request_id)


def _log(response: Response) -> Response:
    """The route, not the address: an address may hold a name or the secret of a link."""
    asked, kept = request_ctx.request, app_ctx.g
    response.headers["X-Request-ID"] = kept.request_id
    if asked.endpoint not in _UNLOGGED:
        log.info(
            "request",
            method=asked.method,
            route=asked.url_rule.rule if asked.url_rule else None,
            status=response.status_code,
            milliseconds=round((time.perf_counter() - kept.started) * 1000),
        )
    return response
