"""The ``wpound`` command: thin commands that parse, call one service and print.

Exit codes: 0 done; 1 the answer is no (a file refused, a certificate not valid, a check failed); 2 wrong usage or
input that cannot be used, with every problem and its place.
"""

import sys
from collections.abc import Sequence
from importlib import import_module
from typing import cast

import click

from wpound import __version__
from wpound.cli.output import print_error
from wpound.core.errors import WpoundError

# Loaded on use, so that a command never pays for what it does not need.
COMMANDS = {
    "catalogue": "List, show and check plans and measures.",
    "certificate": "Verify a certificate, revoke one, or look after the keys.",
    "check": "Prove that stored totals agree with the payments and the audit chain is whole.",
    "config": "Print the settings this machine would run with.",
    "demo": "Build the demonstration data set and serve it.",
    "doctor": "Say what is missing on this machine and how to install it.",
    "evidence": "Verify the files behind a return.",
    "league": "Print the local spend league table.",
    "lm3": "Work out a local multiplier from surveyed rounds.",
    "serve": "Serve the web pages.",
    "spend": "Check and import spend files.",
    "tender": "Score a tender from a file.",
    "user": "Make and close accounts, give and take roles.",
    "worker": "Deliver mail and run queued jobs.",
}


class LazyGroup(click.Group):
    """A group whose commands live in modules of the same name (attribute ``command``)."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return sorted(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in COMMANDS:
            return None
        return cast(click.Command, import_module(f"wpound.cli.{cmd_name}").command)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl(sorted(COMMANDS.items()))


@click.group(cls=LazyGroup)
@click.version_option(__version__)
def cli() -> None:
    """Score social value in bids, verify its delivery, compare local spend."""


def main(args: Sequence[str] | None = None) -> None:
    """Run the command line; a known problem is printed in plain words and exits with 2."""
    try:
        cli.main(args=list(args) if args is not None else None, prog_name="wpound")
    except WpoundError as error:
        print_error(error)
        sys.exit(2)
