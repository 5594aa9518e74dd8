"""Which certificates no longer stand, as a list of bits that says nothing of whose they are.

A W3C Bitstring Status List 1.0 credential: each certificate has a place, its list is so long that asking for it does
not tell which place is looked at, and it is signed as certificates are.
"""

import gzip
from base64 import urlsafe_b64encode
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from wpound.documents.credential import STATUS_LISTS

# The least number of places the standard allows.
PLACES = 131_072
CONTEXTS = ["https://www.w3.org/ns/credentials/v2"]
# How long somebody may go by a list they fetched.
GOOD_FOR = timedelta(days=1)


def make_status_list(
    url: str, purpose: str, states: Mapping[int, int], keys_url: str, issuer: str, now: datetime
) -> dict[str, Any]:
    """The unsigned list of one purpose; ``states`` gives the number of each place that is not 0."""
    return {
        "@context": CONTEXTS,
        "id": url,
        "type": ["VerifiableCredential", "BitstringStatusListCredential"],
        "issuer": {"id": keys_url, "name": issuer},
        "validFrom": now.isoformat(timespec="seconds"),
        "validUntil": (now + GOOD_FOR).isoformat(timespec="seconds"),
        "credentialSubject": {
            "id": f"{url}#list",
            "type": "BitstringStatusList",
            "statusPurpose": purpose,
            "encodedList": encode_list(states, STATUS_LISTS[purpose]),
        },
    }


def encode_list(states: Mapping[int, int], size: int) -> str:
    """The bits, the first place leftmost, packed and as multibase text (base64url without padding)."""
    bits = bytearray(PLACES * size // 8)
    for place, state in states.items():
        for offset in range(size):
            if state >> (size - 1 - offset) & 1:
                where = place * size + offset
                bits[where // 8] |= 0x80 >> (where % 8)
    return "u" + urlsafe_b64encode(gzip.compress(bytes(bits), mtime=0)).decode("ascii").rstrip("=")
