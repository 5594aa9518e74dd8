"""A bid's own figure under each criterion, before it is compared with any other bid."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from wpound.core.additionality import Additionality
from wpound.core.bids import Bid, Commitment
from wpound.core.criteria import Criterion, Formula, Kind
from wpound.core.money import Money
from wpound.core.quantities import Quantity
from wpound.core.quantity_marks import band_of, figure_per
from wpound.core.trace import Input, ValueUsed
from wpound.core.valuing import ADDITIONAL, FLOW, Valuation

NOTHING = Decimal(0)


@dataclass(frozen=True, slots=True)
class Figure:
    """The number that is marked: pounds of a price, an evaluator's mark, a quantity, pounds of social value, 0 or 1."""

    amount: Decimal
    inputs: dict[str, Input] = field(default_factory=dict)
    values_used: tuple[ValueUsed, ...] = ()
    note: str = ""


def own_figures(
    criteria: Sequence[Criterion], bid: Bid, valuation: Valuation, additionality: Additionality | None
) -> tuple[Figure, ...]:
    """A bid's figure under each criterion, in the same order; the bid was checked before."""
    promises: dict[str, list[Commitment]] = {}
    for commitment in bid.commitments:
        promises.setdefault(commitment.measure, []).append(commitment)
    found = []
    for criterion in criteria:
        if criterion.kind is Kind.QUANTITY:
            figure = _quantity(criterion, bid, promises.get(criterion.measure, []), valuation)
        elif criterion.kind is Kind.SOCIAL_VALUE:
            figure = _social_value(criterion, bid, valuation, additionality)
        else:
            figure = _given(criterion, bid)
        found.append(figure)
    return tuple(found)


def _given(criterion: Criterion, bid: Bid) -> Figure:
    if criterion.kind is Kind.PASS_FAIL:
        passed = bid.passes[criterion.code]
        return Figure(Decimal(passed), {"passed": passed})
    if criterion.kind is Kind.QUALITATIVE:
        mark = bid.marks[criterion.code]
        words = next((point.words for point in criterion.scale if point.mark == mark), "")
        note = f"the scale says of this mark: {words.rstrip('.')}" if words else ""
        return Figure(mark, {"mark": mark, "scale_max": criterion.scale_max or mark}, note=note)
    price, inputs = bid.price.pounds, _price_inputs(criterion, bid.price)
    above = criterion.formula is Formula.LINEAR_TO_CEILING and price >= (criterion.ceiling or price)
    return Figure(price, inputs, note="the price is not below the ceiling, so it has no marks" if above else "")


def _price_inputs(criterion: Criterion, price: Money) -> dict[str, Input]:
    inputs: dict[str, Input] = {"price": price}
    if criterion.formula is Formula.LINEAR_TO_CEILING:
        inputs["floor"] = Money.rounded(criterion.floor or NOTHING)
        inputs["ceiling"] = Money.rounded(criterion.ceiling or NOTHING)
    elif criterion.formula is Formula.BANDED:
        inputs |= _band_inputs(criterion, price.pounds)
    return inputs


def _band_inputs(criterion: Criterion, figure: Decimal) -> dict[str, Input]:
    return {"marks": band_of(figure, criterion.bands).marks, "scale_max": criterion.scale_max or Decimal(100)}


def _quantity(criterion: Criterion, bid: Bid, promised: list[Commitment], valuation: Valuation) -> Figure:
    measure = valuation.measures[criterion.measure]
    total = sum((commitment.quantity for commitment in promised), NOTHING)
    figure, note = _counted(criterion, figure_per(total, criterion.per, bid.price, bid.fte))
    offered = Quantity(total, measure.unit)
    inputs: dict[str, Input] = {
        "measure": criterion.measure,
        "quantity": offered,
        "per": criterion.per.value,
        "figure": offered if figure == total else Quantity(figure, measure.unit),
    }
    for name, setting in (("cap", criterion.cap), ("target", criterion.target), ("floor", criterion.floor)):
        if setting is not None:
            inputs[name] = Quantity(setting, measure.unit)
    if criterion.formula is Formula.BANDED:
        inputs |= _band_inputs(criterion, figure)
    if not promised:
        note = "nothing is promised under this measure"
    elif criterion.floor is not None and figure < criterion.floor:
        note = f"that is below the least that scores, {Quantity(criterion.floor, measure.unit).format()}"
    used = tuple(
        ValueUsed(measure.code, measure.title, Quantity(commitment.quantity, measure.unit), commitment.year)
        for commitment in promised
    )
    return Figure(figure, inputs, used, note)


def _counted(criterion: Criterion, figure: Decimal) -> tuple[Decimal, str]:
    if criterion.cap is None or figure <= criterion.cap:
        return figure, ""
    return criterion.cap, "the offer is above the cap and counts up to the cap only"


def _social_value(criterion: Criterion, bid: Bid, valuation: Valuation, additionality: Additionality | None) -> Figure:
    used = _valued(criterion, bid, valuation)
    gross = sum((value.amount for value in used if value.amount is not None), NOTHING)
    total = gross if additionality is None else gross * additionality.factor
    if criterion.formula is Formula.TARGET:
        figure, note = _counted(criterion, total / bid.price.pounds)
    else:
        figure, note = _counted(criterion, figure_per(total, criterion.per, bid.price, bid.fte))
    inputs: dict[str, Input] = {"social_value": total, "per": criterion.per.value, "figure": figure}
    for name, setting in (("cap", criterion.cap), ("target", criterion.target)):
        if setting is not None:
            inputs[name] = setting
    if additionality is not None:
        inputs |= {"gross": gross, "factor": additionality.factor}
        note = note or "this is after the tender's reductions for what would have happened anyway"
    if not used:
        note = "no promise here has a value in pounds that counts as social value"
    return Figure(figure, inputs, used, note)


def _valued(criterion: Criterion, bid: Bid, valuation: Valuation) -> tuple[ValueUsed, ...]:
    """The bid's promises that count in pounds here: additional value, and flow only where the method says so."""
    kinds = {ADDITIONAL, FLOW} if criterion.include_flow else {ADDITIONAL}
    found = []
    for commitment in bid.commitments:
        measure = valuation.measures[commitment.measure]
        if measure.value_kind not in kinds:
            continue
        value = valuation.values[commitment.measure, commitment.year]
        found.append(
            ValueUsed(
                measure=measure.code,
                title=measure.title,
                quantity=Quantity(commitment.quantity, measure.unit),
                year=commitment.year,
                value=value.value,
                valid_from=value.valid_from,
                reference_title=value.reference.title,
                reference_url=value.reference.url,
                amount=commitment.quantity * value.value,
            )
        )
    return tuple(found)
