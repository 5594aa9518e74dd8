"""The forms of one line of a return: what it claims, an answer or a note, and a correction of it."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, cast

from wtforms import Field  # type: ignore[import-untyped]

from wpound.core.claim_content import ClaimContent, NewEntry
from wpound.core.claim_counting import WHOLE, EntryKind
from wpound.core.counting import Counting
from wpound.core.errors import InputError, InputErrors
from wpound.core.quantities import Unit
from wpound.services.approve_line import LONGEST_TEXT
from wpound.services.correct_claim import Proposal
from wpound.services.edit_claim import LONGEST_NARRATIVE, MOST_AMOUNT, MOST_ENTRIES, MOST_PLACES, MOST_WORDS
from wpound.services.show_claim import ClaimLine, EntryLine
from wpound.web.entries import DateProblem, read_date
from wpound.web.fields import (
    CheckboxField,
    DecimalField,
    IntegerField,
    LongTextField,
    SelectField,
    TextField,
    TypedField,
)
from wpound.web.forms import EditForm, Form
from wpound.web.supplier.bids.forms_parts import TextInWords
from wpound.web.widgets import LineInput

EMPTY_ROWS = 5
_ROW = re.compile(r"entry-(\d{1,3})-reference", re.ASCII)


class DayField(TypedField):
    """A day in one box, as it fits into a row: 6/5/2026 or 6 May 2026, always with the day first."""

    widget = LineInput(classes="govuk-input--width-10", spellcheck=False)
    longest = 20

    def read(self, text: str) -> date:
        parts = re.split(r"[/. -]+", text)
        if len(parts) != 3:
            raise ValueError(f"{self.name_in_messages} must be a day, like 6/5/2026")
        try:
            return read_date(*parts)
        except DateProblem as problem:
            raise ValueError(f"{self.name_in_messages} {problem}") from None

    def write(self, value: date) -> str:
        return f"{value.day}/{value.month}/{value.year}"


@dataclass(frozen=True, slots=True)
class Column:
    """One field of an entry: what it is called in a row and in messages, and how it is read."""

    name: str
    label: str
    kind: str = "text"
    width: int = 10

    def make(self, row: str, factors: Mapping[str, str]) -> Field:
        """Its field in a row, named by both in messages."""
        label = f"{row}: {self.label}"
        if self.kind == "number":
            return DecimalField(label, places=MOST_PLACES, most=MOST_AMOUNT)
        if self.kind == "count":
            return IntegerField(label)
        if self.kind == "day":
            return DayField(label)
        if self.kind == "choice":
            return SelectField(label, factors)
        return TextField(label)


_SHARE = Column("share", "Share, %", "number", 3)
_DAYS = (Column("first_on", "First day", "day", 5), Column("last_on", "Last day", "day", 5))
_COLUMNS = {
    Counting.FTE_YEARS: (
        Column("reference", "Payroll number", width=10),
        Column("hours", "Hours a week", "number", 4),
        Column("started_on", "Employed since", "day", 5),
        *_DAYS,
        _SHARE,
    ),
    Counting.ATTENDEE_HOURS: (
        Column("reference", "Event, place and day", width=20),
        Column("hours", "Hours", "number", 4),
        Column("attendees", "People attending", "count", 5),
        _SHARE,
    ),
    Counting.ACTIVITY_CARBON: (
        Column("reference", "Registration, serial or meter number", width=10),
        Column("amount", "Amount of the activity", "number", 10),
        Column("factor", "Emission factor", "choice"),
        *_DAYS,
        _SHARE,
    ),
    Counting.GIVEN: (
        Column("kind", "Event or item", "choice"),
        Column("reference", "What, where and when, or its number", width=20),
        Column("amount", "Amount", "number", 10),
        _SHARE,
    ),
}
_KINDS = {EntryKind.EVENT.value: "Event", EntryKind.ASSET.value: "Item"}


def columns_of(line: ClaimLine) -> tuple[Column, ...]:
    """The fields of a row, by the measure's way of counting."""
    return _COLUMNS[line.rule.counting]


class ClaimForm(EditForm):
    """What a line claims; rows are added to it by how the measure is counted."""

    narrative = TextInWords("What was done, for whom and where", longest=LONGEST_NARRATIVE, most_words=MOST_WORDS)

    rows: tuple[int, ...] = ()
    line: ClaimLine

    def to_content(self) -> ClaimContent:
        """What was entered; rows left empty or taken out are left out."""
        amount = self["amount"].data if "amount" in self else None
        if "nothing" in self and self["nothing"].data:
            amount = Decimal(0)
        share = self["share"].data if "share" in self else None
        entries = tuple(self._entry(row) for row in self.kept_rows())
        return ClaimContent(amount, WHOLE if share is None else share, self.narrative.data, entries)

    def kept_rows(self) -> list[int]:
        """The rows that say something and are not taken out, in order."""
        return [row for row in self.rows if not self[f"entry-{row}-remove"].data and self._says_something(row)]

    def refuse_entries(self, error: InputErrors | InputError) -> None:
        """Say what a service refused at its row, each with the name of the row it is about."""
        rows = self.kept_rows()
        found = error.errors if isinstance(error, InputErrors) else [error]
        self.refuse(InputErrors([self._place(one, rows) for one in found]))

    def _place(self, error: InputError, rows: list[int]) -> InputError:
        match = re.fullmatch(r"entries\[(\d+)\]\.(\w+)", error.field)
        if match is None:
            return error
        row = rows[int(match[1])]
        return InputError(f"entry-{row}-{match[2]}", f"{_row_name(self.line, row)}: {error.message}")

    def _says_something(self, row: int) -> bool:
        names = (column.name for column in columns_of(self.line) if column.name not in ("kind", "share"))
        return any(self[f"entry-{row}-{name}"].data not in (None, "") for name in names)

    def _entry(self, row: int) -> NewEntry:
        given = {column.name: self[f"entry-{row}-{column.name}"].data for column in columns_of(self.line)}
        given["kind"] = EntryKind(given.get("kind") or self.line.rule.kinds[0])
        given["reference"] = given["reference"] or ""
        given["factor"] = given.get("factor") or None
        if given["share"] is None:
            given["share"] = WHOLE
        return NewEntry(**given)


def make_claim_form(line: ClaimLine, sent: Iterable[str] = (), **options: Any) -> ClaimForm:
    """The form of a line filled with what is saved and with a few empty rows; ``sent`` are the names of fields sent."""
    rows = tuple(range(1, max(_count_rows(sent), len(line.entries) + EMPTY_ROWS) + 1))
    fields = dict(_plain_fields(line))
    data: dict[str, Any] = {"version": line.claim.version, "narrative": line.narrative}
    if line.figures.amount is not None:
        data |= {"amount": line.figures.amount, "nothing": not line.figures.amount}
    if line.figures.share != WHOLE:
        data["share"] = line.figures.share
    for row in rows:
        entry = line.entries[row - 1] if row <= len(line.entries) else None
        for column in columns_of(line):
            field = f"entry-{row}-{column.name}"
            fields[field] = column.make(_row_name(line, row), _choices(line, column))
            data[field] = _saved(entry, column.name)
        fields[f"entry-{row}-remove"] = CheckboxField(f"{_row_name(line, row)}: take out")
    made: ClaimForm = type("ClaimForm", (ClaimForm,), fields | {"rows": rows, "line": line})(data=data, **options)
    return made


def _count_rows(sent: Iterable[str]) -> int:
    numbers = [int(match[1]) for name in sent if (match := _ROW.fullmatch(name))]
    return min(max(numbers, default=0), MOST_ENTRIES + EMPTY_ROWS)


def _plain_fields(line: ClaimLine) -> Iterator[tuple[str, Field]]:
    if line.rule.by_entries_only:
        yield "nothing", CheckboxField("Nothing was delivered this quarter")
        return
    suffix: dict[str, Any] = {"suffix": {"text": line.commitment.unit.label}}
    if line.commitment.unit is Unit.GBP:
        suffix = {"prefix": {"text": "£"}}
    widget = LineInput(classes="govuk-input--width-10", inputmode="decimal", spellcheck=False, **suffix)
    hint = "Everything that was done, before any share. Enter 0 where nothing was."
    yield "amount", DecimalField("Amount", places=MOST_PLACES, most=MOST_AMOUNT, widget=widget, description=hint)
    yield (
        "share",
        DecimalField(
            "Share for this contract",
            places=MOST_PLACES,
            most=WHOLE,
            widget=LineInput(classes="govuk-input--width-3", inputmode="decimal", suffix={"text": "%"}),
            description="Leave it empty where all of it was done for this contract. Where several contracts were "
            "served, split it by hours, places or money. All shares together are at most 100%.",
        ),
    )


def _row_name(line: ClaimLine, row: int) -> str:
    kinds = line.rule.kinds
    return f"{kinds[0].label if len(kinds) == 1 else 'Row'} {row}"


def _choices(line: ClaimLine, column: Column) -> Mapping[str, str]:
    if column.name == "kind":
        return _KINDS
    factors = {code: f"{one.activity}, {one.unit}" for code, one in line.rule.factors.items()}
    return {"": "Choose a factor"} | factors


def _saved(entry: EntryLine | None, name: str) -> Any:
    if entry is None:
        return None
    if name == "reference":
        return entry.reference
    value = getattr(entry.row, name)
    return None if name == "share" and value == WHOLE else value


class AnswerForm(EditForm):
    """Answer the buyer's question."""

    answer = LongTextField("Your answer", longest=LONGEST_TEXT, missing="Write your answer")


class NoteForm(Form):
    """A note to the buyer."""

    note = LongTextField("Your note", longest=LONGEST_TEXT, missing="Write your note")


class CorrectionForm(EditForm):
    """Propose another figure for a line that was decided."""

    claimed = DecimalField(
        "Correct figure for the quarter",
        places=4,
        most=MOST_AMOUNT,
        missing="Enter the figure that the line should have had",
    )
    reason = LongTextField("Why is it wrong?", longest=LONGEST_TEXT, missing="Say why the figure should change")
    narrative = LongTextField(
        "New words for what was done",
        longest=LONGEST_TEXT,
        description="Leave it empty where the words can stay as they are.",
    )

    def to_proposal(self) -> Proposal:
        """What is proposed."""
        return Proposal(cast(Decimal, self.claimed.data), str(self.reason.data), self.narrative.data)
