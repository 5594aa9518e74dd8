"""``wpound config``: the settings this machine would run with."""

import os
import re
from typing import Any

import click

from wpound.cli.output import print_json
from wpound.config import SETTINGS, Setting, Settings
from wpound.core.errors import InputErrors

_PASSWORD_IN_ADDRESS = re.compile(r"(?<=://)([^:/@]*:).*(?=@)|(\bpassword=)[^&]*")


@click.command()
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@click.pass_context
def command(ctx: click.Context, as_json: bool) -> None:
    """Print every setting, its value and where that comes from; secrets are never printed.

    Exits with 1 when WPOUND_ENV is production and a setting is not safe for it.
    """
    settings = Settings.from_environment()
    rows = [_row(field, setting, settings) for field, setting in SETTINGS.items()]
    problems = _problems(settings)
    if as_json:
        print_json({"settings": rows, "problems": problems})
    else:
        _print_table(rows, problems)
    ctx.exit(1 if problems else 0)


def _row(field: str, setting: Setting, settings: Settings) -> dict[str, str]:
    return {
        "variable": setting.variable,
        "value": _shown(setting, _written(getattr(settings, field))),
        "from": "environment" if os.environ.get(setting.variable) else "default",
        "purpose": setting.purpose,
    }


def _written(value: Any) -> str:
    """A value as it would be set: a list with commas."""
    return ", ".join(value) or "none" if isinstance(value, tuple) else str(value)


def _shown(setting: Setting, value: str) -> str:
    if setting.is_secret:
        return "(set)" if value else "(not set)"
    return _PASSWORD_IN_ADDRESS.sub(r"\1\2***", value) or "(not set)"


def _problems(settings: Settings) -> list[dict[str, str]]:
    try:
        settings.require_safe()
    except InputErrors as error:
        return [{"variable": problem.field, "message": problem.message} for problem in error.errors]
    return []


def _print_table(rows: list[dict[str, str]], problems: list[dict[str, str]]) -> None:
    from rich.console import Console
    from rich.table import Column, Table

    table = Table(Column("Setting", no_wrap=True), "Value", "From", "What it is for", box=None, pad_edge=False)
    for row in rows:
        table.add_row(*(_plain(text) for text in row.values()))
    Console().print(table)
    for problem in problems:
        click.echo(f"{problem['variable']}: {problem['message']}", err=True)


def _plain(text: str) -> Any:
    """Text that rich prints as it is, square brackets and all."""
    from rich.text import Text

    return Text(text, overflow="fold")
