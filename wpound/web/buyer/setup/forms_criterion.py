"""The forms of one criterion, one for each kind; each reads and writes the file form of a criterion."""

import re
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from wpound.core.criteria import FORMULAS, LONGEST_TEXT, MOST_WORDS, Criterion, Formula, Kind, Per, ScalePoint
from wpound.core.form import write_decimal, write_money
from wpound.core.money import Money
from wpound.web.fields import (
    CheckboxField,
    DecimalField,
    IntegerField,
    LongTextField,
    MoneyField,
    RadioField,
    SelectField,
    TextField,
)
from wpound.web.forms import EditForm

KIND_TITLES = {
    Kind.GROUP: "Group of criteria",
    Kind.PRICE: "Price",
    Kind.QUALITATIVE: "Question marked by evaluators",
    Kind.QUANTITY: "Promise in the unit of a measure",
    Kind.SOCIAL_VALUE: "Promises added up in pounds",
    Kind.PASS_FAIL: "Pass or fail question",
}
FORMULA_TITLES = {
    Formula.LOWEST_RATIO: "Lowest price divided by this price",
    Formula.LINEAR_TO_CEILING: "Straight line from a floor to a ceiling you set",
    Formula.DEVIATION_FROM_LOWEST: "Less the share above the lowest price",
    Formula.DEVIATION_FROM_MEAN: "Against the mean of all prices",
    Formula.MIN_MAX: "Straight line from the lowest to the highest price",
    Formula.TARGET: "Against a target you set",
    Formula.PROPORTIONAL: "Against the largest promise",
    Formula.BANDED: "By bands you set",
}
PER_TITLES = {
    Per.CONTRACT: "For the whole contract",
    Per.PRICE_100K: "For each £100,000 of the price, so that small and large bids compare",
    Per.FTE: "For each full-time post on the contract",
}
LEAST_ROWS = 6
THRESHOLD = "Bids below it are excluded. Leave empty for none."
WEIGHTING = "In whole per cent of the group it is in (of everything, at the top)."


class CriterionForm(EditForm):
    """What every criterion has; the form of each kind adds its own settings."""

    kind: Kind
    code = TextField(
        "Short name",
        longest=80,
        description="Letters, digits, dots, hyphens and underscores. Made from the title if left empty.",
    )
    title = TextField("Title", missing="Enter a title")
    note = LongTextField("Note to bidders", longest=LONGEST_TEXT, description="Anything else they should know.")

    def settings(self) -> dict[str, Any]:
        """The settings of its kind as the file form has them; None for what is left empty."""
        return {}

    def weighting_or_worth(self) -> dict[str, Any]:
        """What the criterion carries, in percent or in pounds."""
        if "worth" in self:
            worth = self["worth"].data
            return {"worth": write_money(worth) if worth is not None else None}
        return {"weighting": self["weighting"].data if "weighting" in self else None}

    def to_dict(self) -> dict[str, Any]:
        """The criterion as the file form has it."""
        code = self.code.data or make_code(self.title.data or "")
        found = {"code": code, "kind": self.kind.value, "title": self.title.data, "note": self.note.data}
        found |= self.weighting_or_worth() | self.settings()
        return {name: part for name, part in found.items() if part not in (None, [], "")}


def make_code(title: str) -> str:
    """A short name from a title.

    >>> make_code("Team & training (2)")
    'team_training_2'
    """
    return re.sub(r"[^a-z0-9]+", "_", title.lower().encode("ascii", "ignore").decode()).strip("_")[:80] or "criterion"


def _written(number: Decimal | None) -> str | None:
    return None if number is None else write_decimal(number)


class GroupForm(CriterionForm):
    """A group: its criteria are weighed against each other inside it."""

    kind = Kind.GROUP
    threshold = DecimalField(
        "Least per cent a bid must reach here",
        most=100,
        description="Bids below it are excluded. Leave empty for none.",
    )

    def settings(self) -> dict[str, Any]:
        """A group has nothing but a threshold."""
        return {"threshold": _written(self.threshold.data)}


class PassFailForm(CriterionForm):
    """A question that is passed or not and carries no marks."""

    kind = Kind.PASS_FAIL
    question = LongTextField("Question", missing="Enter the question", longest=LONGEST_TEXT)

    def settings(self) -> dict[str, Any]:
        """Its question."""
        return {"question": self.question.data}


class PriceForm(CriterionForm):
    """How prices get marks."""

    kind = Kind.PRICE
    formula = RadioField(
        "How prices get marks",
        {formula.value: FORMULA_TITLES[formula] for formula in FORMULAS[Kind.PRICE]},
        missing="Select how prices get marks",
    )
    ceiling = MoneyField("Ceiling: this price or more gets no marks")
    floor = MoneyField("Floor: this price or less gets all the marks")
    scale_max = DecimalField("Marks of the best band", least=Decimal("0.01"), description="100 if left empty.")
    rows: tuple[int, ...]

    def settings(self) -> dict[str, Any]:
        """The formula with the settings it uses."""
        found: dict[str, Any] = {"formula": self.formula.data}
        if self.formula.data == Formula.LINEAR_TO_CEILING.value:
            ends = {"ceiling": self.ceiling.data, "floor": self.floor.data}
            found |= {name: money and write_decimal(money.pounds) for name, money in ends.items()}
        elif self.formula.data == Formula.BANDED.value:
            found |= {"scale_max": _written(self.scale_max.data), "bands": bands_of(self)}
        return found


class QualitativeForm(CriterionForm):
    """A question with the scale evaluators mark it on."""

    kind = Kind.QUALITATIVE
    question = LongTextField("Question", missing="Enter the question", longest=LONGEST_TEXT)
    word_limit = IntegerField("Most words of an answer", least=1, most=MOST_WORDS)
    scale_max = DecimalField(
        "Highest mark", least=Decimal("0.01"), most=1000, description="Only where the scale above is left empty."
    )
    threshold = DecimalField("Least mark", description=THRESHOLD)
    rows: tuple[int, ...]

    def settings(self) -> dict[str, Any]:
        """Question, word limit and scale."""
        points = [
            {"mark": _written(self[f"scale_{row}_mark"].data), "words": self[f"scale_{row}_words"].data}
            for row in self.rows
        ]
        scale = [point for point in points if point["mark"] is not None or point["words"]]
        return {
            "question": self.question.data,
            "word_limit": self.word_limit.data,
            "scale": scale,
            "scale_max": None if scale else _written(self.scale_max.data),
            "threshold": _written(self.threshold.data),
        }


class QuantityForm(CriterionForm):
    """A promise counted in a measure's own unit."""

    kind = Kind.QUANTITY
    measure = SelectField("Measure", {}, missing="Select a measure")
    formula = RadioField(
        "How promises get marks",
        {formula.value: FORMULA_TITLES[formula] for formula in FORMULAS[Kind.QUANTITY]},
        missing="Select how promises get marks",
    )
    target = DecimalField(
        "Target", least=Decimal("0.01"), description="In the unit of the measure. It gets all the marks."
    )
    floor = DecimalField("Least that gets marks", description="Only with a target. Leave empty for none.")
    cap = DecimalField("Most that is counted", least=Decimal("0.01"), description="Leave empty for no cap.")
    per = RadioField("Promises are compared", {per.value: PER_TITLES[per] for per in Per})
    threshold = DecimalField("Least a bid must promise", places=4, description=THRESHOLD)
    evidence = LongTextField("Evidence that proves delivery", longest=LONGEST_TEXT)
    area = LongTextField("What local means here", longest=LONGEST_TEXT)
    scale_max = DecimalField("Marks of the best band", least=Decimal("0.01"), description="100 if left empty.")
    rows: tuple[int, ...]

    def settings(self) -> dict[str, Any]:
        """The measure and how it is marked."""
        found: dict[str, Any] = {
            "measure": self.measure.data,
            "formula": self.formula.data,
            "cap": _written(self.cap.data),
            "per": self.per.data or Per.CONTRACT.value,
            "threshold": _written(self.threshold.data),
            "evidence": self.evidence.data,
            "area": self.area.data,
        }
        if self.formula.data == Formula.TARGET.value:
            found |= {"target": _written(self.target.data), "floor": _written(self.floor.data)}
        elif self.formula.data == Formula.BANDED.value:
            found |= {"scale_max": _written(self.scale_max.data), "bands": bands_of(self)}
        return found


class SocialValueForm(CriterionForm):
    """All promises together, in pounds of social value."""

    kind = Kind.SOCIAL_VALUE
    formula = RadioField(
        "How social value gets marks",
        {formula.value: FORMULA_TITLES[formula] for formula in FORMULAS[Kind.SOCIAL_VALUE]},
        missing="Select how social value gets marks",
    )
    target = DecimalField(
        "Target", least=Decimal("0.0001"), places=4, description="Pounds of social value for each £1 of the price."
    )
    cap = DecimalField("Most pounds counted", least=Decimal("0.01"), description="Leave empty for no cap.")
    threshold = DecimalField("Least pounds a bid must promise", description="Bids below it are excluded.")
    per = RadioField("Pounds are compared", {per.value: PER_TITLES[per] for per in Per})
    include_flow = CheckboxField("Count local wages and local spending as social value, too")

    def settings(self) -> dict[str, Any]:
        """The formula, and what is counted."""
        is_target = self.formula.data == Formula.TARGET.value
        return {
            "formula": self.formula.data,
            "target": _written(self.target.data) if is_target else None,
            "cap": _written(self.cap.data),
            "threshold": _written(self.threshold.data),
            "per": self.per.data or Per.CONTRACT.value,
            "include_flow": self.include_flow.data or None,
        }


FORMS: Mapping[Kind, type[CriterionForm]] = {
    form.kind: form for form in (GroupForm, PriceForm, QualitativeForm, QuantityForm, SocialValueForm, PassFailForm)
}


def bands_of(form: CriterionForm) -> list[dict[str, str | None]]:
    """The bands of a form whose rows hold anything, as the file form has them."""
    rows: Sequence[int] = getattr(form, "rows", ())
    bands = [
        {"from": _written(form[f"bands_{row}_from"].data), "marks": _written(form[f"bands_{row}_marks"].data)}
        for row in rows
    ]
    return [band for band in bands if any(part is not None for part in band.values())]


def make_form(
    criterion: Criterion, version: int, *, in_pounds: bool, measures: Mapping[str, str], **options: Any
) -> CriterionForm:
    """The form of a criterion as it stands, with room for more points or bands; ``measures`` are titles by code."""
    kind, fields = criterion.kind, dict[str, Any]()
    if kind is not Kind.PASS_FAIL:
        if in_pounds:
            fields["worth"] = MoneyField("Worth", least=Money(1), missing="Enter what it is worth")
        else:
            fields["weighting"] = IntegerField(
                "Weighting", least=1, most=100, missing="Enter a weighting", description=WEIGHTING
            )
    lists: Sequence[Any] = criterion.scale if kind is Kind.QUALITATIVE else criterion.bands
    rows = tuple(range(1, max(len(lists) + 2, LEAST_ROWS) + 1))
    if kind is Kind.QUALITATIVE:
        fields |= _point_fields(rows)
    elif kind in (Kind.PRICE, Kind.QUANTITY):
        fields |= _band_fields(rows, "Price from £" if kind is Kind.PRICE else "Promise from")
    made: type[CriterionForm] = type("CriterionForm", (FORMS[kind],), {"rows": rows, **fields})
    form = made(data={"version": version, **values_of(criterion)}, **options)
    if "measure" in form:
        form["measure"].offer({"": "Select a measure", **measures})
    return form


def _point_fields(rows: Sequence[int]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for row in rows:
        found[f"scale_{row}_mark"] = DecimalField(f"Mark of point {row}", most=1000)
        found[f"scale_{row}_words"] = LongTextField(f"When point {row} is given", longest=LONGEST_TEXT)
    return found


def _band_fields(rows: Sequence[int], label: str) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for row in rows:
        found[f"bands_{row}_from"] = DecimalField(f"{label}, band {row}")
        found[f"bands_{row}_marks"] = DecimalField(f"Marks, band {row}")
    return found


def values_of(criterion: Criterion) -> dict[str, Any]:
    """What stands in the form of a criterion, by field."""
    is_price = criterion.kind is Kind.PRICE
    found: dict[str, Any] = {
        name: getattr(criterion, name)
        for name in ("code", "title", "note", "worth", "threshold", "target", "cap", "include_flow", "question")
    }
    found |= {name: getattr(criterion, name) for name in ("word_limit", "evidence", "area", "measure")}
    found |= {
        "weighting": criterion.weighting or None,
        "formula": criterion.formula and criterion.formula.value,
        "per": criterion.per.value,
        "ceiling": None if criterion.ceiling is None else Money.rounded(criterion.ceiling),
        "floor": Money.rounded(criterion.floor) if is_price and criterion.floor is not None else criterion.floor,
        "scale_max": None if criterion.scale else criterion.scale_max,
    }
    for row, point in enumerate(criterion.scale, start=1):
        found |= {f"scale_{row}_mark": point.mark, f"scale_{row}_words": point.words}
    for row, band in enumerate(criterion.bands, start=1):
        found |= {f"bands_{row}_from": band.start, f"bands_{row}_marks": band.marks}
    return found


def blank(kind: Kind, scale: Sequence[ScalePoint]) -> Criterion:
    """What a new criterion of a kind begins with: the packaged scale, and the formula that needs no other bid."""
    formula = {Kind.PRICE: Formula.LOWEST_RATIO, Kind.QUANTITY: Formula.TARGET, Kind.SOCIAL_VALUE: Formula.TARGET}
    points = tuple(scale) if kind is Kind.QUALITATIVE else ()
    return Criterion("", kind, formula=formula.get(kind), scale=points)
