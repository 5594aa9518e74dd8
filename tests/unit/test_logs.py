"""Logs are JSON, and hold neither persons nor secrets."""

import json
import subprocess
import sys

import pytest

SCRIPT = """
import logging
from structlog.contextvars import bind_contextvars
from wpound.logs import get_logger, start_logs

start_logs()
log = get_logger("wpound.test")
{}
"""


def run(code: str) -> list[dict[str, object]]:
    """What a process of its own writes, line by line."""
    ran = subprocess.run([sys.executable, "-c", SCRIPT.format(code)], capture_output=True, check=True, text=True)
    return [json.loads(line) for line in ran.stderr.splitlines()]


def test_every_line_is_json_with_time_level_and_the_number_of_the_request() -> None:
    [line] = run('bind_contextvars(request_id="ab12cd34"); log.info("request", status=200)')

    assert line["event"] == "request"
    assert line["status"] == 200
    assert line["level"] == "info"
    assert line["request_id"] == "ab12cd34"
    assert str(line["timestamp"]).endswith("Z")


@pytest.mark.parametrize(
    "code",
    [
        'log.info("sent", recipient="ada@example.org")',
        'log.info("mail to ada@example.org")',
        'log.info("x", password="SECRETSECRET")',
        'log.info("x", detail="token 0123456789abcdef0123456789abcdefSECRETSECRET")',
        'logging.getLogger("library").warning("cannot reach postgresql://ada:SECRETSECRET@db/x")',
        'logging.getLogger("library").warning("for %s", "ada@example.org")',
        'log.info("x", api_key="SECRETSECRET", cookie="SECRETSECRET", e_mail="ada@example.org")',
    ],
)
def test_no_person_and_no_secret_is_written(code: str) -> None:
    text = json.dumps(run(code))

    assert "ada@example.org" not in text
    assert "SECRETSECRET" not in text


@pytest.mark.parametrize("logger", ["log", 'logging.getLogger("library")'])
def test_an_error_is_told_by_its_kind_and_its_lines_and_not_by_its_message(logger: str) -> None:
    code = f"""
try:
    try:
        int("ada@example.org")
    except ValueError as error:
        raise KeyError("0123 SECRETSECRET") from error
except KeyError:
    {logger}.error("it broke", exc_info=True)
"""
    [line] = run(code)

    assert line["error"] == "builtins.KeyError from builtins.ValueError"
    assert line["trace"] == ["<string>:13 <module>"]
    assert "SECRETSECRET" not in json.dumps(line)
    assert "ada@example.org" not in json.dumps(line)


def test_a_line_break_in_a_value_makes_no_second_line() -> None:
    [line] = run("log.info('x', route='/a' + chr(10) + 'forged')")

    assert line["route"] == "/a\nforged"


def test_a_logger_is_silent_until_logs_are_started() -> None:
    code = "from wpound.logs import get_logger; get_logger('wpound.silent').info('nothing')"
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, check=True, text=True)

    assert (ran.stdout, ran.stderr) == ("", "")
