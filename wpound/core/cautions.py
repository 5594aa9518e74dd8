"""What people should know before they rely on a method or a result. Information only: no mark is ever changed."""

import re
from collections.abc import Iterator
from decimal import Decimal

from wpound.core.criteria import Criterion, Formula, Kind
from wpound.core.form import write_decimal, write_list
from wpound.core.marking import Marking
from wpound.core.method import Method
from wpound.core.money import Money, divide
from wpound.core.results import Caution
from wpound.core.weighting import Leaf

# National policy asks for a tenth of the marks; councils' own policies run from there to a fifth.
LEAST_SOCIAL_VALUE = Decimal(10)
MOST_MEASURES = 6
# A tenth of all marks on one measure is as much as the whole of social value need be.
MOST_ON_ONE_MEASURE = Decimal(10)
# PPN 006 (February 2025): contracts above five million pounds a year including VAT, averaged over their life.
CARBON_PLAN_ABOVE = Money.from_pounds(5_000_000)
LOCATION = re.compile(r"\b(location|located|postcode|based in|local (supplier|firm|business|compan|office|bidder))")
NOTHING = Decimal(0)


def yearly_value(contract_value: Money, years: Decimal) -> Money:
    """A contract's value averaged over its life, to the penny; ``years`` is more than 0.

    >>> yearly_value(Money.from_pounds(21_000_000), Decimal(4)).format()
    '£5,250,000.00'
    """
    return Money.rounded(divide(contract_value.pounds, years))


def method_warnings(method: Method) -> tuple[Caution, ...]:
    """Everything a careful officer would ask about the method alone, each with a code and words."""
    return tuple(_method_warnings(method))


def _method_warnings(method: Method) -> Iterator[Caution]:
    relative = [leaf.criterion.heading for leaf in method.tree.leaves if leaf.criterion.is_relative]
    if relative:
        yield Caution(
            "relative_formula",
            f"Marks for {write_list(relative)} depend on the other bids, so a bid that does not win can change the "
            "order of those ahead of it (the ranking paradox). A formula with a target or a ceiling cannot.",
        )
    yield from _relative_thresholds(method)
    yield from _social_value(method)
    yield from _large_contract(method)
    yield from _location(method)
    for leaf in method.tree.leaves:
        criterion, percent = leaf.criterion, _percent(method, leaf.available)
        if criterion.kind is Kind.QUANTITY and percent >= MOST_ON_ONE_MEASURE:
            yield Caution(
                "one_measure_decides",
                f"{criterion.heading} alone carries {write_decimal(percent)}% of all marks, so one promise may "
                "decide the result. Spread the marks or add a method statement.",
            )
        if criterion.include_flow:
            yield Caution(
                "flow_counted",
                f"{criterion.heading} counts local wages and local spending as social value. They are money that "
                "would be counted somewhere anyway; keep the two totals apart unless the tender says why not.",
            )


def _relative_thresholds(method: Method) -> Iterator[Caution]:
    groups = [group.criterion for group in method.tree.groups]
    titles = [group.heading for group in groups if group.threshold is not None and group.is_relative]
    if method.threshold is not None and any(criterion.is_relative for criterion in method.criteria):
        titles.append("the whole bid")
    for title in titles:
        yield Caution(
            "relative_threshold",
            f"The threshold on {title} includes marks that depend on the other bids. It is tested after those marks, "
            "which are then worked out again without the bids below it. A threshold on quality alone is plainer.",
        )


def _social_value(method: Method) -> Iterator[Caution]:
    carried = sum((_percent(method, leaf.available) for leaf in _social_leaves(method)), NOTHING)
    if carried < LEAST_SOCIAL_VALUE:
        yield Caution(
            "social_value_low",
            f"Social value carries {write_decimal(carried)}% of the marks; at least 10% is usual and is asked for "
            "in national policy.",
        )
    measures = {leaf.criterion.measure for leaf in method.tree.leaves if leaf.criterion.kind is Kind.QUANTITY}
    if len(measures) > MOST_MEASURES:
        yield Caution(
            "many_measures",
            f"The tender marks {len(measures)} measures; with more than {MOST_MEASURES} bidders promise a little of "
            "everything and smaller firms are put off.",
        )


def _large_contract(method: Method) -> Iterator[Caution]:
    if method.contract_value is None or method.years is None:
        return
    yearly = yearly_value(method.contract_value, method.years)
    if yearly > CARBON_PLAN_ABOVE:
        yield Caution(
            "carbon_reduction_plan",
            f"The contract comes to {yearly.format()} a year. Above £5 million a year with VAT central government "
            "must ask bidders for a Carbon Reduction Plan (PPN 006); a council may make it a pass or fail criterion.",
        )


def _location(method: Method) -> Iterator[Caution]:
    for node in method.tree.nodes:
        criterion = node.criterion
        if not criterion.measure and LOCATION.search(
            f"{criterion.code.replace('_', ' ')} {criterion.title}".casefold()
        ):
            yield Caution(
                "supplier_location",
                f"{criterion.heading} seems to ask where the supplier is. That is lawful only where an English "
                "council reserves a contract below the threshold before inviting tenders (SI 2026/94). Mark promises.",
            )


def _social_leaves(method: Method) -> Iterator[Leaf]:
    """Leaves of every top-level criterion that has a measure, or social value, in it or in its name."""
    start = 0
    for criterion in method.criteria:
        leaves = method.tree.leaves[start : start + _count_leaves(criterion)]
        start += len(leaves)
        named = "social" in f"{criterion.code} {criterion.title}".casefold()
        if named or any(leaf.criterion.kind.is_promised for leaf in leaves):
            yield from leaves


def _count_leaves(criterion: Criterion) -> int:
    return sum(map(_count_leaves, criterion.criteria)) if criterion.kind is Kind.GROUP else 1


def _percent(method: Method, available: Decimal) -> Decimal:
    return available * 100 / method.tree.available


def result_warnings(marking: Marking) -> tuple[Caution, ...]:
    """Everything to know about these bids under this method."""
    return tuple(_result_warnings(marking))


def _result_warnings(marking: Marking) -> Iterator[Caution]:
    running = marking.running
    if not running:
        yield Caution("no_bid_left", "Every bid was excluded, so there is nothing to rank.")
    elif len(running) == 1:
        name = running[0].bid.bidder
        yield Caution(
            "single_bid",
            f"Only {name} is in the running. Formulas that compare bids give a lone bid full marks, so judge the "
            "price and the promises on their own.",
        )
    if marking.comparison is None:
        return
    has_price = any(leaf.criterion.kind is Kind.PRICE for leaf in marking.tree.leaves)
    if len(running) > 1 and has_price and marking.comparison.prices.all_equal:
        yield Caution("equal_prices", "All prices are equal, so the price decides nothing.")
    for i, leaf in enumerate(marking.tree.leaves):
        yield from _about_offers(leaf.criterion, marking.comparison.bests[i])


def _about_offers(criterion: Criterion, best: Decimal) -> Iterator[Caution]:
    if not criterion.kind.is_promised:
        return
    if not best:
        yield Caution(
            "nothing_offered", f"No bid offers anything under {criterion.heading}, so all have no marks for it."
        )
    elif criterion.formula is Formula.TARGET and criterion.target is not None and best < criterion.target:
        yield Caution(
            "target_not_reached", f"No bid reaches the target of {criterion.heading}; it may be set too high."
        )
