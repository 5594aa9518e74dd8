"""Corrections to the widgets of govuk-frontend-wtf, each for a fault that was seen in it."""

from typing import Any

from govuk_frontend_wtf.wtforms_widgets import (  # type: ignore[import-untyped]
    GovCharacterCount,
    GovCheckboxesInput,
    GovCheckboxInput,
    GovDateInput,
    GovRadioInput,
    GovTextInput,
)

from wpound.web.entries import DATE_PARTS


class LineInput(GovTextInput):  # type: ignore[misc]
    """One line of text; ``params`` are what the field always asks of the macro, such as a prefix or a width."""

    def __init__(self, input_type: str = "text", **params: Any) -> None:
        super().__init__(input_type)
        self.input_type = input_type
        self.params = params

    def map_gov_params(self, field: Any, **options: Any) -> dict[str, Any]:
        options["params"] = self.params | options.get("params", {})
        mapped: dict[str, Any] = super().map_gov_params(field, **options)
        return mapped


class CountedTextInput(GovCharacterCount):  # type: ignore[misc]
    """A box for several lines that counts down the characters left, or the words."""

    def __init__(self, longest: int, *, counts: str = "maxlength") -> None:
        super().__init__()
        self.longest, self.counts = longest, counts

    def map_gov_params(self, field: Any, **options: Any) -> dict[str, Any]:
        options["params"] = {self.counts: self.longest} | options.get("params", {})
        mapped: dict[str, Any] = super().map_gov_params(field, **options)
        return mapped


class _NoEmptyHint:
    """Leaves out the hint of a field without a description; the package writes an empty one and refers to it."""

    def map_gov_params(self, field: Any, **options: Any) -> dict[str, Any]:
        mapped: dict[str, Any] = super().map_gov_params(field, **options)  # type: ignore[misc]
        if not mapped["hint"].get("text") and not mapped["hint"].get("html"):
            del mapped["hint"]
        return mapped


class RadioInput(_NoEmptyHint, GovRadioInput):  # type: ignore[misc]
    """Radio buttons, one of which can be chosen."""


class CheckboxesInput(_NoEmptyHint, GovCheckboxesInput):  # type: ignore[misc]
    """Check boxes, any of which can be ticked."""


class CheckboxInput(_NoEmptyHint, GovCheckboxInput):  # type: ignore[misc]
    """A single check box."""


class DateInput(GovDateInput):  # type: ignore[misc]
    """Day, month and year under names of their own, with the mark of an error only on the parts that are wrong.

    The package gives the three one name, so that a post with two of them is read with one part for another.
    """

    def map_gov_params(self, field: Any, **options: Any) -> dict[str, Any]:
        mapped: dict[str, Any] = super().map_gov_params(field, **options)
        for part, item in zip(DATE_PARTS, mapped["items"], strict=True):
            width = "govuk-input--width-4" if part == "year" else "govuk-input--width-2"
            marked = " govuk-input--error" if field.errors and part in field.wrong_parts else ""
            item |= {"id": f"{field.id}-{part}", "name": f"{field.name}-{part}", "classes": width + marked}
        return mapped
