"""The local spend league table, as a page, as a picture and as files."""

from collections.abc import Callable
from dataclasses import dataclass

from flask import Response, render_template, request

from wpound.core.errors import NotFound
from wpound.core.places import LocalityRule, Ring
from wpound.documents.league_report import (
    LeagueReport,
    league_csv,
    league_json,
    league_line,
    league_pdf,
    league_workbook,
    ring_chart,
    share_chart,
)
from wpound.services.build_league_table import get_league_report, list_league_years
from wpound.store.engine import reading
from wpound.web.access import Policy, requires
from wpound.web.downloads import save_as
from wpound.web.extensions import site

DOWNLOADS: dict[str, tuple[Callable[[LeagueReport], bytes | str], str]] = {
    "csv": (league_csv, "text/csv; charset=utf-8"),
    "json": (league_json, "application/json"),
    "pdf": (league_pdf, "application/pdf"),
    "xlsx": (league_workbook, "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
}
CHARTS = {"shares": lambda report: share_chart(report.table), "rings": ring_chart}


@dataclass(frozen=True, slots=True)
class Selection:
    """What the address asks for, and what there is: ``report`` is None where no table was published for it."""

    rule: LocalityRule
    year: int | None
    years: list[int]
    report: LeagueReport | None


@requires(Policy.PUBLIC)
def league_table() -> str:
    """The table for one definition of local and one financial year, with everything a reader must know of it."""
    chosen = _select()
    rows = chosen.report.table.rows if chosen.report else ()
    return render_template(
        "public/league.html",
        chosen=chosen,
        rules=site().city.localities,
        rows=[(row, league_line(row)) for row in rows],
        rings=list(Ring),
    )


@requires(Policy.PUBLIC)
def league_chart(name: str) -> Response:
    """A chart of the table; a table on the page holds the same figures."""
    if name not in CHARTS:
        raise NotFound(f"There is no chart called {name}.")
    return Response(CHARTS[name](_select_report()).svg, mimetype="image/svg+xml")


@requires(Policy.PUBLIC)
def league_download(extension: str) -> Response:
    """The table as a file that carries its definition, period and notes."""
    if extension not in DOWNLOADS:
        raise NotFound(f"The table cannot be had as {extension}.")
    make, content_type = DOWNLOADS[extension]
    return save_as(Response(make(_select_report()), content_type=content_type), f"league-table.{extension}")


def _select() -> Selection:
    city = site().city
    rule = city.locality(request.args.get("definition", city.localities[0].key))
    with reading(site().engine) as session:
        years = list_league_years(session, city)
        wanted = _wanted_years(years)
        reports = ((year, get_league_report(session, city, rule.key, year)) for year in wanted)
        # A first payment of the next year does not put the last published table out of sight.
        newest = wanted[0] if wanted else None
        year, report = next(((year, report) for year, report in reports if report), (newest, None))
    return Selection(rule, year, years, report)


def _wanted_years(years: list[int]) -> list[int]:
    """The financial year of the address, else all there are, the newest first."""
    if "year" not in request.args:
        return years
    found = [year for year in years if str(year) == request.args["year"]]
    if not found:
        raise NotFound("No spend was read for this financial year.")
    return found


def _select_report() -> LeagueReport:
    report = _select().report
    if report is None:
        raise NotFound("No table has been published for this definition of local and this year.")
    return report
