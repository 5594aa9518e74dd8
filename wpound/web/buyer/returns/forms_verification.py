"""The forms by which a line of a return is decided or corrected."""

from decimal import Decimal
from typing import Any, cast

from wpound.services.approve_line import CHECKED_LEVELS, LONGEST_TEXT, Approval
from wpound.services.correct_claim import Proposal
from wpound.web.fields import DateField, DecimalField, LongTextField, RadioField
from wpound.web.forms import EditForm

PLACES = 4
LEVELS = {level.value: level.label for level in CHECKED_LEVELS}


class _ApprovalForm(EditForm):
    """How much is approved and how it was checked; ``unit`` is what the figure counts in."""

    verified = DecimalField("Amount you approve", places=PLACES, missing="Enter the amount you approve")
    level = RadioField("How it was checked", LEVELS, missing="Select how it was checked")
    checked = LongTextField("What you looked at", longest=LONGEST_TEXT)
    reason = LongTextField(
        "Reason, if you approve less than was claimed",
        longest=LONGEST_TEXT,
        description="Also needed if somebody who benefited said something else. The supplier reads it.",
    )

    def __init__(self, unit: str, **options: Any) -> None:
        super().__init__(**options)
        self.verified.label.text = f"Amount you approve, in {unit}"

    def to_approval(self) -> Approval:
        """The approval of a sound form."""
        level = next(level for level in CHECKED_LEVELS if level.value == self.level.data)
        verified = cast(Decimal, self.verified.data)
        return Approval(verified, level, self.reason.data or "", self.checked.data or "")


class ApproveForm(_ApprovalForm):
    """Approve a line."""


class AcceptForm(_ApprovalForm):
    """Accept a correction."""


class QueryForm(EditForm):
    """Ask the supplier about a line."""

    question = LongTextField("Your question", longest=LONGEST_TEXT, missing="Enter your question")
    reply_by = DateField("Answer by", missing="Enter the day to answer by")


class RejectForm(EditForm):
    """Reject a line."""

    rejection = LongTextField(
        "Why it is rejected",
        longest=LONGEST_TEXT,
        missing="Say why it is rejected",
        description="The supplier reads it.",
    )


class CorrectionForm(EditForm):
    """Propose another figure for a decided line."""

    claimed = DecimalField("What should be claimed", places=PLACES, missing="Enter what should be claimed")
    narrative = LongTextField(
        "What was done, in words", longest=LONGEST_TEXT, description="Leave it blank to keep the words as they are."
    )
    reason = LongTextField(
        "Why the figure should change", longest=LONGEST_TEXT, missing="Say why the figure should change"
    )

    def __init__(self, unit: str, **options: Any) -> None:
        super().__init__(**options)
        self.claimed.label.text = f"What should be claimed, in {unit}"

    def to_proposal(self) -> Proposal:
        """The proposal of a sound form."""
        return Proposal(cast(Decimal, self.claimed.data), str(self.reason.data), self.narrative.data)


class RefuseForm(EditForm):
    """Refuse a correction."""

    refusal = LongTextField("Why it is refused", longest=LONGEST_TEXT, missing="Say why it is refused")
