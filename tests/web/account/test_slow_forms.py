"""A form that is begun in time and arrives when its sender may do nothing any more."""

import re
from collections.abc import Callable
from io import BytesIO
from typing import Any
from urllib.parse import urlencode

from wpound.services.access import Role
from wpound.services.keep_sign_in import end_sign_in
from wpound.store.engine import writing

EMAIL = "ollie@example.org"


class SlowForm(BytesIO):
    """The body of a request, of which nothing is here before something else has happened."""

    def __init__(self, content: bytes, happens: Callable[[], None]) -> None:
        super().__init__(content)
        self.happens = happens

    def readinto(self, buffer: Any) -> int:
        if self.tell() == 0:
            self.happens()
        return super().readinto(buffer)


def test_what_arrives_after_the_sign_in_has_ended_is_not_done(app, person, browser, mails) -> None:
    """Whoever expects to be locked out could begin to send a form now, and its last byte a week later."""
    person(EMAIL, Role.OFFICER)
    visitor = browser()
    visitor.sign_in(EMAIL)
    page = visitor.get("/account/invitations").get_data(as_text=True)
    token = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', page)
    assert token

    def send(email: str, happens: Callable[[], None]) -> str:
        form = urlencode({"csrf_token": token[1], "email": email, "role": "officer"}).encode()
        answer = visitor.client.post(
            "/account/invitations",
            input_stream=SlowForm(form, happens),
            content_length=len(form),
            content_type="application/x-www-form-urlencoded",
        )
        return answer.headers["Location"]

    def sign_out_elsewhere() -> None:
        with writing(app.extensions["wpound"].engine) as session:
            end_sign_in(session, visitor.cookie)

    assert send("colleague@example.org", lambda: None) == "/account/invitations"
    assert send("crony@example.org", sign_out_elsewhere) == "/account/sign-in"
    assert [mail.recipient for mail in mails()] == ["colleague@example.org"]
    assert not visitor.cookie
