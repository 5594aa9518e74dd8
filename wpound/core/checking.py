"""Bids held against the method and the catalogue: every problem with its place, and the values they will use."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal

from wpound.core.bids import Bid, Commitment
from wpound.core.criteria import Kind, Per
from wpound.core.errors import MeasureNotInForce, UnknownMeasure
from wpound.core.figures import kinds_counted
from wpound.core.form import Problems, write_decimal
from wpound.core.method import Method
from wpound.core.quantities import Unit
from wpound.core.valuing import CatalogueLike, MeasureLike, Valuation, ValueKind, ValueLike, valued_on
from wpound.core.weighting import Leaf

NOTHING = Decimal(0)


def check_bids(
    method: Method, bids: Sequence[Bid], catalogue: CatalogueLike, as_of: date, problems: Problems
) -> Valuation:
    """Record everything that keeps the bids from being scored, and look up each measure and value once."""
    if not bids:
        problems.add("bids", "there is no bid to score")
    checker = _Checker(method, catalogue, as_of, problems)
    for i, bid in enumerate(bids):
        checker.check_bid(bid, f"bids[{i}]")
    _check_names(bids, problems)
    return Valuation(checker.measures, checker.values)


def _check_names(bids: Sequence[Bid], problems: Problems) -> None:
    seen: set[str] = set()
    for i, bid in enumerate(bids):
        name = bid.bidder.casefold()
        if name and name in seen:
            problems.add(f"bids[{i}].bidder", f"{bid.bidder!r} has two bids; only one can be scored")
        seen.add(name)


class _Checker:
    """Holds what every bid is checked against, so that the tree is walked once and not once a bid."""

    def __init__(self, method: Method, catalogue: CatalogueLike, as_of: date, problems: Problems) -> None:
        self.catalogue, self.as_of, self.problems = catalogue, as_of, problems
        self.measures: dict[str, MeasureLike] = {}
        self.values: dict[tuple[str, int | None], ValueLike] = {}
        # The unit by measure and year, where such a promise was in order before.
        self.sound: dict[tuple[str, int | None], Unit] = {}
        leaves = method.tree.leaves
        self.marked = {leaf.criterion.code: leaf.criterion for leaf in leaves if _is(leaf, Kind.QUALITATIVE)}
        # A criterion whose kind could not be read has no formula; what bids say of it cannot be judged.
        self.unsure = {leaf.criterion.code for leaf in leaves if leaf.criterion.formula is None}
        self.passed = {leaf.criterion.code for leaf in leaves if _is(leaf, Kind.PASS_FAIL)} - self.unsure
        self.codes = {node.criterion.code for node in method.tree.nodes}
        self.needs_fte = any(leaf.criterion.per is Per.FTE for leaf in leaves)
        counted = (kinds_counted(leaf.criterion) for leaf in leaves if _is(leaf, Kind.SOCIAL_VALUE))
        self.money_kinds = set[ValueKind]().union(*counted)
        for leaf in leaves:
            if leaf.criterion.measure:
                self._check_quantity(leaf)

    def find(self, code: str, path: str) -> MeasureLike | None:
        if code not in self.measures:
            try:
                self.measures[code] = self.catalogue.get_measure(code)
            except UnknownMeasure as error:
                self.problems.add(path, error.message)
        return self.measures.get(code)

    def _check_quantity(self, leaf: Leaf) -> None:
        measure = self.find(leaf.criterion.measure, f"{leaf.path}.measure")
        if measure is not None and measure.unit is Unit.PERCENT and leaf.criterion.per is not Per.CONTRACT:
            self.problems.add(f"{leaf.path}.per", f"{measure.title} is a percentage, which is always per contract")

    def check_bid(self, bid: Bid, path: str) -> None:
        if bid.price.pence <= 0:
            self.problems.add(f"{path}.price", "must be more than £0.00; a bid without a price cannot be compared")
        self._check_marks(bid, path)
        self._check_passes(bid, path)
        for code in bid.reasons:
            if code not in self.codes:
                self.problems.add(f"{path}.reasons.{code}", "is not the code of a criterion")
        if bid.fte is not None and bid.fte <= 0:
            self.problems.add(f"{path}.fte", "must be more than 0")
        elif bid.fte is None and self.needs_fte:
            self.problems.add(f"{path}.fte", "is missing; a criterion counts per full-time post")
        self._check_commitments(bid, path)

    def _check_marks(self, bid: Bid, path: str) -> None:
        for code, criterion in self.marked.items():
            if code not in bid.marks:
                self.problems.add(f"{path}.marks.{code}", f"the mark for {criterion.heading} is missing")
        for code, mark in bid.marks.items():
            known = self.marked.get(code)
            if known is None:
                if code in self.unsure:
                    continue
                self.problems.add(f"{path}.marks.{code}", "is not the code of a criterion that evaluators mark")
            elif mark < 0 or mark > (known.scale_max or mark):
                top = write_decimal(known.scale_max or mark)
                self.problems.add(f"{path}.marks.{code}", f"is {write_decimal(mark)}, outside the scale of 0 to {top}")
            elif known.scale and mark not in {point.mark for point in known.scale}:
                self.problems.add(f"{path}.marks.{code}", f"is {write_decimal(mark)}, which is no point of the scale")

    def _check_passes(self, bid: Bid, path: str) -> None:
        for code in sorted(self.passed - bid.passes.keys()):
            self.problems.add(f"{path}.passes.{code}", "is missing; say true or false")
        for code in sorted(bid.passes.keys() - self.passed - self.unsure):
            self.problems.add(f"{path}.passes.{code}", "is not the code of a pass or fail criterion")

    def _check_commitments(self, bid: Bid, path: str) -> None:
        seen: set[tuple[str, int | None]] = set()
        for i, commitment in enumerate(bid.commitments):
            key = (commitment.measure, commitment.year)
            unit = self.sound.get(key)
            is_plain = unit is not None and (commitment.unit or unit) is unit
            if not is_plain or key in seen or commitment.quantity < NOTHING:
                self._check_commitment(commitment, key in seen, f"{path}.commitments[{i}]")
            seen.add(key)

    def _check_commitment(self, commitment: Commitment, is_repeated: bool, place: str) -> None:
        measure = self.find(commitment.measure, f"{place}.measure")
        if is_repeated:
            self.problems.add(f"{place}.measure", "is promised twice for the same year; add the two up")
        if commitment.quantity < 0:
            self.problems.add(f"{place}.quantity", "must not be less than 0")
        if measure is not None:
            self._check_measure(measure, commitment, place)

    def _check_measure(self, measure: MeasureLike, commitment: Commitment, place: str) -> None:
        if commitment.unit is not None and commitment.unit is not measure.unit:
            wrong = f"{measure.title} is counted in {measure.unit.label}, not in {commitment.unit.label}"
            self.problems.add(f"{place}.unit", wrong)
        if measure.unit is Unit.PERCENT and commitment.year is not None:
            self.problems.add(
                f"{place}.year", "a percentage holds for the whole contract; promise it once, without a year"
            )
        if measure.unit is Unit.PERCENT and commitment.quantity > 100:
            self.problems.add(f"{place}.quantity", "is a percentage, so at most 100")
        key = (measure.code, commitment.year)
        if measure.value_kind in self.money_kinds and key not in self.values:
            self._value(measure, commitment.year, place)
        if measure.unit is not Unit.PERCENT and (measure.value_kind not in self.money_kinds or key in self.values):
            self.sound[commitment.measure, commitment.year] = measure.unit

    def _value(self, measure: MeasureLike, year: int | None, place: str) -> None:
        if year is None and "as_of" in self.problems:
            return
        try:
            self.values[measure.code, year] = measure.value_on(valued_on(year, self.as_of))
        except MeasureNotInForce as error:
            field = "measure" if year is None else "year"
            self.problems.add(f"{place}.{field}", f"{error.message}, and this tender counts it in pounds")


def _is(leaf: Leaf, kind: Kind) -> bool:
    return leaf.criterion.kind is kind
