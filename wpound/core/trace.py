"""How a mark came about: one line a criterion and bid, and the plain sentence that says it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from wpound.core.criteria import Kind, Per
from wpound.core.form import write_decimal, write_money
from wpound.core.money import Money, round_half_up
from wpound.core.quantities import Quantity

Input = Decimal | Money | Quantity | str | bool


@dataclass(frozen=True, slots=True)
class ValueUsed:
    """One commitment and, where money is put on it, the dated value and its source; ``amount`` is exact pounds."""

    measure: str
    title: str
    quantity: Quantity
    year: int | None = None
    value: Decimal | None = None
    valid_from: date | None = None
    reference_title: str = ""
    reference_url: str = ""
    amount: Decimal | None = None

    def to_dict(self) -> dict[str, Any]:
        """Plain JSON: decimals and days as text, what does not apply as null."""
        return {
            "measure": self.measure,
            "title": self.title,
            "quantity": write_decimal(self.quantity.amount),
            "unit": self.quantity.unit.value,
            "year": self.year,
            "value": None if self.value is None else write_decimal(self.value),
            "valid_from": None if self.valid_from is None else self.valid_from.isoformat(),
            "reference": {"title": self.reference_title, "url": self.reference_url} if self.reference_title else None,
            "amount": None if self.amount is None else write_decimal(self.amount),
        }


@dataclass(frozen=True, slots=True)
class ScoreLine:
    """One criterion's mark for one bid.

    ``share`` runs from 0 to 1 and is kept to 20 decimals; ``contribution`` is exactly ``share`` times ``available``,
    taken off where ``in_pounds`` (an award on value). Both are None where a bid was excluded before it could be
    compared with the others. ``weighting`` is the percent stated in the method, ``available`` the marks (or pounds)
    it comes to in the whole.
    """

    criterion: str
    title: str
    kind: Kind
    formula: str
    inputs: Mapping[str, Input]
    values_used: tuple[ValueUsed, ...]
    share: Decimal | None
    weighting: int
    available: Decimal
    contribution: Decimal | None
    note: str = ""
    reason: str = ""
    in_pounds: bool = False

    def to_dict(self) -> dict[str, Any]:
        """The stable JSON of a score line."""
        return {
            "criterion": self.criterion,
            "title": self.title,
            "kind": self.kind.value,
            "formula": self.formula,
            "inputs": {name: _write(value) for name, value in self.inputs.items()},
            "values_used": [used.to_dict() for used in self.values_used],
            "share": None if self.share is None else write_decimal(self.share),
            "weighting": self.weighting,
            "available": write_decimal(self.available),
            "contribution": None if self.contribution is None else write_decimal(self.contribution),
            "note": self.note,
            "reason": self.reason,
            "explanation": explain(self),
        }


def _write(value: Input) -> str | bool:
    if isinstance(value, Decimal):
        return write_decimal(value)
    if isinstance(value, Money):
        return write_money(value)
    return write_decimal(value.amount) if isinstance(value, Quantity) else value


def explain(line: ScoreLine) -> str:
    """One plain sentence that says how the line's marks came about."""
    told = _own(line) if line.share is None else _TELL[line.formula](line)
    said = f"{line.title}: {told}; {line.note}" if line.note else f"{line.title}: {told}"
    if line.kind is Kind.PASS_FAIL or line.share is None or line.contribution is None:
        return f"{said}."
    percent = round_half_up(line.share * 100, 2)
    if line.in_pounds:
        result = f"{percent}% of the {_pounds(line.available)} it is worth, so {_pounds(-line.contribution)} off"
        return f"{said}. That is {result} the price."
    marks = f"{_short(line.available)} marks available: {round_half_up(line.contribution, 2)} marks"
    return f"{said}. That is {percent}% of the {marks}."


def _pounds(amount: Decimal) -> str:
    return Money.rounded(abs(amount)).format()


def _short(number: Decimal) -> str:
    return write_decimal(round_half_up(number, 4))


def _show(line: ScoreLine, name: str) -> str:
    value = line.inputs[name]
    if isinstance(value, Quantity):
        return Quantity(round_half_up(value.amount, 4), value.unit).format()
    if isinstance(value, Decimal):
        if line.kind is Kind.SOCIAL_VALUE and name != "social_value" and line.formula == "target":
            return f"£{_short(value)}"  # pounds for each pound: pence would hide the figure
        return _pounds(value) if line.kind is Kind.SOCIAL_VALUE or name == "mean" else _short(value)
    return value.format() if isinstance(value, Money) else str(value)


# What a quantity was set against before it was marked, as printed after it.
PER_WORDS = {
    Per.CONTRACT.value: "",
    Per.PRICE_100K.value: " for each £100,000 of price",
    Per.FTE.value: " for each full-time post",
}


def _own(line: ScoreLine) -> str:
    """What the bid itself offers, before it is set against anything."""
    if line.kind is Kind.PRICE:
        return f"the price is {_show(line, 'price')}"
    if line.kind is Kind.QUALITATIVE:
        return f"marked {_show(line, 'mark')} out of {_show(line, 'scale_max')}"
    if line.kind is Kind.PASS_FAIL:
        return "passed" if line.inputs["passed"] else "not passed, so the bid is excluded"
    per = PER_WORDS[str(line.inputs["per"])]
    if line.kind is Kind.SOCIAL_VALUE:
        offer = f"the promises are worth {_show(line, 'social_value')} of social value"
        per = per or (" for each £1 of price" if "target" in line.inputs else "")
    else:
        offer = f"the bid promises {_show(line, 'quantity')}"
    is_capped = line.inputs["figure"] == line.inputs.get("cap")
    return f"{offer}, counted as {_show(line, 'figure')}{per}" if per or is_capped else offer


def _tell_lowest_ratio(line: ScoreLine) -> str:
    return f"the lowest price, {_show(line, 'lowest')}, is divided by this bid's {_show(line, 'price')}"


def _tell_linear(line: ScoreLine) -> str:
    ends = f"between full marks at {_show(line, 'floor')} and none at {_show(line, 'ceiling')}"
    return f"{_own(line)}, placed on a straight line {ends}"


def _tell_from_lowest(line: ScoreLine) -> str:
    return f"{_own(line)}; marks fall by the share by which it is above the lowest price, {_show(line, 'lowest')}"


def _tell_from_mean(line: ScoreLine) -> str:
    mean = f"the mean price, {_show(line, 'mean')}, gets half"
    return f"{_own(line)}; {mean}, and each per cent below or above it gains or loses one"


def _tell_min_max(line: ScoreLine) -> str:
    ends = f"full marks at the lowest price, {_show(line, 'lowest')}, and none at the highest, {_show(line, 'highest')}"
    return f"{_own(line)}, placed on a straight line between {ends}"


def _tell_target(line: ScoreLine) -> str:
    return f"{_own(line)}, set against a target of {_show(line, 'target')}"


def _tell_proportional(line: ScoreLine) -> str:
    return f"{_own(line)}, set against the best offer, {_show(line, 'best')}"


def _tell_banded(line: ScoreLine) -> str:
    return f"{_own(line)}, which lies in the band worth {_show(line, 'marks')} of {_show(line, 'scale_max')}"


_TELL = {
    "lowest_ratio": _tell_lowest_ratio,
    "linear_to_ceiling": _tell_linear,
    "deviation_from_lowest": _tell_from_lowest,
    "deviation_from_mean": _tell_from_mean,
    "min_max": _tell_min_max,
    "target": _tell_target,
    "proportional": _tell_proportional,
    "banded": _tell_banded,
    "scale": _own,
    "pass_fail": _own,
    "award_on_value": _own,
}
