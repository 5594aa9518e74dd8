"""The forms of a whole return: open one, and declare and send it."""

from datetime import date
from typing import Any

from wtforms import HiddenField  # type: ignore[import-untyped]

from wpound.core.declarations import Declaration
from wpound.core.errors import NotFound
from wpound.web.fields import CheckboxField
from wpound.web.forms import EditForm, Form


class OpenForm(Form):
    """A button that opens the return of a contract and a quarter."""

    contract = HiddenField()
    quarter = HiddenField()

    @property
    def place(self) -> tuple[int, date]:
        """The contract's number and the quarter's first day; raises NotFound where the button was made up."""
        number, day = str(self.contract.data or ""), str(self.quarter.data or "")
        try:
            return int(number[:9]), date.fromisoformat(day)
        except ValueError:
            raise NotFound("There is no such contract or quarter.") from None


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
