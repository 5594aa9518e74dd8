"""The forms of a whole return: open one, and declare and send it."""

from datetime import date
from typing import Any, cast

from wtforms import Field, ValidationError  # type: ignore[import-untyped]

from wpound.core.declarations import Declaration
from wpound.web.fields import CheckboxField, IntegerField, TextField
from wpound.web.forms import EditForm, Form


class OpenForm(Form):
    """A button that opens the return of a contract and a quarter."""

    contract = IntegerField("Contract", missing="Choose a contract")
    quarter = TextField("First day of the quarter", missing="Choose a quarter")

    def validate_quarter(self, field: Field) -> None:
        """It is written as the button has it."""
        try:
            date.fromisoformat(str(field.data))
        except ValueError:
            raise ValidationError("Choose a quarter") from None

    @property
    def place(self) -> tuple[int, date]:
        """The contract's number and the quarter's first day, once it was found sound."""
        return cast(int, self.contract.data), date.fromisoformat(str(self.quarter.data))


class DeclareForm(EditForm):
    """Declare three things and send the return; warnings, where there are any, have to be acknowledged."""

    @classmethod
    def of(cls, warnings: int, **options: Any) -> "DeclareForm":
        """The form with a box for each declaration, and one for the warnings where there are some."""
        boxes = {one.value: CheckboxField(one.text, missing=f"Confirm: {one.text}") for one in Declaration}
        if warnings:
            told = "the warning" if warnings == 1 else f"all {warnings} warnings"
            boxes["acknowledged"] = CheckboxField(
                f"I have read {told} and want to send the return as it is", missing=f"Confirm that you have read {told}"
            )
        made: DeclareForm = type("DeclareForm", (cls,), boxes)(**options)
        return made

    @property
    def declared(self) -> list[str]:
        """The codes of what was ticked."""
        return [one.value for one in Declaration if self[one.value].data]
