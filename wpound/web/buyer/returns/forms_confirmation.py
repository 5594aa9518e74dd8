"""The form with which a verifier asks somebody who benefited."""

from wpound.services.ask_beneficiary import LONGEST_NAME, LONGEST_QUESTION, MOST_DAYS, USUAL_DAYS
from wpound.web.fields import EmailField, IntegerField, LongTextField, TextField
from wpound.web.forms import Form


class AskForm(Form):
    """Who is asked, where the link goes, and the words of the question."""

    asked_of = TextField(
        "Who do you want to ask?",
        longest=LONGEST_NAME,
        description="The name of the school, charity or other body, not of a person.",
        missing="Enter the name of the school, charity or other body",
    )
    email = EmailField(
        "Their email address",
        description="We send them the link and erase the address as soon as they answer. "
        "Leave it empty to get a page with the link that you can print.",
    )
    question = LongTextField(
        "Your question",
        longest=LONGEST_QUESTION,
        description="Whoever has the link reads this. Do not name people or give their reference numbers.",
        missing="Enter what you want to know",
    )
    days = IntegerField(
        "Days to answer",
        least=1,
        most=MOST_DAYS,
        description="The link stops working afterwards.",
        missing="Enter how many days they have to answer",
    )

    def __init__(self, question: str) -> None:
        super().__init__(data={"question": question, "days": USUAL_DAYS})
