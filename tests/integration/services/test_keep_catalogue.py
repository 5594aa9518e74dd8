"""Catalogues are kept whole, once each, and come back with the fingerprint a tender pinned."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import Engine, func, select, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from wpound.catalogue.loader import load_catalogue
from wpound.catalogue.model import Catalogue
from wpound.core.errors import NotFound, StateError
from wpound.services.keep_catalogue import get_catalogue, keep_catalogue
from wpound.store.engine import reading, writing
from wpound.store.models.catalogue_editions import CatalogueEdition

PACK = """title = "Made up pack"
[references.own]
title = "Made up source"
url = "https://source.example/"
seen_on = 2026-01-01
licence = "Licensed"
[[measures]]
code = "licensed-measure"
title = "A measure of a pack"
summary = "Made up."
head = "jobs"
strand = "local_jobs"
unit = "hour"
how_to_count = "Count them."
evidence = ["A list"]
exclusions = ["Nothing else"]
value_kind = "additional"
verified_on = 2026-01-01
[[measures.values]]
valid_from = 2026-01-01
value = 12.50
price_base = "2026"
reference = "own"
"""


@pytest.fixture
def licensed(tmp_path: Path, city) -> Catalogue:
    pack = tmp_path / "pack.toml"
    pack.write_text(PACK, encoding="utf-8")
    return load_catalogue(city.plan, [pack])


def test_it_comes_back_whole_with_its_licensed_measures(session: Session, licensed: Catalogue) -> None:
    keep_catalogue(session, licensed)
    keep_catalogue(session, licensed)
    session.expire_all()

    assert get_catalogue(session, licensed.fingerprint) == licensed
    assert licensed.get_measure("licensed-measure").licensed
    assert session.scalar(select(func.count()).select_from(CatalogueEdition)) == 1


def test_two_who_keep_it_at_the_same_moment_both_have_it(engine: Engine, catalogue: Catalogue) -> None:
    def keep(_: int) -> None:
        with writing(engine) as session:
            keep_catalogue(session, catalogue)

    with ThreadPoolExecutor(4) as threads:
        list(threads.map(keep, range(8)))
    with reading(engine) as session:
        assert get_catalogue(session, catalogue.fingerprint) == catalogue


def test_one_that_was_never_kept_is_said(session: Session) -> None:
    with pytest.raises(NotFound, match="not kept in this database"):
        get_catalogue(session, "0" * 64)


def test_one_under_the_fingerprint_of_another_is_refused(session: Session, catalogue: Catalogue) -> None:
    """As somebody could write it past the program: a row cannot be changed, but one can be put in."""
    keep_catalogue(session, replace(catalogue, fingerprint="0" * 64))

    with pytest.raises(StateError, match="not as it was kept"):
        get_catalogue(session, "0" * 64)


@pytest.mark.parametrize(
    "statement", ["UPDATE catalogue_editions SET content = '{}'", "DELETE FROM catalogue_editions"]
)
def test_the_database_keeps_it_as_it_is(engine: Engine, catalogue: Catalogue, statement: str) -> None:
    with writing(engine) as session:
        keep_catalogue(session, catalogue)

    with pytest.raises(DBAPIError, match="catalogue_editions"), writing(engine) as session:
        session.execute(text(statement))
