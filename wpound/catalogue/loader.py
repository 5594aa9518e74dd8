"""Read plans, measures, factors and cities from TOML; numbers stay exact and every problem is found in one go.

Only packaged data is read, and the plan, city or pack file a caller names.
"""

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Any

from wpound.catalogue.checks import check_measure, check_plan, check_served
from wpound.catalogue.cities import build_city
from wpound.catalogue.fingerprint import fingerprint_of
from wpound.catalogue.model import Catalogue, City, FactorSet, Measure, Plan
from wpound.catalogue.packs import Pack, read_pack
from wpound.catalogue.procurement import HolidayTable, Thresholds, check_holidays, check_thresholds
from wpound.catalogue.reading import Problems, build, inside, refuse, resolve_reference, tables
from wpound.catalogue.starters import Starter, build_starter
from wpound.core.criteria import ScalePoint
from wpound.core.errors import NotFound
from wpound.core.working_days import BankHolidays

FACTOR_YEAR = 2025

Table = dict[str, Any]


def load_catalogue(plan_key: str | Path = "", packs: Sequence[Path] = ()) -> Catalogue:
    """The measures under a plan, with the measures of packs an authority is licensed for.

    Without a plan it is that of the city the catalogue puts first. Raises ``InputErrors`` with file and key of every
    problem, ``NotFound`` for a plan that is not there.
    """
    edition, shipped, factors = _shipped()
    plan, measures = load_plan(plan_key), dict(shipped)
    check_served(plan.serves, measures, f"plans/{plan.key}.toml")
    serves = dict(plan.serves)
    for path in packs:
        pack = load_pack(path, plan, measures)
        measures |= {measure.code: measure for measure in pack.measures}
        serves |= pack.serves
    measures = {code: replace(m, serves=serves.get(code, ())) for code, m in sorted(measures.items())}
    return Catalogue(edition, plan, measures, factors, fingerprint_of(edition, plan, measures.values(), factors))


def load_plan(key_or_path: str | Path = "") -> Plan:
    """A packaged plan by key, or one in a file of your own; the default city's where none is named."""
    file, place = _find("plans", key_or_path or load_city().plan)
    table = _read(file, place)
    _resolve(table, "source", place)
    plan = build(Plan, table, place)
    check_plan(plan, place)
    return plan


def load_city(key_or_path: str | Path = "") -> City:
    """A packaged city by key, or one in a file of your own, whose ``plan`` may be a file beside it.

    The one the catalogue puts first where none is named.
    """
    key_or_path = key_or_path or _common()["city"]
    file, place = _find("cities", key_or_path)
    table = _read(file, place)
    _resolve(table, "population_reference", place)
    city = build_city(table, place)
    if isinstance(key_or_path, Path) or not _is_key(key_or_path):
        beside = Path(key_or_path).parent / city.plan
        city = replace(city, plan=str(beside)) if beside.is_file() else city
    return city


def load_factors(year: int = FACTOR_YEAR) -> FactorSet:
    """One year's emission factors; ``NotFound`` for a year that is not packaged."""
    file, place = _find("factors", str(year))
    table = _read(file, place)
    _resolve(table, "reference", place)
    return build(FactorSet, table, place)


@cache
def load_thresholds() -> Thresholds:
    """The dated figures of procurement law, as packaged."""
    table, place = _read(_data("thresholds.toml"), "thresholds.toml"), "thresholds.toml"
    for figure, values in table.get("figures", {}).items():
        for i, value in enumerate(tables(values)):
            _resolve(value, "reference", inside(place, f"figures.{figure}[{i}]"))
    thresholds = build(Thresholds, table, place)
    check_thresholds(thresholds, place)
    return thresholds


@cache
def load_bank_holidays() -> BankHolidays:
    """The bank holidays of England and Wales, as packaged."""
    table, place = _read(_data("bank-holidays.toml"), "bank-holidays.toml"), "bank-holidays.toml"
    _resolve(table, "reference", place)
    holidays = build(HolidayTable, table, place)
    check_holidays(holidays, place)
    return holidays.to_holidays()


def list_starters() -> tuple[Starter, ...]:
    """Every packaged starter, in alphabetical order of their keys."""
    return tuple(map(load_starter, packaged_keys("starters")))


def load_starter(key: str) -> Starter:
    """The packaged starter of a key; raises ``NotFound`` naming those there are."""
    keys = packaged_keys("starters")
    if key not in keys:
        raise NotFound(f"there is no starter {key!r}: choose one of {', '.join(keys)}")
    place = f"starters/{key}.toml"
    points = _read(_data("scale.toml"), "scale.toml")["points"]
    return build_starter(_read(_data("starters") / f"{key}.toml", place), points, place)


def load_scale() -> tuple[ScalePoint, ...]:
    """The packaged scale of evaluators' marks, lowest first."""
    points = _read(_data("scale.toml"), "scale.toml")["points"]
    return tuple(ScalePoint(Decimal(point["mark"]), point["words"]) for point in points)


def load_pack(path: Path, plan: Plan, measures: Mapping[str, Measure]) -> Pack:
    """A licensed pack for a plan; a code the catalogue already has is refused."""
    pack, problems = read_pack(path), Problems()
    for measure in pack.measures:
        place = f"{path.name}: {measure.code}"
        problems.attempt(check_measure, measure, place)
        if measure.code in measures:
            problems.add(place, "the catalogue already has a measure of this code: give it another")
    problems.attempt(check_plan, replace(plan, serves=pack.serves), path.name)
    problems.attempt(check_served, pack.serves, {m.code: m for m in pack.measures}, path.name)
    problems.raise_if_any()
    return pack


def packaged_keys(folder: str) -> list[str]:
    """The keys of the packaged ``plans``, ``cities``, ``factors`` or ``starters``, in alphabetical order."""
    return sorted(file.name.removesuffix(".toml") for file in _data(folder).iterdir())


@cache
def _shipped() -> tuple[str, Mapping[str, Measure], FactorSet]:
    """Edition, measures and factors as packaged, read once in a process."""
    problems, measures = Problems(), {}
    for file in sorted(_data("measures").iterdir(), key=lambda file: file.name):
        measure = problems.attempt(_load_measure, file)
        if measure is not None:
            measures[measure.code] = measure
    problems.raise_if_any()
    return _common()["edition"], measures, load_factors()


def _load_measure(file: Traversable) -> Measure:
    place = f"measures/{file.name}"
    table = _read(file, place)
    if "series" in table:
        table |= _series(table.pop("series"), place)
    for i, value in enumerate(tables(table.get("values"))):
        _resolve(value, "reference", inside(place, f"values[{i}]"))
    measure = build(Measure, table, place)
    if f"{measure.code}.toml" != file.name:
        raise refuse(inside(place, "code"), f"must be the name of its file, not {measure.code!r}")
    check_measure(measure, place)
    return measure


def _series(key: str, place: str) -> Table:
    """A published table of values by calendar year, as the values of a measure."""
    file, _ = _find("series", key)
    table = _read(file, f"series/{key}.toml")
    shared = {"price_base": table["price_base"], "reference": table["reference"], "note": table["title"]}
    values = [
        shared | {"valid_from": date(year, 1, 1), "low": low, "value": central, "high": high}
        for year, low, central, high in table["rows"]
    ]
    return {"values": values, "ends_on": table["ends_on"], "published_ahead": True}


def _resolve(table: Table, key: str, place: str) -> None:
    resolve_reference(table, key, _common()["references"], place)


@cache
def _common() -> Table:
    return _read(_data("catalogue.toml"), "catalogue.toml")


def _data(name: str) -> Traversable:
    return files("wpound.catalogue") / "data" / name


def _is_key(text: str) -> bool:
    return text.replace("-", "").isalnum()


def _find(folder: str, key_or_path: str | Path) -> tuple[Traversable, str]:
    """A packaged file by its key, or a file named by path; with the words that say where a problem is."""
    if isinstance(key_or_path, str) and _is_key(key_or_path):
        packaged = _data(folder) / f"{key_or_path}.toml"
        if packaged.is_file():
            return packaged, f"{folder}/{key_or_path}.toml"
    path = Path(key_or_path)
    if path.is_file():
        return path, path.name
    raise NotFound(f"{key_or_path} is neither a file nor one of the {folder}: {', '.join(packaged_keys(folder))}")


def _read(file: Traversable, place: str) -> Table:
    try:
        return tomllib.loads(file.read_text(encoding="utf-8"), parse_float=Decimal)
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise refuse(place, f"is not a TOML file that can be read: {error}") from None
