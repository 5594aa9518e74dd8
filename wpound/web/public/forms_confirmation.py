"""The form on which somebody who benefited says whether a claim is true."""

from wpound.core.delivery import Happening
from wpound.core.quantities import Unit
from wpound.services.answer_confirmation import LONGEST_COMMENT, LONGEST_ROLE, Answer
from wpound.web.fields import DecimalField, LongTextField, RadioField, TextField
from wpound.web.forms import Form

CHOICES = {
    Happening.HAPPENED.value: "Yes, it happened like that",
    Happening.DIFFERS.value: "Yes, but something was different",
    Happening.NEVER_HAPPENED.value: "No, it never happened",
}


class AnswerForm(Form):
    """One choice; how much there was where something was different; and who answers, without a name."""

    happening = RadioField("Did this happen?", CHOICES, missing="Choose what happened")
    quantity = DecimalField("How much was there?", places=4)
    comment = LongTextField(
        "What was different?",
        longest=LONGEST_COMMENT,
        description="If it never happened, say so in a few words. Do not name pupils, customers or anybody else.",
    )
    role = TextField(
        "Your role",
        longest=LONGEST_ROLE,
        description="For example, head teacher or trustee. We do not need your name.",
        missing="Enter your role, like head teacher",
    )

    def __init__(self, unit: Unit) -> None:
        super().__init__()
        self.quantity.description = f"Only if something was different. Give a number of {unit.label}."

    @property
    def answer(self) -> Answer:
        """What was filled in."""
        comment = str(self.comment.data or "")
        return Answer(Happening(self.happening.data), str(self.role.data), self.quantity.data, comment)
