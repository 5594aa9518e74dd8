"""Mail into a folder: for trying out, and for machines whose own mail system picks files up."""

from email.message import EmailMessage
from email.utils import localtime, parseaddr
from pathlib import Path
from tempfile import NamedTemporaryFile

from wpound.mail.message import Message


class FolderMailer:
    """Writes each mail as one ``.eml`` file named by its reference, so that a second try replaces the first."""

    def __init__(self, folder: Path, sender: str) -> None:
        self.folder = folder
        self.sender = sender

    def deliver(self, message: Message) -> None:
        """Write the mail; the file is there in full or not at all, and only its owner can read it."""
        self.folder.mkdir(parents=True, exist_ok=True)
        with NamedTemporaryFile(dir=self.folder, suffix=".part", delete=False) as draft:
            draft.write(bytes(compose(message, self.sender)))
        Path(draft.name).replace(self.folder / f"{message.reference}.eml")


def compose(message: Message, sender: str) -> EmailMessage:
    """The mail as it is written on the wire; raises ValueError for a subject of more than one line."""
    composed = EmailMessage()
    composed["From"], composed["To"], composed["Subject"] = sender, message.recipient, message.subject
    composed["Date"] = localtime()
    domain = parseaddr(sender)[1].rpartition("@")[2]
    composed["Message-ID"] = f"<{message.reference}@{domain}>"
    # So that no out-of-office answer comes back.
    composed["Auto-Submitted"] = "auto-generated"
    composed.set_content(message.body)
    return composed
