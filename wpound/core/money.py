"""Money in whole pence, and the one place where a number is rounded."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Context, Decimal, InvalidOperation, localcontext
from functools import cache
from typing import Self

ROUNDING = ROUND_HALF_UP
_WIDE = Context(prec=60, rounding=ROUNDING)


def round_half_up(value: Decimal, places: int) -> Decimal:
    """Round to ``places`` decimals, halves away from zero.

    >>> round_half_up(Decimal("2.675"), 2)
    Decimal('2.68')
    """
    return value.quantize(_unit(places), rounding=ROUNDING)


def round_each_half_up(values: Iterable[Decimal], places: int) -> list[Decimal]:
    """Round every value as :func:`round_half_up` does, in one go and in half the time."""
    unit, quantize = _unit(places), _WIDE.quantize
    return [quantize(value, unit) for value in values]


@cache
def _unit(places: int) -> Decimal:
    return Decimal(1).scaleb(-places)


def drop_zeros(digits: str) -> str:
    """A number's text without the zeros at the end of its decimals.

    >>> drop_zeros("1,250.50"), drop_zeros("100")
    ('1,250.5', '100')
    """
    return digits.rstrip("0").rstrip(".") if "." in digits else digits


def format_number(value: Decimal, places: int = 2) -> str:
    """A number rounded for printing, without trailing zeros after the point.

    >>> format_number(Decimal("12.3400"))
    '12.34'
    """
    return drop_zeros(f"{round_half_up(value, places):,f}")


def format_share(share: Decimal, places: int = 1) -> str:
    """A share (1 is all of it) in per cent of so many decimals, zeros kept.

    >>> format_share(Decimal("0.625")), format_share(Decimal("0.6"))
    ('62.5%', '60.0%')
    """
    return f"{round_half_up(share * 100, places)}%"


def divide(numerator: int | Decimal, denominator: int | Decimal) -> Decimal:
    """Divide at 28 significant digits whatever context the caller runs in; the result is never rounded further here.

    >>> divide(1, 3)
    Decimal('0.3333333333333333333333333333')
    """
    with localcontext(prec=28, rounding=ROUNDING):
        return Decimal(numerator) / Decimal(denominator)


@dataclass(frozen=True, order=True, slots=True)
class Money:
    """An amount of pounds held as whole pence; negative for a credit.

    >>> Money.from_pounds("1234.5").format()
    '£1,234.50'
    """

    pence: int

    def __post_init__(self) -> None:
        if isinstance(self.pence, bool) or not isinstance(self.pence, int):
            raise TypeError(f"pence must be a whole number, not {type(self.pence).__name__}")

    @classmethod
    def from_pounds(cls, pounds: str | int | Decimal) -> Self:
        """Build from pounds given as text, int or Decimal.

        Raises ValueError for what is no amount or has more than two decimals, TypeError for a float.

        >>> Money.from_pounds("-0.05").pence
        -5
        """
        if isinstance(pounds, bool) or not isinstance(pounds, str | int | Decimal):
            raise TypeError(f"money is never built from {type(pounds).__name__}")
        try:
            pence = Decimal(pounds) * 100
        except InvalidOperation:
            raise ValueError(f"not an amount of money: {pounds!r}") from None
        if not pence.is_finite() or pence != pence.to_integral_value():
            raise ValueError(f"money has at most two decimals: {pounds!r}")
        return cls(int(pence))

    @classmethod
    def rounded(cls, pounds: Decimal) -> Self:
        """Build from an exact result of a calculation, rounded once, half up, to the penny.

        >>> Money.rounded(Decimal("2.675")).pence
        268
        """
        return cls(int(round_half_up(pounds, 2) * 100))

    @classmethod
    def total(cls, amounts: Iterable["Money"]) -> Self:
        """Add amounts up; nothing at all is £0.00."""
        return cls(sum(amount.pence for amount in amounts))

    @property
    def pounds(self) -> Decimal:
        """The exact amount in pounds, always with two decimals."""
        return Decimal(self.pence).scaleb(-2)

    def __add__(self, other: "Money") -> "Money":
        return Money(self.pence + other.pence)

    def __sub__(self, other: "Money") -> "Money":
        return Money(self.pence - other.pence)

    def __neg__(self) -> "Money":
        return Money(-self.pence)

    def __bool__(self) -> bool:
        return self.pence != 0

    def times(self, factor: Decimal | int) -> "Money":
        """Multiply by an exact factor and round once, half up, to the penny."""
        return Money.rounded(self.pounds * Decimal(factor))

    def share_of(self, whole: "Money") -> Decimal | None:
        """This as a share of the whole (1 is all of it), or None where the whole is nothing.

        >>> Money(50).share_of(Money(200))
        Decimal('0.25')
        """
        return divide(self.pence, whole.pence) if whole.pence else None

    def allocate(self, weights: Sequence[Decimal | int]) -> list["Money"]:
        """Split by weights, largest remainder first, so that the parts add up to the whole; raises ValueError where
        the weights are nothing or one is below 0.

        >>> [part.pence for part in Money(100).allocate([1, 1, 1])]
        [34, 33, 33]
        """
        total = sum((Decimal(w) for w in weights), Decimal(0))
        if not weights or total <= 0 or any(w < 0 for w in weights):
            raise ValueError("weights must not be negative and must add up to more than nothing")
        sign = -1 if self.pence < 0 else 1
        exact = [Decimal(abs(self.pence)) * Decimal(w) / total for w in weights]
        floors = [int(part) for part in exact]
        short = abs(self.pence) - sum(floors)
        order = sorted(range(len(exact)), key=lambda i: (floors[i] - exact[i], i))
        for i in order[:short]:
            floors[i] += 1
        return [Money(sign * part) for part in floors]

    def format(self) -> str:
        """The amount as people read it: ``£1,234.56``, ``-£5.00``."""
        return f"{'-' if self.pence < 0 else ''}£{abs(self.pounds):,.2f}"

    def format_short(self) -> str:
        """The same without pence where there are none: ``£40,000``, ``£40,000.50``."""
        return self.format().removesuffix(".00")
