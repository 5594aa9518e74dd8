"""Headers, cookies and keys: what a browser is allowed to do with our pages."""

from collections.abc import Callable
from datetime import timedelta
from io import BytesIO
from typing import IO, Any, TypeVar
from urllib.parse import urlsplit

from flask import Flask, Request, Response, current_app, request
from flask.sessions import SessionMixin
from flask_wtf.csrf import CSRFProtect  # type: ignore[import-untyped]
from werkzeug.exceptions import UnsupportedMediaType

from wpound.config import Settings
from wpound.services.keep_sign_in import SignInLimits
from wpound.store.key_file import open_key_file
from wpound.web.caching import register_caching, set_caching
from wpound.web.sessions import BrowserSessionInterface

# No inline script or style anywhere, and nothing from another host.
CONTENT_SECURITY_POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self'",
        "font-src 'self'",
        "connect-src 'self'",
        "manifest-src 'self'",
        "form-action 'self'",
        "frame-ancestors 'none'",
        "base-uri 'none'",
    )
)
HEADERS = {
    "Content-Security-Policy": CONTENT_SECURITY_POLICY,
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
    # Same origin and not "no-referrer": the check of a form's origin over https reads it.
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
}
TWO_YEARS = 63_072_000
LARGEST_UPLOAD = 5 * 1024 * 1024
# The rest of a form around the file: names, boundaries, the token.
FORM_ALLOWANCE = 64 * 1024
View = TypeVar("View", bound=Callable[..., object])


def takes_files(largest: int) -> Callable[[View], View]:
    """Mark a view that is sent files of more bytes than others, from people who are signed in."""

    def mark(view: View) -> View:
        view.largest_upload = largest  # type: ignore[attr-defined]  # kept on the function, as its policy is
        return view

    return mark


def register_security(app: Flask, settings: Settings) -> None:
    """Set cookies, upload limit, form tokens and the headers of every response."""
    https = settings.base_url.startswith("https://")
    app.config.update(
        SECRET_KEY=settings.secret_key or open_key_file(settings.data_dir / "secret_key"),
        SESSION_COOKIE_NAME="__Host-wpound" if https else "wpound",
        SESSION_COOKIE_SECURE=https,
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        MAX_CONTENT_LENGTH=LARGEST_UPLOAD + FORM_ALLOWANCE,
        SEND_FILE_MAX_AGE_DEFAULT=TWO_YEARS,
        WTF_CSRF_TIME_LIMIT=8 * 60 * 60,
    )
    limits = SignInLimits(
        idle=timedelta(minutes=settings.idle_minutes), absolute=timedelta(hours=settings.signed_in_hours)
    )
    app.session_interface = sessions = _SessionInterface(app.extensions["wpound"].engine, limits)
    app.request_class = _Request
    app.before_request(_refuse_json)
    # Before anything of the body is read, as the form's token is.
    app.before_request(_allow_size)
    CSRFProtect(app)
    # After all of the body has been read for it.
    app.before_request(sessions.look_again)
    register_caching(app)
    headers = HEADERS | {"Content-Security-Policy": _content_policy(settings)}
    headers |= {"Strict-Transport-Security": f"max-age={TWO_YEARS}; includeSubDomains"} if https else {}
    app.wsgi_app = _with_headers(list(headers.items()), app.wsgi_app)  # type: ignore[method-assign]


def _with_headers(headers: list[tuple[str, str]], inner: Any) -> Any:
    """An application whose every answer carries these headers, whatever made it."""

    def serve(environ: dict[str, Any], start_response: Any) -> Any:
        return inner(environ, lambda status, own, *failed: start_response(status, own + headers, *failed))

    return serve


def _refuse_json() -> None:
    """Pages are sent forms; the form library would also read JSON, past what counts guesses by the form's fields."""
    if request.method != "GET" and request.is_json:
        raise UnsupportedMediaType


def _allow_size() -> None:
    if request.method == "GET":
        return
    largest = getattr(current_app.view_functions.get(request.endpoint or ""), "largest_upload", None)
    if largest is not None and current_app.config["SESSION_COOKIE_NAME"] in request.cookies:
        request.max_content_length = largest + FORM_ALLOWANCE


def _content_policy(settings: Settings) -> str:
    """The policy of every page; where there is a directory, the button that leads there may be followed to it."""
    if not settings.oidc_issuer:
        return CONTENT_SECURITY_POLICY
    directory = urlsplit(settings.oidc_issuer)
    allowed = f"form-action 'self' {directory.scheme}://{directory.netloc}"
    return CONTENT_SECURITY_POLICY.replace("form-action 'self'", allowed)


class _Request(Request):
    """A request whose files are held in memory: part of a sealed bid never waits in a temporary file."""

    def _get_file_stream(
        self,
        total_content_length: int | None,
        content_type: str | None,
        filename: str | None = None,
        content_length: int | None = None,
    ) -> IO[bytes]:
        return BytesIO()


class _SessionInterface(BrowserSessionInterface):
    """What a page may be kept for hangs on whether it read something from the session, or wrote to it."""

    def save_session(self, app: Flask, session: SessionMixin, response: Response) -> None:
        super().save_session(app, session, response)
        set_caching(response, personal=session.modified or (session.accessed and len(session) > 0))
