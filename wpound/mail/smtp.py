"""Mail through a mail server (SMTP), always encrypted unless the server is this machine."""

import smtplib
import ssl
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from urllib.parse import unquote, urlsplit

from wpound.core.errors import InputError, StateError, TryLater
from wpound.mail.folder import compose
from wpound.mail.message import Message

TIMEOUT_SECONDS = 30
PORTS = {"smtp": 587, "smtps": 465}
THIS_MACHINE = ("localhost", "127.0.0.1", "::1")


@dataclass(frozen=True, slots=True)
class SmtpMailer:
    """A mail server: ``is_tls_first`` for encryption from the first byte, otherwise it is switched on (STARTTLS)."""

    host: str
    port: int
    is_tls_first: bool
    user: str
    password: str
    sender: str

    def deliver(self, message: Message) -> None:
        """Hand the mail to the server.

        Raises TryLater where the server cannot be reached or is busy, StateError where it refuses this mail for good.
        """
        try:
            with self._connection() as connection:
                connection.send_message(compose(message, self.sender))
        except smtplib.SMTPRecipientsRefused as error:
            raise _verdict(max(code for code, _ in error.recipients.values())) from None
        except smtplib.SMTPResponseException as error:
            raise _verdict(error.smtp_code) from None
        except (smtplib.SMTPException, OSError) as error:
            raise TryLater(f"The mail server could not be used ({type(error).__name__}).") from None

    @contextmanager
    def _connection(self) -> Iterator[smtplib.SMTP]:
        context = ssl.create_default_context()
        if self.is_tls_first:
            connection: smtplib.SMTP = smtplib.SMTP_SSL(self.host, self.port, timeout=TIMEOUT_SECONDS, context=context)
        else:
            connection = smtplib.SMTP(self.host, self.port, timeout=TIMEOUT_SECONDS)
        try:
            if not self.is_tls_first and self.host not in THIS_MACHINE:
                connection.starttls(context=context)
            if self.user:
                _log_in(connection, self.user, self.password)
            yield connection
            # The mail is taken by now: however the parting goes, it must not be sent a second time.
            with suppress(smtplib.SMTPException, OSError):
                connection.quit()
        finally:
            connection.close()


def open_smtp(address: str, sender: str) -> SmtpMailer:
    """The mail server of an ``smtp://`` or ``smtps://`` address; raises InputError for one without a host."""
    parts = urlsplit(address)
    if not parts.hostname:
        raise InputError("WPOUND_MAIL", "write the mail server as smtps://user:password@host or smtp://host:port")
    return SmtpMailer(
        host=parts.hostname,
        port=parts.port or PORTS[parts.scheme],
        is_tls_first=parts.scheme == "smtps",
        user=unquote(parts.username or ""),
        password=unquote(parts.password or ""),
        sender=sender,
    )


def _log_in(connection: smtplib.SMTP, user: str, password: str) -> None:
    try:
        connection.login(user, password)
    except smtplib.SMTPAuthenticationError:
        # Not the mail's fault: it goes out once the password is put right.
        raise TryLater("The mail server does not accept the user and password in WPOUND_MAIL.") from None


def _verdict(code: int) -> StateError | TryLater:
    """What a server's answer means: codes from 500 are for good, those below for now."""
    if code >= 500:
        return StateError(f"The mail server refused this mail (answer {code}). Check the address and send it again.")
    return TryLater(f"The mail server is busy (answer {code}).")
