"""Whether a password may be used, and the hash that is kept of it."""

import re
from itertools import pairwise
from unicodedata import normalize

MINIMUM_LENGTH = 12
# Hashing takes time and memory that grow with the text.
MAXIMUM_LENGTH = 200
# What guessing programs try first, in many lengths and spellings.
_COMMON = ("password", "passw0rd", "qwerty", "letmein", "welcome", "iloveyou", "administrator", "abcdefgh")
_FEWEST_SIGNS = 5
# How often, in how many KiB and how many lanes a password is hashed: RFC 9106, for where memory is scarce. The costs
# stand in each hash, so they can be raised.
HASHING = (3, 65536, 4)


def find_password_problem(password: str, *, about: tuple[str, ...] = ()) -> str | None:
    """Why a password cannot be used, as a sentence for the person, or None.

    ``about`` are words others know of the person: name, email address, organisation.

    >>> find_password_problem("three random words")
    >>> find_password_problem("password2026")
    'Choose a password that is harder to guess, for instance three random words'
    """
    if len(password) < MINIMUM_LENGTH:
        return f"Your password must be {MINIMUM_LENGTH} characters or more"
    if len(password) > MAXIMUM_LENGTH:
        return f"Your password must be {MAXIMUM_LENGTH} characters or fewer"
    return (
        "Choose a password that is harder to guess, for instance three random words"
        if _is_easy(password.casefold(), about)
        else None
    )


def _is_easy(password: str, about: tuple[str, ...]) -> bool:
    """Few different signs, or little but a word that is known: what is left of it is shorter than half a password."""
    if len(set(password)) < _FEWEST_SIGNS or _is_a_run(password):
        return True
    known = {
        word for text in about for word in (text.casefold(), *re.split(r"[\W_]+", text.casefold())) if len(word) > 2
    }
    rest = password
    for word in sorted(known.union(_COMMON), key=len, reverse=True):
        rest = rest.replace(word, "")
    return len(rest) < MINIMUM_LENGTH / 2


def _is_a_run(password: str) -> bool:
    steps = {ord(after) - ord(before) for before, after in pairwise(password)}
    # 0 follows 9 and leads to it.
    return steps <= {1, -9} or steps <= {-1, 9}


def hash_password(password: str) -> str:
    """The Argon2id hash of a password, in the form Flask-Security reads and writes."""
    from argon2 import PasswordHasher

    # However a keyboard composes its letters, they are the same password (the library does so when it compares).
    return PasswordHasher(*HASHING).hash(normalize("NFKD", password))
