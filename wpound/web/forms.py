"""Forms: what is wrong with them in one list, and what a service refused beside the field it is about."""

from collections.abc import Iterable, Iterator
from typing import Self

from flask_wtf import FlaskForm  # type: ignore[import-untyped]
from wtforms import Field, FieldList, FormField, HiddenField, SelectFieldBase  # type: ignore[import-untyped]

from wpound.core.errors import InputError, InputErrors, StaleEdit, TryLater


class Form(FlaskForm):  # type: ignore[misc]
    """A form that is sent by POST and carries a token against forged requests."""

    def error_list(self) -> list[dict[str, str]]:
        """The error summary: the first problem of each field, each a link to its field, then those of no one field."""
        listed = [
            {"text": str(field.errors[0]), "href": f"#{getattr(field, 'first_input', field.id)}"}
            for field in self
            if field.errors
        ]
        return listed + [{"text": str(error)} for error in self.form_errors]

    # The status of a page whose form was refused.
    refused_with = 400

    def put_off(self, error: TryLater) -> None:
        """Nothing is wrong with the file that was sent, but it cannot be taken now: this is said beside its box."""
        self["file"].errors, self.refused_with = [error.message], 503

    def refuse(self, error: InputError | InputErrors) -> None:
        """Take over what a service refused: each message stands beside the field it names, or above the form."""
        for one in error.errors if isinstance(error, InputErrors) else [error]:
            if one.field in self and not self[one.field].errors:
                self[one.field].errors = [one.message]
            else:
                self.form_errors.append(one.message)


class EditForm(Form):
    """A form that changes what others may be changing too: it carries the version of what its person was shown.

    A view hands ``version_shown`` to its service, and turns the service's StaleEdit into one that shows both versions:
    ``raise form.beside(TheForm(version=row.version, ...))``.
    """

    version = HiddenField()

    @property
    def version_shown(self) -> int:
        """The version the form was opened at; -1, which no row has, where the form does not say."""
        text = str(self.version.data or "")
        return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else -1

    def words(self) -> dict[str, str]:
        """What stands in the form, by label, as its person reads it."""
        return dict(_words(self))

    def beside(self, now: Self) -> StaleEdit:
        """What was sent set beside the form as it would be opened now (made with ``formdata=None``)."""
        return StaleEdit(sent=self.words(), now=now.words())


def _words(fields: Iterable[Field], before: str = "") -> Iterator[tuple[str, str]]:
    for field in fields:
        label = before + str(field.label.text)
        if isinstance(field, FieldList | FormField):
            yield from _words(field, f"{label}: ")
        elif not isinstance(field, HiddenField):
            yield label, _text(field)


def _text(field: Field) -> str:
    """The words of one field: of choices their labels, of anything else what was typed."""
    if isinstance(field, SelectFieldBase):
        chosen = field.data if isinstance(field.data, list) else [field.data]
        return ", ".join(str(choice.label) for choice in field.choices if choice.value in chosen)
    if isinstance(field.data, bool):
        return "Yes" if field.data else "No"
    if field.raw_data:
        return " ".join(map(str, field.raw_data)).strip()
    written = getattr(field, "write", str)(field.data) if field.data is not None else ""
    return str(written)


class SearchForm(Form):
    """A form that only asks: sent by GET, so that its answer has an address, and without a token."""

    class Meta:
        csrf = False


class ConfirmForm(Form):
    """A button that changes something: nothing but the token."""
