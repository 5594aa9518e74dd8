"""The forms with which a workbook of a return is sent, and decided about once it is clear what it changes."""

from wtforms import HiddenField  # type: ignore[import-untyped]

from wpound.ingest.form_workbook import MOST_BYTES
from wpound.web.fields import FileField
from wpound.web.forms import EditForm, Form


class ReturnWorkbookForm(Form):
    """Send a workbook that was filled in."""

    file = FileField(
        "The workbook you filled in",
        missing="Choose the workbook to upload",
        largest=MOST_BYTES,
        description=f"The XLSX file you downloaded here, up to {MOST_BYTES >> 20} MB.",
    )


class DecideForm(EditForm):
    """Take over or put away the workbook whose changes were shown, for the return as it was shown."""

    sha256 = HiddenField()
