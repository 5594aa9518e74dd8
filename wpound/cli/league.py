"""``wpound league``: the published league table in the terminal, or as a file."""

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from wpound.catalogue.loader import load_city
from wpound.catalogue.model import City
from wpound.cli.database import ACTOR, open_database
from wpound.cli.output import write_file
from wpound.config import Settings
from wpound.core.errors import InputError, NotFound
from wpound.core.periods import financial_year
from wpound.core.places import LocalityRule

if TYPE_CHECKING:
    from wpound.documents.league_report import LeagueReport


@click.command("league")
@click.option("--definition", help="The definition of local, by its key; the city's first one if left out.")
@click.option(
    "--year",
    type=click.IntRange(2000, 2100),
    help="The year a financial year starts in; the newest with spend if left out.",
)
@click.option("--publish", is_flag=True, help="First publish the table as the spend stands now.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@click.option("--out", type=click.Path(path_type=Path), help="Write a file instead: .pdf, .csv, .xlsx or .json.")
def command(definition: str | None, year: int | None, publish: bool, as_json: bool, out: Path | None) -> None:
    """Print the local spend league table as it was published.

    A published table is kept as it is; spend or returns that come later change it only when it is published again.
    Exits with 2 where no table was published for the definition and year.
    """
    from wpound.documents.league_report import league_json

    settings = Settings.from_environment()
    city = load_city(settings.city)
    rule = city.locality(definition) if definition else city.localities[0]
    engine = open_database(settings)
    year = year if year is not None else _newest_year(engine, city)
    if publish:
        _publish(engine, settings, city, rule, year)
    report = _get_report(engine, city, rule, year)
    if out is not None:
        write_file(out, render_report(report, out.suffix.lower()))
    elif as_json:
        click.echo(league_json(report), nl=False)
    else:
        print_league(report)


def _newest_year(engine: Any, city: City) -> int:
    from wpound.services.build_league_table import list_league_years
    from wpound.store.engine import reading

    with reading(engine) as session:
        years = list_league_years(session, city)
    if not years:
        raise NotFound("No spend was read yet, so there is no league table. Bring a file in with: wpound spend import")
    return years[0]


def _publish(engine: Any, settings: Settings, city: City, rule: LocalityRule, year: int) -> None:
    from wpound.services.build_league_table import publish_league_table
    from wpound.services.open_catalogue import open_catalogue
    from wpound.store.engine import writing

    with writing(engine) as session:
        publish_league_table(session, city, open_catalogue(settings), rule.key, year, actor=ACTOR)


def _get_report(engine: Any, city: City, rule: LocalityRule, year: int) -> "LeagueReport":
    from wpound.services.build_league_table import get_league_report
    from wpound.store.engine import reading

    with reading(engine) as session:
        report = get_league_report(session, city, rule.key, year)
    if report is None:
        period = financial_year(year).format()
        raise NotFound(
            f"No league table was published for {period} and local as {rule.key}. "
            f"Publish it with: wpound league --publish --definition {rule.key} --year {year}"
        )
    return report


def render_report(report: "LeagueReport", suffix: str) -> bytes:
    """The report in the form that a file name's ending asks for; raises InputError for another ending."""
    from wpound.documents.league_report import league_csv, league_json, league_pdf, league_workbook

    def as_json(made: "LeagueReport") -> bytes:
        return league_json(made).encode()

    forms = {".pdf": league_pdf, ".csv": league_csv, ".xlsx": league_workbook, ".json": as_json}
    if suffix not in forms:
        raise InputError("out", f"give a file name that ends in one of {', '.join(sorted(forms))}")
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
