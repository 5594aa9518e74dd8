"""``wpound spend register|postcodes`` and ``wpound certificate revoke`` as people use them."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from wpound.cli import main

COUNCIL = "city-of-wolverhampton-council"
Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def run(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> Callable[..., tuple[int, str, str]]:
    """Run a command on a database of its own; gives its exit code, what it printed, and what as problems."""
    monkeypatch.setenv("WPOUND_DATA_DIR", str(tmp_path / "data"))
    for name in ("WPOUND_CITY", "WPOUND_DATABASE_URL", "WPOUND_ENV"):
        monkeypatch.delenv(name, raising=False)

    def run_command(*words: object) -> tuple[int, str, str]:
        code = 0
        try:
            main([str(word) for word in words])
        except SystemExit as left:
            code = int(left.code or 0)
        told = capsys.readouterr()
        return code, told.out, told.err

    return run_command


@pytest.fixture
def paid(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "payments.csv"
    path.write_text("Payment Date,Supplier Name,Net Amount\n05/04/2025,Example Joiners Ltd,600.00\n", "utf-8")
    assert run("spend", "import", COUNCIL, path)[0] == 0


def test_a_register_places_what_was_paid_and_says_what_it_could_not_read(run: Run, paid: None, tmp_path: Path) -> None:
    path = tmp_path / "register.csv"
    path.write_text(
        "supplier_name,trading_postcode,source,date\n"
        "Example Joiners Ltd,WV1 1AA,vendor list,2026-04-01\n"
        "Example Fleet Ltd,nowhere,vendor list,2026-04-01\n",
        "utf-8",
    )

    code, out, _ = run("spend", "register", path)
    again = json.loads(run("spend", "register", path, "--json")[1])

    assert code == 0
    assert "2 suppliers entered, 0 known before" in out
    assert "row 3, trading_postcode" in out
    assert (again["entered"], again["known"]) == (0, 2)
    league = json.loads(run("league", "--publish", "--json")[1])
    assert league["rows"][0]["share_low_percent"] == "100.0"


def test_a_postcode_table_is_loaded_once(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "ONSPD_AUG_2025.csv"
    path.write_text("pcds,dointr,doterm,lad25cd,wd25cd,lsoa21cd\nWV1 1AA,198001,,E08000031,,\n", "utf-8")

    code, out, _ = run("spend", "postcodes", path, "--json")
    again = run("spend", "postcodes", path)

    assert (code, json.loads(out)["title"]) == (0, "ONSPD_AUG_2025.csv")
    assert again[0] == 2


@pytest.mark.parametrize("command", ["register", "postcodes"])
def test_a_file_that_is_something_else_is_refused_in_words(run: Run, tmp_path: Path, command: str) -> None:
    path = tmp_path / "other.csv"
    path.write_text("a,b\n1,2\n", "utf-8")

    code, out, err = run("spend", command, path)

    assert (code, out) == (2, "")
    assert "a, b" in err


def test_an_unknown_certificate_is_not_revoked(run: Run) -> None:
    code, out, err = run("certificate", "revoke", "NONE-1", "--because", "Issued twice.")

    assert (code, out) == (2, "")
    assert "No certificate has this serial number" in err
