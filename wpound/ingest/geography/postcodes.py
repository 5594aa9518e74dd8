"""Reading a postcode as people and spreadsheets write it, without guessing."""

import re
from itertools import product

# District and unit; NPT was Newport's. A letter at a district's end is never I, L, O, Q or Z (W1V and the like have
# ended but stand in old files), and a unit never has C, I, K, M, O or V.
_SHAPE = re.compile(r"(?:[A-Z]{1,2}[0-9](?:[0-9]|[A-HJKMNPR-Y])?|NPT)[0-9][ABD-HJLNP-UW-Z]{2}")
_GIROBANK = "GIR0AA"
_LOOKALIKES = {"O": "O0", "0": "0O", "I": "I1", "1": "1I"}


def normalise_postcode(text: str) -> str | None:
    """The postcode with capitals and one space, or None where the text is not of a postcode's shape.

    Only case and white space are changed, so nothing is guessed.

    >>> normalise_postcode(" b338th ")
    'B33 8TH'
    >>> normalise_postcode("B33 8T8") is None
    True
    """
    packed = "".join(text.split()).upper()
    if not _SHAPE.fullmatch(packed) and packed != _GIROBANK:
        return None
    return f"{packed[:-3]} {packed[-3:]}"


def propose_postcodes(text: str) -> tuple[str, ...]:
    """The postcodes a text could mean if O and 0, or I and 1, were mixed up; the text's own reading is left out.

    These are proposals: use one only where a look-up knows exactly one of them.

    >>> propose_postcodes("BI 1AA")
    ('B1 1AA',)
    """
    packed = "".join(text.split()).upper()
    if not 5 <= len(packed) <= 7:
        return ()
    readings = product(*(_LOOKALIKES.get(letter, letter) for letter in packed))
    found = {normalise_postcode("".join(reading)) for reading in readings} - {normalise_postcode(text), None}
    return tuple(sorted(postcode for postcode in found if postcode is not None))


def sector_of(postcode: str) -> str:
    """The sector of a normalised postcode: all but the last two letters.

    >>> sector_of("B33 8TH")
    'B33 8'
    """
    return postcode[:-2]


def district_of(postcode: str) -> str:
    """The postcode district of a normalised postcode or sector, the part before the space.

    >>> district_of("B33 8TH")
    'B33'
    """
    return postcode.partition(" ")[0]
