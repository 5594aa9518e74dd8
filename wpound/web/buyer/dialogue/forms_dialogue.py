"""The forms about questions, changes and the end of a tender."""

from datetime import datetime
from typing import Any

from wpound.services.cancel_tender import LONGEST_REASON
from wpound.services.change_tender import KIND_TITLES, LONGEST_WORDS
from wpound.services.clarify_tender import LONGEST_ANSWER, LONGEST_QUESTION
from wpound.web.fields import DateField, LongTextField, RadioField
from wpound.web.forms import Form
from wpound.web.moments import TimeField, moment_of

AGREE, TURN_DOWN = "agree", "turn_down"
KINDS = {kind.value: kind for kind in KIND_TITLES}


class AnswerForm(Form):
    """Publish an answer to a question, or an explanation of the buyer's own accord."""

    question = LongTextField(
        "Question, as everyone will read it",
        longest=LONGEST_QUESTION,
        missing="Write the question as everyone will read it",
        description="Leave out whatever gives away who asked, such as names, places or earlier contracts.",
    )
    answer = LongTextField("Answer", longest=LONGEST_ANSWER, missing="Write the answer")


class ExplainForm(AnswerForm):
    """The same without a question that was asked."""

    question = LongTextField(
        "What it is about",
        longest=LONGEST_QUESTION,
        missing="Write what it is about",
        description="For example, Which uniforms does the council provide?",
    )
    answer = LongTextField("Explanation", longest=LONGEST_ANSWER, missing="Write the explanation")


class ChangeForm(Form):
    """Propose a change of a published tender."""

    kind = RadioField(
        "Kind of change",
        {kind.value: title for kind, title in KIND_TITLES.items()},
        missing="Select the kind of change",
    )
    words = LongTextField(
        "What changes",
        longest=LONGEST_WORDS,
        missing="Say what changes",
        description="Everyone who follows the tender or bids for it is sent these words.",
    )
    reason = LongTextField(
        "Why it changes",
        longest=LONGEST_WORDS,
        missing="Say why it changes",
        description="This is published on the page of the tender. Do not name a supplier.",
    )
    new_deadline_at = DateField(
        "New deadline",
        description="Leave the day and the time blank if the deadline stays. For example, 27 3 2027.",
    )
    new_time = TimeField("Time of the new deadline", description="UK time, for example 12:00 or 5pm.")
    moment: datetime | None = None

    def validate(self, *args: Any, **options: Any) -> bool:
        """A deadline has a day and a time, and clocks in the United Kingdom show it once."""
        is_sound = bool(super().validate(*args, **options))
        day, at = self.new_deadline_at, self.new_time
        if not day.errors and not at.errors:
            self._check_deadline(day, at)
        return is_sound and not day.errors and not at.errors

    def _check_deadline(self, day: DateField, at: TimeField) -> None:
        if day.data is None and at.data is not None:
            day.errors = ["Enter the day of the new deadline"]
        elif day.data is not None and at.data is None:
            at.errors = ["Enter the time of the new deadline"]
        elif day.data is not None:
            self.moment = moment_of(self, "new_deadline_at", "new_time")


class DecideForm(Form):
    """Agree to a change, or turn it down."""

    decision = RadioField(
        "Do you agree to this change?",
        {AGREE: "Yes, make the change now and tell everyone", TURN_DOWN: "No, everything stays as it is"},
        missing="Select whether you agree",
    )


class CancelForm(Form):
    """End a tender."""

    reason = LongTextField(
        "Why the tender ends",
        longest=LONGEST_REASON,
        missing="Say why the tender ends",
        description="Everyone who follows the tender or bids for it is sent these words, and they stand on its page.",
    )
