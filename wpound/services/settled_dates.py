"""When a commitment is due, as its row says it."""

from decimal import Decimal

from wpound.core.delivery import DueProfile
from wpound.core.due_dates import DueDate, due_in
from wpound.core.periods import Period
from wpound.store.models.contracts import Commitment

# What is due is told to so many decimals, on the pages of a return and on a certificate alike.
DUE_PLACES = 2


def profile_of(commitment: Commitment) -> DueProfile:
    """The profile settled for a commitment; evenly where nobody settled one."""
    return commitment.due_profile or DueProfile.EVEN


def milestones_of(commitment: Commitment) -> tuple[DueDate, ...]:
    """The milestones settled for a commitment, none for another profile."""
    return tuple(DueDate.from_dict(entry) for entry in commitment.milestones or ())


def due_of(commitment: Commitment, life: Period, period: Period) -> Decimal:
    """What of a commitment falls due in a period under a contract of this life: in its unit, unrounded."""
    return due_in(commitment.quantity, life, period, commitment.year, profile_of(commitment), milestones_of(commitment))
