"""The keys that certificates are signed with: kept in a folder beside the database, published as one document.

A key that was retired signs nothing more, and what it signed before stays signed: the document keeps it with its first
and last moment. The document is a W3C controlled identifier document with Multikey entries; it also names the roots of
the seals, so that it is all that somebody needs to check a certificate without us.
"""

import json
import os
import tempfile
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import cached_property
from pathlib import Path
from typing import Any

from wpound.core.errors import InputError, StateError

FOLDER, LIST = "certificate-keys", "keys.json"
# Where the document is published, below the service's address; it is printed into every certificate, for good.
KEYS_PATH = "/.well-known/certificate-keys.json"
CONTEXTS = ["https://www.w3.org/ns/cid/v1", {"@vocab": "urn:wpound:certificate#"}]
# What a Multikey of this kind begins with.
ED25519 = b"\xed\x01"
BASE58 = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"


@dataclass(frozen=True)
class PublicKey:
    """A key as others know it: in use from ``not_before`` until it was ``retired`` (None: it is in use)."""

    multibase: str
    not_before: datetime
    retired: datetime | None = None

    @cached_property
    def public(self) -> Any:
        """The key itself; raises ValueError where the text is none."""
        from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

        content = decode_base58(self.multibase.removeprefix("z"))
        if not self.multibase.startswith("z") or not content.startswith(ED25519):
            raise ValueError("no Ed25519 key")
        return Ed25519PublicKey.from_public_bytes(content.removeprefix(ED25519))

    def was_in_use(self, at: datetime) -> bool:
        """Whether the key signed at that moment."""
        return self.not_before <= at and (self.retired is None or at <= self.retired)


@dataclass(frozen=True, slots=True)
class SigningKey:
    """A key with its private half."""

    public: PublicKey
    private: Any


@dataclass(frozen=True, slots=True)
class KeyRing:
    """Every key there is or was, oldest first, and the roots (PEM) of the seals."""

    keys: tuple[PublicKey, ...] = ()
    seal_roots: tuple[bytes, ...] = ()

    def find(self, multibase: str) -> PublicKey | None:
        """The key of that name, which is the key itself, or None."""
        return next((key for key in self.keys if key.multibase == multibase), None)


def publish_keys(ring: KeyRing, url: str) -> dict[str, Any]:
    """The document for others; ``url`` is where it is published, and so the issuer's identifier."""
    return {
        "@context": CONTEXTS,
        "id": url,
        "verificationMethod": [
            {"id": f"{url}#{key.multibase}", "type": "Multikey", "controller": url, **_entry(key)} for key in ring.keys
        ],
        "assertionMethod": [f"{url}#{key.multibase}" for key in ring.keys],
        "sealRoots": [root.decode("ascii") for root in ring.seal_roots],
    }


def read_keys(content: bytes) -> KeyRing:
    """Read a published document; raises InputError (field ``key``) where it is none."""
    try:
        document = json.loads(content)
        keys = tuple(_read_entry(entry) for entry in document["verificationMethod"])
        # Here, so that a text that is no key is refused before anything is checked with it.
        [key.public for key in keys]
        return KeyRing(keys, tuple(root.encode("ascii") for root in document["sealRoots"]))
    except (ValueError, KeyError, TypeError, AttributeError):
        wanted = f"Save the document that the issuer publishes at {KEYS_PATH} and give that file."
        raise InputError("key", f"This file holds no published keys. {wanted}") from None


def open_key(data_dir: Path, now: datetime) -> SigningKey:
    """The key in use; the first one is made when it is first asked for. Raises StateError where its file is lost."""
    folder = data_dir / FOLDER
    if not (folder / LIST).exists():
        _make_first(folder, now)
    return _open(folder, _read_list(folder)[-1])


def rotate_key(data_dir: Path, now: datetime) -> SigningKey:
    """Make a new key and retire the one in use; the first one where there is none. Certificates stay as they are."""
    folder = data_dir / FOLDER
    if not (folder / LIST).exists():
        return open_key(data_dir, now)
    kept = _read_list(folder)
    now = now.replace(microsecond=0)
    made = _make_key(folder, now)
    entries = [*kept[:-1], replace(kept[-1], retired=now), made.public]
    os.replace(_write_list(folder, entries), folder / LIST)
    return made


def list_keys(data_dir: Path) -> tuple[PublicKey, ...]:
    """Every key of this installation, oldest first; none before the first certificate."""
    folder = data_dir / FOLDER
    return _read_list(folder) if (folder / LIST).exists() else ()


def _make_first(folder: Path, now: datetime) -> None:
    """The first key; when two processes start together the first one's key stands."""
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    made = _make_key(folder, now.replace(microsecond=0))
    draft = _write_list(folder, [made.public])
    with suppress(FileExistsError):
        os.link(draft, folder / LIST)
    draft.unlink()
    if made.public not in _read_list(folder):
        _private_file(folder, made.public).unlink()


def _make_key(folder: Path, now: datetime) -> SigningKey:
    from cryptography.hazmat.primitives import serialization
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

    private = Ed25519PrivateKey.generate()
    public = PublicKey(f"z{encode_base58(ED25519 + private.public_key().public_bytes_raw())}", now)
    content = private.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    with open(os.open(_private_file(folder, public), os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    return SigningKey(public, private)


def _open(folder: Path, public: PublicKey) -> SigningKey:
    from cryptography.hazmat.primitives.serialization import load_pem_private_key

    file = _private_file(folder, public)
    if not file.is_file():
        raise StateError(f"The key that certificates are signed with is missing: {file}. Restore it from a backup.")
    return SigningKey(public, load_pem_private_key(file.read_bytes(), None))


def _private_file(folder: Path, key: PublicKey) -> Path:
    return folder / f"{key.multibase}.pem"


def _read_list(folder: Path) -> tuple[PublicKey, ...]:
    return tuple(_read_entry(entry) for entry in json.loads((folder / LIST).read_bytes()))


def _write_list(folder: Path, keys: Sequence[PublicKey]) -> Path:
    """The list under another name, in full and readable by its owner only."""
    handle, draft = tempfile.mkstemp(dir=folder)
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        json.dump([_entry(key) for key in keys], file, indent=1)
        file.flush()
        os.fsync(file.fileno())
    return Path(draft)


def _entry(key: PublicKey) -> dict[str, str]:
    moments = {"notBefore": key.not_before, "retired": key.retired}
    return {"publicKeyMultibase": key.multibase} | {name: _moment(at) for name, at in moments.items() if at}


def _read_entry(entry: Mapping[str, Any]) -> PublicKey:
    retired = entry.get("retired")
    return PublicKey(
        entry["publicKeyMultibase"],
        datetime.fromisoformat(entry["notBefore"]),
        datetime.fromisoformat(retired) if retired else None,
    )


def _moment(at: datetime) -> str:
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def encode_base58(content: bytes) -> str:
    """Bytes in the alphabet of keys and signatures (base58btc).

    >>> encode_base58(b"Hello World!")
    '2NEpo7TZRRrLZSi2U'
    """
    number, text = int.from_bytes(content), ""
    while number:
        number, digit = divmod(number, 58)
        text = BASE58[digit] + text
    return "1" * (len(content) - len(content.lstrip(b"\0"))) + text


def decode_base58(text: str) -> bytes:
    """The bytes again; raises ValueError for other letters.

    >>> decode_base58("2NEpo7TZRRrLZSi2U")
    b'Hello World!'
    """
    number = 0
    for letter in text:
        number = number * 58 + BASE58.index(letter)
    return b"\0" * (len(text) - len(text.lstrip("1"))) + number.to_bytes((number.bit_length() + 7) // 8)
