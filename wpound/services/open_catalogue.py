"""Open the catalogue an installation works with: its city's plan, and the packs it is licensed for."""

import os
from pathlib import Path

from wpound.catalogue.loader import load_catalogue, load_city
from wpound.catalogue.model import Catalogue, Measure
from wpound.config import Settings


def open_catalogue(settings: Settings, plan: str | None = None) -> Catalogue:
    """The catalogue under the city's plan (or another), packs included; raises ``InputErrors`` or ``NotFound``."""
    return load_catalogue(plan or load_city(settings.city).plan, installed_packs(settings.data_dir))


def installed_packs(data_dir: Path) -> tuple[Path, ...]:
    """The packs imported on this installation, in order of name."""
    folder = data_dir / "packs"
    return tuple(sorted(folder.iterdir())) if folder.is_dir() else ()


def import_pack(source: Path, settings: Settings) -> list[Measure]:
    """Check a pack against the catalogue and keep a copy of it, in place of one of the same name.

    Gives the measures it holds; raises ``InputErrors`` with every problem, and then keeps nothing.
    """
    others = [pack for pack in installed_packs(settings.data_dir) if pack.name != source.name]
    plan = load_city(settings.city).plan
    before = load_catalogue(plan, others)
    after = load_catalogue(plan, [*others, source])
    folder = settings.data_dir / "packs"
    folder.mkdir(parents=True, exist_ok=True)
    part = settings.data_dir / f"{source.name}.part"
    part.write_bytes(source.read_bytes())
    os.replace(part, folder / source.name)
    return [measure for measure in after.list_measures() if measure.code not in before.measures]
