"""The forms with which a bid is looked over, sent files and handed in."""

from typing import Any

from wpound.ingest.form_workbook import MOST_BYTES as LARGEST_WORKBOOK
from wpound.ingest.uploads import MOST_BYTES as LARGEST_FILE
from wpound.web.fields import CheckboxField, FileField
from wpound.web.forms import EditForm, Form


class VersionForm(EditForm):
    """A button that is about the bid as it was shown."""


class SubmitForm(EditForm):
    """Hand the bid in; warnings, where there are any, have to be acknowledged."""

    may_submit = CheckboxField(
        "I may submit this bid for my organisation, and what it says is true",
        missing="Confirm that you may submit this bid",
    )

    @classmethod
    def of(cls, warnings: int, **options: Any) -> "SubmitForm":
        """The form; with a box for the warnings where there are some."""
        if not warnings:
            return cls(**options)
        told = "the warning" if warnings == 1 else f"all {warnings} warnings"
        box = CheckboxField(
            f"I have read {told} and want to submit the bid as it is",
            missing=f"Confirm that you have read {told}",
        )
        made: SubmitForm = type("SubmitForm", (cls,), {"acknowledged": box})(**options)
        return made


class BidFileForm(Form):
    """Add a file to the bid."""

    file = FileField(
        "Add a file",
        missing="Choose a file to add",
        largest=LARGEST_FILE,
        description=f"PDF, PNG, JPG, XLSX or CSV, up to {LARGEST_FILE >> 20} MB each.",
    )


class WorkbookForm(Form):
    """Send a workbook that was filled in."""

    file = FileField(
        "The workbook you filled in",
        missing="Choose the workbook to upload",
        largest=LARGEST_WORKBOOK,
        description=f"The XLSX file you downloaded here, up to {LARGEST_WORKBOOK >> 20} MB.",
    )
