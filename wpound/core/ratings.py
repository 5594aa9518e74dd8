"""How well a contract is performed: the five ratings of the law, from thresholds that each contract sets for itself.

The ratings are those of regulation 39 of the Procurement Regulations 2024, which gives no percentages; the codes are
those of the United Kingdom's extension to the Open Contracting Data Standard, paired in their order.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from wpound.core.errors import InputError
from wpound.core.form import write_decimal
from wpound.core.money import divide


class Rating(StrEnum):
    """The five ratings of a contract performance notice, best first; ``other`` is for what cannot be measured."""

    GOOD = "good"
    APPROACHING_TARGET = "approaching_target"
    REQUIRES_IMPROVEMENT = "requires_improvement"
    INADEQUATE = "inadequate"
    OTHER = "other"

    @property
    def label(self) -> str:
        """The rating in the law's words."""
        return _WORDS[self][0]

    @property
    def code(self) -> str:
        """The rating as ``measureClassification`` of the open data standard."""
        return _WORDS[self][1]


_WORDS = {
    Rating.GOOD: ("Good", "met"),
    Rating.APPROACHING_TARGET: ("Approaching target", "slightlyBelow"),
    Rating.REQUIRES_IMPROVEMENT: ("Requires improvement", "below"),
    Rating.INADEQUATE: ("Inadequate", "significantlyBelow"),
    Rating.OTHER: ("Other", "other"),
}


@dataclass(frozen=True, slots=True)
class RatingThresholds:
    """The least share of a target (1 is all of it) for each rating; below the last everything is inadequate.

    The shares of a new contract are a rule of this house, as the law gives none.
    """

    good: Decimal = Decimal(1)
    approaching: Decimal = Decimal("0.9")
    improvement: Decimal = Decimal("0.75")

    def __post_init__(self) -> None:
        if not 0 < self.improvement < self.approaching < self.good:
            raise InputError("good", "Each threshold must be higher than the next one, and the last more than 0.")

    def to_dict(self) -> dict[str, str]:
        """The stored form: shares as text."""
        names = ("good", "approaching", "improvement")
        return {name: write_decimal(getattr(self, name)) for name in names}

    @classmethod
    def from_dict(cls, data: Mapping[str, str] | None) -> "RatingThresholds":
        """Read the stored form; None stands for the thresholds of a new contract."""
        return cls(**{name: Decimal(share) for name, share in data.items()}) if data else cls()


class Better(StrEnum):
    """Which way a figure is better than its target."""

    HIGHER = "higher"
    LOWER = "lower"

    @property
    def limit(self) -> str:
        """How a target is said."""
        return "at least" if self is Better.HIGHER else "at most"


def share_reached(target: Decimal, measured: Decimal | None, better: Better = Better.HIGHER) -> Decimal | None:
    """How much of a target was reached, 1 for all of it; None where nothing was measured or the target is nothing.

    Where lower is better it is target over measured, and a measured 0 has reached all of it.

    >>> share_reached(Decimal(20), Decimal(25), Better.LOWER)
    Decimal('0.8')
    """
    if measured is None or target <= 0:
        return None
    if better is Better.HIGHER:
        return divide(measured, target)
    return divide(target, measured) if measured > 0 else Decimal(1)


def rate(share: Decimal | None, thresholds: RatingThresholds) -> Rating:
    """The rating of a share reached; a threshold itself is reached, and what is not known is Other.

    >>> rate(Decimal("0.9"), RatingThresholds()).label, rate(Decimal("0.8999"), RatingThresholds()).label
    ('Approaching target', 'Requires improvement')
    """
    if share is None:
        return Rating.OTHER
    if share >= thresholds.good:
        return Rating.GOOD
    if share >= thresholds.approaching:
        return Rating.APPROACHING_TARGET
    return Rating.REQUIRES_IMPROVEMENT if share >= thresholds.improvement else Rating.INADEQUATE
