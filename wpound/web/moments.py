"""A time of day as people type it, and the moment it makes with a day."""

import re
from datetime import datetime, time
from typing import Any

from wpound.services.clock import moment_in_london
from wpound.web.fields import TypedField
from wpound.web.forms import Form
from wpound.web.widgets import LineInput

_TIME = re.compile(r"(\d{1,2})(?:[:.](\d{2}))?\s*(am|pm)?", re.IGNORECASE | re.ASCII)


def read_time(text: str) -> time | None:
    """The time of a text, or None; a bare number needs am or pm, because 5 could be either.

    >>> read_time("17:00"), read_time("5pm"), read_time("12:30 am"), read_time("5")
    (datetime.time(17, 0), datetime.time(17, 0), datetime.time(0, 30), None)
    """
    found = _TIME.fullmatch(text.strip())
    if found is None or (found[2] is None and found[3] is None):
        return None
    hour, minute, half = int(found[1]), int(found[2] or 0), (found[3] or "").lower()
    if half:
        if not 1 <= hour <= 12:
            return None
        hour = hour % 12 + (12 if half == "pm" else 0)
    return time(hour, minute) if hour < 24 and minute < 60 else None


class TimeField(TypedField):
    """A time of day in London: ``17:00`` and ``5pm`` are the same."""

    widget: Any = LineInput(classes="govuk-input--width-5", spellcheck=False)
    longest = 20

    def read(self, text: str) -> time:
        found = read_time(text)
        if found is None:
            raise ValueError(f"{self.name_in_messages} must be a time, like 17:00 or 5pm")
        return found

    def write(self, value: time) -> str:
        return f"{value:%H:%M}"


def moment_of(form: Form, day: str, at: str) -> datetime | None:
    """The moment of a day and a time field that are both given; what is wrong with it is said beside the time."""
    try:
        return moment_in_london(form[day].data, form[at].data)
    except ValueError as error:
        form[at].errors = [f"{form[at].label.text} {error}"]
        return None
