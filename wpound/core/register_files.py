"""What a register file says of one contract, whatever shape the file has: the form between reading and entering."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from wpound.core.money import Money
from wpound.core.periods import Period

# Under £1.01 a published value is a stand-in, such as for a framework whose orders carry the money.
NOMINAL = Money(100)


@dataclass(frozen=True, slots=True)
class FileSupplier:
    """A supplier as a file names it; ``identifier`` is scheme-prefixed, None where the file gives no sound number."""

    name: str
    identifier: str | None = None

    def to_dict(self) -> dict[str, str | None]:
        """The stored form."""
        return {"name": self.name, "identifier": self.identifier}


@dataclass(frozen=True, slots=True)
class FileContract:
    """One contract of a file with the place it stands at; ``said`` holds cells that have no field here."""

    place: str
    reference: str
    title: str
    value: Money
    life: Period
    suppliers: tuple[FileSupplier, ...]
    ocid: str | None = None
    details: Mapping[str, str] = field(default_factory=dict)
    said: Mapping[str, str] = field(default_factory=dict)

    @property
    def is_nominal(self) -> bool:
        """Whether the value is only a stand-in."""
        return self.value <= NOMINAL

    def to_dict(self) -> dict[str, Any]:
        """The stored form: text, and money as whole pence."""
        return {
            "place": self.place,
            "reference": self.reference,
            "title": self.title,
            "pence": str(self.value.pence),
            "start_on": self.life.start_on.isoformat(),
            "end_on": self.life.end_on.isoformat(),
            "suppliers": [supplier.to_dict() for supplier in self.suppliers],
            "ocid": self.ocid,
            "details": dict(self.details),
            "said": dict(self.said),
        }

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> "FileContract":
        """Read the stored form."""
        return cls(
            place=data["place"],
            reference=data["reference"],
            title=data["title"],
            value=Money(int(data["pence"])),
            life=Period(date.fromisoformat(data["start_on"]), date.fromisoformat(data["end_on"])),
            suppliers=tuple(FileSupplier(**supplier) for supplier in data["suppliers"]),
            ocid=data["ocid"],
            details=data["details"],
            said=data["said"],
        )
