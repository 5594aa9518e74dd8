"""``wpound catalogue`` as a person meets it."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from wpound.catalogue.loader import load_catalogue
from wpound.catalogue.model import Catalogue
from wpound.cli import cli
from wpound.config import Settings
from wpound.core.errors import InputErrors, UnknownMeasure
from wpound.services.check_catalogue import find_outdated
from wpound.services.open_catalogue import open_catalogue

Run = Callable[..., Result]


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    monkeypatch.setenv("WPOUND_DATA_DIR", str(tmp_path / "data"))
    monkeypatch.delenv("WPOUND_CITY", raising=False)
    return lambda *words: CliRunner().invoke(cli, ["catalogue", *words])


@pytest.fixture
def pack(tmp_path: Path) -> Path:
    path = tmp_path / "ours.csv"
    path.write_text(
        "code,title,summary,head,strand,unit,how_to_count,evidence,exclusions,value_kind,verified_on,no_value_reason\n"
        "our-own,Our own measure,Ours.,jobs,skills,hour,Hours.,Sheet,Travel,none,2026-01-01,Not valued\n"
    )
    return path


def test_list_shows_every_code_whole_and_in_json(run: Run, catalogue: Catalogue) -> None:
    printed = run("list").output
    assert all(code in printed for code in catalogue.measures)
    listed = json.loads(run("list", "--json").output)
    assert listed["fingerprint"] == catalogue.fingerprint and len(listed["measures"]) == len(catalogue.measures)


def test_show_prints_values_sources_and_licence(run: Run) -> None:
    printed = run("show", "long-term-unemployed-jobs").output
    assert "18,283.58" in printed and "CC BY 4.0" in printed and "seen 21 November 2026" in printed
    assert json.loads(run("show", "carbon-fleet", "--json").output)["values"][0]["value"] == "253.19"


def test_show_of_an_unknown_code_suggests_one(run: Run) -> None:
    result = run("show", "carbon-flete")
    assert isinstance(result.exception, UnknownMeasure) and "carbon-fleet" in result.exception.message


def test_the_shipped_catalogue_has_no_problem(run: Run) -> None:
    result = run("check", "--json")
    assert result.exit_code == 0 and json.loads(result.output)["problems"] == []


def test_check_prints_every_problem_with_its_place_and_fails(run: Run, tmp_path: Path) -> None:
    plan = tmp_path / "plan.toml"
    plan.write_text('key = "toy"\ntitle = 7\n')
    result = run("check", "--plan", str(plan))
    assert result.exit_code == 1
    assert "plan.toml: title: must be text" in result.output and "plan.toml: council: missing" in result.output


def test_check_tells_of_a_city_that_is_not_there(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WPOUND_CITY", "atlantis")
    result = run("check")
    assert result.exit_code == 1 and "coventry, wolverhampton" in result.output


def test_values_nobody_confirmed_for_a_year_are_told(run: Run, catalogue: Catalogue) -> None:
    verified = catalogue.get_measure("local-jobs").verified_on
    settings = Settings.from_environment()
    assert find_outdated(settings, verified.replace(year=verified.year + 1)) == []
    later = find_outdated(settings, verified.replace(year=verified.year + 2))
    assert len(later) == len(catalogue.measures) and "21 November 2026" in later[0][1]


def test_an_imported_pack_is_used_and_marked(run: Run, pack: Path, catalogue: Catalogue) -> None:
    result = run("import", str(pack))
    assert result.exit_code == 0 and "our-own: Our own measure (licensed to you)" in result.output
    opened = open_catalogue(Settings.from_environment())
    assert opened.get_measure("our-own").licensed and load_catalogue().fingerprint == catalogue.fingerprint
    listed = json.loads(run("list", "--json").output)["measures"]
    assert [measure["code"] for measure in listed if measure["licensed"]] == ["our-own"]
    assert json.loads(run("import", str(pack), "--json").output)[0]["code"] == "our-own"


def test_a_faulty_pack_is_refused_whole(run: Run, pack: Path) -> None:
    pack.write_text(pack.read_text().replace("our-own", "local-jobs"))
    result = run("import", str(pack))
    assert isinstance(result.exception, InputErrors) and "give it another" in result.exception.message
    assert not any(measure["licensed"] for measure in json.loads(run("list", "--json").output)["measures"])


def test_docs_writes_a_page_a_measure_and_removes_old_ones(run: Run, tmp_path: Path, catalogue: Catalogue) -> None:
    folder = tmp_path / "pages"
    folder.mkdir()
    (folder / "gone.md").write_text("old")
    assert run("docs", str(folder)).exit_code == 0
    assert {page.stem for page in folder.iterdir()} == {*catalogue.measures, "index", "emission-factors"}
