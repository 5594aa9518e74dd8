"""Forms: what is wrong with them in one list, and what a service refused beside the field it is about."""

from flask_wtf import FlaskForm  # type: ignore[import-untyped]

from wpound.core.errors import InputError, InputErrors


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

    def refuse(self, error: InputError | InputErrors) -> None:
        """Take over what a service refused: each message stands beside the field it names, or above the form."""
        for one in error.errors if isinstance(error, InputErrors) else [error]:
            if one.field in self and not self[one.field].errors:
                self[one.field].errors = [one.message]
            else:
                self.form_errors.append(one.message)


class SearchForm(Form):
    """A form that only asks: sent by GET, so that its answer has an address, and without a token."""

    class Meta:
        csrf = False


class ConfirmForm(Form):
    """A button that changes something: nothing but the token."""
