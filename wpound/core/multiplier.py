"""The local multiplier LM3: how far a pound goes in three rounds.

LM3 = (R1 + R2 + R3) / R1. R1 is the income, R2 the part of it paid to local people and suppliers, R3 the part of R2
that they in turn spend locally. The rounds are kept, not only the ratio, because published examples differ in what
they count (``docs/method/lm3.md``).
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from wpound.core.errors import InputError, InputErrors, RuleError
from wpound.core.form import write_money
from wpound.core.money import Money, divide, format_share, round_half_up

AVERAGING_FROM = 5
RESPONSE_FLOOR = Decimal("0.25")
PRINTED_PLACES = 2


@dataclass(frozen=True, slots=True)
class Recipient:
    """Someone local paid out of R1: what they were paid and the share of it they spend locally (0 to 1).

    ``local_share`` is None where they did not answer the survey. A ``modelled`` share is an estimate: it is used, never
    counted as an answer and never averaged into the answers of others.
    """

    name: str
    group: str
    paid: Money
    local_share: Decimal | None = None
    modelled: bool = False

    @property
    def answered(self) -> bool:
        """Whether the share comes from the recipient."""
        return self.local_share is not None and not self.modelled


@dataclass(frozen=True, slots=True)
class Rounds:
    """The three rounds; R3 is a range where some recipients' own spending is not known."""

    r1: Money
    r2: Money
    r3_low: Money
    r3_high: Money


@dataclass(frozen=True, slots=True)
class SurveyGroup:
    """How one group of recipients was surveyed: ``averaged`` says that its mean share stands for the whole group."""

    name: str
    recipients: int
    answers: int
    mean_share: Decimal | None
    averaged: bool

    def to_dict(self) -> dict[str, Any]:
        """Plain JSON, decimals as text."""
        return {
            "name": self.name,
            "recipients": self.recipients,
            "answers": self.answers,
            "mean_share": None if self.mean_share is None else str(self.mean_share),
            "averaged": self.averaged,
        }


@dataclass(frozen=True, slots=True)
class Multiplier:
    """LM3 from ``low`` to ``high`` (1 to 3, unrounded), with the rounds and the survey it rests on.

    ``response`` is the answered share of R2 by value, None where the rounds were given without a survey; ``modelled``
    is money of R2 whose re-spend is an estimate.
    """

    low: Decimal
    high: Decimal
    rounds: Rounds
    groups: tuple[SurveyGroup, ...] = ()
    response: Decimal | None = None
    modelled: Money = Money(0)  # noqa: RUF009 (Money is frozen)

    @property
    def printed(self) -> str:
        """LM3 with two decimals, as one figure or as a range: ``2.44``, ``1.68 to 1.78``."""
        low, high = (round_half_up(end, PRINTED_PLACES) for end in (self.low, self.high))
        return str(low) if low == high else f"{low} to {high}"

    def to_dict(self) -> dict[str, Any]:
        """The stable JSON of ``wpound lm3 --json``; decimals are text."""
        return {
            "rounds": {
                "r1": write_money(self.rounds.r1),
                "r2": write_money(self.rounds.r2),
                "r3_low": write_money(self.rounds.r3_low),
                "r3_high": write_money(self.rounds.r3_high),
            },
            "lm3": {"low": str(self.low), "high": str(self.high), "printed": self.printed},
            "response": None if self.response is None else str(self.response),
            "modelled": write_money(self.modelled),
            "groups": [group.to_dict() for group in self.groups],
            "explanation": explain_multiplier(self),
        }


def multiply(rounds: Rounds) -> Multiplier:
    """LM3 of stored rounds.

    Raises RuleError where R1 is nothing (the ratio is undefined, not 0) and InputErrors where a round is negative or
    larger than the one before. Source: nef, The Money Trail (2002).

    >>> pounds = Money.from_pounds
    >>> multiply(Rounds(pounds(10), pounds(8), pounds("6.40"), pounds("6.40"))).low
    Decimal('2.44')
    """
    check_rounds(rounds)
    if not rounds.r1:
        raise RuleError("R1 is £0.00, so there is no local multiplier: nothing was spent that could be passed on.")
    spent = rounds.r1 + rounds.r2
    return Multiplier(
        low=divide((spent + rounds.r3_low).pence, rounds.r1.pence),
        high=divide((spent + rounds.r3_high).pence, rounds.r1.pence),
        rounds=rounds,
    )


def check_rounds(rounds: Rounds) -> None:
    """Refuse rounds that cannot be (InputErrors, one for each): negative, or more passed on than came in."""
    problems = []
    if rounds.r1.pence < 0:
        problems.append(InputError("r1", f"{rounds.r1.format()} is negative. R1 is the income or total spend."))
    if not 0 <= rounds.r2.pence <= max(rounds.r1.pence, 0):
        problems.append(InputError("r2", f"{rounds.r2.format()} must lie between £0.00 and R1, {rounds.r1.format()}."))
    if not 0 <= rounds.r3_low.pence <= rounds.r3_high.pence <= max(rounds.r2.pence, 0):
        problems.append(
            InputError("r3", f"{rounds.r3_high.format()} must lie between £0.00 and R2, {rounds.r2.format()}.")
        )
    if problems:
        raise InputErrors(problems)


def multiply_survey(
    income: Money, recipients: Sequence[Recipient], response_floor: Decimal = RESPONSE_FLOOR
) -> Multiplier:
    """LM3 from an income, the local recipients it was paid to and their surveyed local shares.

    In a group with five or more answers the unweighted mean of the answers stands for the whole group; with fewer,
    each answer stands for itself and the rest is a range from nothing to everything re-spent locally. Raises RuleError
    where answers (by value of R2) are under the floor, InputErrors for impossible amounts or shares. Source: nef's
    averaging sheet for Plugging the Leaks.
    """
    check_recipients(recipients)
    r2 = Money.total(recipient.paid for recipient in recipients)
    names = list(dict.fromkeys(recipient.group for recipient in recipients))
    by_group = [[recipient for recipient in recipients if recipient.group == name] for name in names]
    groups = tuple(_survey_group(members) for members in by_group)
    low, high = Decimal(0), Decimal(0)
    for group, members in zip(groups, by_group, strict=True):
        for member in members:
            least, most = _respent(member, group)
            low, high = low + member.paid.pounds * least, high + member.paid.pounds * most
    result = multiply(Rounds(income, r2, Money.rounded(low), Money.rounded(high)))
    response = Money.total(one.paid for one in recipients if one.answered).share_of(r2)
    _check_response(response, response_floor)
    modelled = Money.total(one.paid for one in recipients if one.modelled)
    return Multiplier(result.low, result.high, result.rounds, groups, response, modelled)


def explain_multiplier(result: Multiplier) -> str:
    """The rounds and the result in plain sentences."""
    rounds = result.rounds
    r3 = rounds.r3_low.format()
    if rounds.r3_low != rounds.r3_high:
        r3 = f"between {r3} and {rounds.r3_high.format()}"
    low, high = (f"{round_half_up((end - 1) * 100, 0)}p" for end in (result.low, result.high))
    brought = low if low == high else f"{low} to {high}"
    told = (
        f"Of {rounds.r1.format()}, {rounds.r2.format()} went to local people and suppliers, who spent {r3} of it "
        f"locally. LM3 is {result.printed}: every £1 brings {brought} more of local spending in two further rounds."
    )
    if result.modelled:
        told += f" The re-spending of {result.modelled.format()} of this is modelled, not surveyed."
    return told


def check_recipients(recipients: Iterable[Recipient]) -> None:
    """Refuse payments below nothing, shares outside 0 to 1 and a modelled share that is not given (InputErrors)."""
    problems = []
    for place, one in enumerate(recipients, start=1):
        where = f"recipient {place} ({one.name})"
        if one.paid.pence < 0:
            problems.append(InputError(where, f"was paid {one.paid.format()}. A payment cannot be negative."))
        if one.local_share is not None and not 0 <= one.local_share <= 1:
            problems.append(InputError(where, f"local share {one.local_share} must lie between 0 and 1."))
        if one.modelled and one.local_share is None:
            problems.append(InputError(where, "is marked as modelled but gives no local share."))
    if problems:
        raise InputErrors(problems)


def _survey_group(members: Sequence[Recipient]) -> SurveyGroup:
    shares = [one.local_share for one in members if one.answered and one.local_share is not None]
    mean = divide(sum(shares, Decimal(0)), len(shares)) if shares else None
    return SurveyGroup(members[0].group, len(members), len(shares), mean, len(shares) >= AVERAGING_FROM)


def _respent(member: Recipient, group: SurveyGroup) -> tuple[Decimal, Decimal]:
    """The least and the most of what a recipient got that it spends locally, as shares."""
    if member.modelled and member.local_share is not None:
        return member.local_share, member.local_share
    if group.averaged and group.mean_share is not None:
        return group.mean_share, group.mean_share
    if member.local_share is not None:
        return member.local_share, member.local_share
    return Decimal(0), Decimal(1)


def _check_response(response: Decimal | None, floor: Decimal) -> None:
    if response is not None and response < floor:
        raise RuleError(
            f"Answers cover {format_share(response)} of what local recipients were paid, under the "
            f"floor of {format_share(floor)}. Collect more answers before working out a multiplier."
        )
