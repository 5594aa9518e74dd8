"""What the server remembers of a browser: nothing but a form token for a visitor, a row of the database once signed in.

A visitor's cookie is signed and holds a form token and messages to show. From the password on, the cookie holds a
random key to a row instead; when the row is gone, every copy of the cookie is worth nothing (threat T11). The key
changes whenever the person does, so a cookie planted before a sign-in is worth nothing after it.
"""

from contextlib import suppress
from secrets import token_urlsafe
from typing import Any, cast

from flask import Flask, Request, Response, current_app, request
from flask.globals import request_ctx
from flask.json.tag import TaggedJSONSerializer
from flask.sessions import SecureCookieSession, SecureCookieSessionInterface, SessionMixin

from wpound.core.errors import TryLater
from wpound.services import keep_sign_in
from wpound.services.access import Person
from wpound.services.keep_sign_in import SignInLimits
from wpound.store.engine import writing
from wpound.web.errors import show_problem
from wpound.web.reading import end_reading, reading_person

# Flask-Login's and Flask-Security's names for the person signed in, and for the one asked for a second factor.
PERSON = "_user_id"
HALF_MADE = "tf_user_id"
_serializer = TaggedJSONSerializer()


class BrowserSession(SecureCookieSession):
    """A session that knows the key it was found under and whom it was for; ``person`` is None for a visitor's."""

    def __init__(
        self, initial: Any = None, *, key: str | None = None, is_due: bool = False, person: Person | None = None
    ) -> None:
        super().__init__(initial)
        self.key = key
        self.is_due = is_due
        self.was_for = self.is_for
        self.person = person

    @property
    def is_for(self) -> tuple[str | None, str | None]:
        """Whose session it is, signed in or half so."""
        return self.get(PERSON), self.get(HALF_MADE)

    def go_on_as(self, word: str) -> None:
        """Stay signed in, under the same key, where one's random word is another one now."""
        self[PERSON] = word
        self.was_for = self.is_for


class BrowserSessionInterface(SecureCookieSessionInterface):
    """Flask's signed cookie for visitors, rows for people who have signed in."""

    session_class = BrowserSession

    def __init__(self, engine: Any, limits: SignInLimits) -> None:
        self.engine = engine
        self.limits = limits

    def open_session(self, app: Flask, request: Request) -> BrowserSession | None:
        """The session of the request's cookie; an empty one where the cookie is worth nothing (any more)."""
        cookie = request.cookies.get(self.get_cookie_name(app), "")
        if request.path.startswith(f"{app.static_url_path}/"):
            return BrowserSession()
        if not cookie or "." in cookie:
            return self._open_visitor(app, request)
        with reading_person(self.engine) as database:
            found = keep_sign_in.find_sign_in(database, cookie, self.limits)
        if found is None:
            return BrowserSession()
        data = _serializer.loads(found.data)
        person = found.person if data.get(PERSON) == found.uniquifier else None
        return BrowserSession(data, key=cookie, is_due=found.is_due, person=person)

    def _open_visitor(self, app: Flask, request: Request) -> BrowserSession | None:
        session = cast(BrowserSession | None, super().open_session(app, request))
        # Only a row signs anybody in: a signed cookie that says so was not made by this version.
        return BrowserSession() if session and any(session.is_for) else session

    def look_again(self) -> None:
        """Find the sign-in anew once a form is all here: whoever sends it may have taken hours over it.

        Else one begun before a sign-out, a change of roles or the end of the account would be done after it.
        """
        opened = cast(BrowserSession, request_ctx.session)
        if request.method == "GET" or not opened.key:
            return
        now = cast(BrowserSession, self.open_session(current_app, request))
        if now.key is None:
            opened.clear()
        opened.person = now.person

    def save_session(self, app: Flask, session: SessionMixin, response: Response) -> None:
        """Write what has changed, under a new key where the person has; where that cannot be, the answer says so."""
        if not isinstance(session, BrowserSession):
            return
        end_reading()
        try:
            self._save(app, session, response)
        except TryLater:
            # The answer is made already, so that no error handler is asked any more.
            response.status_code = 503
            response.headers.pop("Location", None)
            response.set_data(show_problem(503))

    def _save(self, app: Flask, session: BrowserSession, response: Response) -> None:
        if any(session.is_for):
            self._save_row(app, session, response)
            return
        if session.key:
            with writing(self.engine) as database:
                keep_sign_in.end_sign_in(database, session.key)
            session.modified = True
        super().save_session(app, session, response)

    def _save_row(self, app: Flask, session: BrowserSession, response: Response) -> None:
        response.headers.add("Vary", "Cookie")
        if session.is_for != session.was_for:
            self._begin(app, session, response)
        elif session.key and (session.modified or session.is_due):
            # What was asked for is done: a message that is not shown, or a use that is not noted, undo nothing.
            with suppress(TryLater), writing(self.engine) as database:
                data = _serializer.dumps(dict(session)) if session.modified else None
                keep_sign_in.use_sign_in(database, session.key, data=data)

    def _begin(self, app: Flask, session: BrowserSession, response: Response) -> None:
        key = token_urlsafe(32)
        with writing(self.engine) as database:
            if session.key:
                keep_sign_in.end_sign_in(database, session.key)
            keep_sign_in.begin_sign_in(
                database,
                key,
                data=_serializer.dumps(dict(session)),
                uniquifier=session.is_for[0],
                limits=self.limits,
                address=request.remote_addr or "",
                agent=request.headers.get("User-Agent", ""),
            )
        response.set_cookie(
            self.get_cookie_name(app),
            key,
            httponly=True,
            path="/",
            secure=self.get_cookie_secure(app),
            samesite=self.get_cookie_samesite(app),
        )
