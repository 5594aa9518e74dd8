"""``wpound demo``: a fictional data set, loaded as real data would be, shown and served."""

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from wpound.cli.database import open_database
from wpound.cli.serve import HOST, PORT, listen, serve
from wpound.config import SETTINGS, Environment, Settings
from wpound.core.errors import StateError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rich.console import Console

    from wpound.catalogue.model import Catalogue, City
    from wpound.demo.people import Part
    from wpound.demo.show import Showpieces


@click.command("demo")
@click.option("--no-serve", is_flag=True, help="Stop after printing and writing; do not serve the pages.")
@click.option("--port", default=PORT, show_default=True, type=click.IntRange(1, 65535), help="Port to serve on.")
@click.option("--out", type=click.Path(file_okay=False, path_type=Path), help="Folder for what is written.")
@click.option("--city", help="A packaged city's key or a city file; WPOUND_CITY if left out.")
def command(no_serve: bool, port: int, out: Path | None, city: str | None) -> None:
    """Load the fictional demonstration (once), print and write what it shows, and serve it.

    Every firm, person and figure in it is invented.
    """
    from rich.console import Console

    from wpound.catalogue.loader import load_city
    from wpound.demo.people import enter_people
    from wpound.demo.show import find_showpieces, list_pages
    from wpound.services.open_catalogue import open_catalogue
    from wpound.store.engine import reading

    settings = Settings.from_environment()
    if settings.environment is Environment.PRODUCTION:
        raise StateError(
            "The demonstration makes people whose password is printed, so it is not loaded where WPOUND_ENV is "
            "production. Unset it, and give the demonstration a folder of its own with WPOUND_DATA_DIR."
        )
    # Nobody has to set a telephone up to look at invented figures.
    settings = replace(settings, city=city or settings.city, second_factor=())
    if not no_serve:
        settings = _serve_on(settings, port)
    place, catalogue = load_city(settings.city), open_catalogue(settings)
    engine, console = open_database(settings), Console()
    _load(console, engine, settings, place, catalogue)
    with reading(engine) as session:
        pieces = find_showpieces(session, settings, place, catalogue)
        pages = list_pages(session, settings, catalogue)
    cast, password = enter_people(engine, place, settings.data_dir / "demo")
    engine.dispose()
    _print(console, pieces)
    _write(console, pieces, out or settings.data_dir / "demo")
    _print_log_ins(console, cast, password)
    console.print()
    for title, address in pages.items():
        console.print(f"{title}: {address}", highlight=False, soft_wrap=True)
    if not no_serve:
        serve(settings, port=port)


def _serve_on(settings: Settings, port: int) -> Settings:
    """Settings whose links lead to the port; one that is taken is said before minutes are spent on loading."""
    listen(HOST, port).close()
    is_default = settings.base_url == SETTINGS["base_url"].default
    return replace(settings, base_url=f"http://{HOST}:{port}") if is_default else settings


def _load(console: "Console", engine: Any, settings: Settings, city: "City", catalogue: "Catalogue") -> None:
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TaskID, TextColumn

    from wpound.demo.load import load_demo

    tasks: dict[str, TaskID] = {}
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
    with Progress(*columns, console=console) as progress:

        def on_step(step: str, total: int, more: int) -> None:
            if step not in tasks:
                tasks[step] = progress.add_task(step, total=total)
            progress.advance(tasks[step], more)

        loaded = load_demo(engine, settings, city, catalogue, settings.data_dir / "demo" / "files", on_step)
    console.print(
        "Loaded the demonstration." if loaded else "The demonstration was loaded before; nothing was changed."
    )


def _print(console: "Console", pieces: "Showpieces") -> None:
    from wpound.cli.league import print_league
    from wpound.cli.tender import print_ranking

    console.print("Every firm, person and figure below is invented.\n")
    print_league(pieces.report)
    console.print()
    print_ranking(console, pieces.result)


def _write(console: "Console", pieces: "Showpieces", folder: Path) -> None:
    from wpound.cli.league import render_report
    from wpound.documents.assessment_summary import assessment_summary_pdf

    folder.mkdir(parents=True, exist_ok=True)
    files = {f"league-table{suffix}": render_report(pieces.report, suffix) for suffix in (".pdf", ".csv", ".json")}
    files["social-value-certificate.pdf"] = pieces.certificate
    files["assessment-summary.pdf"] = assessment_summary_pdf(pieces.summary)
    console.print()
    for name, content in files.items():
        (folder / name).write_bytes(content)
        console.print(f"Wrote {folder / name}", highlight=False, soft_wrap=True)
    console.print(f"The certificate's serial number is {pieces.serial}.", highlight=False)


def _print_log_ins(console: "Console", cast: "Sequence[Part]", password: str) -> None:
    from rich.table import Table

    table = Table(title="Log-ins")
    for heading in ("Email address", "Role", "For"):
        table.add_column(heading, overflow="fold")
    for part in cast:
        table.add_row(part.email, part.title, part.about)
    console.print()
    console.print(table, highlight=False)
    console.print(f"Password of all of them, and the passphrase that opens bids: {password}", highlight=False)
