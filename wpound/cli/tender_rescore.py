"""``wpound tender rescore``: show that a recorded result can be repeated byte for byte.

Exit codes: 0 the same, or a comparison with the current catalogue was printed; 1 not the same, with every difference;
2 there is nothing to compare.
"""

import sys
from typing import TYPE_CHECKING, Any

import click

from wpound.cli.database import open_database
from wpound.cli.output import print_json
from wpound.config import Settings

if TYPE_CHECKING:
    from wpound.services.rescore_tender import Rescore


@click.command()
@click.argument("ocid")
@click.option("--lot", type=click.IntRange(1), help="Only this lot; else every lot.")
@click.option("--evaluation", type=click.IntRange(1), help="The evaluation of that number; else the latest.")
@click.option("--with", "under", type=click.Choice(["current"]), help="Score under the catalogue of today instead.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def rescore(ocid: str, lot: int | None, evaluation: int | None, under: str | None, as_json: bool) -> None:
    """Score the tender OCID again from its stored method, bids, marks and catalogue; nothing is changed."""
    found = _rescore(Settings.from_environment(), ocid, lot, evaluation, under)
    if as_json:
        print_json({"ocid": ocid, "lots": [_as_json(one) for one in found]})
    else:
        for one in found:
            _print(one, under)
    sys.exit(0 if under or all(one.is_same for one in found) else 1)


def _rescore(settings: Settings, ocid: str, lot: int | None, number: int | None, under: str | None) -> list["Rescore"]:
    from wpound.services.open_catalogue import open_catalogue
    from wpound.services.rescore_tender import rescore_lot
    from wpound.store.engine import reading
    from wpound.store.tenders import get_lot, get_tender, list_lots

    engine = open_database(settings)
    try:
        with reading(engine) as session:
            tender = get_tender(session, ocid)
            current = open_catalogue(settings) if under else None
            lots = [get_lot(session, tender, lot)] if lot else list_lots(session, tender_id=tender.id)
            return [rescore_lot(session, tender, one, number=number, current=current) for one in lots]
    finally:
        engine.dispose()


def _as_json(found: "Rescore") -> dict[str, Any]:
    return {
        "lot": found.lot.number,
        "evaluation": found.evaluation.number,
        "engine_version": found.evaluation.engine_version,
        "same": found.is_same,
        "recorded_hash": found.evaluation.result_hash,
        "hash": found.result_hash,
        "recorded_catalogue_fingerprint": found.evaluation.catalogue_fingerprint,
        "catalogue_fingerprint": found.catalogue_fingerprint,
        "differences": [{"place": one.place, "recorded": one.recorded, "now": one.now} for one in found.differences],
    }


def _print(found: "Rescore", under: str | None) -> None:
    recorded = found.evaluation
    click.echo(f"{found.lot.title}, evaluation {recorded.number}, made with wpound {recorded.engine_version}")
    if under:
        click.echo(f"Scored under the current catalogue {found.catalogue_fingerprint[:12]}")
    count = len(found.differences)
    click.echo("The same, byte for byte." if found.is_same else f"Not the same: {count} {_entries(count)}.")
    click.echo(f"  recorded  {recorded.result_hash}\n  now       {found.result_hash}")
    for one in found.differences:
        click.echo(f"  {one.place}: {_shown(one.recorded)} recorded, {_shown(one.now)} now")
    if under:
        click.echo(f"Nothing was changed: evaluation {recorded.number} stands as it was recorded.")


def _entries(count: int) -> str:
    return "entry differs" if count == 1 else "entries differ"


def _shown(value: str | None) -> str:
    return "nothing" if value is None else value
