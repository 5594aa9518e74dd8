"""The form to ask a question about a tender."""

from wpound.services.clarify_tender import LONGEST_QUESTION
from wpound.web.fields import LongTextField
from wpound.web.forms import Form


class AskForm(Form):
    """Ask a question."""

    question = LongTextField(
        "Your question",
        longest=LONGEST_QUESTION,
        missing="Write your question",
        description="Do not say who you are in it: the buyer publishes question and answer to everyone.",
    )
