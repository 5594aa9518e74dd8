"""The forms that make an opening key, and check its passphrase."""

from typing import Any

from wpound.store.sealing import SHORTEST_PASSPHRASE
from wpound.web.fields import CheckboxField, PasswordField
from wpound.web.forms import Form


class CheckPassphraseForm(Form):
    """A passphrase, to see whether it opens a key."""

    passphrase = PasswordField("Your opening passphrase", missing="Enter your opening passphrase")


class OpeningKeyForm(Form):
    """A passphrase, twice, and that its person knows what it means to forget it."""

    passphrase = PasswordField(
        "Opening passphrase",
        missing="Enter a passphrase",
        description=f"{SHORTEST_PASSPHRASE} characters or more. Four random words are easy to keep. Not your password.",
    )
    again = PasswordField("The same passphrase again", missing="Enter the passphrase again")
    knows = CheckboxField(
        "I understand that nobody can find or replace this passphrase for me",
        missing="Confirm that you understand that nobody can find or replace the passphrase",
    )

    def validate(self, extra_validators: Any = None) -> bool:
        """Both have to be the same."""
        sound = bool(super().validate(extra_validators))
        if self.passphrase.data and self.again.data and self.passphrase.data != self.again.data:
            self.again.errors = ["The two passphrases are not the same"]
        return sound and not self.errors
