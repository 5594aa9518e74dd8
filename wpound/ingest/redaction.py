"""Whole known phrases that stand in place of a name; a firm whose name holds a similar word is not redacted."""

import re
from functools import lru_cache

from wpound.core.redaction import Redaction

# The whole cell, after case, punctuation and spacing are set aside.
_WHOLE = {
    "redacted": Redaction.PERSONAL,
    "name redacted": Redaction.PERSONAL,
    "redacted name": Redaction.PERSONAL,
    "redacted supplier": Redaction.PERSONAL,
    "supplier redacted": Redaction.PERSONAL,
    "individual": Redaction.PERSONAL,
    "private individual": Redaction.PERSONAL,
    "personal data": Redaction.PERSONAL,
    "personal": Redaction.PERSONAL,
    "name withheld": Redaction.PERSONAL,
    "third party supplier": Redaction.CONFIDENTIAL,
    "commercially confidential": Redaction.CONFIDENTIAL,
    "commercial in confidence": Redaction.CONFIDENTIAL,
    "confidential": Redaction.CONFIDENTIAL,
    "withheld": Redaction.CONFIDENTIAL,
}
# Phrases no firm is called, wherever they stand in the cell.
_INSIDE = {
    "redacted personal": Redaction.PERSONAL,
    "redacted under dp act": Redaction.PERSONAL,
    "redacted under data protection": Redaction.PERSONAL,
    "redacted data protection": Redaction.PERSONAL,
    "redacted under gdpr": Redaction.PERSONAL,
    "redacted sensitive": Redaction.PERSONAL,
    "personal data redacted": Redaction.PERSONAL,
    "personal information redacted": Redaction.PERSONAL,
    "personal expense name witheld": Redaction.PERSONAL,
    "personal expense name withheld": Redaction.PERSONAL,
    "name withheld under": Redaction.PERSONAL,
    "redacted commercial": Redaction.CONFIDENTIAL,
    "redacted under commercial": Redaction.CONFIDENTIAL,
    "commercial confidentiality redacted": Redaction.CONFIDENTIAL,
}
_WORDS = re.compile(r"[a-z0-9]+")
_HINT = re.compile(r"redacted|with?held|confiden|personal|individual|third party", re.IGNORECASE)


@lru_cache(maxsize=16_384)
def find_redaction(text: str) -> Redaction | None:
    """The reason a name was left out, or None for a real name.

    >>> find_redaction("Redactive Publishing Limited") is None
    True
    """
    if not _HINT.search(text):
        return None
    words = " ".join(_WORDS.findall(text.lower()))
    if words in _WHOLE:
        return _WHOLE[words]
    padded = f" {words} "
    return next((reason for phrase, reason in _INSIDE.items() if f" {phrase} " in padded), None)
