"""The forms of KPIs, assessments and remedies."""

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any, cast

from wtforms import FieldList, FormField  # type: ignore[import-untyped]

from wpound.core.errors import InputError, InputErrors
from wpound.core.ratings import Better, Rating, RatingThresholds
from wpound.services.assess_contract import LONGEST_REASON, LONGEST_SUMMARY, Correcting, GivenRating, ProposedRating
from wpound.services.log_remedies import LONGEST_TEXT, NewRemedy
from wpound.services.set_kpis import PROMISE_KEPT, KpiTerms
from wpound.web.fields import DateField, DecimalField, LongTextField, MoneyField, RadioField, SelectField, TextField
from wpound.web.forms import EditForm, Form

RATINGS = {"": "As the thresholds give it"} | {rating.value: rating.label for rating in Rating}
WAYS = {Better.HIGHER.value: "Higher is better", Better.LOWER.value: "Lower is better"}
NO_PROMISE = "None of them"


class KpiForm(EditForm):
    """A KPI and its target."""

    title = TextField("What is measured", missing="Say what is measured")
    description = LongTextField("How it is measured", longest=1000)
    measure_code = SelectField(
        "Is it a promise of this contract?",
        {},
        description="Then its figure is worked out from verified returns, in per cent of what was due.",
    )
    target = DecimalField("Target", places=4, missing="Enter the target")
    unit = TextField("Unit", description=f"For example, per cent or days. For a promise it is {PROMISE_KEPT}.")
    better = RadioField("Which way is better", WAYS, default=Better.HIGHER.value, missing="Select which way is better")

    def __init__(self, promises: Mapping[str, str], **options: object) -> None:
        super().__init__(**options)
        self.measure_code.offer({"": NO_PROMISE, **promises})

    def validate(self, *args: object, **options: object) -> bool:
        """A figure of our own has its own unit; of any other the unit is asked."""
        is_sound = bool(super().validate(*args, **options))
        if not self.unit.data and not self.measure_code.data:
            self.unit.errors = ["Enter the unit"]
            return False
        return is_sound

    def to_terms(self) -> KpiTerms:
        """The KPI of a sound form."""
        code = self.measure_code.data or None
        return KpiTerms(
            title=str(self.title.data),
            description=self.description.data or "",
            target=cast(Decimal, self.target.data),
            unit=PROMISE_KEPT if code else str(self.unit.data),
            better=Better(self.better.data),
            measure_code=code,
        )


class ThresholdsForm(EditForm):
    """From which share of a target each rating is given, in per cent."""

    good = DecimalField("Good, from", missing="Enter the share for Good", most=1000)
    approaching = DecimalField("Approaching target, from", missing="Enter the share for Approaching target", most=1000)
    improvement = DecimalField("Requires improvement, from", missing="Enter the share", most=1000)

    def to_thresholds(self) -> RatingThresholds:
        """The thresholds as shares; raises InputError where they do not fall."""
        shares = (self.good.data, self.approaching.data, self.improvement.data)
        return RatingThresholds(*(cast(Decimal, share) / 100 for share in shares))


class RatingForm(Form):
    """One KPI in an assessment."""

    class Meta:
        csrf = False

    measured = DecimalField("Measured", places=4, least=Decimal(-999_999_999_999))
    rating = SelectField("Rating", RATINGS)
    reason = TextField("Reason", longest=1000, description="Asked where the rating is not what the thresholds give.")


class AssessForm(EditForm):
    """The assessment of a contract."""

    ratings = FieldList(FormField(RatingForm))
    summary = LongTextField(
        "How the contract was performed", longest=LONGEST_SUMMARY, missing="Say how the contract was performed"
    )

    def __init__(
        self,
        proposed: Sequence[ProposedRating],
        version: int,
        rows: Sequence[Mapping[str, object]] | None = None,
        summary: str = "",
        **options: Any,
    ) -> None:
        opened = rows or [{"measured": one.measured} for one in proposed]
        super().__init__(data={"ratings": opened, "version": version, "summary": summary}, **options)
        self.proposed = proposed

    @property
    def rows(self) -> list[tuple[ProposedRating, Any]]:
        """Each KPI with its boxes."""
        return list(zip(self.proposed, (entry.form for entry in self.ratings), strict=False))

    def to_ratings(self) -> dict[int, GivenRating]:
        """What the form says of each KPI."""
        return {
            one.kpi.id: GivenRating(
                row.measured.data, Rating(row.rating.data) if row.rating.data else None, row.reason.data or ""
            )
            for one, row in self.rows
        }

    def refuse(self, error: InputError | InputErrors) -> None:
        """What is wrong with a KPI stands at its own box."""
        boxes = {f"reason-{one.kpi.number}": row.reason for one, row in self.rows}
        for one in error.errors if isinstance(error, InputErrors) else [error]:
            if one.field in boxes:
                boxes[one.field].errors = [one.message]
            else:
                super().refuse(one)
        self.ratings.errors = [entry.errors for entry in self.ratings if entry.errors]

    def error_list(self) -> list[dict[str, str]]:
        """The same in the summary, in the order of the page."""
        listed = [error for error in super().error_list() if error.get("href") != f"#{self.ratings.id}"]
        return [error for entry in self.ratings for error in entry.form.error_list()] + listed


class CorrectForm(AssessForm):
    """The correction of an assessment, opened with what that said."""

    because = LongTextField(
        "Why the assessment is corrected",
        longest=LONGEST_REASON,
        missing="Say why the assessment is corrected",
        description="This is told in the notice of the correction. Name no person.",
    )

    def __init__(
        self, proposed: Sequence[ProposedRating], correcting: Correcting, version: int, **options: Any
    ) -> None:
        rows = [_said(correcting.given.get(one.kpi.id)) for one in proposed]
        super().__init__(proposed, version, rows=rows, summary=correcting.last.summary, **options)


def _said(rating: Any) -> dict[str, object]:
    """A rating as it stands in its boxes: one that the thresholds gave is left to them."""
    if rating is None:
        return {}
    chosen = "" if rating.rating is rating.proposed else rating.rating.value
    return {"measured": rating.measured, "rating": chosen, "reason": rating.reason}


class NoticedForm(Form):
    """The day of a notice."""

    noticed_on = DateField("Day on which the notice was published", missing="Enter the day of the notice")


class NewRemedyForm(Form):
    """What was not delivered and what is asked."""

    measure_code = SelectField("Which promise", {})
    problem = LongTextField("What was not delivered", longest=LONGEST_TEXT, missing="Say what was not delivered")
    action = LongTextField("What is asked of the supplier", longest=LONGEST_TEXT, missing="Say what is asked")
    due_on = DateField("By which day", missing="Enter the day")
    amount = MoneyField("Sum due, if there is one")

    def __init__(self, promises: Mapping[str, str], **options: object) -> None:
        super().__init__(**options)
        self.measure_code.offer({"": NO_PROMISE, **promises})

    def to_remedy(self) -> NewRemedy:
        """The remedy of a sound form."""
        return NewRemedy(
            problem=str(self.problem.data),
            action=str(self.action.data),
            due_on=cast(date, self.due_on.data),
            measure_code=self.measure_code.data or None,
            amount=self.amount.data,
        )


class CloseRemedyForm(EditForm):
    """How a remedy ended."""

    outcome = LongTextField("How it ended", longest=LONGEST_TEXT, missing="Say how it ended")
