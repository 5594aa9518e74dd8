"""What scoring a tender gives: bids in rank order, each with its lines, ties and warnings."""

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from functools import cached_property
from typing import Any, Protocol

from wpound.core.form import write_decimal
from wpound.core.method import AwardMethod
from wpound.core.trace import ScoreLine


@dataclass(frozen=True, slots=True)
class Caution:
    """Something a person should know before relying on the method or the result; it never changes a mark."""

    code: str
    message: str

    def to_dict(self) -> dict[str, Any]:
        """Plain JSON."""
        return {"code": self.code, "message": self.message}


@dataclass(frozen=True, slots=True)
class GroupTotal:
    """The sum of a group's lines for one bid; ``share`` is its part of what can be scored there (20 decimals)."""

    criterion: str
    title: str
    weighting: int
    available: Decimal
    contribution: Decimal
    share: Decimal

    def to_dict(self) -> dict[str, Any]:
        """Plain JSON, decimals as text."""
        return {
            "criterion": self.criterion,
            "title": self.title,
            "weighting": self.weighting,
            "available": write_decimal(self.available),
            "contribution": write_decimal(self.contribution),
            "share": write_decimal(self.share),
        }


class Account(Protocol):
    """How a bid's marks came about, told when someone asks."""

    def lines(self) -> tuple[ScoreLine, ...]:
        """One line a criterion, in the order of the method."""
        ...

    def groups(self) -> tuple[GroupTotal, ...]:
        """The total of every group of criteria."""
        ...


@dataclass(frozen=True)
class BidResult:
    """One bid's outcome.

    ``points`` is the exact sum of the lines' contributions; ``unrounded`` the figure that is ranked before rounding
    (the same, except under price per quality point: price over points); ``score`` is that figure as recorded. An
    excluded bid has neither rank nor score nor points, and says why. Lines and groups are built from ``account`` the
    first time they are looked at.
    """

    bidder: str
    rank: int | None
    score: Decimal | None
    unrounded: Decimal | None
    points: Decimal | None
    excluded_because: str | None
    account: Account = field(repr=False)

    @cached_property
    def lines(self) -> tuple[ScoreLine, ...]:
        """Every line that made the score, in the order of the method."""
        return self.account.lines()

    @cached_property
    def groups(self) -> tuple[GroupTotal, ...]:
        """The total of every group; none for an excluded bid."""
        return () if self.score is None else self.account.groups()

    def to_dict(self) -> dict[str, Any]:
        """The stable JSON of a bid; the score keeps the places of the method."""
        return {
            "bidder": self.bidder,
            "rank": self.rank,
            "score": None if self.score is None else format(self.score, "f"),
            "unrounded": None if self.unrounded is None else write_decimal(self.unrounded),
            "points": None if self.points is None else write_decimal(self.points),
            "excluded_because": self.excluded_because,
            "lines": [line.to_dict() for line in self.lines],
            "groups": [group.to_dict() for group in self.groups],
        }


@dataclass(frozen=True, slots=True)
class Tie:
    """Bids that the method's rules for ties leave level: they share the rank, and that is declared."""

    rank: int
    score: Decimal
    bidders: tuple[str, ...]

    def to_dict(self) -> dict[str, Any]:
        """Plain JSON."""
        return {"rank": self.rank, "score": format(self.score, "f"), "bidders": list(self.bidders)}


@dataclass(frozen=True, slots=True)
class TenderResult:
    """The whole result: bids in rank order, excluded ones last by name."""

    title: str
    award: AwardMethod
    method_hash: str
    catalogue_fingerprint: str
    as_of: date
    bids: tuple[BidResult, ...]
    ties: tuple[Tie, ...]
    warnings: tuple[Caution, ...]

    def to_dict(self) -> dict[str, Any]:
        """The stable JSON of ``wpound tender score --json``; decimals are text."""
        return {
            "title": self.title,
            "as_of": self.as_of.isoformat(),
            "award": self.award.value,
            "method_hash": self.method_hash,
            "catalogue_fingerprint": self.catalogue_fingerprint,
            "bids": [bid.to_dict() for bid in self.bids],
            "ties": [tie.to_dict() for tie in self.ties],
            "warnings": [warning.to_dict() for warning in self.warnings],
        }
