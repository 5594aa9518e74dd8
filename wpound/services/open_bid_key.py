"""The server's own key for what it must be able to read again: drafts of bids, and bidders' copies of them."""

from wpound.config import Settings, is_bid_key
from wpound.core.errors import StateError
from wpound.store.key_file import open_key_file

FILE = "bid_key"


def open_bid_key(settings: Settings) -> bytes:
    """The key of the settings, else the one in the data folder, made there on first use; it is never in the database.

    Raises StateError where the file holds no key any more.
    """
    path = settings.data_dir / FILE
    found = settings.bid_key or open_key_file(path)
    if not is_bid_key(found):
        raise StateError(f"{path} holds no key. Restore it from a backup: without it, drafts of bids cannot be read.")
    return bytes.fromhex(found)
