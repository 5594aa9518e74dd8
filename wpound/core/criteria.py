"""One criterion of a tender's method: what is marked, by which formula, with which settings."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from itertools import pairwise
from typing import Any

from wpound.core.form import Form, write_decimal, write_money
from wpound.core.money import Money

CODE = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.\-]{0,79}", re.ASCII)
MOST_LEVELS = 5
LONGEST_TEXT = 2000
MOST_WORDS = 10_000


class Kind(StrEnum):
    """What a criterion is: a group of others, or one of five kinds of leaf."""

    GROUP = "group"
    PRICE = "price"
    QUALITATIVE = "qualitative"
    QUANTITY = "quantity"
    SOCIAL_VALUE = "social_value"
    PASS_FAIL = "pass_fail"  # noqa: S105 a kind of criterion, not a password

    @property
    def is_promised(self) -> bool:
        """Whether a bid is marked by the quantities it promises to deliver, by one measure or by their value."""
        return self in (Kind.QUANTITY, Kind.SOCIAL_VALUE)


class Formula(StrEnum):
    """How a leaf's share of its marks is worked out."""

    LOWEST_RATIO = "lowest_ratio"
    LINEAR_TO_CEILING = "linear_to_ceiling"
    DEVIATION_FROM_LOWEST = "deviation_from_lowest"
    DEVIATION_FROM_MEAN = "deviation_from_mean"
    MIN_MAX = "min_max"
    TARGET = "target"
    PROPORTIONAL = "proportional"
    BANDED = "banded"
    SCALE = "scale"
    PASS_FAIL = "pass_fail"  # noqa: S105

    @property
    def is_relative(self) -> bool:
        """Whether a bid's mark depends on the other bids, so that one bid more or less can reorder the rest."""
        return self in _RELATIVE


_RELATIVE = {
    Formula.LOWEST_RATIO,
    Formula.DEVIATION_FROM_LOWEST,
    Formula.DEVIATION_FROM_MEAN,
    Formula.MIN_MAX,
    Formula.PROPORTIONAL,
}
FORMULAS = {
    Kind.PRICE: [
        Formula.LOWEST_RATIO,
        Formula.LINEAR_TO_CEILING,
        Formula.DEVIATION_FROM_LOWEST,
        Formula.DEVIATION_FROM_MEAN,
        Formula.MIN_MAX,
        Formula.BANDED,
    ],
    Kind.QUANTITY: [Formula.TARGET, Formula.BANDED, Formula.PROPORTIONAL],
    Kind.SOCIAL_VALUE: [Formula.TARGET, Formula.PROPORTIONAL],
}


class Per(StrEnum):
    """What a quantity is set against before it is marked."""

    CONTRACT = "contract"
    PRICE_100K = "price_100k"
    FTE = "fte"


@dataclass(frozen=True, slots=True)
class Band:
    """From this figure on (pounds for a price, the measure's unit for a quantity) the bid gets these marks."""

    start: Decimal
    marks: Decimal


@dataclass(frozen=True, slots=True)
class ScalePoint:
    """One point of an evaluator's scale, with the words that say when it is given."""

    mark: Decimal
    words: str


@dataclass(frozen=True, slots=True)
class Criterion:
    """A node of the criteria tree; settings its kind and formula do not use are None or empty.

    ``weighting`` is whole percent within the parent (0 for pass/fail). ``worth`` takes its place at the top level of
    an award on value. ``threshold`` is in a leaf's own marks (quantity: the measure's unit after ``per``; social
    value: pounds), in percent of what can be scored on a group. ``ceiling`` is a price in pounds; ``floor`` a price in
    pounds or, under ``target``, the least quantity that scores; ``target`` and ``cap`` are in the unit that is marked.

    The last five are words for bidders and carry no marks: ``question`` is what a bidder answers in at most
    ``word_limit`` words, ``evidence`` what proves delivery, ``area`` what local means here, ``note`` anything else.
    """

    code: str
    kind: Kind
    weighting: int = 0
    title: str = ""
    worth: Money | None = None
    formula: Formula | None = None
    threshold: Decimal | None = None
    scale_max: Decimal | None = None
    scale: tuple[ScalePoint, ...] = ()
    ceiling: Decimal | None = None
    floor: Decimal | None = None
    bands: tuple[Band, ...] = ()
    measure: str = ""
    target: Decimal | None = None
    cap: Decimal | None = None
    per: Per = Per.CONTRACT
    include_flow: bool = False
    criteria: tuple["Criterion", ...] = ()
    question: str = ""
    word_limit: int | None = None
    evidence: str = ""
    area: str = ""
    note: str = ""

    @property
    def heading(self) -> str:
        """The title, or the code in words where no title was given."""
        return self.title or self.code.replace("_", " ").capitalize()

    @property
    def is_relative(self) -> bool:
        """Whether the marks depend on the other bids, here or anywhere below."""
        if self.kind is Kind.GROUP:
            return any(child.is_relative for child in self.criteria)
        return self.formula is not None and self.formula.is_relative

    def to_dict(self) -> dict[str, Any]:
        """The file form: decimals as plain text, settings that are not used left out."""
        form: dict[str, Any] = {"code": self.code, "kind": self.kind.value}
        if self.title:
            form["title"] = self.title
        if self.worth is not None:
            form["worth"] = write_money(self.worth)
        elif self.kind is not Kind.PASS_FAIL:
            form["weighting"] = self.weighting
        if self.kind in FORMULAS and self.formula is not None:
            form["formula"] = self.formula.value
        form.update(self._settings())
        if self.criteria:
            form["criteria"] = [child.to_dict() for child in self.criteria]
        return form

    def _settings(self) -> dict[str, Any]:
        numbers: Mapping[str, Decimal | None] = {
            "threshold": self.threshold,
            "scale_max": self.scale_max,
            "ceiling": self.ceiling,
            "floor": self.floor,
            "target": self.target,
            "cap": self.cap,
        }
        found: dict[str, Any] = {name: write_decimal(number) for name, number in numbers.items() if number is not None}
        found |= {name: text for name, text in self._texts().items() if text}
        if self.word_limit is not None:
            found["word_limit"] = self.word_limit
        if self.kind.is_promised:
            found["per"] = self.per.value
        if self.include_flow:
            found["include_flow"] = True
        if self.bands:
            found["bands"] = [{"from": write_decimal(b.start), "marks": write_decimal(b.marks)} for b in self.bands]
        if self.scale:
            found["scale"] = [{"mark": write_decimal(p.mark), "words": p.words} for p in self.scale]
        return found

    def _texts(self) -> dict[str, str]:
        return {
            "measure": self.measure,
            "question": self.question,
            "evidence": self.evidence,
            "area": self.area,
            "note": self.note,
        }


def read_criterion(form: Form, has_worth: bool, level: int = 1) -> Criterion:
    """Read one criterion and all below it; ``has_worth`` where pounds take the place of the weighting."""
    code = form.text("code")
    if code and not CODE.fullmatch(code):
        form.refuse("code", "may hold only letters, digits, dots, hyphens and underscores (at most 80)")
    kind = form.choice("kind", Kind)
    if kind is None:
        return Criterion(code, Kind.PASS_FAIL)
    settings: dict[str, Any] = {"title": form.text("title", required=False), "note": _words(form, "note")}
    if kind is not Kind.PASS_FAIL:
        if has_worth:
            settings["worth"] = _positive_money(form, "worth")
        else:
            settings["weighting"] = form.whole("weighting", 1, 100) or 0
    settings |= _READERS[kind](form) if kind is not Kind.GROUP else _read_group(form, level)
    form.close()
    return Criterion(code, kind, **settings)


def _words(form: Form, key: str) -> str:
    """Words for bidders, which may be left out."""
    return form.text(key, required=False, limit=LONGEST_TEXT)


def _positive_money(form: Form, key: str) -> Money:
    amount = form.money(key)
    if amount is not None and amount.pence <= 0:
        form.refuse(key, "must be more than £0.00")
    return amount or Money(0)


def _positive(form: Form, key: str, required: bool = True) -> Decimal | None:
    number = form.decimal(key, required)
    if number is not None and number <= 0:
        form.refuse(key, "must be more than 0")
        return None
    return number


def _not_negative(form: Form, key: str, required: bool = True) -> Decimal | None:
    number = form.decimal(key, required)
    if number is not None and number < 0:
        form.refuse(key, "must not be less than 0")
        return None
    return number


def read_percentage(form: Form, key: str) -> Decimal | None:
    """An optional percentage from 0 to 100."""
    number = _not_negative(form, key, required=False)
    if number is not None and number > 100:
        form.refuse(key, "is a percentage, so at most 100")
    return number


def _read_group(form: Form, level: int) -> dict[str, Any]:
    rows = form.rows("criteria")
    if level >= MOST_LEVELS:
        form.refuse("criteria", f"criteria may be nested at most {MOST_LEVELS} levels deep")
        rows = []
    children = tuple(read_criterion(row, has_worth=False, level=level + 1) for row in rows)
    return {"threshold": read_percentage(form, "threshold"), "criteria": children}


def _read_price(form: Form) -> dict[str, Any]:
    formula = form.choice("formula", FORMULAS[Kind.PRICE])
    settings: dict[str, Any] = {"formula": formula}
    if formula is Formula.LINEAR_TO_CEILING:
        ceiling, floor = _positive(form, "ceiling"), _not_negative(form, "floor")
        if ceiling is not None and floor is not None and floor >= ceiling:
            form.refuse("floor", "must be lower than the ceiling")
        settings |= {"ceiling": ceiling, "floor": floor}
    elif formula is Formula.BANDED:
        settings |= _read_bands(form, rising=False)
    return settings


def _read_qualitative(form: Form) -> dict[str, Any]:
    points = tuple(_read_point(row) for row in form.rows("scale", required=False))
    scale_max = _positive(form, "scale_max", required=not points)
    if points:
        top = max(point.mark for point in points)
        if len({point.mark for point in points}) < len(points):
            form.refuse("scale", "the same mark is described twice")
        if scale_max is not None and scale_max != top:
            form.refuse("scale_max", f"is not the highest mark of the scale, {write_decimal(top)}")
        scale_max = top
    threshold = _not_negative(form, "threshold", required=False)
    if threshold is not None and scale_max is not None and threshold > scale_max:
        form.refuse("threshold", f"is above the highest mark, {write_decimal(scale_max)}, so no bid could pass")
    asked = {"question": _words(form, "question"), "word_limit": form.whole("word_limit", 1, MOST_WORDS, False)}
    return {"formula": Formula.SCALE, "scale_max": scale_max, "scale": points, "threshold": threshold} | asked


def _read_point(form: Form) -> ScalePoint:
    point = ScalePoint(_not_negative(form, "mark") or Decimal(0), form.text("words", limit=LONGEST_TEXT))
    form.close()
    return point


def _read_quantity(form: Form) -> dict[str, Any]:
    formula = form.choice("formula", FORMULAS[Kind.QUANTITY])
    settings: dict[str, Any] = {"measure": form.text("measure"), "formula": formula} | _read_counting(form)
    settings |= {"evidence": _words(form, "evidence"), "area": _words(form, "area")}
    if formula is Formula.TARGET:
        target, floor = _positive(form, "target"), _not_negative(form, "floor", required=False)
        if target is not None and floor is not None and floor > target:
            form.refuse("floor", "is above the target, so reaching the target would score nothing")
        settings |= {"target": target, "floor": floor}
    elif formula is Formula.BANDED:
        settings |= _read_bands(form, rising=True)
    if settings["cap"] is not None and settings.get("target") is not None and settings["cap"] < settings["target"]:
        form.refuse("cap", "is below the target, so no bid could have full marks")
    return settings


def _read_social_value(form: Form) -> dict[str, Any]:
    formula = form.choice("formula", FORMULAS[Kind.SOCIAL_VALUE])
    settings: dict[str, Any] = {"formula": formula, "include_flow": bool(form.flag("include_flow", required=False))}
    settings |= _read_counting(form)
    if formula is Formula.TARGET:
        settings["target"] = _positive(form, "target")
        if settings["per"] is not Per.CONTRACT:
            form.refuse("per", "is not used here: a social value target is always pounds for each pound of price")
    return settings


def _read_counting(form: Form) -> dict[str, Any]:
    per = form.choice("per", Per, required=False)
    return {
        "per": per or Per.CONTRACT,
        "cap": _positive(form, "cap", required=False),
        "threshold": _not_negative(form, "threshold", required=False),
    }


def _read_bands(form: Form, rising: bool) -> dict[str, Any]:
    top = _positive(form, "scale_max", required=False) or Decimal(100)
    bands = tuple(_read_band(row, top) for row in form.rows("bands"))
    for i, (before, after) in enumerate(pairwise(bands), start=1):
        if after.start <= before.start:
            form.refuse(f"bands[{i}].from", "must be higher than the one before")
        if (after.marks < before.marks) if rising else (after.marks > before.marks):
            better = "More of a measure" if rising else "A lower price"
            form.refuse(f"bands[{i}].marks", f"{better} may never get fewer marks")
    if bands and not rising and bands[0].start != 0:
        form.refuse("bands[0].from", "must be 0, so that every price lies in a band")
    return {"bands": bands, "scale_max": top}


def _read_band(form: Form, top: Decimal) -> Band:
    band = Band(_not_negative(form, "from") or Decimal(0), _not_negative(form, "marks") or Decimal(0))
    if band.marks > top:
        form.refuse("marks", f"is above {write_decimal(top)}, the most a band can give")
    form.close()
    return band


def _read_pass_fail(form: Form) -> dict[str, Any]:
    return {"formula": Formula.PASS_FAIL, "question": _words(form, "question")}


_READERS = {
    Kind.PRICE: _read_price,
    Kind.QUALITATIVE: _read_qualitative,
    Kind.QUANTITY: _read_quantity,
    Kind.SOCIAL_VALUE: _read_social_value,
    Kind.PASS_FAIL: _read_pass_fail,
}
