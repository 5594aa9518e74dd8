"""Hold a method or an offer against the catalogue before it is taken, while it can still be put right."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

from wpound.core.bids import Bid
from wpound.core.checking import check_bids
from wpound.core.criteria import Kind
from wpound.core.errors import InputError, InputErrors
from wpound.core.form import Problems
from wpound.core.method import Method
from wpound.core.money import Money
from wpound.core.valuing import CatalogueLike
from wpound.core.weighting import Leaf

_ONLY_BID = "bids[0]."


def check_offer(method: Method, offer: Bid, catalogue: CatalogueLike, as_of: date) -> None:
    """Raise InputErrors with everything that would keep the offer from being scored once evaluators have marked it."""
    full_marks = {
        leaf.criterion.code: leaf.criterion.scale_max or Decimal(0) for leaf in _leaves(method, Kind.QUALITATIVE)
    }
    problems = Problems()
    check_bids(method, [replace(offer, marks=full_marks)], catalogue, as_of, problems)
    try:
        problems.raise_if_any()
    except InputErrors as found:
        errors = [InputError(error.field.removeprefix(_ONLY_BID), error.message) for error in found.errors]
        raise InputErrors(errors) from None


def check_method(method: Method, catalogue: CatalogueLike, as_of: date) -> None:
    """Raise InputErrors with every measure of the method that the catalogue does not have or cannot count so."""
    passes = {leaf.criterion.code: True for leaf in _leaves(method, Kind.PASS_FAIL)}
    # Nothing is wrong with an offer that promises nothing, so what is found is wrong with the method.
    check_offer(method, Bid("nobody", Money(1), passes=passes, fte=Decimal(1)), catalogue, as_of)


def _leaves(method: Method, kind: Kind) -> list[Leaf]:
    return [leaf for leaf in method.tree.leaves if leaf.criterion.kind is kind]
