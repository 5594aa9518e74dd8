"""Everything that can go wrong, in one place.

Exceptions are for people who asked for something that cannot be done; a problem inside a data file is an
:class:`Issue`, a value that travels with the rows.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum


class WpoundError(Exception):
    """A problem whose message is written for the person who met it."""

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message


class RuleError(WpoundError):
    """A rule of the method was asked something it has no answer for."""


class MeasureNotInForce(RuleError):
    """No value is in force for the measure on the day asked about."""


class UnknownMeasure(RuleError):
    """The catalogue has no measure of that code."""


class UnitMismatch(RuleError):
    """A quantity came in another unit than its measure counts in."""


class InputError(WpoundError):
    """Input a person can put right: which field, and what to do about it."""

    def __init__(self, field: str, message: str) -> None:
        super().__init__(message)
        self.field = field


class InputErrors(WpoundError):
    """Several input errors found in one go, so that a person can put them all right at once."""

    def __init__(self, errors: list[InputError]) -> None:
        super().__init__("; ".join(f"{e.field}: {e.message}" for e in errors))
        self.errors = errors


class AccessDenied(WpoundError):
    """The person may not do this."""


class NotFound(WpoundError):
    """No such thing, or not for this person."""


class StateError(WpoundError):
    """The thing is in a state in which this cannot be done."""


class StaleEdit(StateError):
    """Somebody else saved the thing since it was read; ``sent`` and ``now`` are both versions, words by label."""

    def __init__(
        self,
        message: str = "Somebody else saved this after you opened it.",
        sent: Mapping[str, str] | None = None,
        now: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(message)
        self.sent, self.now = dict(sent or {}), dict(now or {})


class TryLater(WpoundError):
    """Something did not answer in time; the same may work later."""


class Severity(StrEnum):
    """How much a data problem matters: an error keeps its row out, a warning does not."""

    ERROR = "error"
    WARNING = "warning"
    NOTE = "note"


@dataclass(frozen=True, slots=True)
class Issue:
    """One problem inside a data file, with the place where it was met (``line`` and ``column`` count from 1)."""

    code: str
    severity: Severity
    message: str
    sheet: str | None = None
    line: int | None = None
    column: str | None = None
    value: str | None = None
