"""Sealing bids: what nobody can read before two openers have acted, one after the other, and what the server keeps.

Bids are sealed to a public key of the tender's envelope with HPKE (RFC 9180: X25519, HKDF-SHA256, AES-256-GCM). The
private key is nowhere in the clear: for every ordered pair of openers it lies sealed to the second inside a seal to
the first. Every seal is bound to its place, so that nothing can be moved to another tender, lot, bidder or envelope.
All functions work on bytes; none reads the database, the clock or a file.
"""

import os
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from itertools import permutations
from typing import Any
from unicodedata import normalize

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hpke import AEAD, KDF, KEM, Suite
from cryptography.hazmat.primitives.kdf.scrypt import Scrypt

from wpound.core.bid_content import Envelope
from wpound.core.errors import InputError, StateError
from wpound.store.types import canonical_json

# Where sealed bytes belong: short words and numbers by name.
Context = Mapping[str, str | int]

SHORTEST_PASSPHRASE = 15
FEWEST_OPENERS = 2
# Lengths are rounded up to these, so that the length of what is sealed says little about what is in it.
BLOCK, PRICE_BLOCK = 4096, 256

# How often a passphrase is stretched, as a power of two; it stands in each key, so that it can be raised.
STRETCHING, MOST_STRETCHING = 15, 20

_OPENING_KEY = b"wpound opening key"
_KEY_BYTES, _SALT_BYTES, _NONCE_BYTES, _LENGTH_BYTES = 32, 16, 12, 8


@dataclass(frozen=True, slots=True)
class OpeningKey:
    """An opener's own key pair; the private half is locked with a passphrase that only the opener knows."""

    public_key: bytes
    wrapped_private_key: bytes


@dataclass(frozen=True, slots=True)
class Seal:
    """The key bids of one envelope are sealed to; ``wrapped`` holds its private half under ``first>second`` opener."""

    public_key: bytes
    wrapped: Mapping[str, str]


def envelope_context(ocid: str, envelope: Envelope) -> Context:
    """Where a tender's seal belongs."""
    return {"ocid": ocid, "envelope": envelope.value}


def bid_context(ocid: str, lot: int, supplier_id: int, receipt: str, envelope: Envelope) -> Context:
    """Where a sealed bid belongs: the lot by its number, the bid by the number of its receipt."""
    return {"ocid": ocid, "lot": lot, "supplier_id": supplier_id, "receipt": receipt, "envelope": envelope.value}


def check_passphrase(passphrase: str, *, about: Iterable[str] = ()) -> None:
    """Raise InputError for a passphrase too short, or the very name or e-mail address of the person (``about``)."""
    if len(passphrase) < SHORTEST_PASSPHRASE:
        raise InputError(
            "passphrase",
            f"The passphrase must be {SHORTEST_PASSPHRASE} characters or more: four random words are easy to keep.",
        )
    if passphrase.strip().casefold() in {text.strip().casefold() for text in about}:
        raise InputError("passphrase", "Your name or e-mail address is no passphrase. Choose four random words.")


def make_opening_key(passphrase: str, *, about: Iterable[str] = ()) -> OpeningKey:
    """A new key pair for an opener; raises InputError for a passphrase that cannot be used.

    The passphrase is kept nowhere and cannot be set anew: without it the key opens nothing.
    """
    check_passphrase(passphrase, about=about)
    private_key = X25519PrivateKey.generate()
    stretching = bytes([STRETCHING]) + os.urandom(_SALT_BYTES)
    locked = _lock(_stretch(passphrase, stretching), private_key.private_bytes_raw(), _OPENING_KEY)
    return OpeningKey(private_key.public_key().public_bytes_raw(), stretching + locked)


def unwrap_opening_key(key: OpeningKey, passphrase: str) -> bytes:
    """The private half of an opener's key.

    Raises InputError for a wrong passphrase and StateError where the public half is not the one it was made with.
    """
    stretching, locked = key.wrapped_private_key[: 1 + _SALT_BYTES], key.wrapped_private_key[1 + _SALT_BYTES :]
    try:
        private_key = _unlock(_stretch(passphrase, stretching), locked, _OPENING_KEY)
    except (InvalidTag, ValueError):
        raise InputError("passphrase", "This passphrase does not open your key. Type it as you chose it.") from None
    if _public_half(private_key) != key.public_key:
        raise StateError("Your opening key was changed after it was made. Do not use it; tell the administrator.")
    return private_key


def make_seal(openers: Mapping[int, bytes], context: Context) -> Seal:
    """A fresh key for an envelope that any two of the openers (public keys by user id) release together.

    Raises InputError for fewer than two openers, or for two with the same key.
    """
    if len(openers) < FEWEST_OPENERS or len(set(openers.values())) < len(openers):
        raise InputError("openers", "Name two or more people as openers, each with an opening key of their own.")
    private_key = X25519PrivateKey.generate()
    secret = private_key.private_bytes_raw()
    wrapped = {}
    for first, second in permutations(openers, 2):
        inner = _encrypt(secret, openers[second], _info("second act", context, first=first, second=second))
        outer = _encrypt(inner, openers[first], _info("first act", context, first=first, second=second))
        wrapped[f"{first}>{second}"] = outer.hex()
    return Seal(private_key.public_key().public_bytes_raw(), wrapped)


def first_act(seal: Seal, first: int, private_key: bytes, context: Context) -> dict[str, str]:
    """What the first opener passes on: by the number of each of the others, the envelope's key still sealed to them.

    Raises StateError where the person is no opener of this tender, or the seal was changed or moved.
    """
    passed_on = {}
    for pair, outer in seal.wrapped.items():
        opener, second = map(int, pair.split(">"))
        if opener == first:
            info = _info("first act", context, first=first, second=second)
            passed_on[str(second)] = _decrypt(_from_hex(outer), private_key, info, "The seal").hex()
    if not passed_on:
        raise StateError("You are not one of the openers of this tender.")
    return passed_on


def second_act(
    seal: Seal, passed_on: Mapping[str, str], first: int, second: int, private_key: bytes, context: Context
) -> bytes:
    """The envelope's private key, released by an opener other than the one who acted first.

    Raises StateError for the same person again, for no opener, and where the seal was changed or moved.
    """
    if first == second:
        raise StateError("You opened this envelope as the first. Another opener has to act now.")
    if f"{first}>{second}" not in seal.wrapped:
        raise StateError("You are not one of the openers of this tender.")
    info = _info("second act", context, first=first, second=second)
    secret = _decrypt(_from_hex(passed_on.get(str(second), "")), private_key, info, "The seal")
    if _public_half(secret) != seal.public_key:
        raise StateError("The seal of this tender was changed after publication. Do not go on; tell the administrator.")
    return secret


def seal(public_key: bytes, plaintext: bytes, context: Context) -> bytes:
    """Seal an envelope of a bid, padded; ``context`` as :func:`bid_context` gives it."""
    padded = _pad(plaintext, PRICE_BLOCK if context.get("envelope") == Envelope.PRICE.value else BLOCK)
    return _encrypt(padded, public_key, _info("bid", context))


def unseal(private_key: bytes, sealed: bytes, context: Context) -> bytes:
    """The bytes of an envelope of a bid; raises StateError where they were changed, or belong to another place."""
    return _unpad(_decrypt(sealed, private_key, _info("bid", context), "The sealed bid"))


def new_key() -> bytes:
    """A random key for :func:`keep`, for instance of one file."""
    return AESGCM.generate_key(bit_length=256)


def keep(key: bytes, plaintext: bytes, context: Context, block: int = BLOCK) -> bytes:
    """Encrypt what the server itself must be able to read again (drafts, a bidder's own copy), padded to blocks."""
    return _lock(key, _pad(plaintext, block), _info("kept", context))


def give_back(key: bytes, kept: bytes, context: Context) -> bytes:
    """What :func:`keep` took; raises StateError where it was changed, moved, or kept with another key."""
    try:
        return _unpad(_unlock(key, kept, _info("kept", context)))
    except (InvalidTag, ValueError):
        raise StateError(
            "What was kept encrypted was changed, or was kept with another key. Restore it, or its key, from a backup."
        ) from None


@cache
def _suite() -> Suite:
    return Suite(KEM.X25519, KDF.HKDF_SHA256, AEAD.AES_256_GCM)


def _encrypt(plaintext: bytes, public_key: bytes, info: bytes) -> bytes:
    return _suite().encrypt(plaintext, X25519PublicKey.from_public_bytes(public_key), info)


def _decrypt(sealed: bytes, private_key: bytes, info: bytes, what: str) -> bytes:
    try:
        return _suite().decrypt(sealed, X25519PrivateKey.from_private_bytes(private_key), info)
    except (InvalidTag, ValueError):
        raise StateError(
            f"{what} cannot be opened: it was changed, belongs to another place or was made for another key. "
            "Do not go on; tell the administrator."
        ) from None


def _lock(key: bytes, plaintext: bytes, info: bytes) -> bytes:
    nonce = os.urandom(_NONCE_BYTES)
    return nonce + AESGCM(key).encrypt(nonce, plaintext, info)


def _unlock(key: bytes, locked: bytes, info: bytes) -> bytes:
    return AESGCM(key).decrypt(locked[:_NONCE_BYTES], locked[_NONCE_BYTES:], info)


def _from_hex(text: str) -> bytes:
    """The bytes; none where somebody changed the text, which then cannot be decrypted either."""
    try:
        return bytes.fromhex(text)
    except ValueError:
        return b""


def _info(purpose: str, context: Context, **more: Any) -> bytes:
    """The place of sealed bytes in one canonical form; the same place for another purpose is another place."""
    return canonical_json({"purpose": f"wpound {purpose}", "context": dict(context), **more}).encode()


def _public_half(private_key: bytes) -> bytes:
    return X25519PrivateKey.from_private_bytes(private_key).public_key().public_bytes_raw()


def _stretch(passphrase: str, stretching: bytes) -> bytes:
    """A key from a passphrase (RFC 7914), by the cost and the salt it was locked with; raises ValueError for no cost.

    The usual cost is 32 MiB and a tenth of a second for every guess.
    """
    cost, salt = stretching[0], stretching[1:]
    if not 0 < cost <= MOST_STRETCHING:
        raise ValueError("not a cost this program has ever used")
    # However a keyboard composes its letters, they are the same passphrase.
    return Scrypt(salt=salt, length=_KEY_BYTES, n=2**cost, r=8, p=1).derive(normalize("NFKD", passphrase).encode())


def _pad(plaintext: bytes, block: int) -> bytes:
    content = len(plaintext).to_bytes(_LENGTH_BYTES, "big") + plaintext
    return content + bytes(-len(content) % block)


def _unpad(padded: bytes) -> bytes:
    length = int.from_bytes(padded[:_LENGTH_BYTES], "big")
    return padded[_LENGTH_BYTES : _LENGTH_BYTES + length]
