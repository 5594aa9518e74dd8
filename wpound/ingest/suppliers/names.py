"""Supplier names as finance systems write them, brought to a form that can be compared."""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache


class LegalForm(StrEnum):
    """What a name says the firm is."""

    LIMITED = "limited"
    PUBLIC_LIMITED = "plc"
    PARTNERSHIP = "llp"
    COMMUNITY_INTEREST = "cic"
    CHARITABLE_INCORPORATED = "cio"


_FORMS = {
    "LIMITED": LegalForm.LIMITED,
    "LTD": LegalForm.LIMITED,
    "CYFYNGEDIG": LegalForm.LIMITED,
    "CYF": LegalForm.LIMITED,
    "PUBLIC LIMITED COMPANY": LegalForm.PUBLIC_LIMITED,
    "PLC": LegalForm.PUBLIC_LIMITED,
    "CCC": LegalForm.PUBLIC_LIMITED,
    "LIMITED LIABILITY PARTNERSHIP": LegalForm.PARTNERSHIP,
    "LLP": LegalForm.PARTNERSHIP,
    "COMMUNITY INTEREST COMPANY": LegalForm.COMMUNITY_INTEREST,
    "COMMUNITY INTEREST CO": LegalForm.COMMUNITY_INTEREST,
    "CIC": LegalForm.COMMUNITY_INTEREST,
    "CHARITABLE INCORPORATED ORGANISATION": LegalForm.CHARITABLE_INCORPORATED,
    "CIO": LegalForm.CHARITABLE_INCORPORATED,
}
_FORM_AT_END = re.compile(rf"\s+({'|'.join(sorted(_FORMS, key=len, reverse=True))})$")
# A community interest company is a limited company and is often written as one.
_SAME_FIRM = frozenset({LegalForm.LIMITED, LegalForm.COMMUNITY_INTEREST})
# Lengths at which finance systems cut names off.
CUT_LENGTHS = range(30, 33)

_SMALL_WORDS = frozenset({"AND", "THE", "OF", "FOR", "IN", "AT", "A", "UK", "CO", "COMPANY"})
_ABBREVIATIONS = {
    "ASSOC": "ASSOCIATION",
    "ASSN": "ASSOCIATION",
    "ASSOCIATES": "ASSOCIATE",
    "CENTER": "CENTRE",
    "CTR": "CENTRE",
    "COMM": "COMMUNITY",
    "DEPT": "DEPARTMENT",
    "ENG": "ENGINEERING",
    "GRP": "GROUP",
    "HOSP": "HOSPITAL",
    "INTL": "INTERNATIONAL",
    "MGMT": "MANAGEMENT",
    "NATL": "NATIONAL",
    "SAINT": "ST",
    "SERV": "SERVICE",
    "SVCS": "SERVICE",
    "SOC": "SOCIETY",
    "TECH": "TECHNOLOGY",
    "UNI": "UNIVERSITY",
    "UNIV": "UNIVERSITY",
}

# Notes to clerks: the last digits of an account, a word between stars, stars left over, a tilde with digits.
_INSTRUCTIONS = (
    re.compile(r"\(?(?:ACC\s*)?\*+\s*\d+\)?$"),
    re.compile(r"_?\*+[^*]+\*+"),
    re.compile(r"\(?\*+\s*\w*\)?"),
    re.compile(r"~\d*"),
)
_TRADING_AS = re.compile(r"\bT/A\b|\bT\\A\b|\bTRADING AS\b", re.IGNORECASE)
_SPACED_LETTERS = re.compile(r"\b(?:[A-Z0-9] ){1,}[A-Z0-9]\b")
_ARTICLE = re.compile(r"^THE | THE$")

_TITLE = r"(?:MR|MRS|MS|MISS|MX|MASTER)"
_ORGANISATION_WORD = re.compile(
    r"\b(?:CENTRE|CLINIC|CLUB|COUNCIL|GROUP|PARTNERS|SCHOOL|SERVICES?|SHOP|SOCIETY|SONS?|SUPPORT|THERAPY|TRUST)\b"
)
_INDIVIDUAL = re.compile(rf"{_TITLE}(?: AND {_TITLE})? (?:[A-Z]+ ?){{1,4}}|(?:[A-Z]+ ){{1,4}}{_TITLE}")


@dataclass(frozen=True, slots=True)
class SupplierName:
    """A name ready to compare: ``core`` without legal form, ``trading`` the core of what stood after T/A.

    ``cut`` says that the raw name is as long as finance systems allow, so that its core may be only a beginning.
    """

    raw: str
    core: str
    form: LegalForm | None
    trading: str | None
    cut: bool


@lru_cache(maxsize=16_384)
def normalise_name(raw: str) -> SupplierName:
    """Bring a supplier's name to the form it is compared in; the raw name is kept.

    Instructions to clerks (``*USE 67346*``, ``(****2060)``, ``~850620743``), legal forms, articles and punctuation go;
    & becomes AND; spaced letters are joined.

    >>> normalise_name("The A M S 2000 & Co. LTD **USE 172362 ***").core
    'AMS 2000 AND CO'
    >>> normalise_name("SYMBOLS WORLDWIDE LTD T/A WIDGIT").trading
    'WIDGIT'
    """
    told = _without_instructions(raw)
    legal, _, trading = (part.strip() for part in _split_trading(told))
    core, form = _core(legal)
    trading_core = _core(trading)[0] or None
    if not core and trading_core:
        core, trading_core = trading_core, None
    return SupplierName(raw, core, form, trading_core, len(raw.strip()) in CUT_LENGTHS and not trading)


def is_individual(raw: str) -> bool:
    """Whether the name is a person's by its title; a name with a legal form never is.

    >>> is_individual("Mrs J Smith"), is_individual("MR CLUTCH LTD")
    (True, False)
    """
    plain = _plain(raw)
    if _FORM_AT_END.search(plain) or _ORGANISATION_WORD.search(plain):
        return False
    return _INDIVIDUAL.fullmatch(plain) is not None


def forms_conflict(one: LegalForm | None, other: LegalForm | None) -> bool:
    """Whether two legal forms say that these are two firms; an unknown one says nothing.

    >>> forms_conflict(LegalForm.LIMITED, LegalForm.PARTNERSHIP)
    True
    """
    return None not in (one, other) and one is not other and not {one, other} <= _SAME_FIRM


def _without_instructions(raw: str) -> str:
    told = raw.upper().strip()
    for instruction in _INSTRUCTIONS:
        told = instruction.sub(" ", told).strip()
    return told


def _split_trading(name: str) -> tuple[str, str, str]:
    found = _TRADING_AS.search(name)
    return (name[: found.start()], found[0], name[found.end() :]) if found else (name, "", "")


def _plain(name: str) -> str:
    """Capitals, digits and single spaces: accents, apostrophes and punctuation gone, & as AND."""
    letters = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().upper()
    letters = re.sub(r"['`]|(?<=\b\w)\.(?=\w\b)", "", letters).replace("&", " AND ").replace("+", " AND ")
    return " ".join(re.sub(r"[^A-Z0-9]+", " ", letters).split())


def _core(name: str) -> tuple[str, LegalForm | None]:
    plain = _SPACED_LETTERS.sub(lambda found: found[0].replace(" ", ""), _plain(name))
    plain = _ARTICLE.sub("", plain)
    form = None
    while found := _FORM_AT_END.search(plain):
        form = _FORMS[found[1]] if form is None else form
        plain = plain[: found.start()]
    return _ARTICLE.sub("", plain), form


def loosen(core: str) -> str:
    """A core with small words, spaces, plurals, usual abbreviations and its own initials evened out.

    >>> loosen("ACORNS CHILDRENS HOSPICE ASSOC") == loosen("ACORN CHILDREN HOSPICE ASSOCIATION")
    True
    >>> loosen("BLACK HEALTH INITIATIVE BHI")
    'BLACKHEALTHINITIATIVE'
    """
    words = [_ABBREVIATIONS.get(word, word) for word in core.split() if word not in _SMALL_WORDS]
    if len(words) > 2 and words[-1] == _initials(words[:-1]):
        words = words[:-1]
    elif len(words) > 2 and words[0] == _initials(words[1:]):
        words = words[1:]
    return "".join(word[:-1] if len(word) > 3 and word.endswith("S") else word for word in words) or core


def _initials(words: Sequence[str]) -> str:
    return "".join(word[0] for word in words)
