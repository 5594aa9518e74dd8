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

    ``unit`` is what the bidder says the quantity is in, where it was stated: it must be the measure's own. ``people``
    (keys, never names) and ``evidence`` (fingerprints or names of files) are what stands behind it, where stated; they
    carry no marks.
    """

    measure: str
    quantity: Decimal
    year: int | None = None
    unit: Unit | None = None
    people: tuple[str, ...] = ()
    evidence: tuple[str, ...] = ()

    def to_dict(self) -> dict[str, Any]:
        """The file form."""
        found: dict[str, Any] = {"measure": self.measure, "quantity": write_decimal(self.quantity)}
        if self.year is not None:
            found["year"] = self.year
        if self.unit is not None:
            found["unit"] = self.unit.value
        for name, keys in (("people", self.people), ("evidence", self.evidence)):
            if keys:
                found[name] = list(keys)
        return found


@dataclass(frozen=True, slots=True)
class Company:
    """Facts a bidder states about itself, to ask whether its promises can be kept; None where it stated nothing.

    ``headcount`` is people employed, ``turnover`` pounds a year, ``baseline_tco2e`` its yearly carbon footprint in
    tonnes, ``supply_chain_share`` the share of the price, from 0 to 1, that it would spend with its own suppliers.
    """

    headcount: int | None = None
    turnover: Money | None = None
    baseline_tco2e: Decimal | None = None
    supply_chain_share: Decimal | None = None

    def to_dict(self) -> dict[str, Any]:
        """The file form: what is not known is left out."""
        found: dict[str, Any] = {}
        if self.headcount is not None:
            found["headcount"] = self.headcount
        if self.turnover is not None:
            found["turnover"] = write_money(self.turnover)
        if self.baseline_tco2e is not None:
            found["baseline_tco2e"] = write_decimal(self.baseline_tco2e)
        if self.supply_chain_share is not None:
            found["supply_chain_share"] = write_decimal(self.supply_chain_share)
        return found


@dataclass(frozen=True, slots=True)
class Bid:
    """One bid. ``marks``, ``passes`` and ``reasons`` are by criterion code; ``fte`` is the posts on the contract.

    ``company`` never carries marks: it is what plausibility questions are asked from.
    """

    bidder: str
    price: Money
    marks: Mapping[str, Decimal] = field(default_factory=dict)
    passes: Mapping[str, bool] = field(default_factory=dict)
    commitments: tuple[Commitment, ...] = ()
    fte: Decimal | None = None
    reasons: Mapping[str, str] = field(default_factory=dict)
    company: Company = Company()

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
        if company := self.company.to_dict():
            found["company"] = company
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
        commitments=tuple(read_commitment(row) for row in form.rows("commitments", required=False)),
        fte=form.decimal("fte", required=False),
        reasons={code: reasons.text(code, limit=5000) for code in reasons},
        company=read_company(form.table("company")),
    )
    form.close()
    return bid


def read_commitment(form: Form) -> Commitment:
    """Read one promise; problems are recorded on the form."""
    commitment = Commitment(
        measure=form.text("measure"),
        quantity=form.decimal("quantity") or Decimal(0),
        year=form.whole("year", 2000, 2100, required=False),
        unit=form.choice("unit", Unit, required=False),
        people=form.words("people"),
        evidence=form.words("evidence"),
    )
    form.close()
    return commitment


def read_company(form: Form) -> Company:
    """Read what a bidder states about itself; problems are recorded on the form."""
    turnover, baseline = form.money("turnover", required=False), form.decimal("baseline_tco2e", required=False)
    share = form.decimal("supply_chain_share", required=False)
    if turnover is not None and turnover.pence < 0:
        form.refuse("turnover", "must not be less than £0.00")
    if baseline is not None and baseline < 0:
        form.refuse("baseline_tco2e", "must not be less than 0")
    if share is not None and not 0 <= share <= 1:
        form.refuse("supply_chain_share", "must be a share from 0 to 1, like 0.25")
    company = Company(form.whole("headcount", 0, 10_000_000, required=False), turnover, baseline, share)
    form.close()
    return company
