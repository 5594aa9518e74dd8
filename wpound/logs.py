"""Logs: one JSON object a line on standard error, plain lines on a terminal; no personal data and no secrets.

What people typed does not come near a log: requests are told by their route and not their address, errors by their
kind and the lines they passed and not their message. What libraries write is rid of email addresses, long tokens and
whatever stands before the host in an address.
"""

import logging
import re
import sys
import traceback
from collections.abc import Iterator
from typing import Any

import structlog
from structlog.typing import EventDict, Processor, WrappedLogger

# Values under these names are never written, whoever logs them.
SECRET_NAMES = re.compile(r"passw|secret|token|key|cookie|authorization|mail|recipient|address|name|body", re.I)
# Made by ourselves, and never from what a person typed.
OWN_NAMES = frozenset({"timestamp", "level", "request_id", "error", "trace"})
REDACTED = "[not logged]"
QUIET = ("alembic", "dbos", "fontTools", "pyhanko", "waitress", "weasyprint", "werkzeug")
_BEFORE_HOST = re.compile(r"(?<=://)[^/\s]+@")
_MAIL_ADDRESS = re.compile(r"[\w.+%'-]+@[\w-]+(\.[\w-]+)*")
_LONG_TOKEN = re.compile(r"[A-Za-z0-9_.~+-]{32,}=*")


class _Logger(structlog.stdlib.BoundLogger):
    """Keeps exceptions from the standard library's handlers, which would write their messages."""

    def exception(self, event: str | None = None, *args: Any, **fields: Any) -> Any:
        """Log the exception being handled, by its kind and its lines."""
        return self._proxy_to_logger("error", event, *args, **(fields | {"exc_info": True}))


def get_logger(name: str) -> Any:
    """A logger that takes fields by name; it says nothing below warnings until :func:`start_logs` was called."""
    return structlog.wrap_logger(
        logging.getLogger(name),
        processors=[
            structlog.stdlib.filter_by_level,
            *_FIELDS,
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        wrapper_class=_Logger,
        cache_logger_on_first_use=True,
    )


def start_logs() -> None:
    """Write the logs of this process, the libraries' too; on a terminal only what somebody there should see."""
    on_terminal = sys.stderr.isatty()
    renderer: Processor = structlog.dev.ConsoleRenderer() if on_terminal else structlog.processors.JSONRenderer()
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=_FIELDS,
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, renderer],
        )
    )
    logging.basicConfig(handlers=[handler], level=logging.WARNING if on_terminal else logging.INFO, force=True)
    for name in QUIET:
        logging.getLogger(name).setLevel(logging.WARNING)
    # DBOS makes a handler of its own unless it finds one.
    logging.getLogger("dbos").addHandler(logging.NullHandler())


def _tell_error(logger: WrappedLogger, method: str, event: EventDict) -> EventDict:
    """In place of an exception: its kind and where it came from; its message may quote what a person typed."""
    found = event.pop("exc_info", None)
    error = sys.exc_info()[1] if found is True else found[1] if isinstance(found, tuple) else found
    if isinstance(error, BaseException):
        event["error"] = " from ".join(_kinds(error))
        event["trace"] = [f"{f.filename}:{f.lineno} {f.name}" for f in traceback.extract_tb(error.__traceback__)]
    return event


def _kinds(error: BaseException | None) -> Iterator[str]:
    """The kinds of an error and of those that led to it."""
    while error is not None:
        yield f"{type(error).__module__}.{type(error).__qualname__}"
        error = error.__cause__ or error.__context__


def _redact(logger: WrappedLogger, method: str, event: EventDict) -> EventDict:
    """Take out values under secret names, and what looks like a person or a secret inside texts."""
    return {name: value if name in OWN_NAMES else _cleaned(name, value) for name, value in event.items()}


def _cleaned(name: str, value: Any) -> Any:
    if SECRET_NAMES.search(name):
        return REDACTED
    if not isinstance(value, str):
        return value
    value = _BEFORE_HOST.sub(f"{REDACTED}@", value)
    return _LONG_TOKEN.sub(REDACTED, _MAIL_ADDRESS.sub(REDACTED, value))


_FIELDS: tuple[Processor, ...] = (
    structlog.contextvars.merge_contextvars,
    structlog.stdlib.add_log_level,
    structlog.processors.TimeStamper(fmt="iso", utc=True),
    _tell_error,
    _redact,
)
