"""Settings come from the environment, and production refuses what is only safe for trying out."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from wpound.app import create_app
from wpound.cli import demo
from wpound.cli.config import command
from wpound.config import SETTINGS, Settings
from wpound.core.errors import InputError, InputErrors, StateError

KEY = "0123456789abcdef0123456789abcdef"
BID_KEY = KEY[::-1] * 2
SAFE = {"WPOUND_ENV": "production", "WPOUND_SECRET_KEY": KEY, "WPOUND_BASE_URL": "https://pound.example"}


@pytest.fixture
def print_config(monkeypatch: pytest.MonkeyPatch) -> Callable[..., Result]:
    def run(*arguments: str, **environment: str) -> Result:
        for setting in SETTINGS.values():
            monkeypatch.delenv(setting.variable, raising=False)
        for name, value in environment.items():
            monkeypatch.setenv(name, value)
        return CliRunner().invoke(command, arguments)

    return run


def test_a_safe_production_is_let_through() -> None:
    Settings.from_environment(SAFE).require_safe()


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("WPOUND_SECRET_KEY", ""),
        ("WPOUND_SECRET_KEY", "changeme"),
        ("WPOUND_SECRET_KEY", "a" * 64),
        ("WPOUND_BASE_URL", "http://pound.example"),
        ("WPOUND_BASE_URL", ""),
        # Without a name in it, requests for every name would be served.
        ("WPOUND_BASE_URL", "https:/pound.example"),
        ("WPOUND_BID_KEY", "ab" * 32),
        ("FLASK_DEBUG", "1"),
        ("FLASK_DEBUG", "true"),
    ],
)
def test_production_refuses_to_start(name: str, value: str) -> None:
    settings = Settings.from_environment(SAFE | {name: value})

    with pytest.raises(InputErrors) as raised:
        create_app(settings)

    assert [problem.field for problem in raised.value.errors] == [name]


def test_people_whose_password_is_printed_are_not_made_in_production(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    for name, value in (SAFE | {"WPOUND_DATA_DIR": str(tmp_path)}).items():
        monkeypatch.setenv(name, value)

    result = CliRunner().invoke(demo.command, ["--no-serve"])

    assert isinstance(result.exception, StateError)
    assert not list(tmp_path.iterdir())


def test_everything_unsafe_is_said_at_once() -> None:
    with pytest.raises(InputErrors) as raised:
        Settings.from_environment({"WPOUND_ENV": "production", "FLASK_DEBUG": "1"}).require_safe()

    assert {p.field for p in raised.value.errors} == {"WPOUND_SECRET_KEY", "WPOUND_BASE_URL", "FLASK_DEBUG"}


def test_a_misspelt_production_is_not_taken_for_development() -> None:
    with pytest.raises(InputError) as raised:
        Settings.from_environment({"WPOUND_ENV": "prod"})

    assert raised.value.field == "WPOUND_ENV"


def test_trying_out_needs_no_setting() -> None:
    settings = Settings.from_environment({})
    settings.require_safe()

    assert settings.database_url.endswith("/instance/wpound.sqlite")
    assert settings.jobs_url.endswith("/instance/jobs.sqlite")


def test_jobs_are_noted_in_a_server_database_where_there_is_one() -> None:
    address = "postgresql://db.example/wpound"

    assert Settings.from_environment({"WPOUND_DATABASE_URL": address}).jobs_url == address


def test_the_table_names_every_setting_and_no_secret(print_config: Callable[..., Result]) -> None:
    secrets = {
        "WPOUND_SECRET_KEY": KEY,
        "WPOUND_BID_KEY": BID_KEY,
        "WPOUND_NOTIFY_KEY": "NOTIFYSECRET",
        "WPOUND_DATABASE_URL": "postgresql://ada:PASS/WORD@db/x?password=OTHERPASS",
        "WPOUND_MAIL": "smtps://ada:MAILPASS@mail.example",
    }
    result = print_config(**secrets)

    assert result.exit_code == 0, result.output
    for setting in SETTINGS.values():
        assert setting.variable in result.output
    for secret in (KEY, BID_KEY, "NOTIFYSECRET", "PASS/WORD", "OTHERPASS", "MAILPASS"):
        assert secret not in result.output


def test_what_production_refuses_is_printed_and_the_exit_code_says_no(print_config: Callable[..., Result]) -> None:
    result = print_config("--json", WPOUND_ENV="production")

    assert result.exit_code == 1
    printed = json.loads(result.output)
    assert [p["variable"] for p in printed["problems"]] == ["WPOUND_SECRET_KEY", "WPOUND_BASE_URL"]
    of = {row["variable"]: row for row in printed["settings"]}
    assert of["WPOUND_ENV"] == of["WPOUND_ENV"] | {"value": "production", "from": "environment"}
    assert of["WPOUND_CITY"]["from"] == "default"


@pytest.mark.parametrize("key", ["short", KEY, "x" * 64, BID_KEY + "0"])
def test_what_is_no_key_for_bids_is_refused_everywhere(key: str) -> None:
    with pytest.raises(InputError, match="64 hexadecimal digits") as raised:
        Settings.from_environment({"WPOUND_BID_KEY": key})

    assert raised.value.field == "WPOUND_BID_KEY"


def test_a_word_that_is_no_role_is_refused_where_it_would_protect_nobody() -> None:
    with pytest.raises(InputError) as raised:
        Settings.from_environment({"WPOUND_SECOND_FACTOR": "admin, oficer"})

    assert raised.value.field == "WPOUND_SECOND_FACTOR"
    assert "admin, officer, evaluator" in raised.value.message


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("WPOUND_CLAMD", "on"),
        ("WPOUND_CLAMD", "unix:relative"),
        ("WPOUND_CLAMD", "tcp://scanner.internal"),
        ("WPOUND_CLAMD", "http://scanner.internal:3310"),
        ("WPOUND_KEEP_EVIDENCE_YEARS", "0"),
        ("WPOUND_KEEP_PERSONAL_YEARS", "forever"),
    ],
)
def test_a_scanner_or_a_time_that_makes_no_sense_is_refused(name: str, value: str) -> None:
    with pytest.raises(InputError) as raised:
        Settings.from_environment({name: value})

    assert raised.value.field == name


@pytest.mark.parametrize("value", ["unix:/run/clam av/clamd.ctl", "tcp://scanner.internal:3310", "tcp://[::1]:3310"])
def test_a_scanner_is_named_by_its_socket_or_its_host(value: str) -> None:
    assert Settings.from_environment({"WPOUND_CLAMD": value}).clamd == value
