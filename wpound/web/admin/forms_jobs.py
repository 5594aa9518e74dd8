"""The button that tries a job again."""

from wpound.web.fields import IntegerField
from wpound.web.forms import Form


class RetryForm(Form):
    """Which job; the number comes from the button and is typed by nobody."""

    job = IntegerField("Job", least=1, missing="Choose a job")
