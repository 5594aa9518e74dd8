"""How large a firm is."""

from enum import StrEnum


class SupplierSize(StrEnum):
    """The size of a firm by headcount and turnover; ``unknown`` where no source says."""

    MICRO = "micro"
    SMALL = "small"
    MEDIUM = "medium"
    LARGE = "large"
    UNKNOWN = "unknown"
