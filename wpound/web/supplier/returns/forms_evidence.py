"""The form with which a supplier puts a file behind a line of its return."""

from wpound.ingest.uploads import MOST_BYTES
from wpound.services.keep_evidence import LONGEST_DESCRIPTION
from wpound.web.fields import FileField, RadioField, TextField
from wpound.web.forms import Form

YES, NO = "yes", "no"


class EvidenceForm(Form):
    """Add a file."""

    file = FileField(
        "File",
        missing="Choose a file to add",
        largest=MOST_BYTES,
        description=f"PDF, PNG, JPG, XLSX or CSV, up to {MOST_BYTES >> 20} MB. Save documents as PDF first.",
    )
    description = TextField(
        "What does the file show?",
        longest=LONGEST_DESCRIPTION,
        missing="Say what the file shows",
        description="For example: sign-in sheets of the four sessions in May, with hours.",
    )
    people = RadioField(
        "Does this file name or show people?",
        {YES: "Yes", NO: "No"},
        missing="Say whether this file names or shows people",
        description="Names, signatures, faces, addresses, or anything else that leads to a person.",
    )

    @property
    def has_personal_data(self) -> bool:
        """Whether it names or shows people."""
        return bool(self.people.data == YES)
