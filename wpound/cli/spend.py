"""``wpound spend``: look at published spend files, load them, and load what says who and where was paid."""

import sys
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from wpound.cli.database import ACTOR, open_database
from wpound.cli.output import print_json
from wpound.config import Settings
from wpound.core.money import Money

if TYPE_CHECKING:
    from wpound.core.errors import Issue
    from wpound.ingest.pipeline import SheetReport
    from wpound.services.import_spend import SpendImport

_BIG_FILE = 5 * 1024 * 1024


@click.group()
def command() -> None:
    """Check, import and withdraw spend files; load supplier registers and postcode tables."""


@command.command()
@click.argument(
    "files", metavar="FILE...", nargs=-1, required=True, type=click.Path(exists=True, dir_okay=False, path_type=Path)
)
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object a sheet.")
@click.pass_context
def check(ctx: click.Context, files: tuple[Path, ...], as_json: bool) -> None:
    """Read spend files as an import would, and say what was found; nothing is loaded.

    Exits with 0 when every sheet can be read, with 1 when one is refused.
    """
    reports = [report.to_dict() for path in files for report in _check(path)]
    if as_json:
        print_json(reports)
    else:
        for report in reports:
            click.echo("\n".join(_lines(report)))
    ctx.exit(1 if any(report["refused_because"] for report in reports) else 0)


def _check(path: Path) -> list["SheetReport"]:
    from wpound.ingest.pipeline import check_file

    with _counted(path) as on_rows:
        return check_file(path, on_rows)


@contextmanager
def _counted(path: Path) -> Iterator[Callable[[int], None] | None]:
    """Something to tell of every chunk of rows: a running count on the terminal where the file is big, else nothing."""
    if path.stat().st_size < _BIG_FILE or not sys.stderr.isatty():
        yield None
        return
    read = Counter[str]()

    def show(rows: int) -> None:
        read["rows"] += rows
        click.echo(f"\r{path.name}: {read['rows']:,} payments read", nl=False, err=True)

    yield show
    click.echo(err=True)


def _lines(report: dict[str, Any]) -> list[str]:
    """A report in words: what the sheet is, what it adds up to, what is wrong with it."""
    title = report["file"] if report["sheet"] is None else f"{report['file']}, sheet {report['sheet']}"
    if report["refused_because"]:
        return [title, f"  refused: {report['refused_because']}"]
    lines = [title, f"  headings in row {report['header_line']}: {_columns(report)}"]
    lines.append(
        f"  {report['rows']:,} rows: {report['loaded']:,} payments, {report['refused']:,} refused, "
        f"{len(report['totals_rows'])} totals rows; {report['blank']:,} blank rows left out"
    )
    lines.append(f"  total {Money(report['sum_pence']).format()}{_credits(report)}{_period(report)}")
    lines += [
        f"  row {total['line']:,} is a total of {Money(total['pence']).format()}, which "
        f"{'agrees with' if total['reconciles'] else 'does not agree with'} the payments"
        for total in report["totals_rows"]
    ]
    return lines + _issues(report)


def _columns(report: dict[str, Any]) -> str:
    """Which heading was taken for what; the rest are kept as they are."""
    return ", ".join(f"{heading} = {name}" for heading, name in report["columns"].items() if name)


def _credits(report: dict[str, Any]) -> str:
    if not report["negatives"]:
        return ""
    return f", of which {report['negatives']:,} credits of {Money(report['negative_pence']).format()}"


def _period(report: dict[str, Any]) -> str:
    first, last = report["first_paid_on"], report["last_paid_on"]
    return f", paid from {first} to {last}" if first else ", no date of payment"


def _issues(report: dict[str, Any]) -> list[str]:
    """One line a kind of problem: how many, what it means, and where the first one is."""
    first = {issue["code"]: issue for issue in reversed(report["issues"])}
    return [
        f"  {count:,} x {first[code]['message']} {_place(first[code])}".rstrip()
        for code, count in report["issues_by_code"].items()
    ]


def _place(issue: dict[str, Any]) -> str:
    if not issue["line"]:
        return ""
    value = f", {issue['column']}: {issue['value']}" if issue["column"] and issue["value"] else ""
    return f"[row {issue['line']:,}{value}]"


@command.command("import")
@click.argument("anchor")
@click.argument(
    "files", metavar="FILE...", nargs=-1, required=True, type=click.Path(exists=True, dir_okay=False, path_type=Path)
)
@click.option("--source", default="Payments", show_default=True, help="The series of files these belong to.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object a file.")
@click.pass_context
def import_files(ctx: click.Context, anchor: str, files: tuple[Path, ...], source: str, as_json: bool) -> None:
    """Load spend files of an ANCHOR of the city (by its key), each as a whole or not at all.

    A file that came in before, also under another name, changes nothing. Exits with 1 when a file is refused.
    """
    settings = Settings.from_environment()
    outcomes = [_import_file(settings, anchor, source, path) for path in files]
    if as_json:
        print_json([outcome.to_dict() for outcome in outcomes])
    else:
        for outcome in outcomes:
            click.echo(outcome.sentence)
    ctx.exit(1 if any(outcome.file.refused_because for outcome in outcomes) else 0)


def _import_file(settings: Settings, anchor: str, source: str, path: Path) -> "SpendImport":
    from wpound.catalogue.loader import load_city
    from wpound.services.enrol_anchors import enrol_anchors
    from wpound.services.import_spend import import_spend, open_source
    from wpound.store.engine import writing
    from wpound.store.organisations import get_organisation

    city = load_city(settings.city)
    key = city.anchor(anchor).key
    with writing(open_database(settings)) as session, _counted(path) as on_rows:
        enrol_anchors(session, city, actor=ACTOR)
        series = open_source(session, get_organisation(session, key), source)
        return import_spend(session, series, path, city.localities, actor=ACTOR, on_rows=on_rows)


@command.command()
@click.argument("anchor")
@click.argument("fingerprint")
@click.option("--because", required=True, help="Why; the anchor reads it beside the file.")
@click.option("--source", default="Payments", show_default=True, help="The series of files it belongs to.")
def withdraw(anchor: str, fingerprint: str, because: str, source: str) -> None:
    """Take a spend file of an ANCHOR out of every figure, known by its FINGERPRINT (SHA-256).

    Its rows stay to be seen. League tables that were published stay; publish the year anew with wpound league.
    """
    from wpound.catalogue.loader import load_city
    from wpound.services.withdraw_spend import withdraw_spend
    from wpound.store.engine import writing
    from wpound.store.organisations import get_organisation

    settings = Settings.from_environment()
    key = load_city(settings.city).anchor(anchor).key
    with writing(open_database(settings)) as session:
        owner = get_organisation(session, key)
        file = withdraw_spend(session, owner, source, fingerprint, because=because, actor=ACTOR)
        click.echo(
            f"{file.file_name} is withdrawn: {file.loaded_rows:,} payments of {file.total.format()} count no more."
        )


@command.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def register(file: Path, as_json: bool) -> None:
    """Load a supplier register: a CSV with names, numbers and addresses, such as an anchor's own vendor list.

    Payees are matched and placed again afterwards. Exits with 2 where the file is no register.
    """
    from wpound.catalogue.loader import load_city
    from wpound.services.load_register import load_register
    from wpound.services.review_payees import review_payees
    from wpound.store.engine import writing

    settings = Settings.from_environment()
    with writing(open_database(settings)) as session:
        loaded = load_register(session, file, actor=ACTOR)
        review_payees(session, load_city(settings.city), actor=ACTOR)
    if as_json:
        print_json({"entered": loaded.entered, "known": loaded.known, "issues": [_told(i) for i in loaded.issues]})
        return
    click.echo(f"{file.name}: {loaded.entered:,} suppliers entered, {loaded.known:,} known before.")
    for issue in loaded.issues:
        click.echo(f"  row {issue.line}, {issue.column}: {issue.message} ({issue.value})")


def _told(issue: "Issue") -> dict[str, Any]:
    return {"code": issue.code, "line": issue.line, "column": issue.column, "message": issue.message}


@command.command()
@click.argument("file", type=click.Path(exists=True, path_type=Path))
@click.option("--vintage", help="The year or month of the area codes, where neither columns nor file name tell it.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def postcodes(file: Path, vintage: str | None, as_json: bool) -> None:
    """Load a full postcode table (ONSPD, NSPL, ONS look-up or Code-Point Open; CSV, .csv.gz or a folder).

    Without one, a built-in table of postcode sectors gives each place with the doubt that leaves. Payees are placed
    again afterwards. Exits with 2 where the file is no such table.
    """
    from wpound.catalogue.loader import load_city
    from wpound.services.load_postcode_table import load_postcode_table
    from wpound.services.review_payees import review_payees
    from wpound.store.engine import writing

    settings = Settings.from_environment()
    with writing(open_database(settings)) as session:
        table = load_postcode_table(session, file, vintage=vintage, actor=ACTOR)
        review_payees(session, load_city(settings.city), actor=ACTOR)
    if as_json:
        print_json({"title": table.title, "vintage": table.vintage})
    else:
        click.echo(f"{table.title} loaded; its area codes are those of {table.vintage}.")
