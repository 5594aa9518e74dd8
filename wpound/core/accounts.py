"""How each mark of a bid came about: the lines behind a score, built when someone looks at them.

Ranking thousands of bids needs numbers only; the words, sources and notes are made from the same numbers on demand.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal, localcontext
from functools import cached_property

from wpound.core.bids import Bid, Commitment
from wpound.core.criteria import Criterion, Formula, Kind
from wpound.core.figures import kinds_counted, set_against
from wpound.core.marking import EXACT, SHARE_PLACES, Comparison, Marked
from wpound.core.method import AwardMethod, Method
from wpound.core.money import Money, round_half_up
from wpound.core.quantities import Quantity
from wpound.core.quantity_marks import band_of
from wpound.core.results import GroupTotal
from wpound.core.trace import Input, ScoreLine, ValueUsed
from wpound.core.valuing import Valuation
from wpound.core.weighting import Leaf

NOTHING = Decimal(0)
NOT_COMPARED = "the bid was excluded before it could be compared with the others"
Told = tuple[dict[str, Input], tuple[ValueUsed, ...], str]


@dataclass(frozen=True)
class BidAccount:
    """Everything one bid's marks were made from."""

    method: Method
    valuation: Valuation
    comparison: Comparison | None
    entry: Marked

    def lines(self) -> tuple[ScoreLine, ...]:
        """One line a criterion in the order of the method; an award on value starts with the price."""
        with localcontext(EXACT):
            marked = tuple(self._line(leaf, i) for i, leaf in enumerate(self.method.tree.leaves))
            return (_price_line(self.entry.bid.price), *marked) if self._in_pounds else marked

    def groups(self) -> tuple[GroupTotal, ...]:
        """The total of every group of criteria, in the order of the method."""
        with localcontext(EXACT):
            return tuple(self._groups())

    @cached_property
    def promised(self) -> Mapping[str, Sequence[Commitment]]:
        """The bid's promises by measure."""
        found: dict[str, list[Commitment]] = {}
        for commitment in self.entry.bid.commitments:
            found.setdefault(commitment.measure, []).append(commitment)
        return found

    @property
    def _in_pounds(self) -> bool:
        return self.method.award is AwardMethod.AWARD_ON_VALUE

    def _line(self, leaf: Leaf, i: int) -> ScoreLine:
        criterion, share = leaf.criterion, self.entry.shares[i]
        inputs, values_used, note = _TELL[criterion.kind](criterion, self, self.entry.figures[i])
        compared, compared_note = self._compared(criterion, i)
        return ScoreLine(
            criterion=criterion.code,
            title=criterion.heading,
            kind=criterion.kind,
            formula=criterion.formula.value if criterion.formula else "",
            inputs=inputs | compared,
            values_used=values_used,
            share=share,
            weighting=criterion.weighting,
            available=leaf.available,
            contribution=self._contribution(leaf, share),
            note="; ".join(part for part in (note, compared_note) if part),
            reason=self.entry.bid.reasons.get(criterion.code, ""),
            in_pounds=self._in_pounds,
        )

    def _contribution(self, leaf: Leaf, share: Decimal | None) -> Decimal | None:
        if share is None:
            return None
        contribution = share * leaf.available
        return -contribution if self._in_pounds and contribution else contribution

    def _groups(self) -> list[GroupTotal]:
        leaves, shares, found = self.method.tree.leaves, self.entry.shares, []
        for group in self.method.tree.groups:
            within = (self._contribution(leaves[i], shares[i]) for i in range(group.first, group.last))
            total = sum((contribution for contribution in within if contribution is not None), NOTHING)
            share = round_half_up(abs(total) / group.available, SHARE_PLACES)
            criterion = group.criterion
            told = (criterion.code, criterion.heading, criterion.weighting, group.available, total, share)
            found.append(GroupTotal(*told))
        return found

    def _compared(self, criterion: Criterion, i: int) -> tuple[dict[str, Input], str]:
        """What a relative formula compared the figure with, and a note where comparing says nothing."""
        if not criterion.is_relative:
            return {}, ""
        if self.entry.shares[i] is None or self.comparison is None:
            return {}, NOT_COMPARED
        if criterion.kind is Kind.PRICE:
            return _compared_prices(criterion, self.comparison)
        best = self.comparison.bests[i]
        note = "" if best else "the best offer is 0, so no bid has marks for it"
        if criterion.kind is Kind.QUANTITY:
            return {"best": Quantity(best, self.valuation.measures[criterion.measure].unit)}, note
        return {"best": best}, note


def _price_line(price: Money) -> ScoreLine:
    """The price an award on value starts from; every other line takes pounds off it."""
    method = AwardMethod.AWARD_ON_VALUE.value
    return ScoreLine("price", "Price", Kind.PRICE, method, {"price": price}, (), None, 0, NOTHING, price.pounds)


def _compared_prices(criterion: Criterion, comparison: Comparison) -> tuple[dict[str, Input], str]:
    prices = comparison.prices
    note = "no other price is different, so it has full marks" if prices.all_equal else ""
    if criterion.formula is Formula.DEVIATION_FROM_MEAN:
        return {"mean": prices.mean}, note
    ends: dict[str, Input] = {"lowest": Money.rounded(prices.lowest)}
    if criterion.formula is Formula.MIN_MAX:
        ends["highest"] = Money.rounded(prices.highest)
    return ends, note


def _pass_fail(criterion: Criterion, account: BidAccount, figure: Decimal) -> Told:
    return {"passed": bool(figure)}, (), ""


def _qualitative(criterion: Criterion, account: BidAccount, mark: Decimal) -> Told:
    words = next((point.words for point in criterion.scale if point.mark == mark), "")
    note = f"the scale says of this mark: {words.rstrip('.')}" if words else ""
    return {"mark": mark, "scale_max": criterion.scale_max or mark}, (), note


def _price(criterion: Criterion, account: BidAccount, price: Decimal) -> Told:
    inputs: dict[str, Input] = {"price": account.entry.bid.price}
    note = ""
    if criterion.formula is Formula.LINEAR_TO_CEILING:
        inputs["floor"] = Money.rounded(criterion.floor or NOTHING)
        inputs["ceiling"] = Money.rounded(criterion.ceiling or NOTHING)
        above = price >= (criterion.ceiling or price)
        note = "the price is not below the ceiling, so it has no marks" if above else ""
    elif criterion.formula is Formula.BANDED:
        inputs |= _band_inputs(criterion, price)
    return inputs, (), note


def _band_inputs(criterion: Criterion, figure: Decimal) -> dict[str, Input]:
    return {"marks": band_of(figure, criterion.bands).marks, "scale_max": criterion.scale_max or Decimal(100)}


def _quantity(criterion: Criterion, account: BidAccount, figure: Decimal) -> Told:
    bid, measure = account.entry.bid, account.valuation.measures[criterion.measure]
    promised = account.promised.get(criterion.measure, ())
    total = sum((commitment.quantity for commitment in promised), NOTHING)
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
    note = _cap_note(criterion, total, bid)
    if not promised:
        note = "nothing is promised under this measure"
    elif criterion.floor is not None and figure < criterion.floor:
        note = f"that is below the least that scores, {Quantity(criterion.floor, measure.unit).format()}"
    used = tuple(
        ValueUsed(measure.code, measure.title, Quantity(commitment.quantity, measure.unit), commitment.year)
        for commitment in promised
    )
    return inputs, used, note


def _cap_note(criterion: Criterion, amount: Decimal, bid: Bid) -> str:
    is_above = criterion.cap is not None and set_against(criterion, amount, bid) > criterion.cap
    return "the offer is above the cap and counts up to the cap only" if is_above else ""


def _social_value(criterion: Criterion, account: BidAccount, figure: Decimal) -> Told:
    bid, additionality = account.entry.bid, account.method.additionality
    kinds, measures = kinds_counted(criterion), account.valuation.measures
    counted = [commitment for commitment in bid.commitments if measures[commitment.measure].value_kind in kinds]
    used = tuple(_value_used(commitment, account.valuation) for commitment in counted)
    gross = sum((value.amount for value in used if value.amount is not None), NOTHING)
    total = gross if additionality is None else gross * additionality.factor
    inputs: dict[str, Input] = {"social_value": total, "per": criterion.per.value, "figure": figure}
    for name, setting in (("cap", criterion.cap), ("target", criterion.target)):
        if setting is not None:
            inputs[name] = setting
    note = _cap_note(criterion, total, bid)
    if additionality is not None:
        inputs |= {"gross": gross, "factor": additionality.factor}
        note = note or "this is after the tender's reductions for what would have happened anyway"
    return inputs, used, note if used else "no promise here has a value in pounds that counts as social value"


def _value_used(commitment: Commitment, valuation: Valuation) -> ValueUsed:
    measure = valuation.measures[commitment.measure]
    value = valuation.values[commitment.measure, commitment.year]
    return ValueUsed(
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


_TELL: dict[Kind, Callable[[Criterion, BidAccount, Decimal], Told]] = {
    Kind.PRICE: _price,
    Kind.QUALITATIVE: _qualitative,
    Kind.QUANTITY: _quantity,
    Kind.SOCIAL_VALUE: _social_value,
    Kind.PASS_FAIL: _pass_fail,
}
