"""The fictional supplier register, written as a vendor list would be exported."""

import csv
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from random import Random

from wpound.demo.suppliers import DemoSupplier

COLUMNS = (
    "supplier_name",
    "company_number",
    "charity_number",
    "size",
    "vcse",
    "public_body",
    "sic",
    "group",
    "registered_postcode",
    "invoice_postcode",
    "trading_postcode",
    "source",
    "date",
)
SOURCE = "Example vendor list (fictional demonstration data)"
SEEN_ON = "2026-04-30"


@dataclass(frozen=True)
class RegisterManifest:
    """Where the register was written and how many firms it lists."""

    path: Path
    rows: int


def write_register(path: Path, suppliers: Iterable[DemoSupplier], chance: Random) -> RegisterManifest:
    """Write the firms whose addresses are known; a few sizes and flags are left blank, as in any real list."""
    known = [firm for firm in suppliers if firm.in_register]
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(COLUMNS)
        writer.writerows(_row(firm, chance) for firm in known)
    return RegisterManifest(path, len(known))


def _row(firm: DemoSupplier, chance: Random) -> tuple[str, ...]:
    unsaid = chance.randrange(100)
    return (
        firm.name,
        firm.company_number,
        firm.charity_number,
        "" if unsaid < 6 else firm.size,
        "" if unsaid % 20 == 7 else _yes_no(firm.is_vcse),
        _yes_no(firm.is_public_body),
        firm.trade.sic,
        firm.group,
        firm.registered_postcode,
        firm.invoice_postcode,
        firm.trading_postcode,
        SOURCE,
        SEEN_ON,
    )


def _yes_no(flag: bool) -> str:
    return "yes" if flag else "no"
