"""How large a firm is."""

from enum import StrEnum


class SupplierSize(StrEnum):
    """The size of a firm by headcount and turnover; ``unknown`` where no source says."""

    MICRO = "micro"
    SMALL = "small"
    MEDIUM = "medium"
    LARGE = "large"
    UNKNOWN = "unknown"

    @property
    def is_sme(self) -> bool:
        """Whether it is a small or medium-sized enterprise, as notices ask; False where the size is not known."""
        return self in (SupplierSize.MICRO, SupplierSize.SMALL, SupplierSize.MEDIUM)
