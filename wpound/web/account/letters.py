"""The mails of Flask-Security's pages, as mails of our own in the outbox."""

from datetime import UTC, datetime, timedelta
from typing import Any

from flask import after_this_request, current_app, url_for
from flask_security import MailUtil

from wpound.services.clock import format_moment
from wpound.services.queue_mail import queue_mail
from wpound.store.logins import Account, take_lock
from wpound.web.extensions import site

NOTICES = {
    "security/email/change_notice": "the password was changed",
    "security/email/reset_notice": "a new password was chosen by a link in a mail",
}


class Letters(MailUtil):
    """Writes mails into the outbox, in the transaction of the page that sends them."""

    def send_mail(
        self, template: str, subject: str, recipient: Any, sender: Any, body: str | None, html: str | None, **facts: Any
    ) -> None:
        """Queue the mail of one of the library's templates."""
        if template in NOTICES:
            self.tell(facts["user"], NOTICES[template])
            return
        within: timedelta = current_app.config["SECURITY_RESET_PASSWORD_WITHIN"]
        until = format_moment(datetime.now(UTC) + within)
        self._queue(
            recipient,
            "reset_password",
            {"link": _address("security.reset_password", token=facts["reset_token"]), "until": until},
        )

    def tell(self, user: Account, what: str) -> None:
        """Tell a person what was changed on their account, so that they notice where it was not them."""
        facts = {
            "at": format_moment(datetime.now(UTC)),
            "what": what,
            "reset": _address("security.forgot_password"),
        }
        self._queue(user.email, "account_changed", facts)

    def _queue(self, recipient: str, template: str, facts: dict[str, Any]) -> None:
        datastore = current_app.extensions["security"].datastore
        session = datastore.db.session()
        take_lock(session)
        queue_mail(session, recipient, template, facts)

        @after_this_request
        def commit(response: Any) -> Any:
            datastore.commit()
            return response


def _address(endpoint: str, **values: Any) -> str:
    """From the settings: the name a request was sent to is the sender's to choose, and must not go into a mail."""
    return f"{site().settings.base_url}{url_for(endpoint, **values)}"
