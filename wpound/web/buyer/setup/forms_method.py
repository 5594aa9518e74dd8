"""The forms about the whole method: weightings, rules, and reasons for warnings."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from wpound.core.criteria import Kind
from wpound.core.form import write_decimal
from wpound.core.method import TIE_RULES, AwardMethod, RoundingMode
from wpound.core.method_drafts import OUT_OF_MARKS, has_worth, heading_of, walk
from wpound.core.particulars import LONGEST_TEXT
from wpound.services.view_tender import TenderView
from wpound.web.fields import DecimalField, IntegerField, LongTextField, RadioField, SelectField
from wpound.web.forms import EditForm
from wpound.web.widgets import LineInput

AWARD_TITLES = {
    AwardMethod.WEIGHTED: "Weighted marks: the most marks out of 100 win",
    AwardMethod.PRICE_PER_QUALITY_POINT: "Price for each mark: the lowest price for each mark wins",
    AwardMethod.AWARD_ON_VALUE: "Award on value: criteria are worth pounds that are taken off the price",
}
MODE_TITLES = {
    RoundingMode.HALF_UP: "Halves up",
    RoundingMode.HALF_EVEN: "Halves to the even digit",
    RoundingMode.DOWN: "Always down",
}
TIE_TITLES = {
    "price": "Lower price",
    "quality": "More marks for quality",
    "social_value": "More marks for social value",
}
MOST_TIES = 4
MOST_PLACES = 10


class WeightingField(IntegerField):
    """A whole percent, in a box as wide as it needs."""

    widget = LineInput(
        classes="govuk-input--width-3", inputmode="numeric", spellcheck=False, suffix={"text": "%"}, formGroup={}
    )


class WeightingsForm(EditForm):
    """A weighting for every criterion that carries one, named by its place in the tree."""

    names: Mapping[str, str]

    @classmethod
    def of(cls, view: TenderView, **options: Any) -> "WeightingsForm":
        """The form as the draft stands."""
        drawn = view.tender.method or {}
        weighed = [
            placed
            for placed in walk(drawn)
            if placed.form["kind"] not in OUT_OF_MARKS and not has_worth(drawn, placed.under)
        ]
        names = {placed.code: f"weighting_{number}" for number, placed in enumerate(weighed, start=1)}
        fields = {
            names[placed.code]: WeightingField(
                f"Weighting of {heading_of(placed.form)}", least=1, most=100, missing="Enter a weighting"
            )
            for placed in weighed
        }
        data = {names[placed.code]: placed.form.get("weighting") or None for placed in weighed}
        made: type[WeightingsForm] = type("WeightingsForm", (cls,), {"names": names, **fields})
        return made(data={"version": view.tender.version, **data}, **options)

    def weightings(self) -> dict[str, int]:
        """The weightings by the code of their criterion."""
        return {code: int(self[name].data) for code, name in self.names.items()}


class RulesForm(EditForm):
    """How marks and prices come to a winner."""

    award = RadioField("How the winner is found", {key.value: title for key, title in AWARD_TITLES.items()})
    tie_1 = SelectField("First", {})
    tie_2 = SelectField("Second", {})
    tie_3 = SelectField("Third", {})
    tie_4 = SelectField("Fourth", {})
    places = IntegerField(
        "Decimals of the final score", most=MOST_PLACES, description="Only the final score is rounded. 2 is usual."
    )
    mode = RadioField("How it is rounded", {mode.value: title for mode, title in MODE_TITLES.items()})
    threshold = DecimalField(
        "Least per cent a whole bid must reach", most=Decimal(100), description="Leave empty for none."
    )

    @classmethod
    def of(cls, view: TenderView, **options: Any) -> "RulesForm":
        """The form as the draft stands."""
        method = view.state.method
        ties = dict(enumerate(method.ties[:MOST_TIES], start=1))
        form = cls(
            data={
                "version": view.tender.version,
                "award": method.award.value,
                "places": method.rounding.places,
                "mode": method.rounding.mode.value,
                "threshold": method.threshold,
                **{f"tie_{number}": ties.get(number, "") for number in range(1, MOST_TIES + 1)},
            },
            **options,
        )
        marked = [node.criterion for node in method.tree.nodes if node.criterion.kind is not Kind.PASS_FAIL]
        codes = {criterion.code: f"More marks for {criterion.heading}" for criterion in marked}
        for number in range(1, MOST_TIES + 1):
            form[f"tie_{number}"].offer({"": "Nothing"} | codes | {rule: TIE_TITLES[rule] for rule in TIE_RULES})
        return form

    @property
    def award_method(self) -> AwardMethod:
        """The award method chosen."""
        return AwardMethod(self.award.data or AwardMethod.WEIGHTED.value)

    def rules(self) -> dict[str, Any]:
        """Ties, rounding and threshold as the file form has them."""
        ties = [self[f"tie_{number}"].data for number in range(1, MOST_TIES + 1)]
        places = 2 if self.places.data is None else self.places.data
        found: dict[str, Any] = {
            "ties": list(dict.fromkeys(rule for rule in ties if rule)),
            "rounding": {"places": places, "mode": self.mode.data or RoundingMode.HALF_UP.value},
        }
        if self.threshold.data is not None:
            found["threshold"] = write_decimal(self.threshold.data)
        return found


class ReasonsForm(EditForm):
    """A written reason for each warning that needs one."""

    names: Mapping[str, str]

    @classmethod
    def of(cls, view: TenderView, **options: Any) -> "ReasonsForm":
        """The form for the warnings of the draft as it stands."""
        warned = [warning for warning in view.state.warnings if warning.needs_reason]
        reasons = {warning.caution.code: warning.reason for warning in warned}
        names = {code: f"reason_{code}" for code in reasons}
        fields = {name: LongTextField("Why you go on all the same", longest=LONGEST_TEXT) for name in names.values()}
        made: type[ReasonsForm] = type("ReasonsForm", (cls,), {"names": names, **fields})
        data = {names[code]: reason or None for code, reason in reasons.items()}
        return made(data={"version": view.tender.version, **data}, **options)

    def reasons(self, standing: Mapping[str, str]) -> dict[str, str]:
        """The reasons given, and those of warnings that are not shown now."""
        given = {code: self[name].data for code, name in self.names.items()}
        kept = {code: reason for code, reason in standing.items() if code not in given}
        return kept | {code: reason for code, reason in given.items() if reason}
