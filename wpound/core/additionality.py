"""Reductions for what would have happened anyway or elsewhere. Off by default; one set for a whole tender."""

from dataclasses import dataclass
from decimal import Decimal

from wpound.core.form import Form


@dataclass(frozen=True, slots=True)
class Additionality:
    """Four shares from 0 to 1, each of what is left after the one before.

    >>> Additionality(Decimal("0.20"), Decimal("0.25"), Decimal("0.10")).factor
    Decimal('0.540000')
    """

    deadweight: Decimal = Decimal(0)
    displacement: Decimal = Decimal(0)
    leakage: Decimal = Decimal(0)
    substitution: Decimal = Decimal(0)

    def __post_init__(self) -> None:
        for share in self.shares.values():
            if not 0 <= share <= 1:
                raise ValueError("a reduction is a share from 0 to 1")

    @property
    def shares(self) -> dict[str, Decimal]:
        """The four reductions by name."""
        return {
            "deadweight": self.deadweight,
            "displacement": self.displacement,
            "leakage": self.leakage,
            "substitution": self.substitution,
        }

    @property
    def factor(self) -> Decimal:
        """The share of the gross amount that counts: the product of one minus each reduction.

        Source: HCA Additionality Guide, 4th edition 2014, with no multiplier.
        """
        return (1 - self.deadweight) * (1 - self.displacement) * (1 - self.leakage) * (1 - self.substitution)


def read_additionality(form: Form) -> Additionality:
    """Read the four shares, each 0 where it is left out."""
    names = ("deadweight", "displacement", "leakage", "substitution")
    shares = {name: form.share(name, required=False) or Decimal(0) for name in names}
    form.close()
    return Additionality(**shares)
