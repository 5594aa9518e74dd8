"""How commands print: JSON on standard output, files where asked, problems on standard error."""

import json
from pathlib import Path
from typing import Any

import click

from wpound.core.errors import InputError, InputErrors, WpoundError


def print_json(value: Any) -> None:
    """Print a value as JSON; anything but text, numbers, lists and dictionaries is an error."""
    click.echo(json.dumps(value, ensure_ascii=False, indent=2))


def write_file(path: Path, content: bytes) -> None:
    """Write a file the person named; raises InputError where that cannot be done."""
    try:
        path.write_bytes(content)
    except OSError as error:
        raise InputError("out", f"{path} cannot be written: {error.strerror}.") from None


def print_error(error: WpoundError) -> None:
    """Print a problem on standard error with its place, one line each where there are several."""
    problems = error.errors if isinstance(error, InputErrors) else [error]
    for problem in problems:
        place = f"{problem.field}: " if isinstance(problem, InputError) else ""
        click.echo(f"{place}{problem.message}", err=True)
