"""Files of bids, kept encrypted: the folder shows nothing but their number, and their key lies in the bid alone."""

import hashlib
from pathlib import Path

from sqlalchemy import event
from sqlalchemy.orm import Session

from wpound.core.bid_content import BidFile
from wpound.core.errors import StateError
from wpound.store.file_folder import drop_file, get_file_content, put_file
from wpound.store.sealing import give_back, keep, new_key

_PLACE = {"kind": "file of a bid"}


def keep_sealed_file(folder: Path, name: str, media_type: str, content: bytes) -> BidFile:
    """Keep a file under a random key of its own; only encrypted bytes ever reach the disk.

    The same file again is another one, so that nobody can tell from the folder that two bids hold the same.
    """
    key = new_key()
    return BidFile(
        name=name,
        media_type=media_type,
        sha256=hashlib.sha256(content).hexdigest(),
        byte_count=len(content),
        stored_as=put_file(folder, keep(key, content, _PLACE)),
        key=key.hex(),
    )


def read_sealed_file(folder: Path, file: BidFile) -> bytes:
    """The bytes as they were sent; raises NotFound, and StateError where they are not what they were."""
    content = give_back(bytes.fromhex(file.key), get_file_content(folder, file.stored_as), _PLACE)
    if hashlib.sha256(content).hexdigest() != file.sha256:
        raise StateError("The kept file is not the one this bid names. Do not use it; tell the administrator.")
    return content


def drop_sealed_file(session: Session, folder: Path, file: BidFile) -> None:
    """Take a file off the disk once the transaction that forgets it is committed, and not if that is rolled back."""
    event.listen(session, "after_commit", lambda _: drop_file(folder, file.stored_as), once=True)
