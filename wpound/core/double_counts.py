"""The same person, event or asset counted twice: at most one whole of each, over all contracts.

Sources: a thing is claimed once, and one person stands in one group at a disadvantage at most (torbay.gov.uk);
shared activity is split by shares (Cheshire West and Chester). See ``docs/method/returns.md``.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import ROUND_FLOOR, Decimal
from enum import StrEnum
from itertools import accumulate

from wpound.core.claim_counting import WHOLE, Entry, EntryKind, days_counted
from wpound.core.counting import FULL_TIME_HOURS, Counting, person_fte
from wpound.core.money import divide, format_number, round_half_up
from wpound.core.periods import Period

ONE = Decimal(1)
NOTHING = Decimal(0)
# A seventh of a post seven times is one post: parts are only known to 28 digits.
COMPARED_PLACES = 12
SHARE_STEP = Decimal("0.01")


class DoubleCountRule(StrEnum):
    """Which rule an entry is against."""

    FULL_TIME_POST = "full_time_post"
    ONE_GROUP = "one_group"
    ATTRIBUTION = "attribution"


@dataclass(frozen=True, slots=True)
class Use:
    """What one entry takes of the thing behind ``key``.

    ``fte`` is a person's part of a full-time post (None: a whole one), ``share`` the per cent for the contract. Days
    are those counted; without them (None) the thing is used up for good, as an event always is.
    """

    kind: EntryKind
    key: str
    measure_code: str
    disadvantaged_group: bool
    contract_id: int
    first_on: date | None
    last_on: date | None
    started_on: date | None = None
    fte: Decimal | None = None
    share: Decimal = WHOLE

    @property
    def taken(self) -> Decimal:
        """How much of the whole (1) it takes on each of its days."""
        post = ONE if self.fte is None or self.kind is not EntryKind.PERSON else self.fte
        return divide(post * self.share, WHOLE)

    @property
    def span(self) -> tuple[date, date]:
        """Its days: all that there are for an event, or where none are given."""
        if self.kind is EntryKind.EVENT:
            return date.min, date.max
        return self.first_on or date.min, self.last_on or date.max


def use_of(
    entry: Entry,
    counting: Counting,
    period: Period,
    *,
    key: str,
    measure_code: str,
    contract_id: int,
    disadvantaged_group: bool = False,
    first_months_only: int | None = None,
    full_time_hours: Decimal = FULL_TIME_HOURS,
) -> Use:
    """What an entry takes. A person: the days counted; an asset: its days, else the quarter for carbon, else for good.

    Raises ValueError where a person counts on no day, which :func:`~wpound.core.claim_counting.entry_problems` tells.
    """
    first_on, last_on, fte = entry.first_on, entry.last_on, None
    if entry.kind is EntryKind.PERSON:
        days = days_counted(entry, period, first_months_only)
        if days is None:
            raise ValueError("the person counts on no day of the quarter")
        first_on, last_on = days.start_on, days.end_on
        fte = person_fte(entry.hours, full_time_hours) if entry.hours is not None else None
    elif counting is Counting.ACTIVITY_CARBON:
        first_on, last_on = first_on or period.start_on, last_on or period.end_on
    return Use(
        entry.kind,
        key,
        measure_code,
        disadvantaged_group,
        contract_id,
        first_on,
        last_on,
        entry.started_on,
        fte,
        entry.share,
    )


@dataclass(frozen=True, slots=True)
class DoubleCount:
    """A new use that is too much; ``position`` is its place among the new ones, ``left`` the share it could have.

    ``left`` is per cent, rounded down; None where no share would do. The message never says whose the others are.
    """

    key: str
    rule: DoubleCountRule
    left: Decimal | None
    message: str
    position: int


def find_double_counts(new: Sequence[Use], standing: Iterable[Use]) -> list[DoubleCount]:
    """Every new use that is too much beside the standing ones and the new ones before it, in their order.

    A person counts up to one full-time post on any day of one measure, and in one disadvantaged-group measure ever. An
    event is shared out once; an asset once on any of its days. ``standing`` leaves out what the new uses replace. Who
    writes what is left everywhere is never refused again.

    >>> fair = Use(EntryKind.EVENT, "k", "careers", False, 1, None, None, share=Decimal(60))
    >>> [found] = find_double_counts([replace(fair, contract_id=2)], [fair])
    >>> found.left, found.message
    (Decimal('40.00'), 'Other claims already use part of this event. 40% is left: write 40% or less.')
    """
    shared: dict[tuple[str, ...], list[Use]] = defaultdict(list)
    groups: dict[str, set[str]] = defaultdict(set)
    for use in standing:
        shared[_whole_of(use)].append(use)
        if _in_group(use):
            groups[use.key].add(use.measure_code)
    return list(_find(new, shared, groups))


def _find(
    new: Sequence[Use], shared: dict[tuple[str, ...], list[Use]], groups: dict[str, set[str]]
) -> Iterator[DoubleCount]:
    for position, use in enumerate(new):
        if _in_group(use):
            if groups[use.key] - {use.measure_code}:
                yield DoubleCount(use.key, DoubleCountRule.ONE_GROUP, None, _ONE_GROUP, position)
                continue
            groups[use.key].add(use.measure_code)
        others = shared[_whole_of(use)]
        left = _left_for(use, others)
        if left is not None:
            yield DoubleCount(use.key, _RULES[use.kind], left, _say_left(use, left), position)
        others.append(use if left is None else replace(use, share=left))


def _whole_of(use: Use) -> tuple[str, ...]:
    """What is shared out: a person anew in every measure, an event or asset over all measures."""
    return (use.kind, use.key, use.measure_code) if use.kind is EntryKind.PERSON else (use.kind, use.key)


def _in_group(use: Use) -> bool:
    return use.kind is EntryKind.PERSON and use.disadvantaged_group


def _left_for(use: Use, others: Iterable[Use]) -> Decimal | None:
    """The share that is left, in hundredths of a per cent and rounded down; None where the use fits as it is."""
    room = ONE - _most_taken(use.span, others)
    if not use.taken or round_half_up(use.taken - room, COMPARED_PLACES) <= 0:
        return None
    whole = divide(use.taken * WHOLE, use.share)
    share = round_half_up(divide(max(room, NOTHING) * WHOLE, whole), COMPARED_PLACES)
    return share.quantize(SHARE_STEP, rounding=ROUND_FLOOR)


def _most_taken(span: tuple[date, date], others: Iterable[Use]) -> Decimal:
    """The most that others take together on any one day of a span: what begins and ends, in the order of days."""
    changes: dict[date, Decimal] = defaultdict(Decimal)
    for other in others:
        first, last = max(span[0], other.span[0]), min(span[1], other.span[1])
        if first <= last:
            changes[first] += other.taken
            if last < date.max:
                changes[last + timedelta(days=1)] -= other.taken
    return max(accumulate((changes[day] for day in sorted(changes)), initial=NOTHING))


_ONE_GROUP = (
    "This person was already counted in a measure for another group at a disadvantage. "
    "A person counts in one such group only: take them out of this claim."
)
_RULES = {
    EntryKind.PERSON: DoubleCountRule.FULL_TIME_POST,
    EntryKind.EVENT: DoubleCountRule.ATTRIBUTION,
    EntryKind.ASSET: DoubleCountRule.ATTRIBUTION,
}
_FOUND = {
    EntryKind.PERSON: "On some of these days this person would count for more than one full-time post in this measure.",
    EntryKind.EVENT: "Other claims already use part of this event.",
    EntryKind.ASSET: "Other claims already use part of this item on some of these days.",
}


def _say_left(use: Use, left: Decimal) -> str:
    share = format_number(left)
    found = _FOUND[use.kind]
    return f"{found} " + (f"{share}% is left: write {share}% or less." if left else "Nothing is left: take it out.")
