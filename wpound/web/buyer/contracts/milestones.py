"""Milestones as lines of a text box: a day and a quantity each."""

import re
from collections.abc import Iterable

from wpound.core.due_dates import DueDate
from wpound.core.errors import InputError, InputErrors
from wpound.core.form import write_decimal
from wpound.web.entries import DateProblem, read_date, read_number

_LINE = re.compile(r"(\d{1,2})[/ .-](\w+)[/ .-](\d{4})\s*[:,;]?\s+(\S+)")


def read_milestones(text: str | None) -> tuple[DueDate, ...]:
    """The milestones of a text, blank lines left out; raises InputErrors naming each line that cannot be read."""
    found, errors = [], []
    for number, line in enumerate((text or "").splitlines(), start=1):
        if not line.strip():
            continue
        match = _LINE.fullmatch(line.strip())
        quantity = read_number(match[4]) if match else None
        try:
            if match is None or quantity is None:
                raise DateProblem("")
            found.append(DueDate(read_date(match[1], match[2], match[3]), quantity))
        except DateProblem:
            words = f"Line {number} must be a day and a quantity, like 31/3/2027 4.5."
            errors.append(InputError("milestones", words))
    if errors:
        raise InputErrors(errors)
    return tuple(found)


def write_milestones(dues: Iterable[DueDate]) -> str:
    """Milestones as they stand in the box."""
    return "\n".join(
        f"{due.due_on.day}/{due.due_on.month}/{due.due_on.year} {write_decimal(due.quantity)}" for due in dues
    )
