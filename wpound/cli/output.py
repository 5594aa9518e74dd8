"""How commands print: JSON on standard output, problems on standard error."""

import json
from typing import Any

import click

from wpound.core.errors import InputErrors, WpoundError


def print_json(value: Any) -> None:
    """Print a value as JSON; anything but text, numbers, lists and dictionaries is an error."""
    click.echo(json.dumps(value, ensure_ascii=False, indent=2))


def print_error(error: WpoundError) -> None:
    """Print a problem on standard error, one line each where there are several."""
    if isinstance(error, InputErrors):
        for problem in error.errors:
            click.echo(f"{problem.field}: {problem.message}", err=True)
    else:
        click.echo(error.message, err=True)
