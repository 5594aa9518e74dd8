"""The forms of opening, panel, marks, moderation and questions to bidders."""

from collections.abc import Mapping
from typing import Any

from wpound.services import ask_bidder, check_passes, declare_interest, record_marks
from wpound.web.fields import CheckboxField, DecimalField, LongTextField, PasswordField, RadioField, SelectField
from wpound.web.forms import EditForm, Form

LONGEST_REASON = 2000
LONGEST_NAMES = 2000
MARK_PLACES = 6


class PassphraseForm(Form):
    """One opener's act."""

    passphrase = PasswordField("Your opening passphrase", missing="Enter your opening passphrase")


class SeatForm(Form):
    """Give a colleague a seat."""

    user = SelectField("Colleague", {}, missing="Select a colleague")
    is_chair = CheckboxField("They chair the panel and can lead moderation")

    def __init__(self, candidates: Mapping[int, str], **options: Any) -> None:
        super().__init__(**options)
        names = sorted(candidates.items(), key=lambda pair: pair[1].casefold())
        self.user.offer({"": "Select a colleague"} | {str(key): name for key, name in names})


class RemoveSeatForm(Form):
    """Take an evaluator off the panel."""

    reason = LongTextField("Reason", longest=LONGEST_REASON, missing="Say why this evaluator leaves the panel")


class DeclarationForm(Form):
    """What an evaluator declares before reading a bid."""

    has_interest = RadioField(
        "Do you have an interest in any of these bidders?",
        {"no": "No, I have none", "yes": "Yes, I have an interest"},
        missing="Select whether you have an interest",
    )
    statement = LongTextField(
        "If you do, which bidder is it about and what is the interest?",
        longest=declare_interest.LONGEST_STATEMENT,
        description="For example: your partner works there, you hold shares, or you worked there in the last 3 years.",
    )


class DecideForm(EditForm):
    """What an officer decides about an interest."""

    allowed = RadioField(
        "Can they evaluate this tender?",
        {"yes": "Yes, with what is written below", "no": "No, they take no part"},
        missing="Select whether they can evaluate this tender",
    )
    because = LongTextField(
        "Why, and what is done so that the interest does no harm",
        longest=LONGEST_REASON,
        missing="Say why, and what is done so that the interest does no harm",
    )


class CheckForm(EditForm):
    """Whether a bid passes a check."""

    passed = RadioField(
        "Does the bid pass?", {"yes": "Pass", "no": "Fail: the bid is out"}, missing="Select pass or fail"
    )
    reason = LongTextField(
        "What was checked and found",
        longest=check_passes.LONGEST_REASON,
        missing="Say what was checked and found",
    )


class MarkForm(EditForm):
    """An evaluator's own mark; either part can be empty while it is being written."""

    mark = DecimalField("Mark", places=MARK_PLACES)
    reason = LongTextField("Reason", longest=record_marks.LONGEST_REASON)


class AgreeForm(EditForm):
    """The mark agreed in moderation."""

    mark = DecimalField("Agreed mark", places=MARK_PLACES, missing="Enter the agreed mark")
    reason = LongTextField(
        "Reason for the agreed mark",
        longest=record_marks.LONGEST_REASON,
        missing="Say why the bid gets this mark",
        description="Say what in the bid earned this mark, and why it was not higher. The bidder will read this.",
    )
    present = LongTextField(
        "Who was present",
        longest=LONGEST_NAMES,
        missing="Name everybody who was there when the mark was agreed",
        description="One name a line.",
    )

    @property
    def names(self) -> list[str]:
        """The names of those present."""
        return [name.strip() for name in str(self.present.data or "").splitlines() if name.strip()]


class CloseSheetsForm(Form):
    """Begin moderation before everybody has finished."""

    reason = LongTextField(
        "Reason", longest=LONGEST_REASON, missing="Say why moderation begins before every evaluator has finished"
    )


class AskForm(Form):
    """A question to a bidder."""

    question = LongTextField("Question", longest=ask_bidder.LONGEST_QUESTION, missing="Write the question")


class ConcludeForm(EditForm):
    """What follows from a reply."""

    conclusion = LongTextField(
        "Conclusion",
        longest=ask_bidder.LONGEST_CONCLUSION,
        missing="Say what follows",
        description="In your own words. This changes no mark; marks change in moderation alone, with their own reason.",
    )
