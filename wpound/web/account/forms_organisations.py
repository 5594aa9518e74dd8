"""The form that chooses which organisation to act for."""

from collections.abc import Mapping
from typing import Any

from wpound.web.fields import RadioField
from wpound.web.forms import Form


class SwitchForm(Form):
    """Act for another organisation."""

    organisation = RadioField("Act for", {}, missing="Select the organisation you want to act for")

    def __init__(self, organisations: Mapping[str, str], **options: Any) -> None:
        super().__init__(**options)
        self.organisation.offer(organisations)
