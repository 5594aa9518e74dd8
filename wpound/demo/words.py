"""The packaged word lists and shapes the demonstration is made from."""

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

from wpound.core.basis import Basis
from wpound.core.places import Ring


def load_data(name: str) -> dict[str, Any]:
    """Read a packaged TOML file; the numbers in these files are whole."""
    return tomllib.loads((files("wpound.demo") / "data" / name).read_text(encoding="utf-8"))


@dataclass(frozen=True)
class Trade:
    """What a kind of firm does, and the words a spend file has for it."""

    key: str
    sic: str
    nouns: Sequence[str]
    category: str
    purposes: Sequence[str]
    forms: Mapping[str, int]
    sizes: Mapping[str, int]


@dataclass(frozen=True)
class AnchorShape:
    """How much an anchor of one kind spends in its first year, on what and how far away (see ``data/anchors.toml``)."""

    pounds: int
    lines: int
    suppliers: int
    growth: int
    rings: Mapping[Ring, int]
    city_drift: int
    unregistered: int
    floor_pounds: int
    basis: Basis
    trades: Mapping[str, int]
    departments: Sequence[str]


@cache
def load_trades() -> dict[str, Trade]:
    """Every trade by its key."""
    return {entry["key"]: Trade(**entry) for entry in load_data("trades.toml")["trades"]}


@cache
def load_shapes() -> dict[str, AnchorShape]:
    """The shape of spending for each kind of anchor."""
    return {
        kind: AnchorShape(
            **{
                **entry,
                "rings": {Ring(ring): n for ring, n in entry["rings"].items()},
                "basis": Basis(entry["basis"]),
            }
        )
        for kind, entry in load_data("anchors.toml").items()
    }
