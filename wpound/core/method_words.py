"""A method in plain words: how each criterion is marked, with a worked example, and how the winner is found.

For bidders before they bid and for officers before they publish; the same words stand in the pack and on the page.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from wpound.core.criteria import Criterion, Formula, Kind, Per
from wpound.core.form import write_decimal, write_list
from wpound.core.method import TIE_RULES, AwardMethod, Method, RoundingMode
from wpound.core.money import Money, round_half_up
from wpound.core.pricing import price_field, price_shares
from wpound.core.quantities import Quantity, Unit
from wpound.core.quantity_marks import quantity_shares

EXAMPLE_VALUE = Money.from_pounds(100_000)
EXAMPLE_STEPS = (Decimal("0.9"), Decimal(1), Decimal("1.2"))
HALF = Decimal("0.5")


@dataclass(frozen=True, slots=True)
class Example:
    """One line of a worked example: what is offered, the share of the marks it gets (0 to 1) and the marks."""

    offer: str
    share: Decimal
    marks: Decimal


_AWARD = {
    AwardMethod.WEIGHTED: "The marks of all criteria are added up. The bid with the most marks out of 100 wins.",
    AwardMethod.PRICE_PER_QUALITY_POINT: (
        "The price is divided by the marks out of 100. The bid with the lowest price for each mark wins."
    ),
    AwardMethod.AWARD_ON_VALUE: (
        "Every criterion is worth a stated amount of pounds. What a bid earns of it is taken off its price, and the "
        "bid with the lowest figure left wins."
    ),
}


def explain_award(method: Method) -> str:
    """How marks and price come to one figure, and which figure wins."""
    return _AWARD[method.award]


_MODES = {
    RoundingMode.HALF_UP: "halves up",
    RoundingMode.HALF_EVEN: "halves to the even digit",
    RoundingMode.DOWN: "always down",
}


def explain_rounding(method: Method) -> str:
    """Where rounding happens and how.

    >>> from wpound.core.criteria import Criterion, Kind
    >>> explain_rounding(Method("M", (Criterion("q", Kind.QUALITATIVE, 100),))).partition(". ")[0]
    'Marks are kept exactly; only the final score is rounded, once, to 2 decimals (halves up)'
    """
    places = method.rounding.places
    decimals = "a whole number" if not places else f"{places} decimal{'s' if places > 1 else ''}"
    how = _MODES[method.rounding.mode]
    return (
        f"Marks are kept exactly; only the final score is rounded, once, to {decimals} ({how}). "
        "The rounded score decides the order."
    )


def explain_ties(method: Method) -> str:
    """What decides between bids with the same score."""
    if not method.ties:
        return "Bids with the same score share their place; no rule parts them, and that is declared."
    titles = {node.criterion.code: f"the higher marks for {node.criterion.heading}" for node in method.tree.nodes}
    rules = [TIE_RULES[rule] if rule == "price" else titles.get(rule) or TIE_RULES[rule] for rule in method.ties]
    return (
        f"Between bids with the same score these decide, in this order: {', then '.join(rules)}. Bids that are still "
        "level share their place, and that is declared."
    )


_PRICE = {
    Formula.LOWEST_RATIO: (
        "The lowest price gets all the marks. Any other price gets the lowest price divided by its own: twice the "
        "lowest price gets half."
    ),
    Formula.DEVIATION_FROM_LOWEST: (
        "The lowest price gets all the marks. Any other price loses the share by which it is above the lowest: a "
        "quarter dearer loses a quarter of the marks, twice the price gets none."
    ),
    Formula.DEVIATION_FROM_MEAN: (
        "A price equal to the mean of all bids gets half the marks. Each per cent below the mean gains one per cent of "
        "the marks, each per cent above loses one."
    ),
    Formula.MIN_MAX: (
        "The lowest price gets all the marks, the highest none, and those between are placed on a straight line."
    ),
    Formula.BANDED: "The price falls into a band, and the band gives the marks.",
}
_TRAPS = {
    Formula.LOWEST_RATIO: "One very low bid lowers the marks of all others.",
    Formula.DEVIATION_FROM_LOWEST: "One very low bid can leave all others without marks.",
    Formula.DEVIATION_FROM_MEAN: "One very high bid raises the marks of all others, whether or not it could win.",
    Formula.MIN_MAX: "With two bids the dearer gets nothing, however small the difference.",
    Formula.PROPORTIONAL: "One very large promise lowers the marks of all others.",
}


def explain_price(criterion: Criterion) -> str:
    """How a price criterion is marked, in one or two sentences."""
    if criterion.formula is Formula.LINEAR_TO_CEILING:
        floor, ceiling = (Money.rounded(end or Decimal(0)).format() for end in (criterion.floor, criterion.ceiling))
        return (
            f"A price of {floor} or less gets all the marks, one of {ceiling} or more none, and those between are "
            "placed on a straight line. The marks do not depend on the other bids."
        )
    return _PRICE[criterion.formula or Formula.LOWEST_RATIO]


def explain_trap(criterion: Criterion) -> str:
    """What to know of a formula that compares bids; empty for one that does not."""
    if criterion.formula is None or not criterion.formula.is_relative:
        return ""
    return f"The marks depend on the other bids. {_TRAPS[criterion.formula]}"


def price_examples(criterion: Criterion, available: Decimal, contract_value: Money | None) -> tuple[Example, ...]:
    """Three prices marked as the tender would mark them, around the contract value or £100,000; amounts are made up."""
    if criterion.formula is Formula.LINEAR_TO_CEILING and criterion.floor is not None and criterion.ceiling is not None:
        middle = (criterion.floor + criterion.ceiling) * HALF
        prices = [Money.rounded(pounds) for pounds in (criterion.floor, middle, criterion.ceiling)]
    else:
        prices = [(contract_value or EXAMPLE_VALUE).times(step) for step in EXAMPLE_STEPS]
    pounds = [price.pounds for price in prices]
    shares = price_shares(criterion, pounds, price_field(pounds))
    return tuple(Example(p.format(), share, share * available) for p, share in zip(prices, shares, strict=True))


_PER = {
    Per.CONTRACT: "",
    Per.PRICE_100K: " for each £100,000 of the price",
    Per.FTE: " for each full-time post on the contract",
}


def write_figure(figure: Decimal, unit: Unit) -> str:
    """A figure of a criterion in its unit.

    >>> write_figure(Decimal("12.50"), Unit.WEEK)
    '12.5 weeks'
    """
    return Quantity(figure, unit).format()


def explain_quantity(criterion: Criterion, unit: Unit) -> str:
    """How promises under a criterion are marked; ``unit`` is the measure's, or pounds for social value."""
    per = " for each £1 of the price" if _is_value_target(criterion) else _PER[criterion.per]
    said = []
    if criterion.formula is Formula.TARGET and criterion.target is not None:
        said.append(
            f"The promise is divided by the target of {write_figure(criterion.target, unit)}{per}: the target gets all "
            "the marks, half of it half, and more than the target no more. It does not depend on the other bids."
        )
    elif criterion.formula is Formula.BANDED:
        said.append(f"The promise{per} falls into a band, and the band gives the marks.")
    else:
        said.append(f"The largest promise{per} gets all the marks, any other its share of the largest.")
    if criterion.floor is not None and criterion.formula is Formula.TARGET:
        said.append(f"Less than {write_figure(criterion.floor, unit)}{per} gets no marks.")
    if criterion.cap is not None:
        said.append(f"No more than {write_figure(criterion.cap, unit)}{per} is counted.")
    if criterion.include_flow:
        said.append("Local wages and local spending are counted too.")
    return " ".join(said)


def _is_value_target(criterion: Criterion) -> bool:
    return criterion.kind is Kind.SOCIAL_VALUE and criterion.formula is Formula.TARGET


def quantity_examples(criterion: Criterion, available: Decimal, unit: Unit) -> tuple[Example, ...]:
    """Promises marked as the tender would mark them: nothing, half and all of the target, or each band's first figure.

    Empty where the marks depend on what others promise.
    """
    if criterion.formula is Formula.TARGET and criterion.target is not None:
        figures = [criterion.target * HALF, criterion.target]
    elif criterion.formula is Formula.BANDED:
        figures = [band.start for band in criterion.bands]
    else:
        return ()
    shares = quantity_shares(criterion, figures, max(figures))
    return tuple(
        Example(write_figure(figure, unit), share, share * available)
        for figure, share in zip(figures, shares, strict=True)
    )


def explain_threshold(criterion: Criterion, unit: Unit | None = None) -> str:
    """What a criterion's threshold excludes; empty without one. ``unit`` is that of a quantity, pounds for value."""
    least = criterion.threshold
    if least is None:
        return ""
    if criterion.kind is Kind.GROUP:
        amount = f"{write_decimal(least)}% of the marks here"
    elif unit is not None:
        amount = f"{write_figure(least, unit)}{_PER[criterion.per]}"
    else:
        amount = f"a mark of {write_decimal(least)}"
    return f"A bid with less than {amount} is excluded."


def explain_whole_threshold(method: Method) -> str:
    """What the threshold on the whole bid excludes; empty without one."""
    if method.threshold is None:
        return ""
    return f"A bid with less than {write_decimal(method.threshold)}% of all that can be scored is excluded."


def explain_reductions(method: Method) -> str:
    """The reductions for what would have happened anyway; empty where there are none."""
    if method.additionality is None:
        return ""
    shares = [f"{name} {write_decimal(share * 100)}%" for name, share in method.additionality.shares.items() if share]
    if not shares:
        return ""
    factor = write_decimal(round_half_up(method.additionality.factor * 100, 4))
    return (
        f"Social value in pounds is reduced for every bidder alike by {write_list(shares)}, each of what is left after "
        f"the one before, so {factor}% of it counts."
    )


def heading_path(criteria: Sequence[Criterion], code: str) -> tuple[str, ...]:
    """The titles from the top of the tree down to a criterion, its own last; empty where it is not there."""
    for criterion in criteria:
        if criterion.code == code:
            return (criterion.heading,)
        if below := heading_path(criterion.criteria, code):
            return (criterion.heading, *below)
    return ()
