"""Check everything the catalogue holds: plans, cities, measures, worked examples and imported packs."""

from collections.abc import Callable
from datetime import date, timedelta
from functools import partial

from wpound.catalogue.examples import catalogue_faults
from wpound.catalogue.loader import load_catalogue, load_city, load_plan, packaged_keys
from wpound.config import Settings
from wpound.core.errors import InputErrors, NotFound
from wpound.core.periods import format_day
from wpound.services.open_catalogue import open_catalogue

OUTDATED = timedelta(days=365)

Finding = tuple[str, str]


def find_problems(settings: Settings, plan: str | None = None) -> list[Finding]:
    """Every problem as file and key, and what is wrong there: of the catalogue in use, then of all that is packaged."""
    found = _attempt(lambda: catalogue_faults(open_catalogue(settings, plan)))
    for key in packaged_keys("plans"):
        found += _attempt(partial(_check_plan, key))
    for key in packaged_keys("cities"):
        found += _attempt(partial(_check_city, key))
    return list(dict.fromkeys(found))


def find_outdated(settings: Settings, today: date, plan: str | None = None) -> list[Finding]:
    """The measures whose values nobody has confirmed for a year."""
    return [
        (
            f"measures/{measure.code}.toml: verified_on",
            f"last confirmed on {format_day(measure.verified_on)}: look again",
        )
        for measure in open_catalogue(settings, plan).list_measures()
        if today - measure.verified_on > OUTDATED
    ]


def _check_plan(key: str) -> list[Finding]:
    return catalogue_faults(load_catalogue(key))


def _check_city(key: str) -> list[Finding]:
    load_plan(load_city(key).plan)
    return []


def _attempt(step: Callable[[], list[Finding]]) -> list[Finding]:
    try:
        return step()
    except InputErrors as errors:
        return [(error.field, error.message) for error in errors.errors]
    except NotFound as error:
        return [("plan or city", error.message)]
