"""A tender's method: everything that decides marks, frozen and hashed before bids are opened."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import ROUND_DOWN, ROUND_HALF_EVEN, ROUND_HALF_UP, Decimal
from enum import StrEnum
from functools import cached_property
from typing import Any, Self

from wpound.core.additionality import Additionality, read_additionality
from wpound.core.criteria import Criterion, Kind, read_criterion, read_percentage
from wpound.core.form import Form, Problems, write_decimal, write_money
from wpound.core.money import Money, round_half_up
from wpound.core.weighting import Tree, check_codes, check_weightings, lay_out

# Shares are kept to 20 decimals, so a total of exact products is wrong by less than one in the 12th decimal.
# Settling it there first keeps a third and two thirds from missing a half that they really reach.
SETTLED_PLACES = 12


class RoundingMode(StrEnum):
    """How the recorded score is rounded."""

    HALF_UP = "half_up"
    HALF_EVEN = "half_even"
    DOWN = "down"


_MODES = {
    RoundingMode.HALF_UP: ROUND_HALF_UP,
    RoundingMode.HALF_EVEN: ROUND_HALF_EVEN,
    RoundingMode.DOWN: ROUND_DOWN,
}


@dataclass(frozen=True, slots=True)
class Rounding:
    """Places and mode of the recorded score, which alone decides the ranking."""

    places: int = 2
    mode: RoundingMode = RoundingMode.HALF_UP

    def apply(self, value: Decimal) -> Decimal:
        """Round an unrounded score once, for the record.

        >>> Rounding(1).apply(Decimal("70.85")), Rounding(1, RoundingMode.HALF_EVEN).apply(Decimal("70.85"))
        (Decimal('70.9'), Decimal('70.8'))
        """
        settled = round_half_up(value, SETTLED_PLACES)
        return settled.quantize(Decimal(1).scaleb(-self.places), rounding=_MODES[self.mode])


class AwardMethod(StrEnum):
    """How marks and price come to one figure."""

    WEIGHTED = "weighted"
    PRICE_PER_QUALITY_POINT = "price_per_quality_point"
    AWARD_ON_VALUE = "award_on_value"

    @property
    def lowest_wins(self) -> bool:
        """Whether the lowest figure wins; under ``weighted`` the highest does."""
        return self is not AwardMethod.WEIGHTED


# Tie rules that are not the code of a criterion, and what each prefers.
TIE_RULES = {
    "price": "the lower price",
    "quality": "the higher marks for quality",
    "social_value": "the higher marks for social value",
}


@dataclass(frozen=True)
class Method:
    """The whole method. ``threshold`` is in percent of everything that can be scored; ``years`` the contract's length.

    >>> method = Method("Cleaning", (Criterion("q", Kind.QUALITATIVE, 100, scale_max=Decimal(5)),))
    >>> len(method.method_hash)
    64
    """

    title: str
    criteria: tuple[Criterion, ...]
    rounding: Rounding = Rounding()
    ties: tuple[str, ...] = ()
    award: AwardMethod = AwardMethod.WEIGHTED
    threshold: Decimal | None = None
    contract_value: Money | None = None
    years: Decimal | None = None
    additionality: Additionality | None = None
    tree: Tree = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "tree", lay_out(self.criteria))

    def to_dict(self) -> dict[str, Any]:
        """The file form of the method (a tender file without its day and bids)."""
        form: dict[str, Any] = {
            "title": self.title,
            "rounding": {"places": self.rounding.places, "mode": self.rounding.mode.value},
            "ties": list(self.ties),
            "award": {"method": self.award.value},
            "criteria": [criterion.to_dict() for criterion in self.criteria],
        }
        if self.threshold is not None:
            form["threshold"] = write_decimal(self.threshold)
        if self.contract_value is not None:
            form["contract_value"] = write_money(self.contract_value)
        if self.years is not None:
            form["years"] = write_decimal(self.years)
        if self.additionality is not None:
            shares = self.additionality.shares
            form["additionality"] = {name: write_decimal(share) for name, share in shares.items()}
        return form

    def to_json(self) -> str:
        """Canonical JSON: sorted keys, no spaces, decimals as text. The same method always gives the same bytes."""
        return json.dumps(self.to_dict(), ensure_ascii=False, sort_keys=True, separators=(",", ":"))

    @cached_property
    def method_hash(self) -> str:
        """SHA-256 of the canonical JSON, in hexadecimal."""
        return hashlib.sha256(self.to_json().encode()).hexdigest()

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Self:
        """Read the file form; raises :class:`InputErrors` with every problem and its place."""
        problems = Problems()
        form = Form(data, "", problems)
        method = cls(**read_settings(form))
        form.close()
        check_method(method, problems)
        problems.raise_if_any()
        return method


def read_settings(form: Form) -> dict[str, Any]:
    """Read the fields of a method from a form that may hold more than the method."""
    award = form.table("award")
    award_method = award.choice("method", AwardMethod, required=form.has("award")) or AwardMethod.WEIGHTED
    award.close()
    has_worth = award_method is AwardMethod.AWARD_ON_VALUE
    return {
        "title": form.text("title"),
        "award": award_method,
        "criteria": tuple(read_criterion(row, has_worth) for row in form.rows("criteria")),
        "rounding": _read_rounding(form.table("rounding")),
        "ties": form.words("ties"),
        "threshold": read_percentage(form, "threshold"),
        "contract_value": form.money("contract_value", required=False),
        "years": form.decimal("years", required=False),
        "additionality": read_additionality(form.table("additionality")) if form.has("additionality") else None,
    }


def _read_rounding(form: Form) -> Rounding:
    places = form.whole("places", 0, 10, required=False)
    mode = form.choice("mode", RoundingMode, required=False)
    form.close()
    return Rounding(2 if places is None else places, mode or RoundingMode.HALF_UP)


def check_method(method: Method, problems: Problems) -> None:
    """Record what is wrong with a method as a whole: weightings, codes, tie rules, price under another award."""
    check_weightings(method.criteria, problems)
    check_codes(method.tree, problems)
    for name, number in (("contract_value", method.contract_value), ("years", method.years)):
        if number is not None and (number.pence if isinstance(number, Money) else number) <= 0:
            problems.add(name, "must be more than 0")
    codes = {node.criterion.code for node in method.tree.nodes}
    for i, rule in enumerate(method.ties):
        if rule not in codes and rule not in TIE_RULES:
            known = ", ".join(sorted(codes | set(TIE_RULES)))
            problems.add(f"ties[{i}]", f"{rule!r} is no rule for ties; use the code of a criterion or one of: {known}")
    if method.award is not AwardMethod.WEIGHTED:
        for leaf in method.tree.leaves:
            if leaf.criterion.kind is Kind.PRICE:
                problems.add(
                    f"{leaf.path}.kind",
                    f"the award method {method.award.value} counts the price already; leave price criteria out",
                )
