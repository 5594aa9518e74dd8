"""The form that begins a tender."""

from typing import Any

from wpound.web.fields import FileField, RadioField, SelectField, TextField
from wpound.web.forms import Form
from wpound.web.security import LARGEST_UPLOAD

BLANK, COPY, FILE = "blank", "copy", "file"


class NewTenderForm(Form):
    """What the tender is called, and what it begins with."""

    title = TextField("Title of the tender", missing="Enter a title", description="As suppliers will read it.")
    begin = RadioField("Begin with", {}, missing="Select what to begin with")
    earlier = SelectField("Earlier tender to copy", {}, description="Only where you copy one.")
    file = FileField(
        "Tender file",
        largest=LARGEST_UPLOAD,
        description="Only where you use one: JSON, TOML or XLSX. Its date and its bids are left out.",
    )

    def __init__(self, starters: dict[str, str], earlier: dict[str, str], **options: Any) -> None:
        super().__init__(**options)
        ways = starters | ({COPY: "A copy of an earlier tender"} if earlier else {})
        self.begin.offer(ways | {FILE: "A tender file", BLANK: "Nothing"})
        self.earlier.offer({"": "Select a tender"} | earlier)

    def validate(self, extra_validators: Any = None) -> bool:
        """What is chosen needs its tender or its file."""
        sound = bool(super().validate(extra_validators))
        if self.begin.data == COPY and not self.earlier.data:
            self.earlier.errors = ["Select the tender to copy"]
        if self.begin.data == FILE and not self.file.data:
            self.file.errors = ["Select a tender file"]
        return sound and not self.errors
