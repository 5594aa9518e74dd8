"""``wpound catalogue``: look at, check and extend the measures."""

from pathlib import Path
from typing import Any

import click

from wpound.catalogue.model import Catalogue, Measure, Strand
from wpound.cli.output import print_json
from wpound.config import Settings

as_json = click.option("--json", "as_json", is_flag=True, help="Print JSON.")
plan_option = click.option("--plan", help="A plan's key or file; the plan of the city in use by default.")


@click.group()
def command() -> None:
    """List, show and check plans and measures."""


@command.command("list")
@plan_option
@as_json
def list_measures(plan: str | None, as_json: bool) -> None:
    """List the measures by strand."""
    catalogue = _open(plan)
    if as_json:
        rows = [_row(measure) for measure in catalogue.list_measures()]
        print_json({"edition": catalogue.edition, "fingerprint": catalogue.fingerprint, "measures": rows})
    else:
        _print_table(catalogue)


@command.command("show")
@click.argument("code")
@plan_option
@as_json
def show_measure(code: str, plan: str | None, as_json: bool) -> None:
    """Show one measure with its values and their sources."""
    from wpound.catalogue.fingerprint import to_plain
    from wpound.catalogue.pages import measure_page

    catalogue = _open(plan)
    measure = catalogue.get_measure(code)
    if as_json:
        print_json(to_plain(measure))
    else:
        click.echo(measure_page(measure, catalogue), nl=False)


@command.command("check")
@plan_option
@as_json
def check(plan: str | None, as_json: bool) -> None:
    """Check every plan, city, measure, example and imported pack; exit 1 when there is a problem."""
    from datetime import UTC, datetime

    from wpound.services.check_catalogue import find_outdated, find_problems

    settings = Settings.from_environment()
    problems = find_problems(settings, plan)
    warnings = [] if problems else find_outdated(settings, datetime.now(UTC).date(), plan)
    if as_json:
        print_json({"problems": _findings(problems), "warnings": _findings(warnings)})
    else:
        for place, message in [*problems, *warnings]:
            click.echo(f"{place}: {message}")
        click.echo(f"{len(problems)} problems, {len(warnings)} warnings")
    if problems:
        raise SystemExit(1)


@command.command("import")
@click.argument("pack", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@as_json
def import_pack(pack: Path, as_json: bool) -> None:
    """Import a PACK of measures (CSV or TOML) that you are licensed to use; it stays on this machine."""
    from wpound.services import open_catalogue

    measures = open_catalogue.import_pack(pack, Settings.from_environment())
    if as_json:
        print_json([_row(measure) for measure in measures])
    else:
        for measure in measures:
            click.echo(f"{measure.code}: {measure.title} (licensed to you)")
        click.echo(f"{len(measures)} measures imported; they are left out of everything that is published")


@command.command("docs")
@click.argument("folder", type=click.Path(file_okay=False, path_type=Path), default=Path("docs/measures"))
def write_docs(folder: Path) -> None:
    """Write a page for each measure into FOLDER, and remove the pages of measures that are gone."""
    from wpound.catalogue.loader import load_catalogue
    from wpound.catalogue.pages import pages

    written = pages(load_catalogue())
    folder.mkdir(parents=True, exist_ok=True)
    for gone in {page.name for page in folder.glob("*.md")} - written.keys():
        (folder / gone).unlink()
    for name, text in written.items():
        (folder / name).write_text(text, encoding="utf-8")
    click.echo(f"{len(written)} pages in {folder}")


def _open(plan: str | None) -> Catalogue:
    from wpound.services.open_catalogue import open_catalogue

    return open_catalogue(Settings.from_environment(), plan)


def _row(measure: Measure) -> dict[str, Any]:
    return {
        "code": measure.code,
        "title": measure.title,
        "head": measure.head.value,
        "strand": measure.strand.value,
        "unit": measure.unit.value,
        "value_kind": measure.value_kind.value,
        "has_value": bool(measure.values),
        "licensed": measure.licensed,
        "serves": list(measure.serves),
    }


def _findings(found: list[tuple[str, str]]) -> list[dict[str, str]]:
    return [{"place": place, "message": message} for place, message in found]


def _print_table(catalogue: Catalogue) -> None:
    from rich.console import Console
    from rich.table import Table

    plan = catalogue.plan
    table = Table(title=f"{plan.title}, {plan.council}. Edition {catalogue.edition}, {catalogue.fingerprint[:12]}")
    table.add_column("Code", no_wrap=True)
    for column in ("Measure", "Counted in", "Money"):
        table.add_column(column)
    for strand in Strand:
        table.add_section()
        for measure in catalogue.list_measures(strand=strand):
            title = f"{measure.title} (licensed to you)" if measure.licensed else measure.title
            table.add_row(measure.code, title, measure.unit.label, measure.value_kind.label)
    Console().print(table)
