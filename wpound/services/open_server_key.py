"""The server's own keys: for what it must be able to read again, and for what it only has to recognise."""

from pathlib import Path

from wpound.config import Settings, is_server_key
from wpound.core.errors import StateError
from wpound.store.key_file import open_key_file

BID_KEY, PSEUDONYM_KEY = "bid_key", "pseudonym_key"


def open_bid_key(settings: Settings) -> bytes:
    """The key that drafts of bids, and bidders' copies of them, are encrypted with; it is never in the database.

    That of the settings, else the one in the data folder, made there on first use. Raises StateError where the file
    holds no key any more.
    """
    return _open(settings.bid_key, settings.data_dir / BID_KEY, "drafts of bids cannot be read")


def open_pseudonym_key(settings: Settings) -> bytes:
    """The key that makes the pseudonyms of people, events and assets that returns count; otherwise as the other."""
    lost = "nobody sees any more that a person or an event is counted twice"
    return _open(settings.pseudonym_key, settings.data_dir / PSEUDONYM_KEY, lost)


def _open(found: str, path: Path, lost: str) -> bytes:
    key = found or open_key_file(path)
    if not is_server_key(key):
        raise StateError(f"{path} holds no key. Restore it from a backup: without it, {lost}.")
    return bytes.fromhex(key)
