"""The same main job for another city: plan, anchors, areas and names are data."""

import json
import re
from pathlib import Path
from typing import Any

import pytest
from flask import Flask

from wpound.app import create_app
from wpound.catalogue.loader import load_city, load_plan
from wpound.catalogue.model import Head
from wpound.config import Settings

FOUNDING_CITY = re.compile(r"wolverhampton|black country", re.I)
CITY = "coventry"


@pytest.fixture(scope="session")
def elsewhere(tmp_path_factory: pytest.TempPathFactory, load_demonstration) -> Any:
    """The demonstration of the second packaged city under the second plan."""
    return load_demonstration(tmp_path_factory.mktemp(CITY), "--city", CITY)


@pytest.fixture(scope="session")
def environment(elsewhere) -> dict[str, str]:
    return elsewhere.environment | {"WPOUND_CITY": CITY}


@pytest.mark.xdist_group(CITY)
class TestAnotherCity:
    def test_its_anchors_stand_in_its_table(self, elsewhere, environment: dict[str, str], run) -> None:
        table = json.loads(run(environment, "league", "--json").stdout)
        city = load_city(CITY)
        assert {row["anchor"] for row in table["rows"]} == {anchor.key for anchor in city.anchors}
        assert table["definition"] == city.localities[0].title
        titles = {ring["title"] for row in table["rows"] for ring in row["rings"]}
        assert titles == set(city.localities[0].ring_titles.values())

    def test_its_certificate_stands_under_its_plan(self, elsewhere, environment: dict[str, str], run) -> None:
        file: Path = elsewhere.folder / "social-value-certificate.pdf"
        done = run(environment, "certificate", "verify", file, "--json")
        assert done.returncode == 0
        facts = json.loads(done.stdout)["facts"]
        plan = load_plan(load_city(CITY).plan)
        titles = {one.title for one in (*plan.principles, *plan.priorities)}
        # A plan need not have a priority for every head; the plain word stands in for it.
        assert {head["head"] for head in facts["heads"]} <= titles | {head.value.capitalize() for head in Head}
        assert facts["issued_by"].startswith("Coventry City Council")

    def test_its_database_is_sound(self, environment: dict[str, str], run) -> None:
        assert run(environment, "check").returncode == 0

    def test_nothing_it_says_is_the_founding_city_s(self, elsewhere, environment, text_of) -> None:
        written = {file.name: file.read_bytes() for file in elsewhere.folder.iterdir()}
        said = {name: text_of(content) for name, content in written.items() if name.endswith(".pdf")}
        said |= {name: content.decode() for name, content in written.items() if not name.endswith(".pdf")}
        said |= {"printed": elsewhere.printed} | read_pages(create_app(Settings.from_environment(environment)))
        assert {name: found[0] for name, text in said.items() if (found := FOUNDING_CITY.search(text))} == {}


def read_pages(app: Flask) -> dict[str, str]:
    client = app.test_client()
    pages = {path: client.get(path).get_data(as_text=True) for path in ("/", "/plan", "/league-table", "/verify")}
    app.extensions["wpound"].engine.dispose()
    return pages
