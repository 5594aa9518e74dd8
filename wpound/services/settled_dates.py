"""When a commitment is due, as its row says it."""

from wpound.core.delivery import DueProfile
from wpound.core.due_dates import DueDate
from wpound.store.models.contracts import Commitment


def profile_of(commitment: Commitment) -> DueProfile:
    """The profile settled for a commitment; evenly where nobody settled one."""
    return commitment.due_profile or DueProfile.EVEN


def milestones_of(commitment: Commitment) -> tuple[DueDate, ...]:
    """The milestones settled for a commitment, none for another profile."""
    return tuple(DueDate.from_dict(entry) for entry in commitment.milestones or ())
