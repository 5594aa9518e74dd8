"""Forms and fields in the council's markup and wording; the packages behind them are named in this module alone."""

from collections.abc import Mapping
from typing import Any

from flask_wtf import FlaskForm  # type: ignore[import-untyped]
from flask_wtf.file import FileField, FileSize  # type: ignore[import-untyped]
from govuk_frontend_wtf.wtforms_widgets import GovFileInput, GovTextInput  # type: ignore[import-untyped]
from wtforms import StringField  # type: ignore[import-untyped]
from wtforms.validators import InputRequired, Length  # type: ignore[import-untyped]


class Form(FlaskForm):  # type: ignore[misc]
    """A form that is sent by POST and carries a token against forged requests."""

    def error_list(self) -> list[Mapping[str, str]]:
        """The error summary: the first problem of each field, each a link to its field."""
        return [{"text": str(field.errors[0]), "href": f"#{field.id}"} for field in self if field.errors]


class SearchForm(Form):
    """A form that only asks: sent by GET, so that its answer has an address, and without a token."""

    class Meta:
        csrf = False


class TextField(StringField):  # type: ignore[misc]
    """One line of text that must be given; blanks around it are dropped."""

    widget = GovTextInput()

    def __init__(self, label: str, *, missing: str, longest: int, **options: Any) -> None:
        too_long = f"{label} must be {longest} characters or fewer"
        validators = [InputRequired(missing), Length(max=longest, message=too_long)]
        super().__init__(label, validators, filters=[lambda text: text.strip() if text else text], **options)


class UploadField(FileField):  # type: ignore[misc]
    """A file that must be chosen; ``largest`` is in bytes."""

    widget = GovFileInput()

    def __init__(self, label: str, *, missing: str, largest: int, **options: Any) -> None:
        too_large = f"The selected file must be smaller than {largest // 2**20} MB"
        super().__init__(label, [InputRequired(missing), FileSize(largest, message=too_large)], **options)
