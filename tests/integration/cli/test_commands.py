"""The commands as people use them: what they print, what they leave behind and how they exit."""

import json
import re
import socket
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest

from wpound.cli import COMMANDS, main

COUNCIL = "city-of-wolverhampton-council"
PAYMENTS = (
    "Payment Date,Supplier Name,Net Amount,Supplier Postcode\n"
    "05/04/2025,Example Joinery Ltd,600.00,WV1 1AA\n"
    "06/05/2025,Example Fleet Ltd,300.00,M1 1AE\n"
    "07/06/2025,Example Unknown Ltd,100.00,\n"
)
# What each command that answers with figures is called with, and how it exits with nothing loaded.
JSON_CALLS = {
    "catalogue list": 0,
    "catalogue show local-jobs": 0,
    "catalogue check": 0,
    "check": 0,
    "config": 0,
    "spend check {payments}": 0,
    "lm3 {rounds}": 0,
    "tender score {tender}": 0,
}
TENDER = """
title = "Cleaning"
as_of = "2026-04-01"
ties = ["price"]
[[criteria]]
code = "price"
kind = "price"
weighting = 100
formula = "lowest_ratio"
[[bids]]
bidder = "Ash"
price = "100.00"
"""


@pytest.fixture(autouse=True)
def own_folder(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("WPOUND_DATA_DIR", str(tmp_path / "data"))
    monkeypatch.setenv("COLUMNS", "160")
    for name in ("WPOUND_CITY", "WPOUND_DATABASE_URL", "WPOUND_ENV"):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str]) -> Callable[..., tuple[int, str, str]]:
    """Run a command; gives its exit code, what it printed, and what it printed as problems."""

    def run_command(*words: object) -> tuple[int, str, str]:
        with pytest.raises(SystemExit) as left:
            main([str(word) for word in words])
            raise SystemExit(0)
        done = capsys.readouterr()
        return int(left.value.code or 0), done.out, done.err

    return run_command


@pytest.fixture
def payments(tmp_path: Path) -> Path:
    path = tmp_path / "payments.csv"
    path.write_text(PAYMENTS, "utf-8")
    return path


@pytest.fixture
def page(tmp_path: Path) -> Path:
    path = tmp_path / "page.csv"
    path.write_text("<!doctype html><title>Sign in</title>", "utf-8")
    return path


class TestSpendImport:
    def test_a_file_comes_in_once(self, run, payments: Path) -> None:
        assert run("spend", "import", COUNCIL, payments) == (
            0,
            "payments.csv: 3 payments of £1,000.00 loaded.\n",
            "",
        )
        again = payments.rename(payments.with_name("another-name.csv"))
        code, out, _ = run("spend", "import", COUNCIL, again)
        assert (code, out) == (0, "payments.csv came in before, so nothing was changed.\n")

    def test_a_refused_file_is_named_with_the_reason(self, run, payments: Path, page: Path) -> None:
        code, out, _ = run("spend", "import", COUNCIL, payments, page)
        assert code == 1
        assert "payments.csv: 3 payments" in out
        assert re.search(r"page\.csv was refused: .*web page", out)

    def test_the_outcome_as_json(self, run, payments: Path, page: Path) -> None:
        code, out, _ = run("spend", "import", COUNCIL, payments, page, "--json")
        good, bad = json.loads(out)
        assert code == 1
        assert (good["status"], good["is_repeated"], good["sheets"][0]["sum_pence"]) == ("accepted", False, 100_000)
        assert bad["status"] == "refused" and bad["sheets"][0]["refused_because"]

    def test_an_anchor_there_is_not_is_told_those_there_are(self, run, payments: Path) -> None:
        code, out, err = run("spend", "import", "nobody", payments)
        assert (code, out) == (2, "")
        assert "no anchor 'nobody'" in err and COUNCIL in err

    def test_a_file_is_withdrawn_with_a_reason_and_can_come_in_again(self, run, payments: Path) -> None:
        run("spend", "import", COUNCIL, payments)
        fingerprint = sha256(payments.read_bytes()).hexdigest()
        assert run("spend", "withdraw", COUNCIL, fingerprint, "--because", " ")[0] == 2
        code, out, _ = run("spend", "withdraw", COUNCIL, fingerprint, "--because", "Sent with the wrong year.")
        assert (code, out) == (0, "payments.csv is withdrawn: 3 payments of £1,000.00 count no more.\n")
        code, _, err = run("spend", "withdraw", COUNCIL, fingerprint, "--because", "Again.")
        assert code == 2 and "No file in force has this fingerprint" in err
        assert run("check")[0] == 0
        assert "3 payments of £1,000.00 loaded" in run("spend", "import", COUNCIL, payments)[1]

    def test_a_file_there_is_not(self, run, tmp_path: Path) -> None:
        code, _, err = run("spend", "import", COUNCIL, tmp_path / "none.csv")
        assert code == 2 and "does not exist" in err


class TestLeague:
    @pytest.fixture
    def imported(self, run, payments: Path) -> None:
        run("spend", "import", COUNCIL, payments)

    def test_no_spend_no_table(self, run) -> None:
        code, out, err = run("league")
        assert (code, out) == (2, "") and "wpound spend import" in err

    @pytest.mark.usefixtures("imported")
    def test_nothing_published_says_how_to_publish(self, run) -> None:
        code, _, err = run("league")
        assert code == 2 and "wpound league --publish --definition city-trading --year 2025" in err

    @pytest.mark.usefixtures("imported")
    def test_a_table_is_published_and_printed(self, run) -> None:
        code, out, _ = run("league", "--publish")
        assert code == 0
        assert "1 April 2025 to 31 March 2026" in out and "£1,000.00" in out
        assert run("league") == (0, out, "")

    @pytest.mark.usefixtures("imported")
    def test_a_year_without_spend_is_not_published(self, run) -> None:
        code, _, err = run("league", "--publish", "--year", 2019)
        assert code == 2 and "No spend was read for 1 April 2019 to 31 March 2020" in err

    @pytest.mark.usefixtures("imported")
    @pytest.mark.parametrize(
        ("suffix", "start"), [(".pdf", b"%PDF-"), (".csv", b"\xef\xbb\xbfrank"), (".xlsx", b"PK"), (".JSON", b"{")]
    )
    def test_it_is_written_in_the_form_the_name_asks_for(self, run, tmp_path: Path, suffix: str, start: bytes) -> None:
        path = tmp_path / f"table{suffix}"
        assert run("league", "--publish", "--out", path) == (0, "", "")
        assert path.read_bytes().startswith(start)

    @pytest.mark.usefixtures("imported")
    @pytest.mark.parametrize(("name", "words"), [("table.doc", ".csv, .json, .pdf, .xlsx"), ("no/table.csv", "cannot")])
    def test_where_it_cannot_be_written_it_says_so(self, run, tmp_path: Path, name: str, words: str) -> None:
        code, _, err = run("league", "--publish", "--out", tmp_path / name)
        assert code == 2 and err.startswith("out: ") and words in err

    def test_a_definition_there_is_not(self, run) -> None:
        code, _, err = run("league", "--definition", "nowhere")
        assert code == 2 and "city-trading" in err


class TestCheck:
    def test_a_sound_database(self, run, payments: Path) -> None:
        run("spend", "import", COUNCIL, payments)
        code, out, _ = run("check")
        assert code == 0
        assert out == "Stored totals agree with the payments, to the penny.\nThe audit chain is whole.\n"

    def test_a_total_that_was_changed_behind_our_back_is_found_and_mended(
        self, run, payments: Path, tmp_path: Path
    ) -> None:
        import sqlite3

        run("spend", "import", COUNCIL, payments)
        with sqlite3.connect(tmp_path / "data" / "wpound.sqlite") as database:
            database.execute("UPDATE spend_by_payee SET net_pence = net_pence + 1 WHERE net_pence = 60000")
        database.close()
        code, out, _ = run("check", "--json")
        found: dict[str, Any] = json.loads(out)
        assert (code, found["sound"], found["audit_chain"]) == (1, False, [])
        assert any("60001" in fault for fault in found["rollups"])
        assert run("check", "--rebuild")[0] == 0


class TestCertificate:
    @pytest.fixture
    def keys(self, run, tmp_path: Path) -> Path:
        """The issuer's keys, as its command prints them."""
        run("certificate", "key", "rotate")
        path = tmp_path / "keys.json"
        path.write_text(run("certificate", "key", "show")[1], "utf-8")
        return path

    @pytest.mark.parametrize(
        ("content", "words"), [(b"", "not a PDF file"), (b"<html></html>", "not a PDF file"), (None, "cannot be read")]
    )
    def test_what_is_no_pdf(self, run, keys: Path, tmp_path: Path, content: bytes | None, words: str) -> None:
        path = tmp_path / "file.pdf"
        if content is not None:
            path.write_bytes(content)
        code, _, err = run("certificate", "verify", path, "--key", keys)
        assert code == 2 and words in err

    def test_without_keys_nothing_is_trusted(self, run, tmp_path: Path) -> None:
        (tmp_path / "file.pdf").write_bytes(b"%PDF-1.7\n")
        code, _, err = run("certificate", "verify", tmp_path / "file.pdf")
        assert code == 2 and "--key" in err

    def test_keys_that_are_none_are_not_the_certificate_s_fault(self, run, tmp_path: Path) -> None:
        (tmp_path / "file.pdf").write_bytes(b"%PDF-1.7\n")
        (tmp_path / "keys.json").write_text("junk", "ascii")
        code, _, err = run("certificate", "verify", tmp_path / "file.pdf", "--key", tmp_path / "keys.json")
        assert code == 2 and "holds no published keys" in err

    def test_a_pdf_without_a_seal_is_not_valid(self, run, keys: Path, tmp_path: Path) -> None:
        (tmp_path / "file.pdf").write_bytes(b"%PDF-1.7\n")
        code, out, _ = run("certificate", "verify", tmp_path / "file.pdf", "--key", keys, "--json")
        assert code == 1 and json.loads(out)["valid"] is False

    def test_a_rotation_keeps_the_old_key_and_is_told_in_the_audit_trail(self, run, keys: Path) -> None:
        first = json.loads(keys.read_text("utf-8"))["verificationMethod"]
        made = json.loads(run("certificate", "key", "rotate", "--json")[1])["key"]
        both = json.loads(run("certificate", "key", "show")[1])["verificationMethod"]
        assert [key["publicKeyMultibase"] for key in both] == [first[0]["publicKeyMultibase"], made]
        assert ["retired" in key for key in both] == [True, False]
        assert run("check")[0] == 0


@pytest.mark.parametrize(("call", "exits"), JSON_CALLS.items())
def test_answers_can_be_had_as_json(run, payments: Path, tmp_path: Path, call: str, exits: int) -> None:
    rounds, tender = tmp_path / "rounds.json", tmp_path / "tender.toml"
    rounds.write_text('{"r1": "100.00", "r2": "40.00", "r3": "10.00"}', "utf-8")
    tender.write_text(TENDER, "utf-8")
    code, out, _ = run(*call.format(payments=payments, rounds=rounds, tender=tender).split(), "--json")
    assert code == exits
    assert json.loads(out)


def test_doctor_says_what_there_is(run) -> None:
    code, out, err = run("doctor", "--json")
    found = json.loads(out)
    missing = [need for need in found["needs"] if not need["met"]]
    assert {need["name"] for need in found["needs"]} == {"Pango", "PangoFT2", "HarfBuzz-Subset"}
    assert code == (1 if missing or not found["front_end_built"] else 0)
    assert ("apt-get install" in err) == bool(missing)


def test_doctor_says_when_the_malware_scanner_does_not_answer(run, monkeypatch: pytest.MonkeyPatch) -> None:
    assert "none is set up (WPOUND_CLAMD)" in run("doctor")[1]
    monkeypatch.setenv("WPOUND_CLAMD", "tcp://127.0.0.1:1")
    code, out, _ = run("doctor")
    assert code == 1 and "MISSING  Malware scanner: does not answer, so no file is taken" in out


@pytest.mark.parametrize("name", sorted(COMMANDS))
def test_every_command_explains_itself(run, name: str) -> None:
    code, out, _ = run(name, "--help")
    assert code == 0 and out.startswith(f"Usage: wpound {name}")


def test_the_program_lists_its_commands(run) -> None:
    code, out, _ = run("--help")
    assert code == 0
    assert re.findall(r"^  ([a-z0-9]+)  ", out, re.M) == sorted(COMMANDS)


def test_a_setting_that_cannot_be_used_is_named(run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WPOUND_DATABASE_URL", "nonsense")
    code, _, err = run("league")
    assert code == 2 and err.startswith("WPOUND_DATABASE_URL: ")
    monkeypatch.setenv("WPOUND_DATABASE_URL", "postgresql://localhost:1/none?connect_timeout=2")
    code, _, err = run("league")
    assert code == 2 and "The database does not answer" in err


def test_a_city_there_is_not(run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WPOUND_CITY", "atlantis")
    code, _, err = run("league")
    assert code == 2 and "coventry, wolverhampton" in err


def test_the_demonstration_says_that_its_port_is_taken_before_it_loads_anything(
    run: Callable[..., tuple[int, str, str]], tmp_path: Path
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        code, _, err = run("demo", "--port", taken.getsockname()[1])
    assert code == 2 and "choose another with --port" in err
    assert not (tmp_path / "data").exists()
