"""``wpound user``: the first administrator, roles, closing an account, a lost second factor."""

import json
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from wpound.cli import cli
from wpound.core.errors import InputError, NotFound, StateError

COUNCIL = "city-of-wolverhampton-council"


PASSWORD = "three random words"


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("WPOUND_DATA_DIR", str(tmp_path))

    def invoke(*args: str, given: str | None = None) -> Result:
        result = CliRunner().invoke(cli, ["user", *args], input=given)
        if result.exception and not isinstance(result.exception, SystemExit):
            raise result.exception
        return result

    return invoke


def create(run, email: str = "ada@example.org", role: str = "admin", password: str = PASSWORD) -> Result:
    options = ("--name", "Ada", "--organisation", COUNCIL, "--role", role, "--password-stdin")
    return run("create", email, *options, given=f"{password}\n")


def roles(run, *more: str) -> list[str]:
    return [row["role"] for row in json.loads(run("roles", "ada@example.org", "--json", *more).output)["roles"]]


def test_the_first_administrator_is_made_on_an_empty_database(run) -> None:
    assert "is admin of" in create(run).output
    assert roles(run) == ["admin"]


def test_the_password_is_asked_for_twice_and_not_shown(run) -> None:
    options = ("--name", "Ada", "--organisation", COUNCIL, "--role", "admin")
    result = run("create", "ada@example.org", *options, given="three random words\nthree random words\n")
    assert result.exit_code == 0
    assert "three random words" not in result.output


def test_roles_are_given_and_taken(run) -> None:
    create(run)
    assert roles(run, "--add", "anchor", "--organisation", COUNCIL) == ["admin", "anchor"]
    assert roles(run, "--remove", "1") == ["anchor"]
    with pytest.raises(NotFound):
        run("roles", "ada@example.org", "--remove", "1")


def test_an_account_is_closed_and_opened(run) -> None:
    create(run)
    assert "disabled" in run("disable", "ada@example.org").output
    with pytest.raises(StateError):
        run("disable", "ada@example.org")
    assert "can sign in again" in run("enable", "ada@example.org").output
    assert "second factor" in run("reset-second-factor", "ada@example.org").output


def test_what_cannot_be_done_is_said_and_nothing_is_half_made(run) -> None:
    with pytest.raises(InputError, match="12 characters"):
        create(run, password="short")
    with pytest.raises(InputError, match="tender"):
        create(run, role="evaluator")
    with pytest.raises(NotFound):
        run("roles", "ada@example.org")
    create(run)
    with pytest.raises(InputError, match="already an account"):
        create(run)
    with pytest.raises(InputError, match="both"):
        run("roles", "ada@example.org", "--add", "anchor")


def test_the_tables_are_known_without_loading_a_web_page() -> None:
    """A command pays for what it uses: the log-in library takes seconds to load."""
    program = "import sys, wpound.store.models, wpound.services.create_person; print('flask' in sys.modules)"
    told = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert told.stdout.strip() == "False"
