"""Identifiers of organisations: company and charity numbers, and the scheme-prefixed form they are kept in."""

import re
from collections.abc import Callable
from enum import StrEnum


class Scheme(StrEnum):
    """Registers by their org-id.guide code."""

    COMPANIES_HOUSE = "GB-COH"
    CHARITIES_ENGLAND_WALES = "GB-CHC"
    CHARITIES_SCOTLAND = "GB-SC"
    CHARITIES_NORTHERN_IRELAND = "GB-NIC"
    MUTUALS = "GB-MPR"
    LOCAL_AUTHORITIES_ENGLAND = "GB-LAE"
    NHS = "GB-NHS"
    EDUCATION_PROVIDERS = "GB-UKPRN"
    GOVERNMENT = "GB-GOR"
    PROCUREMENT = "GB-PPON"


_PREFIXES = (
    "SC|NI|OC|SO|NC|FC|SF|NF|BR|RC|SR|NR|CE|CS|IP|SP|NP|RS|IC|SI|LP|SL|NL|GE|GN|GS|ZC|SZ|NZ|AC|SA|NA|NO|NV|OE|PC"
)
_STRIPPED_OF_ZEROS = re.compile(rf"({_PREFIXES})(\d{{1,6}})")
# Whole numbers: any prefix (new ones are made), societies that end in R, old Northern Ireland ones.
_WHOLE = re.compile(r"[A-Z]{2}\d{6}|(?:IP|SP|NP)\d{5}R|R\d{7}")


def normalise_company_number(text: str) -> str | None:
    """A company number as Companies House writes it, in 8 characters, or None for anything that is none.

    Zeros a spreadsheet stripped are put back, after a prefix too.

    >>> normalise_company_number("574816"), normalise_company_number("rc 764")
    ('00574816', 'RC000764')
    >>> normalise_company_number("123456789") is None
    True
    """
    number = re.sub(r"\s", "", text).upper()
    if number.isascii() and number.isdigit():
        return number.zfill(8) if len(number) <= 8 and int(number) else None
    if _WHOLE.fullmatch(number):
        return number
    found = _STRIPPED_OF_ZEROS.fullmatch(number)
    return f"{found[1]}{found[2].zfill(6)}" if found else None


def normalise_charity_number(text: str) -> tuple[Scheme, str] | None:
    """A charity number and the register it belongs to, or None for anything that is none.

    England and Wales: 6 or 7 digits, with a linked charity's number after a hyphen; Scotland SC and 6 digits, Northern
    Ireland NIC and 6 digits.

    >>> normalise_charity_number("SC012345")
    (<Scheme.CHARITIES_SCOTLAND: 'GB-SC'>, 'SC012345')
    """
    number = re.sub(r"\s", "", text).upper()
    if re.fullmatch(r"[1-9]\d{5,6}(-[1-9]\d*)?", number):
        return Scheme.CHARITIES_ENGLAND_WALES, number
    if re.fullmatch(r"SC\d{6}", number):
        return Scheme.CHARITIES_SCOTLAND, number
    if re.fullmatch(r"NIC\d{6}", number):
        return Scheme.CHARITIES_NORTHERN_IRELAND, number.removeprefix("NIC")
    return None


def company_identifier(text: str) -> str | None:
    """A company number in scheme-prefixed form, or None.

    >>> company_identifier("574816")
    'GB-COH-00574816'
    """
    number = normalise_company_number(text)
    return f"{Scheme.COMPANIES_HOUSE}-{number}" if number else None


def charity_identifier(text: str) -> str | None:
    """A charity number in scheme-prefixed form, or None.

    >>> charity_identifier("200719")
    'GB-CHC-200719'
    """
    found = normalise_charity_number(text)
    return f"{found[0]}-{found[1]}" if found else None


_CHECKED: dict[Scheme, Callable[[str], str | None]] = {
    Scheme.COMPANIES_HOUSE: company_identifier,
    Scheme.CHARITIES_ENGLAND_WALES: charity_identifier,
    Scheme.CHARITIES_SCOTLAND: charity_identifier,
}


def normalise_identifier(text: str) -> str | None:
    """A scheme-prefixed identifier in its one spelling, or None where scheme or number are not known.

    >>> normalise_identifier("gb-coh-574816")
    'GB-COH-00574816'
    """
    written = text.strip().upper()
    for scheme in sorted(Scheme, key=len, reverse=True):
        if written.startswith(f"{scheme}-"):
            number = written.removeprefix(f"{scheme}-")
            check = _CHECKED.get(scheme)
            return check(number) if check else f"{scheme}-{number}" if number else None
    return None
