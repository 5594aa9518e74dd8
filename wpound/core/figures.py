"""A bid's own figure under each criterion, before it is compared with any other bid.

The figure is the number that is marked: pounds of a price, an evaluator's mark, a quantity, pounds of social value, 0
or 1. How it came about is told by :mod:`wpound.core.accounts`, and only when someone asks.
"""

from collections.abc import Mapping, Sequence
from decimal import Decimal

from wpound.core.additionality import Additionality
from wpound.core.bids import Bid
from wpound.core.criteria import Criterion, Formula, Kind, Per
from wpound.core.quantity_marks import figure_per
from wpound.core.valuing import Valuation, ValueKind

NOTHING = Decimal(0)
Figures = tuple[Decimal, ...]


def own_figures(
    criteria: Sequence[Criterion], bids: Sequence[Bid], valuation: Valuation, additionality: Additionality | None
) -> list[Figures]:
    """Each bid's figures, in the order of the criteria; the bids were checked before."""
    promised = [promised_by_measure(bid) for bid in bids]
    columns = [_column(criterion, bids, promised, valuation, additionality) for criterion in criteria]
    return list(zip(*columns, strict=True))


def promised_by_measure(bid: Bid) -> dict[str, Decimal]:
    """The quantity promised under each measure, over all years."""
    found: dict[str, Decimal] = {}
    for commitment in bid.commitments:
        measure = commitment.measure
        found[measure] = found[measure] + commitment.quantity if measure in found else commitment.quantity
    return found


def _column(
    criterion: Criterion,
    bids: Sequence[Bid],
    promised: Sequence[Mapping[str, Decimal]],
    valuation: Valuation,
    additionality: Additionality | None,
) -> list[Decimal]:
    """One criterion's figure for every bid."""
    if criterion.kind is Kind.QUANTITY:
        offers = [quantities.get(criterion.measure, NOTHING) for quantities in promised]
        return _capped(criterion, _set_against(criterion, offers, bids))
    if criterion.kind is Kind.SOCIAL_VALUE:
        factor = None if additionality is None else additionality.factor
        totals = [gross if factor is None else gross * factor for gross in gross_values(criterion, bids, valuation)]
        return _capped(criterion, _set_against(criterion, totals, bids))
    if criterion.kind is Kind.PASS_FAIL:
        return [Decimal(bid.passes[criterion.code]) for bid in bids]
    if criterion.kind is Kind.QUALITATIVE:
        return [bid.marks[criterion.code] for bid in bids]
    return [bid.price.pounds for bid in bids]


def set_against(criterion: Criterion, amount: Decimal, bid: Bid) -> Decimal:
    """An amount as the criterion counts it, before the cap: a social value target is pounds for each pound of price."""
    if criterion.kind is Kind.SOCIAL_VALUE and criterion.formula is Formula.TARGET:
        return amount / bid.price.pounds
    return figure_per(amount, criterion.per, bid.price, bid.fte)


def _set_against(criterion: Criterion, amounts: list[Decimal], bids: Sequence[Bid]) -> list[Decimal]:
    if criterion.kind is Kind.QUANTITY and criterion.per is Per.CONTRACT:
        return amounts
    return [set_against(criterion, amount, bid) for amount, bid in zip(amounts, bids, strict=True)]


def _capped(criterion: Criterion, figures: list[Decimal]) -> list[Decimal]:
    cap = criterion.cap
    return figures if cap is None else [min(cap, figure) for figure in figures]


def kinds_counted(criterion: Criterion) -> set[ValueKind]:
    """What counts in pounds under a social value criterion: additional value, and flow only where the method says."""
    return {ValueKind.ADDITIONAL, ValueKind.FLOW} if criterion.include_flow else {ValueKind.ADDITIONAL}


def gross_values(criterion: Criterion, bids: Sequence[Bid], valuation: Valuation) -> list[Decimal]:
    """Each bid's promises that count in pounds here, before any reduction."""
    kinds = kinds_counted(criterion)
    worth: dict[str, dict[int | None, Decimal]] = {}
    for (measure, year), value in valuation.values.items():
        if valuation.measures[measure].value_kind in kinds:
            worth.setdefault(measure, {})[year] = value.value
    return [_gross_value(bid, worth) for bid in bids]


def _gross_value(bid: Bid, worth: Mapping[str, Mapping[int | None, Decimal]]) -> Decimal:
    total = NOTHING
    for commitment in bid.commitments:
        if commitment.measure in worth:
            total += commitment.quantity * worth[commitment.measure][commitment.year]
    return total
