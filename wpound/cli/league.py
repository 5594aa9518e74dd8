"""``wpound league``: the published league table in the terminal, or as a file."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from wpound.cli.database import open_database
from wpound.config import Settings
from wpound.core.errors import InputError, NotFound

if TYPE_CHECKING:
    from wpound.documents.league_report import LeagueReport


@click.command("league")
@click.option("--definition", help="The definition of local, by its key; the city's first one if left out.")
@click.option("--year", type=int, help="The year a financial year starts in; the newest with spend if left out.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@click.option("--out", type=click.Path(path_type=Path), help="Write a file instead: .pdf, .csv, .xlsx or .json.")
def command(definition: str | None, year: int | None, as_json: bool, out: Path | None) -> None:
    """Print the local spend league table as it was published.

    Exits with 2 where no table was published for the definition and year.
    """
    from wpound.documents.league_report import league_json

    report = _get_report(Settings.from_environment(), definition, year)
    if out is not None:
        out.write_bytes(render_report(report, out.suffix))
    elif as_json:
        click.echo(league_json(report), nl=False)
    else:
        print_league(report)


def _get_report(settings: Settings, definition: str | None, year: int | None) -> "LeagueReport":
    from wpound.catalogue.loader import load_city
    from wpound.services.build_league_table import get_league_report, list_league_years
    from wpound.store.engine import reading

    city = load_city(settings.city)
    rule = city.locality(definition) if definition else city.localities[0]
    with reading(open_database(settings)) as session:
        years = [year] if year is not None else list_league_years(session, city)
        report = get_league_report(session, city, rule.key, years[0]) if years else None
    if report is None:
        raise NotFound("No league table was published for this definition of local and this year.")
    return report


def render_report(report: "LeagueReport", suffix: str) -> bytes:
    """The report in the form that a file name's ending asks for; raises InputError for another ending."""
    from wpound.documents.league_report import league_csv, league_json, league_pdf, league_workbook

    def as_json(made: "LeagueReport") -> bytes:
        return league_json(made).encode()

    forms = {".pdf": league_pdf, ".csv": league_csv, ".xlsx": league_workbook, ".json": as_json}
    if suffix not in forms:
        raise InputError("out", f"A league table can be written as {', '.join(sorted(forms))}, not as {suffix!r}.")
    return forms[suffix](report)


def print_league(report: "LeagueReport") -> None:
    """Print the table with its definition, period and notes."""
    from rich.console import Console
    from rich.table import Table

    from wpound.documents.league_report import league_line

    table = Table(title=f"Local spend, {report.table.period.format()}", caption=report.table.definition)
    table.add_column("Rank", no_wrap=True)
    table.add_column("Anchor", overflow="fold")
    for heading in ("Spend", "Local share", "Place known"):
        table.add_column(heading, justify="right", no_wrap=heading != "Place known")
    for line in map(league_line, report.table.rows):
        table.add_row(line.rank, line.name, line.total, line.share, line.coverage)
    console = Console()
    console.print(table)
    reasons = [f"{row.name}: {row.unranked_because}" for row in report.table.rows if row.unranked_because]
    for note in (report.definition_note, *reasons, *report.table.notes):
        console.print(note, highlight=False)
