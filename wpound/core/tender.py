"""The file form of a tender: its method, the day it is valued on and its bids."""

from dataclasses import dataclass
from datetime import date

from wpound.core.bids import Bid, read_bid
from wpound.core.form import Form, Problems
from wpound.core.method import Method, check_method, read_settings


@dataclass(frozen=True)
class Tender:
    """A method, the bids made under it and the day whose values are used."""

    method: Method
    bids: tuple[Bid, ...]
    as_of: date


def read_tender(data: object, problems: Problems) -> Tender:
    """Read the file form, recording every problem; what could not be read is replaced by a harmless stand-in.

    The caller checks the bids against the catalogue (``check_bids``) and then raises what was found.
    """
    form = Form(data, "", problems)
    method = Method(**read_settings(form))
    tender = Tender(
        method=method,
        bids=tuple(read_bid(row) for row in form.rows("bids")),
        as_of=form.day("as_of") or date.min,
    )
    form.close()
    check_method(method, problems)
    return tender
