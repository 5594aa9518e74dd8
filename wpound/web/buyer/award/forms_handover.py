"""The forms of the hand-over: four things for each promise, then the contract."""

from collections.abc import Sequence
from typing import Any

from wtforms import FieldList, FormField  # type: ignore[import-untyped]

from wpound.core.delivery import DueProfile
from wpound.core.due_dates import DueDate, Settlement
from wpound.core.errors import StateError
from wpound.core.periods import Period
from wpound.services.hand_over import LONGEST_TEXT
from wpound.web.fields import DateField, DecimalField, LongTextField, RadioField, TextField
from wpound.web.forms import EditForm, Form

PROFILES = {
    DueProfile.EVEN.value: "Evenly, by the end of every quarter",
    DueProfile.FRONT_LOADED.value: "Early, by the end of every quarter in the first half of the contract",
    DueProfile.MILESTONES.value: "By milestones, with a day and a quantity for each",
}
SPARE_ROWS, MOST_ROWS = 3, 24


class MilestoneForm(Form):
    """One milestone; a row that is left blank counts for nothing."""

    class Meta:
        csrf = False

    due_on = DateField("Due by")
    quantity = DecimalField("Quantity due by then", places=4)

    def validate(self, *args: Any, **options: Any) -> bool:
        """A milestone has both a day and a quantity, or neither."""
        is_sound = bool(super().validate(*args, **options))
        if is_sound and self.due_on.data is None and self.quantity.data is not None:
            self.due_on.errors = ["Enter the day by which this is due"]
        elif is_sound and self.quantity.data is None and self.due_on.data is not None:
            self.quantity.errors = ["Enter the quantity due by this day"]
        return not self.errors


class SettleForm(EditForm):
    """What is settled for one promise; what is left blank can be settled later."""

    owner = TextField(
        "Who looks after it",
        description="The person or team of the buyer that checks that this is delivered.",
    )
    due_profile = RadioField("When it is due", PROFILES)
    milestones = FieldList(FormField(MilestoneForm), "Milestones", max_entries=MOST_ROWS)
    evidence = LongTextField(
        "What proves it",
        longest=LONGEST_TEXT,
        description="For example, payroll records with names removed.",
    )
    remedy = LongTextField(
        "What follows if it is not delivered",
        longest=LONGEST_TEXT,
        description="For example, an action plan within 10 working days.",
    )

    def __init__(self, version: int, settled: Settlement, **options: Any) -> None:
        rows: list[dict[str, object]] = [{"due_on": due.due_on, "quantity": due.quantity} for due in settled.milestones]
        spare: list[dict[str, object]] = [{} for _ in range(min(SPARE_ROWS, MOST_ROWS - len(rows)))]
        super().__init__(
            data={
                "version": version,
                "owner": settled.owner,
                "due_profile": settled.due_profile.value if settled.due_profile else None,
                "milestones": rows + spare,
                "evidence": settled.evidence,
                "remedy": settled.remedy,
            },
            **options,
        )

    def error_list(self) -> list[dict[str, str]]:
        """What is wrong with a milestone stands at its own box, what is wrong with all of them above them."""
        listed = super().error_list()
        if not self.sum_error:
            listed = [error for error in listed if error.get("href") != f"#{self.milestones.id}"]
        return listed + [error for row in self._rows() for error in row.error_list()]

    @property
    def sum_error(self) -> str:
        """What is wrong with the milestones together, empty where nothing is."""
        return next((str(error) for error in self.milestones.errors if isinstance(error, str)), "")

    def to_settlement(self) -> Settlement:
        """What the form says."""
        rows = [(row.due_on.data, row.quantity.data) for row in self._rows()]
        return Settlement(
            owner=self.owner.data,
            due_profile=DueProfile(self.due_profile.data) if self.due_profile.data else None,
            milestones=tuple(
                DueDate(day, quantity) for day, quantity in rows if day is not None and quantity is not None
            ),
            evidence=self.evidence.data,
            remedy=self.remedy.data,
        )

    def _rows(self) -> Sequence[MilestoneForm]:
        return [entry.form for entry in self.milestones]


class ContractForm(Form):
    """The terms of the contract."""

    reference = TextField(
        "Contract reference",
        longest=100,
        missing="Enter the reference of the contract",
        description="As it stands in your contract register.",
    )
    start_on = DateField(
        "First day of the contract", missing="Enter the first day", description="For example, 1 7 2026"
    )
    end_on = DateField("Last day of the contract", missing="Enter the last day", description="For example, 30 6 2028")

    def validate(self, *args: Any, **options: Any) -> bool:
        """The contract does not end before it starts."""
        is_sound = bool(super().validate(*args, **options))
        start_on, end_on = self.start_on.data, self.end_on.data
        if start_on is not None and end_on is not None and end_on < start_on:
            self.end_on.errors = ["The last day must be on or after the first day"]
            return False
        return is_sound

    @property
    def life(self) -> Period:
        """The days the contract runs; raises StateError for a form that was not found sound."""
        start_on, end_on = self.start_on.data, self.end_on.data
        if start_on is None or end_on is None:
            raise StateError("Enter the first and the last day of the contract.")
        return Period(start_on, end_on)
