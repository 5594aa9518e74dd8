"""Formulas in plain words, each with its trap and a small worked example."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from wpound.core.criteria import Band, Criterion, Formula, Kind
from wpound.core.method_words import (
    EXAMPLE_VALUE,
    Example,
    explain_price,
    explain_trap,
    price_examples,
)
from wpound.core.money import Money
from wpound.web.buyer.setup.forms_criterion import FORMULA_TITLES

WHOLE = Decimal(100)
FLOOR, CEILING = Decimal("0.8"), Decimal("1.2")


@dataclass(frozen=True, slots=True)
class Explained:
    """One formula: its title, what it does, what to beware of (empty: nothing), and prices with their marks of 100."""

    title: str
    words: str
    trap: str
    examples: tuple[Example, ...]


Formulas = tuple[Explained, ...]


def explain_formulas(kind: Kind, formulas: Sequence[Formula], contract_value: Money | None) -> Formulas:
    """Every formula of a kind; prices of the examples lie around the contract value, or £100,000 without one."""
    value = contract_value or EXAMPLE_VALUE
    if kind is Kind.PRICE:
        return tuple(_price(formula, value) for formula in formulas)
    return tuple(_promise(kind, formula) for formula in formulas)


def _price(formula: Formula, value: Money) -> Explained:
    pounds = value.pounds
    criterion = Criterion(
        "price",
        Kind.PRICE,
        formula=formula,
        floor=pounds * FLOOR,
        ceiling=pounds * CEILING,
        scale_max=WHOLE,
        bands=(Band(Decimal(0), WHOLE), Band(pounds, WHOLE / 2), Band(pounds * CEILING, Decimal(0))),
    )
    examples = price_examples(criterion, WHOLE, value)
    return Explained(FORMULA_TITLES[formula], explain_price(criterion), explain_trap(criterion), examples)


_PROMISE = {
    Formula.TARGET: (
        "You set a target. Reaching it gets all the marks, half of it half, and more than the target no more. The "
        "marks do not depend on the other bids."
    ),
    Formula.BANDED: "The promise falls into a band, and the band gives the marks. They do not depend on other bids.",
    Formula.PROPORTIONAL: "The largest promise gets all the marks, any other its share of the largest.",
}


def _promise(kind: Kind, formula: Formula) -> Explained:
    trap = explain_trap(Criterion("promise", kind, formula=formula))
    return Explained(FORMULA_TITLES[formula], _PROMISE[formula], trap, ())
