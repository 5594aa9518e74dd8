"""The form that chooses reminders."""

from collections.abc import Sequence

from wpound.services.choose_reminders import ReminderChoice
from wpound.web.fields import CheckboxesField
from wpound.web.forms import Form


class RemindersForm(Form):
    """The reminders to get; none ticked is an answer too."""

    wanted = CheckboxesField(
        "Send me an email when",
        {},
        description="We email you once, then every Monday until it is done. "
        "We always send the first email about a return of yours that is late, and about one that is 2 weeks late.",
    )

    def __init__(self, choices: Sequence[ReminderChoice]) -> None:
        super().__init__(data={"wanted": [choice.kind.value for choice in choices if choice.wanted]})
        self.wanted.offer({choice.kind.value: choice.title for choice in choices})
