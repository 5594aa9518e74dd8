"""One table of what went wrong: which page, which status, which words. Nothing of the inside is ever shown."""

from dataclasses import dataclass

from flask import Flask, render_template, request
from flask_wtf.csrf import CSRFError  # type: ignore[import-untyped]
from werkzeug.exceptions import HTTPException

from wpound.core.errors import (
    AccessDenied,
    InputError,
    InputErrors,
    NotFound,
    RuleError,
    StaleEdit,
    StateError,
    TryLater,
    UnknownMeasure,
    WpoundError,
)


@dataclass(frozen=True, slots=True)
class Problem:
    """What an error page says: its heading, and what to do next."""

    title: str
    advice: tuple[str, ...]


PROBLEMS = {
    400: Problem(
        "The request could not be understood",
        (
            "The address or the form held something this service cannot read.",
            "Go back, check what you entered and try again.",
        ),
    ),
    403: Problem(
        "You cannot open this page",
        (
            "Your account does not have permission to see it.",
            "If you think it should, ask the person who runs this service.",
        ),
    ),
    404: Problem(
        "Page not found",
        ("If you typed the address, check it is correct.", "If you pasted the address, check you copied all of it."),
    ),
    405: Problem(
        "This page cannot be used that way",
        (
            "The page was asked for in a way it does not offer.",
            "Go back to the page you came from and use its links and buttons.",
        ),
    ),
    409: Problem(
        "This has changed in the meantime",
        (
            "Somebody else may have changed it since you opened the page.",
            "Go back, check what it looks like now and try again.",
        ),
    ),
    413: Problem(
        "The file is too large",
        ("The form you came from says how large a file can be.", "Check that you chose the right file."),
    ),
    429: Problem(
        "Too many requests",
        ("This service has had too many requests from you in a short time.", "Wait a minute, then try again."),
    ),
    500: Problem(
        "Sorry, there is a problem with the service",
        ("If you sent a form, none of it has been saved.", "Try again later."),
    ),
    503: Problem(
        "The service is busy",
        (
            "Other people's work took longer than usual, so yours could not be saved. Nothing that was saved is lost.",
            "Try again in a moment. If you sent a form, go back to it and send it again.",
        ),
    ),
}
FORM_EXPIRED = Problem(
    "The form was open for too long",
    (
        "For your security, forms expire 8 hours after you open them.",
        "Go back, reload the page and send the form again.",
    ),
)
NOT_NOW = Problem(
    "This page is not open now",
    (
        "What it is about is not at the right stage yet, or that stage is over.",
        "Go back one page: it says what is next.",
    ),
)
# The first match counts, so the particular stand before the general.
STATUS_OF: tuple[tuple[type[WpoundError], int], ...] = (
    (AccessDenied, 403),
    (NotFound, 404),
    (UnknownMeasure, 404),
    (StateError, 409),
    (InputError, 400),
    (InputErrors, 400),
    (RuleError, 400),
    (TryLater, 503),
    (WpoundError, 500),
)

Page = tuple[str, int]


def register_errors(app: Flask) -> None:
    """Answer every error with a page of the service."""
    app.register_error_handler(CSRFError, _show_expired_form)
    app.register_error_handler(HTTPException, _show_http_error)
    app.register_error_handler(WpoundError, _show_known_error)
    app.register_error_handler(StaleEdit, _show_both_versions)


def show_problem(status: int) -> str:
    """The page of a status from the table."""
    return _show(status, PROBLEMS[status])[0]


def _show(status: int, problem: Problem) -> Page:
    return render_template("errors/problem.html", problem=problem, status=status), status


def _show_expired_form(error: CSRFError) -> Page:
    return _show(400, FORM_EXPIRED)


def _show_http_error(error: HTTPException) -> Page | HTTPException:
    """Redirects pass; a status without words of its own borrows those of its kind."""
    status = error.code or 500
    if status < 400:
        return error
    return _show(status, PROBLEMS.get(status, PROBLEMS[400 if status < 500 else 500]))


def _show_known_error(error: WpoundError) -> Page:
    status = next(status for kind, status in STATUS_OF if isinstance(error, kind))
    is_too_early = request.method == "GET" and isinstance(error, StateError)
    return _show(status, NOT_NOW if is_too_early and not isinstance(error, StaleEdit) else PROBLEMS[status])


def _show_both_versions(error: StaleEdit) -> Page:
    """What was sent and what is there now, side by side: nothing that somebody typed is lost."""
    if not error.sent:
        return _show_known_error(error)
    labels = [*error.sent, *(label for label in error.now if label not in error.sent)]
    rows = [(label, error.sent.get(label, ""), error.now.get(label, "")) for label in labels]
    return render_template("errors/stale.html", rows=rows, address=request.path), 409
