"""``wpound tender``: score a tender from a file, ask how firmly the result stands, and repeat a recorded result."""

from typing import TYPE_CHECKING, BinaryIO

import click

from wpound.cli.output import print_json
from wpound.cli.tender_rescore import rescore
from wpound.config import Settings
from wpound.core.form import write_list

if TYPE_CHECKING:
    from rich.console import Console

    from wpound.core.plausibility import Plausibility
    from wpound.core.results import BidResult, TenderResult
    from wpound.core.robustness import RobustnessPanel


@click.group()
def command() -> None:
    """Score a tender from a file, ask how firmly the result stands, and repeat a recorded result."""


command.add_command(rescore)


@command.command()
@click.argument("file", type=click.File("rb"))
@click.option("--json", "as_json", is_flag=True, help="Print the result as JSON.")
def score(file: BinaryIO, as_json: bool) -> None:
    """Score the tender in FILE (JSON, TOML or XLSX; - for standard input).

    Prints the ranking, every score line with its explanation, ties and warnings. Exit code 2, with every problem and
    its place, when the file cannot be scored.
    """
    from wpound.services.open_catalogue import open_catalogue
    from wpound.services.score_tender import score_tender_file

    result = score_tender_file(file.read(), open_catalogue(Settings.from_environment()))
    if as_json:
        print_json(result.to_dict())
    else:
        _print_result(result)


@command.command()
@click.argument("file", type=click.File("rb"))
@click.option("--json", "as_json", is_flag=True, help="Print the panel as JSON.")
@click.option("--seed", type=click.IntRange(0), default=1, show_default=True, help="Same seed, same panel.")
@click.option(
    "--draws", type=click.IntRange(1, 1_000_000), default=10_000, show_default=True, help="Sets of weightings drawn."
)
def robustness(file: BinaryIO, as_json: bool, seed: int, draws: int) -> None:
    """Ask how firmly the result of the tender in FILE stands; nothing in it is changed.

    Weightings, values, measures and bidders are varied one at a time, and sets of weightings are drawn by chance. Exit
    code 2, with every problem and its place, when the file cannot be scored.
    """
    from wpound.services.open_catalogue import open_catalogue
    from wpound.services.question_result import check_file_robustness

    catalogue = open_catalogue(Settings.from_environment())
    panel = check_file_robustness(file.read(), catalogue, seed=seed, draws=draws)
    if as_json:
        print_json(panel.to_dict())
    else:
        _print_panel(panel)


@command.command()
@click.argument("file", type=click.File("rb"))
@click.option("--json", "as_json", is_flag=True, help="Print the questions as JSON.")
def plausibility(file: BinaryIO, as_json: bool) -> None:
    """Ask which promises in FILE need a question to the bidder; no mark is ever changed.

    Exit code 0 with or without questions; 2, with every problem and its place, when the file cannot be scored.
    """
    from wpound.services.open_catalogue import open_catalogue
    from wpound.services.question_result import check_file_plausibility

    found = check_file_plausibility(file.read(), open_catalogue(Settings.from_environment()))
    if as_json:
        print_json(found.to_dict())
    else:
        _print_questions(found)


def _print_panel(panel: "RobustnessPanel") -> None:
    click.echo(f"{panel.standing.method.title}: how firmly the result stands\n")
    for sentence in panel.sentences:
        click.echo(f"  {sentence}")


def _print_questions(found: "Plausibility") -> None:
    click.echo(f"{found.title}: questions to bidders. None of them changes a mark.")
    for flag in found.flags:
        click.echo(f"\n{flag.bidder}: {flag.question}")
        click.echo(f"  What was found: {flag.finding}\n  Why this is asked: {flag.basis}")
    if not found.flags:
        click.echo("\nNo promise needs a question.")
    if found.not_judged:
        click.echo("\nNot looked at")
    for unknown in found.not_judged:
        click.echo(f"  {unknown.bidder}, {unknown.title}: {unknown.missing}.")


def _print_result(result: "TenderResult") -> None:
    from rich.console import Console

    console = Console(highlight=False, markup=False, emoji=False, soft_wrap=True)
    print_ranking(console, result)
    for bid in result.bids:
        _print_bid(console, bid)
    if result.ties:
        console.print("\nTies")
    for tie in result.ties:
        console.print(f"  {write_list(tie.bidders)} share place {tie.rank}: the rules for ties leave them level.")
    if result.warnings:
        console.print("\nWarnings")
    for warning in result.warnings:
        console.print(f"  {warning.message}")
    console.print(f"\nMethod {result.method_hash}\nCatalogue {result.catalogue_fingerprint}")


def print_ranking(console: "Console", result: "TenderResult") -> None:
    from rich.table import Table
    from rich.text import Text

    heads = {
        "weighted": "Score",
        "price_per_quality_point": "£ per quality point",
        "award_on_value": "Price less value, £",
    }
    table = Table("Rank", "Bidder", title=Text(f"{result.title}, values as of {result.as_of.isoformat()}"))
    table.add_column(heads[result.award.value], justify="right")
    if any(bid.excluded_because for bid in result.bids):
        table.add_column("Excluded because")
    for bid in result.bids:
        rank = "" if bid.rank is None else str(bid.rank)
        score = "" if bid.score is None else f"{bid.score:,f}"
        why = [Text(bid.excluded_because)] if bid.excluded_because else []
        table.add_row(rank, Text(bid.bidder), score, *why)
    console.print(table)


def _print_bid(console: "Console", bid: "BidResult") -> None:
    from wpound.core.trace import explain

    place = "not ranked" if bid.score is None else f"{bid.score:,f}, rank {bid.rank}"
    console.print(f"\n{bid.bidder}: {place}")
    for line in bid.lines:
        console.print(f"  {explain(line)}")
        if line.reason:
            console.print(f"    Reason: {line.reason}")
