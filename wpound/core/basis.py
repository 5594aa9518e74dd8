"""On what basis an amount of spend is published."""

from enum import StrEnum


class Basis(StrEnum):
    """Whether amounts hold recoverable VAT."""

    NET = "net"
    GROSS = "gross"
    UNKNOWN = "unknown"

    @property
    def label(self) -> str:
        """The basis in words, as printed beside a figure."""
        return _LABELS[self]


_LABELS = {
    Basis.NET: "net of VAT that can be recovered",
    Basis.GROSS: "with VAT",
    Basis.UNKNOWN: "VAT not stated",
}
