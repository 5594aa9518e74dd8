"""Flask-Security's forms in the council's fields and words, with their guesses counted."""

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from types import MappingProxyType
from typing import Any

from flask import request
from flask_security import (
    ChangePasswordForm,
    ForgotPasswordForm,
    LoginForm,
    MfRecoveryForm,
    ResetPasswordForm,
    TwoFactorRescueForm,
    TwoFactorSelectForm,
    TwoFactorSetupForm,
    TwoFactorVerifyCodeForm,
    VerifyForm,
    WebAuthnDeleteForm,
    WebAuthnRegisterForm,
    current_user,
)
from flask_security.forms import EqualToLocalize
from flask_security.proxies import _datastore
from flask_security.utils import get_message, hash_password
from wtforms import HiddenField  # type: ignore[import-untyped]
from wtforms.validators import ValidationError  # type: ignore[import-untyped]

from wpound.services.limit_attempts import (
    CODES,
    GUESSES,
    GUESSES_FROM,
    MAILS,
    MAILS_FROM,
    Limit,
    forget,
    network_of,
    take_attempt,
)
from wpound.store.engine import writing
from wpound.web.extensions import site
from wpound.web.fields import EmailField, PasswordField, TextField
from wpound.web.forms import Form

TOO_MANY = "Too many attempts. Wait 15 minutes, then try again"
NO_OTHERS: Mapping[Limit, str] = MappingProxyType({})
HINT = "12 characters or more. Three random words are easy to remember and hard to guess."


def may_try(limits: dict[Limit, str]) -> bool:
    """Count an attempt under every limit, for the subject given to each, and say whether it may be made."""
    with writing(site().engine) as session:
        # Each is counted, also after one that refuses.
        answers = [take_attempt(session, limit, subject) for limit, subject in limits.items()]
    return all(answers)


def address() -> str:
    """The network from which the browser asks."""
    return network_of(request.remote_addr or "")


def _is_right(
    form: Form, limit: Limit, subject: str, validate: Callable[[], object], others: Mapping[Limit, str] = NO_OTHERS
) -> bool:
    """Whether a guess is right: counted before it is looked at, the eleventh refused unseen, forgotten once right."""
    if not may_try({limit: subject, **others}):
        form.form_errors.append(TOO_MANY)
        return False
    if not validate():
        return False
    with writing(site().engine) as session:
        forget(session, limit, subject)
    return True


class SignInForm(Form, LoginForm):
    """Email address and password; never "remember me", which would outlive the sign-in's row."""

    email = EmailField("Email address", missing="Enter your email address")
    password = PasswordField("Password", missing="Enter your password")
    remember = None

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.password.description = ""

    def error_list(self) -> list[dict[str, str]]:
        """One message for whatever is wrong, which leads to the first field: which one it was is not told."""
        messages = dict.fromkeys([error["text"] for error in super().error_list()])
        return [{"text": text, "href": f"#{self.email.id}"} for text in messages]

    def validate(self, **options: Any) -> bool:
        """Whether this is a person's address and password; the eleventh guess is refused unseen."""
        if not self.email.data and not request.form.get("email"):
            return bool(super().validate(**options))
        tried = str(request.form.get("email", ""))
        return _is_right(self, GUESSES, tried, partial(super().validate, **options), {GUESSES_FROM: address()})


class ConfirmPasswordForm(Form, VerifyForm):
    """The password once more, before something that matters."""

    password = PasswordField("Password", missing="Enter your password")

    def validate(self, **options: Any) -> bool:
        """Whether it is the person's password, guesses counted as at the sign-in."""
        return _is_right(self, GUESSES, self.user.email, partial(super().validate, **options))


class ForgottenForm(Form, ForgotPasswordForm):
    """Ask for a link to choose a new password."""

    email = EmailField("Email address", missing="Enter your email address")

    def validate(self, **options: Any) -> bool:
        """Whether a mail is to be sent; the page answers the same where none is."""
        if not Form.validate(self):
            # Where they stand beside the field, the page takes them away with those that tell who has an account.
            self.form_errors.extend(self.email.errors)
            return False
        if not may_try({MAILS: str(self.email.data), MAILS_FROM: address()}):
            return False
        self.user = _datastore.find_user(case_insensitive=True, email=self.email.data)
        if self.user is None or not self.user.is_active:
            return False
        # The page does the same for an address without an account, and one must not be told from the other by time.
        hash_password("not a password")
        return True


class NewPasswordForm(Form, ResetPasswordForm):
    """A new password by the link of a mail."""

    password = PasswordField("New password", description=HINT, missing="Enter a new password")
    password_confirm = PasswordField(
        "New password again",
        missing="Enter the new password again",
        validators=[EqualToLocalize("password", message="RETYPE_PASSWORD_MISMATCH")],
    )


class PasswordForm(Form, ChangePasswordForm):
    """Another password, by whoever knows the present one."""

    password = PasswordField("Current password", missing="Enter your current password")
    new_password = PasswordField("New password", description=HINT, missing="Enter a new password")
    new_password_confirm = PasswordField(
        "New password again",
        missing="Enter the new password again",
        validators=[EqualToLocalize("new_password", message="RETYPE_PASSWORD_MISMATCH")],
    )

    def validate(self, **options: Any) -> bool:
        """Whether the present password is right, guesses counted as at the sign-in, and the new one will do."""
        return _is_right(self, GUESSES, current_user.email, partial(super().validate, **options))


class CodeForm(Form, TwoFactorVerifyCodeForm):
    """The code an authenticator app shows."""

    code = TextField("Security code", missing="Enter the 6-digit code from your app", longest=20)

    def validate(self, **options: Any) -> bool:
        """Whether the code is right and was not used before; the eleventh guess is refused unseen."""
        if self.user is None:
            return False
        return _is_right(self, CODES, self.user.email, partial(super().validate, **options))

    def validate_code(self, field: Any) -> None:
        """Six digits, however they are spaced."""
        field.data = "".join(str(field.data).split())
        if not (field.data.isascii() and field.data.isdigit() and len(field.data) == 6):
            raise ValidationError(get_message("TWO_FACTOR_INVALID_TOKEN")[0])


class RecoveryForm(Form, MfRecoveryForm):
    """One of the codes kept for the day the app is not at hand."""

    code = TextField("Recovery code", missing="Enter one of your recovery codes", longest=40)

    def validate(self, **options: Any) -> bool:
        """Whether the code is one that was not used yet; guesses count together with those of the app's codes."""
        if self.user is None:
            return False
        return _is_right(self, CODES, self.user.email, partial(super().validate, **options))


class ButtonField(HiddenField):  # type: ignore[misc]
    """What a button stands for. The library gives choices as pairs, which a field of choices warns of."""

    def __init__(self, label: str = "", *, choices: Sequence[tuple[str, str]] = (), **options: Any) -> None:
        super().__init__(label, **options)
        self.choices = list(choices)


class SetUpForm(Form, TwoFactorSetupForm):
    """Start to set up an authenticator app, or do without where that is allowed."""

    setup = ButtonField()


class SelectForm(Form, TwoFactorSelectForm):
    """Which second factor is at hand, for people who have several."""

    which = ButtonField()


class RescueForm(Form, TwoFactorRescueForm):
    """Not on any page of ours: the library makes one beside the form for the code."""

    help_setup = ButtonField()


class PasskeyForm(Form, WebAuthnRegisterForm):
    """Start to register a passkey."""

    name = TextField("Name for it", description="For example, work phone", missing="Enter a name", longest=64)
    usage = ButtonField(default="secondary")


class RemovePasskeyForm(Form, WebAuthnDeleteForm):
    """Remove a passkey by its name."""

    name = TextField("Name", missing="Enter the name of the passkey to remove", longest=64)
