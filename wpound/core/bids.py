"""What a bidder offers: a price, promises in units, evaluators' marks and passes."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from wpound.core.form import Form, write_decimal, write_money
from wpound.core.money import Money
from wpound.core.quantities import Unit


@dataclass(frozen=True, slots=True)
class Commitment:
    """A promise of a quantity of a measure, in the measure's unit; ``year`` is the calendar year of delivery.

    ``unit`` is what the bidder says the quantity is in, where it was stated: it must be the measure's own.
    """

    measure: str
    quantity: Decimal
    year: int | None = None
    unit: Unit | None = None

    def to_dict(self) -> dict[str, Any]:
        """The file form."""
        found: dict[str, Any] = {"measure": self.measure, "quantity": write_decimal(self.quantity)}
        if self.year is not None:
            found["year"] = self.year
        if self.unit is not None:
            found["unit"] = self.unit.value
        return found


@dataclass(frozen=True, slots=True)
class Bid:
    """One bid. ``marks``, ``passes`` and ``reasons`` are by criterion code; ``fte`` is the posts on the contract."""

    bidder: str
    price: Money
    marks: Mapping[str, Decimal] = field(default_factory=dict)
    passes: Mapping[str, bool] = field(default_factory=dict)
    commitments: tuple[Commitment, ...] = ()
    fte: Decimal | None = None
    reasons: Mapping[str, str] = field(default_factory=dict)

    def to_dict(self) -> dict[str, Any]:
        """The file form; read back it gives an equal bid."""
        found: dict[str, Any] = {
            "bidder": self.bidder,
            "price": write_money(self.price),
            "marks": {code: write_decimal(mark) for code, mark in self.marks.items()},
            "passes": dict(self.passes),
            "commitments": [commitment.to_dict() for commitment in self.commitments],
        }
        if self.fte is not None:
            found["fte"] = write_decimal(self.fte)
        if self.reasons:
            found["reasons"] = dict(self.reasons)
        return found


def read_bid(form: Form) -> Bid:
    """Read one bid; problems are recorded on the form."""
    marks, passes, reasons = form.table("marks"), form.table("passes"), form.table("reasons")
    read_marks = {code: marks.decimal(code) for code in marks}
    read_passes = {code: passes.flag(code) for code in passes}
    bid = Bid(
        bidder=form.text("bidder", limit=200),
        price=form.money("price") or Money(0),
        marks={code: mark for code, mark in read_marks.items() if mark is not None},
        passes={code: passed for code, passed in read_passes.items() if passed is not None},
        commitments=tuple(_read_commitment(row) for row in form.rows("commitments", required=False)),
        fte=form.decimal("fte", required=False),
        reasons={code: reasons.text(code, limit=5000) for code in reasons},
    )
    form.close()
    return bid


def _read_commitment(form: Form) -> Commitment:
    commitment = Commitment(
        measure=form.text("measure"),
        quantity=form.decimal("quantity") or Decimal(0),
        year=form.whole("year", 2000, 2100, required=False),
        unit=form.choice("unit", Unit, required=False),
    )
    form.close()
    return commitment
