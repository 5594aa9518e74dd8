"""Which way mail goes out, by the settings."""

from typing import Protocol
from urllib.parse import urlsplit

from wpound.config import Settings
from wpound.core.errors import InputError
from wpound.mail.folder import FolderMailer
from wpound.mail.message import Message


class Mailer(Protocol):
    """A way out."""

    def deliver(self, message: Message) -> None:
        """Send; raises TryLater where the same may work later, StateError where it will not."""


def open_mailer(settings: Settings) -> Mailer:
    """The way out that WPOUND_MAIL names; raises InputError for one there is not."""
    way = urlsplit(settings.mail).scheme or settings.mail
    if way == "folder":
        return FolderMailer(settings.data_dir / "mail", settings.mail_from)
    if way in ("smtp", "smtps"):
        from wpound.mail.smtp import open_smtp

        return open_smtp(settings.mail, settings.mail_from)
    if way == "notify":
        from wpound.mail.notify import open_notify

        return open_notify(settings.notify_url, settings.notify_key, settings.notify_template)
    raise InputError("WPOUND_MAIL", f"write folder, smtp://…, smtps://… or notify, not {way!r}")
