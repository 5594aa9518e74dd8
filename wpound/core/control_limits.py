"""Control limits of a funnel plot for proportions, as UKHSA's PHEindicatormethods works them out.

They are for counts (suppliers, invoices, returns), never for pounds: a pound is not a trial, and with pounds as the
number of trials every point lies outside the limits (``docs/method/league.md``).
"""

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from wpound.core.errors import RuleError
from wpound.core.money import divide

# Standard normal quantiles at 0.975 and 0.999.
Z_975 = Decimal("1.959963984540054")
Z_999 = Decimal("3.090232306167814")


class Signal(StrEnum):
    """Where a proportion lies against the limits; the number is the one-sided tail."""

    LOW_999 = "low_0.001"
    LOW_975 = "low_0.025"
    WITHIN = "not_significant"
    HIGH_975 = "high_0.025"
    HIGH_999 = "high_0.001"


@dataclass(frozen=True, slots=True)
class ControlLimits:
    """The limits for one number of trials, shares from 0 to 1."""

    lower_999: Decimal
    lower_975: Decimal
    baseline: Decimal
    upper_975: Decimal
    upper_999: Decimal


def limits_for(baseline: Decimal, trials: int) -> ControlLimits:
    """Limits a ± z·√(a(1 - a)/n) around a baseline share, cut to 0 and 1.

    Raises RuleError for a baseline outside 0 to 1 or fewer than one trial. Source: PHEindicatormethods 2.1.0, whose
    Wilson bound solved for the baseline is this closed form.
    """
    if not 0 <= baseline <= 1 or trials < 1:
        raise RuleError("Control limits need a baseline from 0 to 1 and at least one trial.")
    spread = divide(baseline * (1 - baseline), trials).sqrt()

    def cut(z: Decimal) -> Decimal:
        return min(max(baseline + z * spread, Decimal(0)), Decimal(1))

    return ControlLimits(cut(-Z_999), cut(-Z_975), baseline, cut(Z_975), cut(Z_999))


def judge(share: Decimal, limits: ControlLimits) -> Signal:
    """Whether a share lies outside the limits: strictly outside, the wider limits tried first."""
    if share > limits.upper_999:
        return Signal.HIGH_999
    if share < limits.lower_999:
        return Signal.LOW_999
    if share > limits.upper_975:
        return Signal.HIGH_975
    if share < limits.lower_975:
        return Signal.LOW_975
    return Signal.WITHIN
