"""What a supplier calls a person, event or asset it counts: spelled in one way, and told apart from personal data.

A reference is a number or code of the supplier's own. Only a key made from it, which nobody can turn back, is compared,
so what names a person is refused before it is kept. The rules are this house's: ``docs/method/returns.md``.
"""

import re
import unicodedata

from wpound.core.claim_counting import EntryKind

MOST_CHARACTERS = 80
_MINUS = "\N{MINUS SIGN}"
_HIDDEN = {"Cc", "Cf"}
# Words that stand before a number without naming anybody.
_PLAIN_WORDS = frozenset(
    {"APPRENTICE", "CODE", "EMP", "EMPLOYEE", "ID", "JOB", "NO", "NUMBER", "PAYROLL", "PERSON", "POST"}
    | {"REF", "REFERENCE", "SITE", "STAFF", "TEAM", "TRAINEE", "WORKER"}
)
_WORD = re.compile(r"[^\W\d_]{2,}")
_NATIONAL_INSURANCE = re.compile(r"(?<!\w)[A-CEGHJ-PR-TW-Z][A-CEGHJ-NPR-TW-Z](?:[ -]?\d){6}[ -]?[A-D](?!\w)")
_PHONE = re.compile(
    r"""(?<![\w+]) (?: \+ (?:[ ()-]*\d){9,15}             # any country
          | (?:0044|44) [ ()-]* [1-37-9] (?:[ ()-]*\d){9}  # the United Kingdom, from abroad
          | 0 [ )-]* [1-37-9] (?:[ ()-]*\d){9} ) (?!\d)""",
    re.VERBOSE,
)
_DAY, _MONTH, _YEAR = r"(?:0?[1-9]|[12]\d|3[01])", r"(?:0?[1-9]|1[0-2])", r"(?:19|20)\d\d"
_MONTH_NAME = r"(?:JAN|FEB|MAR|APR|MAY|JUN|JUL|AUG|SEP|OCT|NOV|DEC)[A-Z]*"
_DATE = re.compile(
    rf"""(?<!\w) (?: {_DAY}[-/. ]{_MONTH}[-/. ](?:{_YEAR}|\d\d) | {_YEAR}[-/. ]{_MONTH}[-/. ]{_DAY}
          | {_DAY}(?:ST|ND|RD|TH)?[- ]?{_MONTH_NAME}[- ]?(?:{_YEAR}|\d\d)
          | (?:0[1-9]|[12]\d|3[01])(?:0[1-9]|1[0-2]){_YEAR} | {_YEAR}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01]) ) (?!\w)
    """,
    re.VERBOSE,
)
_OWN_NUMBER = "Use a number or code of your own that only you can look up, such as a payroll number."
_OWN_WORDS = "Leave out whatever leads to a person."
_LETTER_FIRST = "If it is a code of yours, write a letter right before its first digit."


def normal_reference(text: str) -> str:
    """A reference in the one spelling that is compared: capitals, single spaces, one kind of dash, nothing hidden.

    >>> normal_reference("  emp \\u2013 0012 "), normal_reference("\\uff21\\uff13")
    ('EMP-0012', 'A3')
    """
    seen = "".join(sign for sign in " ".join(text.split()) if unicodedata.category(sign) not in _HIDDEN)
    capitals = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", seen).upper())
    dashed = "".join("-" if sign == _MINUS or unicodedata.category(sign) == "Pd" else sign for sign in capitals)
    return re.sub(" ?- ?", "-", " ".join(dashed.split()))


def reference_problem(text: str, kind: EntryKind) -> str | None:
    """What keeps a reference from being used, in words and with what to write instead; None where nothing does.

    >>> reference_problem("EMP-0012", EntryKind.PERSON) is None
    True
    >>> reference_problem("Ada Lovelace", EntryKind.PERSON)
    'This looks like a name. Use a number or code of your own that only you can look up, such as a payroll number.'
    """
    reference = normal_reference(text)
    is_person = kind is EntryKind.PERSON
    instead = _OWN_NUMBER if is_person else _OWN_WORDS
    if not reference:
        return f"Give a reference. {_OWN_NUMBER if is_person else _example_of(kind)}"
    if len(reference) > MOST_CHARACTERS:
        return f"A reference has at most {MOST_CHARACTERS} characters."
    if "@" in reference:
        return f"This looks like an e-mail address. {instead}"
    if _NATIONAL_INSURANCE.search(reference):
        return f"This looks like a National Insurance number. {instead}"
    if is_person and _DATE.search(reference):
        return f"This looks like a date of birth. {instead} {_LETTER_FIRST}"
    if _PHONE.search(reference):
        return f"This looks like a phone number. {instead} {_LETTER_FIRST}"
    if is_person:
        return f"This looks like a name. {_OWN_NUMBER}" if _is_name(reference) else None
    # Keys of events and assets are compared between all suppliers: two careers fairs are not one.
    return None if _has_digit(reference) else f"Tell it from others of its kind. {_example_of(kind)}"


def _is_name(reference: str) -> bool:
    """Whether it has no digit at all, or two words that are no plain ones, or an initial before a word."""
    words = [word for word in _WORD.findall(reference) if word not in _PLAIN_WORDS]
    initial = re.search(r"(?<!\w)[^\W\d_][. ]{1,2}[^\W\d_]{3,}", reference)
    return not _has_digit(reference) or len(words) > 1 or initial is not None


def _has_digit(reference: str) -> bool:
    return any(sign.isdigit() for sign in reference)


def _example_of(kind: EntryKind) -> str:
    if kind is EntryKind.EVENT:
        return 'Write what it was, where and when, such as "Careers fair, town hall, 12 May 2026".'
    return "Write its registration, serial or meter number."
