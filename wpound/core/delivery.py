"""How much of a promise was verified.

Measures count in different units and some have no open money value, so a share over several measures is the plain
mean of their own shares: every measure counts once, and none for more than its promise.
"""

from collections.abc import Iterable
from decimal import Decimal
from enum import StrEnum

from wpound.core.errors import UnitMismatch
from wpound.core.money import divide
from wpound.core.quantities import Quantity


class VerificationLevel(StrEnum):
    """How well a claim is proved, weakest first."""

    SELF_DECLARED = "self_declared"
    DOCUMENTED = "documented"
    OFFICER_CHECKED = "officer_checked"
    THIRD_PARTY = "third_party"
    BENEFICIARY_CONFIRMED = "beneficiary_confirmed"

    @property
    def label(self) -> str:
        """The level as people read it."""
        return _LABELS[self]


class ClaimState(StrEnum):
    """Where one claim of a return stands."""

    DRAFT = "draft"
    SUBMITTED = "submitted"
    QUERIED = "queried"
    APPROVED = "approved"
    REJECTED = "rejected"

    @property
    def label(self) -> str:
        """The state as people read it."""
        return _STATES[self]


class Side(StrEnum):
    """Who says something about a claim: the firm that made it, or the buyer it was made to."""

    SUPPLIER = "supplier"
    BUYER = "buyer"


class Happening(StrEnum):
    """What those who were to benefit say of a claim."""

    HAPPENED = "happened"
    DIFFERS = "differs"
    NEVER_HAPPENED = "never_happened"

    @property
    def label(self) -> str:
        """The answer as people read it."""
        return _HAPPENINGS[self]


class DueProfile(StrEnum):
    """How a promise falls due over the life of a contract."""

    EVEN = "even"
    FRONT_LOADED = "front_loaded"
    MILESTONES = "milestones"


class CertificateScope(StrEnum):
    """What a certificate speaks for: one contract, all that a supplier has with a buyer, or all of a buyer's."""

    CONTRACT = "contract"
    SUPPLIER = "supplier"
    ANCHOR = "anchor"


_STATES = {
    ClaimState.DRAFT: "Not sent yet",
    ClaimState.SUBMITTED: "To verify",
    ClaimState.QUERIED: "Queried",
    ClaimState.APPROVED: "Approved",
    ClaimState.REJECTED: "Rejected",
}
_HAPPENINGS = {
    Happening.HAPPENED: "It happened as claimed",
    Happening.DIFFERS: "It happened, but differs",
    Happening.NEVER_HAPPENED: "It never happened",
}
_LABELS = {
    VerificationLevel.SELF_DECLARED: "Declared by the supplier",
    VerificationLevel.DOCUMENTED: "Supported by documents",
    VerificationLevel.OFFICER_CHECKED: "Checked by an officer",
    VerificationLevel.THIRD_PARTY: "Confirmed by a third party",
    VerificationLevel.BENEFICIARY_CONFIRMED: "Confirmed by those who benefited",
}


def share_verified(promised: Quantity, verified: Quantity) -> Decimal | None:
    """What was verified as a share of what was promised (1 is all of it), None where nothing was promised.

    Raises :class:`UnitMismatch` when the two are counted in different units.

    >>> from wpound.core.quantities import Unit
    >>> share_verified(Quantity(Decimal(10), Unit.WEEK), Quantity(Decimal(8), Unit.WEEK))
    Decimal('0.8')
    """
    if promised.unit is not verified.unit:
        raise UnitMismatch(f"cannot compare {verified.unit.label} with {promised.unit.label}")
    return divide(verified.amount, promised.amount) if promised.amount > 0 else None


def mean_share(shares: Iterable[Decimal | None]) -> Decimal | None:
    """The mean of shares, each counted up to 1, over the measures where something was promised; None where none was.

    >>> mean_share([Decimal("0.5"), Decimal("1.3"), None])
    Decimal('0.75')
    """
    counted = [min(share, Decimal(1)) for share in shares if share is not None]
    return divide(sum(counted, Decimal(0)), len(counted)) if counted else None
