"""Fields in the council's markup and wording; the packages behind them are named here, in forms and in widgets.

Every field says in plain words what is wrong. ``missing`` is what it says where nothing was given; without it the field
may be left out, and its value is then None.
"""

import re
from abc import abstractmethod
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from flask_wtf.file import FileField as WtfFileField  # type: ignore[import-untyped]
from flask_wtf.file import FileSize
from govuk_frontend_wtf.wtforms_widgets import (  # type: ignore[import-untyped]
    GovFileInput,
    GovPasswordInput,
    GovSelect,
)
from werkzeug.datastructures import MultiDict
from wtforms import BooleanField, Field, SelectMultipleField  # type: ignore[import-untyped]
from wtforms import RadioField as WtfRadioField
from wtforms import SelectField as WtfSelectField
from wtforms.fields import SelectChoice  # type: ignore[import-untyped]
from wtforms.validators import StopValidation  # type: ignore[import-untyped]

from wpound.core.form import write_decimal
from wpound.core.money import Money
from wpound.ingest.suppliers.identifiers import normalise_charity_number, normalise_company_number
from wpound.web.entries import (
    DATE_PARTS,
    DateProblem,
    has_places,
    read_date,
    read_number,
    read_pounds,
    require_money,
    require_number,
)
from wpound.web.widgets import CheckboxesInput, CheckboxInput, CountedTextInput, DateInput, LineInput, RadioInput

# One bare address: with the signs of a list or of a name beside it, a header could be read as another address, and
# one person's address could be written in many ways to be counted as many people's.
_EMAIL = re.compile(r"[\w.!#$%&'*+/^`{|}~-]+@[a-z0-9-]+(\.[a-z0-9-]+)+", re.ASCII | re.IGNORECASE)
LONGEST_LINE = 300
NOTHING = Money(0)
MOST_MONEY = Money.from_pounds(999_999_999_999)


class TypedField(Field):  # type: ignore[misc]
    """One line that is read as a value; what was typed stays on the page where it cannot be read."""

    widget: Any = LineInput()
    longest = LONGEST_LINE

    def __init__(self, label: str, *, missing: str | None = None, **options: Any) -> None:
        super().__init__(label, **options)
        self.missing = missing

    @abstractmethod
    def read(self, text: str) -> Any:
        """The value of a text that is not blank; raises ValueError with words for the person."""

    def write(self, value: Any) -> str:
        """A value as it stands in the field when it is opened for change."""
        return str(value)

    @property
    def name_in_messages(self) -> str:
        """The label, as it starts a sentence."""
        return str(self.label.text)

    def process_formdata(self, values: list[Any]) -> None:
        text = str(values[0]).strip() if values else ""
        self.data = None
        if len(text) > self.longest:
            raise ValueError(f"{self.name_in_messages} must be {self.longest:,} characters or fewer")
        # A character that cannot be printed cannot be stored by every database, and nobody could see it.
        if not all(letter.isprintable() or letter in "\r\n\t" for letter in text):
            raise ValueError(f"{self.name_in_messages} holds characters that cannot be printed; type it again")
        if text:
            self.data = self.read(text)

    def pre_validate(self, form: Any) -> None:
        # Asked here and not while reading, which a post without any field never comes to.
        if self.missing and self.data is None and not self.errors:
            raise StopValidation(self.missing)

    def _value(self) -> str:
        if self.raw_data:
            return str(self.raw_data[0])
        return "" if self.data is None else self.write(self.data)


class TextField(TypedField):
    """One line of text; blanks around it are dropped and line breaks in it become blanks."""

    def __init__(self, label: str, *, longest: int = LONGEST_LINE, **options: Any) -> None:
        super().__init__(label, **options)
        self.longest = longest

    def read(self, text: str) -> str:
        return " ".join(text.split())


class LongTextField(TypedField):
    """Text of several lines, with a count of the characters left."""

    def __init__(self, label: str, *, longest: int, **options: Any) -> None:
        super().__init__(label, **options)
        self.longest = longest
        self.widget = CountedTextInput(longest)

    def process_formdata(self, values: list[Any]) -> None:
        # A browser sends a line break as two characters and counts it as one.
        super().process_formdata([str(value).replace("\r\n", "\n") for value in values])

    def read(self, text: str) -> str:
        return text


class EmailField(TypedField):
    """An email address, kept in small letters so that one person has one account."""

    widget = LineInput("email", autocomplete="email", spellcheck=False)
    longest = 254

    def read(self, text: str) -> str:
        if not _EMAIL.fullmatch(text):
            raise ValueError("Enter an email address in the correct form, like name@example.com")
        return text.lower()


class PasswordField(TypedField):
    """A password: never shown again, and read as it was typed, blanks included."""

    widget = GovPasswordInput()
    longest = 200

    def process_formdata(self, values: list[Any]) -> None:
        self.data = str(values[0]) if values and values[0] else None
        if self.data and len(self.data) > self.longest:
            raise ValueError(f"{self.name_in_messages} must be {self.longest} characters or fewer")


class MoneyField(TypedField):
    """An amount of pounds as :class:`Money`: ``1250``, ``1,250.00`` and ``£1,250`` are the same."""

    widget = LineInput(prefix={"text": "£"}, classes="govuk-input--width-10", inputmode="decimal", spellcheck=False)
    longest = 40

    def __init__(self, label: str, *, least: Money = NOTHING, most: Money = MOST_MONEY, **options: Any) -> None:
        super().__init__(label, **options)
        self.least, self.most = least, most

    def read(self, text: str) -> Money:
        pounds = read_pounds(text)
        if pounds is None:
            raise ValueError(f"{self.name_in_messages} must be an amount of money, like 1,250 or 1,250.50")
        if not has_places(pounds, 2):
            raise ValueError(f"{self.name_in_messages} must be in pounds and pence, with at most 2 decimals")
        return require_money(self.name_in_messages, Money.from_pounds(pounds), self.least, self.most)

    def write(self, value: Money) -> str:
        return f"{value.pounds:,.2f}"


class DecimalField(TypedField):
    """An exact number as Decimal with at most so many ``places``; thousands commas are understood."""

    widget = LineInput(classes="govuk-input--width-10", inputmode="decimal", spellcheck=False)
    longest = 40

    def __init__(
        self,
        label: str,
        *,
        places: int = 2,
        least: Decimal | int = 0,
        most: Decimal | int = 999_999_999_999,
        **options: Any,
    ) -> None:
        super().__init__(label, **options)
        self.places, self.least, self.most = places, Decimal(least), Decimal(most)

    def read(self, text: str) -> Decimal:
        number = read_number(text)
        if number is None:
            raise ValueError(f"{self.name_in_messages} must be a number, like 1,250 or 12.5")
        if not has_places(number, self.places):
            raise ValueError(f"{self.name_in_messages} must have at most {self.places} decimals")
        return require_number(self.name_in_messages, number, self.least, self.most)

    def write(self, value: Decimal) -> str:
        return write_decimal(value)


class IntegerField(TypedField):
    """A whole number; thousands commas are understood."""

    widget = LineInput(classes="govuk-input--width-5", inputmode="numeric", spellcheck=False)
    longest = 40

    def __init__(self, label: str, *, least: int = 0, most: int = 999_999_999, **options: Any) -> None:
        super().__init__(label, **options)
        self.least, self.most = Decimal(least), Decimal(most)

    def read(self, text: str) -> int:
        number = read_number(text)
        if number is None or not has_places(number, 0):
            raise ValueError(f"{self.name_in_messages} must be a whole number, like 12")
        return int(require_number(self.name_in_messages, number, self.least, self.most))


class CompanyNumberField(TypedField):
    """A company number as Companies House writes it, in 8 characters."""

    widget = LineInput(classes="govuk-input--width-10", spellcheck=False)
    longest = 20

    def read(self, text: str) -> str:
        wanted = "Enter a company number of 8 characters, like 01234567 or SC123456"
        return _require_form(normalise_company_number(text), wanted)


class CharityNumberField(TypedField):
    """A charity number of England and Wales, Scotland or Northern Ireland, as its register writes it."""

    widget = LineInput(classes="govuk-input--width-10", spellcheck=False)
    longest = 20

    def read(self, text: str) -> str:
        wanted = "Enter a charity number, like 1234567, SC012345 or NIC100123"
        _require_form(normalise_charity_number(text) and text, wanted)
        return re.sub(r"\s", "", text).upper()


class DateField(TypedField):
    """A day in three boxes; a month can be written as a number or a name."""

    widget = DateInput()

    def __init__(self, label: str, **options: Any) -> None:
        super().__init__(label, **options)
        self.wrong_parts: tuple[str, ...] = DATE_PARTS

    @property
    def first_input(self) -> str:
        """The box an error summary leads to."""
        return f"{self.id}-{self.wrong_parts[0]}"

    def process(self, formdata: Any, *args: Any, **options: Any) -> None:
        """Gather the three boxes: however many were sent, there are always three."""
        if formdata is not None:
            sent = [(self.name, str(formdata.get(f"{self.name}-{part}", ""))) for part in DATE_PARTS]
            formdata = MultiDict(sent)
        super().process(formdata, *args, **options)

    def process_formdata(self, values: list[Any]) -> None:
        day, month, year = (value.strip() for value in values)
        self.data = None
        if day or month or year:
            try:
                self.data = read_date(day, month, year)
            except DateProblem as problem:
                self.wrong_parts = problem.parts
                raise ValueError(f"{self.name_in_messages} {problem}") from None

    def _value(self) -> str:
        return ""


def _require_form(value: str | None, message: str) -> str:
    if value is None:
        raise ValueError(message)
    return value


class _ChoiceField:
    """What fields with a list of choices share: the choices by value, and one message for no and for another choice."""

    def __init__(self, label: str, choices: Mapping[str, str], *, missing: str | None = None, **options: Any) -> None:
        super().__init__(label, validate_choice=False, **options)  # type: ignore[call-arg]
        self.missing = missing
        self.offer(choices)

    def offer(self, choices: Mapping[str, str]) -> None:
        """Set the choices, label by value."""
        self.choices = [SelectChoice(value, label) for value, label in choices.items()]

    def pre_validate(self, form: Any) -> None:
        chosen = self.data if isinstance(self.data, list) else [self.data] if self.data else []  # type: ignore[attr-defined]
        if not chosen and self.missing:
            raise StopValidation(self.missing)
        if not set(chosen) <= {choice.value for choice in self.choices}:
            raise StopValidation(self.missing or "Choose one of the choices listed")


class SelectField(_ChoiceField, WtfSelectField):  # type: ignore[misc]
    """One choice from a list that drops down; give it a first choice ``""`` that asks to choose."""

    widget = GovSelect()

    @property
    def row_number(self) -> int | None:
        """The choice where choices are numbers of rows; None for the first, which chooses nothing."""
        return int(self.data) if self.data else None


class RadioField(_ChoiceField, WtfRadioField):  # type: ignore[misc]
    """One choice from radio buttons."""

    widget = RadioInput()

    @property
    def first_input(self) -> str:
        """The button an error summary leads to."""
        return str(self.name)


class CheckboxesField(_ChoiceField, SelectMultipleField):  # type: ignore[misc]
    """Any number of choices from check boxes, as a list of values."""

    widget = CheckboxesInput()

    @property
    def first_input(self) -> str:
        """The box an error summary leads to."""
        return str(self.name)


class CheckboxField(BooleanField):  # type: ignore[misc]
    """One box to tick; with ``missing`` it has to be ticked."""

    widget = CheckboxInput()

    def __init__(self, label: str, *, missing: str | None = None, **options: Any) -> None:
        super().__init__(label, **options)
        self.missing = missing

    def pre_validate(self, form: Any) -> None:
        if self.missing and not self.data:
            raise StopValidation(self.missing)

    @property
    def first_input(self) -> str:
        """The box an error summary leads to."""
        return str(self.name)


class FileField(WtfFileField):  # type: ignore[misc]
    """A file; ``largest`` is in bytes, and with ``missing`` one has to be chosen."""

    widget = GovFileInput()

    def __init__(self, label: str, *, largest: int, missing: str | None = None, **options: Any) -> None:
        too_large = f"The selected file must be smaller than {largest // 2**20} MB"
        super().__init__(label, [FileSize(largest, message=too_large)], **options)
        self.missing = missing

    def pre_validate(self, form: Any) -> None:
        if self.missing and not self.data:
            raise StopValidation(self.missing)
