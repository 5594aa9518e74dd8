"""The forms about results and awards."""

from typing import Any

from wpound.services.evaluate_again import LONGEST_REASON as LONGEST_RESCORE
from wpound.services.recommend_award import LONGEST_REASON
from wpound.services.redact_reasons import LONGEST_REASON as LONGEST_REDACTION
from wpound.web.fields import DateField, EmailField, LongTextField, RadioField, SelectField
from wpound.web.forms import EditForm, Form

LONGEST_ADDRESS = 500
AGREE, REFUSE = "agree", "refuse"


class RescoreForm(Form):
    """Ask for another scoring."""

    reason = LongTextField(
        "Why the bids are scored again",
        longest=LONGEST_RESCORE,
        missing="Say why the bids are scored again",
        description="The earlier result stays on record beside the new one. A second officer has to agree.",
    )


class DecideRescoreForm(Form):
    """Agree to another scoring, or not."""

    decision = RadioField(
        "Should the bids be scored again?",
        {AGREE: "Yes, score them again now", REFUSE: "No, the result stands as it is"},
        missing="Select whether the bids are scored again",
    )


class RecommendForm(Form):
    """Recommend the winner."""

    reason = LongTextField(
        "Why this bid is to be awarded",
        longest=LONGEST_REASON,
        missing="Say why this bid is to be awarded",
        description="This goes into the evaluation report.",
    )
    winner_address = LongTextField(
        "Postal address of the winner",
        longest=LONGEST_ADDRESS,
        missing="Enter the winner's postal address",
        description="The law asks for it in every bidder's summary.",
    )
    winner_email = EmailField(
        "Email address of the winner",
        missing="Enter the winner's email address",
        description="Every bidder is told it. Use an address of the firm rather than of a person.",
    )


class VersionForm(EditForm):
    """A button that decides on what was shown."""


class ReasonForm(Form):
    """Something that is undone or ended, with the reason."""

    reason = LongTextField("Reason", longest=LONGEST_REASON, missing="Enter the reason")


class RedactForm(Form):
    """Leave out a reason."""

    criterion = SelectField("Criterion", {}, missing="Choose the criterion")
    because = LongTextField(
        "Why it may be left out",
        longest=LONGEST_REDACTION,
        missing="Say why it may be left out",
        description="The other bidders read this in place of the reason. Say what kind of information it is, such as a "
        "trade secret, without giving it away.",
    )

    def __init__(self, criteria: dict[str, str], **options: Any) -> None:
        super().__init__(**options)
        self.criterion.offer({"": "Choose a criterion"} | criteria)


class NoticeForm(Form):
    """The day of the award notice."""

    noticed_on = DateField(
        "Day on which the contract award notice was published",
        missing="Enter the day of the notice",
        description="For example, 27 3 2026",
    )
