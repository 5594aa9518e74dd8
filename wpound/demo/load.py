"""Puts the demonstration into a database through the services anybody's request goes through."""

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

from wpound.catalogue.model import Anchor, Catalogue, City
from wpound.config import Settings
from wpound.core.errors import StateError
from wpound.core.money import Money
from wpound.core.periods import financial_year
from wpound.demo.cast import OFFICER
from wpound.demo.contracts import RETURNS_YEAR
from wpound.demo.generate import SEED, VERSION, DemoFiles, DemoStory, tell_story, write_demo_files
from wpound.demo.load_contracts import load_contract
from wpound.demo.load_tenders import load_tender
from wpound.demo.manage_contracts import manage_contract
from wpound.demo.people import enter_buyers, keep_password
from wpound.demo.postcodes import pool_sectors
from wpound.demo.spend_files import SpendManifest
from wpound.demo.words import load_shapes
from wpound.ingest.geography.sectors import SectorTable
from wpound.services.build_league_table import list_league_years, publish_league_table
from wpound.services.enrol_anchors import enrol_anchors
from wpound.services.gather_delivery import cover_contract
from wpound.services.import_spend import import_spend, open_source
from wpound.services.issue_certificate import Desk, Wanted, issue_within
from wpound.services.load_register import load_register
from wpound.services.mark_demonstration import mark_demonstration
from wpound.store.audit import list_events
from wpound.store.engine import reading, writing
from wpound.store.organisations import get_organisation, list_anchors
from wpound.store.suppliers import list_suppliers

ACTOR = "demonstration"
SOURCE = "Payments (fictional demonstration data)"

# Told what is being done, how much of it there is and how much more of it is done.
OnStep = Callable[[str, int, int], None]


def load_demo(engine: Any, settings: Settings, city: City, catalogue: Catalogue, folder: Path, on_step: OnStep) -> bool:
    """Write the demonstration's files into ``folder`` and load them, all or nothing; False where that was done before.

    Raises StateError where the database holds anchors of the city or suppliers that are not this demonstration's.
    """
    city = label(city)
    with reading(engine) as session:
        if is_demo(session, city):
            return False
        if list_anchors(session, city_key=city.key) or list_suppliers(session):
            raise StateError(
                "This database already holds other data, and fictional data must not be mixed with it. "
                "Give the demonstration a folder of its own with WPOUND_DATA_DIR."
            )
    files = write_demo_files(folder, city, pool_sectors(SectorTable.built_in(), city.localities[0]))
    with writing(engine) as session:
        enrol_anchors(session, city, actor=ACTOR)
        on_step("Supplier register", files.register.rows, 0)
        load_register(session, files.register.path, actor=ACTOR)
        on_step("Supplier register", files.register.rows, files.register.rows)
        _load_spend(session, city, files, on_step)
        enter_buyers(session, city, keep_password(settings.data_dir / "demo"))
        _load_story(session, settings, city, catalogue, tell_story(city, catalogue, files.suppliers), on_step)
        _publish_tables(session, city, catalogue, on_step)
        mark_demonstration(session, stamp=_stamp(city), version=VERSION, seed=SEED, actor=ACTOR)
    return True


def label(city: City) -> City:
    """The city with anchors whose names say, wherever they are printed, that their figures are a demonstration's."""
    return replace(city, anchors=tuple(replace(anchor, name=f"{anchor.name} (demo)") for anchor in city.anchors))


def is_demo(session: Any, city: City) -> bool:
    """Whether this very data set was loaded before."""
    return bool(list_events(session, object_kind="demonstration", object_id=_stamp(city)))


def _stamp(city: City) -> str:
    return f"{city.key}-{VERSION}-{SEED}"


def _load_spend(session: Any, city: City, files: DemoFiles, on_step: OnStep) -> None:
    for anchor, written in zip(city.anchors, files.spend, strict=True):
        step = f"Payments of {anchor.name}"
        on_step(step, written.lines, 0)
        _import_file(session, city, anchor, written, partial(on_step, step, written.lines))


def _import_file(
    session: Any, city: City, anchor: Anchor, written: SpendManifest, on_rows: Callable[[int], None]
) -> None:
    shape = load_shapes()[anchor.kind]
    source = open_source(
        session,
        get_organisation(session, anchor.key),
        SOURCE,
        basis=shape.basis,
        threshold=Money.from_pounds(shape.floor_pounds) if shape.floor_pounds else None,
    )
    outcome = import_spend(session, source, written.path, city.localities, actor=ACTOR, on_rows=on_rows)
    stored = (outcome.file.loaded_rows, outcome.file.total.pence)
    if stored != (written.lines, written.pence):
        raise StateError(f"{written.path.name} was not read as it was written: {outcome.sentence}")


def _load_story(
    session: Any, settings: Settings, city: City, catalogue: Catalogue, story: DemoStory, on_step: OnStep
) -> None:
    """Tenders, then contracts with their returns, then a certificate for the contract that a tender led to."""
    tenders, passphrase = {}, keep_password(settings.data_dir / "demo")
    on_step("Tenders", len(story.tenders), 0)
    for tender in story.tenders:
        tenders[tender.key] = load_tender(session, catalogue, tender, passphrase)
        on_step("Tenders", len(story.tenders), 1)
    on_step("Contracts and returns", len(story.contracts), 0)
    for contract in story.contracts:
        awarded = tenders[contract.tender] if contract.tender else None
        stored = load_contract(session, settings, catalogue, contract, awarded)
        if awarded is not None:
            wanted = Wanted(cover_contract(session, stored), financial_year(RETURNS_YEAR))
            issue_within(session, Desk(settings, city, catalogue, OFFICER), wanted)
        manage_contract(session, catalogue, stored.id, contract.buyer.key)
        on_step("Contracts and returns", len(story.contracts), 1)


def _publish_tables(session: Any, city: City, catalogue: Catalogue, on_step: OnStep) -> None:
    """The league table of every year under every definition of local."""
    years = list_league_years(session, city)
    total = len(years) * len(city.localities)
    on_step("League tables", total, 0)
    for year in years:
        for rule in city.localities:
            publish_league_table(session, city, catalogue, rule.key, year, actor=ACTOR)
            on_step("League tables", total, 1)
