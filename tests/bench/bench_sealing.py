"""Sealing a bid of 20 kB and opening 200 of them, against nothing but AES-256-GCM over the same bytes in the same run.

Sealing adds two operations on the curve, the derivation of a key, the canonical form of the bid's place, the padding.
Opening 200 bids is what the second opener waits for, after one passphrase was stretched.
"""

import os
import statistics
import time
from collections.abc import Callable
from typing import Any

from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from wpound.core.bid_content import Envelope
from wpound.store.sealing import bid_context, make_opening_key, seal, unseal, unwrap_opening_key

BIDS = 200
ROUNDS = 15
PASSPHRASE = "four random words here"


def seconds(action: Callable[[], Any]) -> float:
    """How long an action takes, on the processor."""
    started = time.process_time()
    action()
    return time.process_time() - started


def run() -> list[dict[str, Any]]:
    """Medians of interleaved rounds, as ratios to the bare cipher."""
    content = os.urandom(20_000)
    private_key = X25519PrivateKey.generate()
    public_key, secret = private_key.public_key().public_bytes_raw(), private_key.private_bytes_raw()
    places = [bid_context("ocds-1", 1, number, f"R-{number}", Envelope.QUALITY) for number in range(BIDS)]
    cipher, nonce = AESGCM(AESGCM.generate_key(256)), os.urandom(12)
    locked = cipher.encrypt(nonce, content, b"")
    sealed = [seal(public_key, content, place) for place in places]
    opening_key = make_opening_key(PASSPHRASE)
    ways: dict[str, Callable[[], Any]] = {
        "bare encrypting": lambda: [cipher.encrypt(nonce, content, b"") for _ in places],
        "sealing": lambda: [seal(public_key, content, place) for place in places],
        "bare decrypting": lambda: [cipher.decrypt(nonce, locked, b"") for _ in places],
        "opening": lambda: [unseal(secret, one, place) for one, place in zip(sealed, places, strict=True)],
        "passphrase": lambda: unwrap_opening_key(opening_key, PASSPHRASE),
    }
    rounds = [{name: seconds(way) for name, way in ways.items()} for _ in range(ROUNDS)]
    median = {name: statistics.median(one[name] for one in rounds) for name in ways}
    each, opened, stretch = median["sealing"] / BIDS, median["opening"], median["passphrase"]
    return [
        {
            "title": f"sealing a bid of 20 kB, {each * 1000:.2f} ms",
            "yardstick": "bare AES-256-GCM of the same bytes",
            "ratio": median["sealing"] / median["bare encrypting"],
        },
        {
            "title": f"opening {BIDS} bids, {opened * 1000:.0f} ms (and {stretch * 1000:.0f} ms a passphrase)",
            "yardstick": "bare AES-256-GCM of the same bytes",
            "ratio": median["opening"] / median["bare decrypting"],
        },
    ]
