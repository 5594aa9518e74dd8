"""The league table as it leaves the house: PDF, CSV, XLSX and JSON with the same figures.

Every figure is rounded once, in :func:`league_record`; the four forms, the terminal and the web page print from it.
"""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from wpound.core.league import PLACES, Column, LeagueRow, LeagueTable
from wpound.core.local_spend import RingTable, ShareRange
from wpound.core.money import Money, round_half_up
from wpound.core.places import Ring
from wpound.documents.charts import Chart, IntervalRow, StackRow, interval_chart, stacked_chart
from wpound.documents.render import render_html, render_pdf
from wpound.documents.workbook import Cell, Sheet, csv_bytes, workbook_bytes

Record = dict[str, Cell]
RATE_PLACES = 2
SHARES_NAME = "shares.svg"
RINGS_NAME = "rings.svg"


@dataclass(frozen=True, slots=True)
class LeagueReport:
    """What the forms are made from.

    ``rings`` is by anchor key and holds the rings of ``ring_titles`` (each ring's name in this city) in that order;
    ``definition_note`` says in words which addresses and areas count as local; ``licences`` are the lines the sources
    ask for.
    """

    publisher: str
    table: LeagueTable
    rings: Mapping[str, RingTable]
    ring_titles: Mapping[Ring, str]
    definition_note: str
    made_on: date
    licences: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class LeagueLine:
    """One row as people read it, every cell a text."""

    rank: str
    name: str
    kind: str
    total: str
    local: str
    share: str
    coverage: str
    unknown: str
    per_head: str
    growth: str
    top1: str
    top5: str
    fte_years: str
    apprenticeship_weeks: str
    tco2e: str
    composite: str
    bootstrap: str
    unranked_because: str


def league_record(row: LeagueRow) -> Record:
    """One row's figures, rounded as printed: shares in per cent, money in pounds, None where not known."""
    ranks, share, places = row.bootstrap_rank, row.bootstrap_share, PLACES
    return {
        "rank": row.rank_label,
        "rank_low": row.rank_low,
        "rank_high": row.rank_high,
        "anchor": row.anchor,
        "name": row.name,
        "kind": row.kind,
        "total": row.total.pounds,
        "local_low": row.local_low.pounds,
        "local_high": row.local_high.pounds,
        "unknown": row.unknown.pounds,
        "share_low_percent": _percent(row.share_low),
        "share_high_percent": _percent(row.share_high),
        "coverage_percent": _percent(row.coverage),
        "per_head_low": _pounds(row.per_head_low),
        "per_head_high": _pounds(row.per_head_high),
        "growth_low": _pounds(row.growth_low),
        "growth_high": _pounds(row.growth_high),
        "top1_percent": _percent(row.top1_share),
        "top5_percent": _percent(row.top5_share),
        "fte_years_per_million": _rounded(row.per_million.fte_years, RATE_PLACES),
        "apprenticeship_weeks_per_million": _rounded(row.per_million.apprenticeship_weeks, RATE_PLACES),
        "tco2e_per_million": _rounded(row.per_million.tco2e, RATE_PLACES),
        "composite_low": _rounded(row.composite_low, places[Column.COMPOSITE]),
        "composite_high": _rounded(row.composite_high, places[Column.COMPOSITE]),
        "bootstrap_share_low_percent": _percent(share.low if share else None),
        "bootstrap_share_high_percent": _percent(share.high if share else None),
        "bootstrap_rank_low": ranks.low if ranks else None,
        "bootstrap_rank_high": ranks.high if ranks else None,
        "unranked_because": row.unranked_because,
    }


def league_line(row: LeagueRow) -> LeagueLine:
    """One row's figures as people read them; two ends that print alike are printed once."""
    record = league_record(row)

    def span(name: str, show: Callable[[Cell], str], suffix: str = "") -> str:
        return _span(record[f"{name}_low{suffix}"], record[f"{name}_high{suffix}"], show)

    return LeagueLine(
        rank=row.rank_label,
        name=row.name,
        kind=row.kind,
        total=_show_pounds(record["total"]),
        local=span("local", _show_pounds),
        share=span("share", _show_percent, "_percent"),
        coverage=_show(record["coverage_percent"], _show_percent),
        unknown=_show_pounds(record["unknown"]),
        per_head=span("per_head", _show_pounds),
        growth=span("growth", _show_change),
        top1=_show(record["top1_percent"], _show_percent),
        top5=_show(record["top5_percent"], _show_percent),
        fte_years=_show(record["fte_years_per_million"], str),
        apprenticeship_weeks=_show(record["apprenticeship_weeks_per_million"], str),
        tco2e=_show(record["tco2e_per_million"], str),
        composite=span("composite", str),
        bootstrap=span("bootstrap_rank", str),
        unranked_because=row.unranked_because or "",
    )


def league_pdf(report: LeagueReport) -> bytes:
    """The league table as a PDF/UA-1 report with its two charts."""
    shares, rings = share_chart(report.table), ring_chart(report)
    facts: dict[str, Any] = {
        "report": report,
        "table": report.table,
        "lines": [league_line(row) for row in report.table.rows],
        "rings": list(report.ring_titles),
        "averages": [("Pooled", _range(report.table.pooled)), ("Mean of the anchors", _range(report.table.mean))],
        "shares_chart": shares,
        "shares_name": SHARES_NAME,
        "rings_chart": rings,
        "rings_name": RINGS_NAME,
    }
    pictures = {SHARES_NAME: shares.svg, RINGS_NAME: rings.svg}
    return render_pdf(render_html("league_report.html", facts), report.made_on, pictures)


def league_csv(report: LeagueReport) -> bytes:
    """The league table as CSV; every row carries the definition, the period and the notes."""
    return csv_bytes(_league_sheet(report.table))


def league_workbook(report: LeagueReport) -> bytes:
    """The league table, the rings and what they rest on as an XLSX workbook."""
    table = report.table
    rings = [
        (row.name, report.ring_titles[ring.ring], ring.spend.pounds, ring.lines, _percent(ring.share))
        for row in table.rows
        if row.anchor in report.rings
        for ring in report.rings[row.anchor].rings
    ]
    about = [
        ("Published by", report.publisher),
        ("Definition of local", table.definition),
        ("What that means", report.definition_note),
        ("Period", table.period.format()),
        *(("Note", note) for note in table.notes),
        *(("Licence", licence) for licence in report.licences),
    ]
    sheets = [
        _league_sheet(table),
        Sheet("Rings", ("Anchor", "Ring", "Pounds", "Lines", "Share in per cent"), rings),
        Sheet("About", ("What", "Answer"), about),
    ]
    return workbook_bytes(sheets, {"title": "Local spend league table", "author": report.publisher}, report.made_on)


def league_json(report: LeagueReport) -> str:
    """The league table as JSON: decimals as text, null where not known."""
    table, weightings = report.table, report.table.rules.weightings
    document = {
        "publisher": report.publisher,
        "definition": table.definition,
        "definition_note": report.definition_note,
        "period": {"start_on": table.period.start_on.isoformat(), "end_on": table.period.end_on.isoformat()},
        "coverage_floor_percent": _plain(_percent(table.rules.coverage_floor)),
        "composite_weightings": {
            "economy": weightings.economy,
            "jobs": weightings.jobs,
            "climate": weightings.climate,
        },
        "pooled_percent": [_plain(_percent(table.pooled.low)), _plain(_percent(table.pooled.high))],
        "mean_percent": [_plain(_percent(table.mean.low)), _plain(_percent(table.mean.high))],
        "rows": [
            {**{name: _plain(cell) for name, cell in league_record(row).items()}, "rings": _rings(report, row.anchor)}
            for row in table.rows
        ],
        "notes": list(table.notes),
        "licences": list(report.licences),
    }
    return json.dumps(document, ensure_ascii=False, indent=2) + "\n"


def share_chart(table: LeagueTable) -> Chart:
    """The interval of each anchor's local share."""
    rows = [IntervalRow(row.name, row.share_low, row.share_high) for row in table.rows]
    return interval_chart("Local share of spend, from the lowest to the highest it can be", rows)


def ring_chart(report: LeagueReport) -> Chart:
    """Where each anchor's money went, ring by ring; a ring that is a net credit is drawn as nothing."""
    rows = [
        StackRow(row.name, tuple(max(ring.share or Decimal(0), Decimal(0)) for ring in found.rings))
        for row in report.table.rows
        if (found := report.rings.get(row.anchor)) is not None and found.total.pence > 0
    ]
    return stacked_chart("Where the money went", list(report.ring_titles.values()), rows)


def _league_sheet(table: LeagueTable) -> Sheet:
    records = [league_record(row) for row in table.rows]
    period = table.period
    basis = (table.definition, period.start_on.isoformat(), period.end_on.isoformat(), " ".join(table.notes))
    headings = (*(records[0] if records else ()), "definition", "period_start_on", "period_end_on", "notes")
    return Sheet("League table", headings, [(*record.values(), *basis) for record in records])


def _rings(report: LeagueReport, anchor: str) -> list[dict[str, Any]]:
    found = report.rings.get(anchor)
    return [
        {
            "ring": ring.ring.value,
            "title": report.ring_titles[ring.ring],
            "pounds": str(ring.spend.pounds),
            "lines": ring.lines,
            "share_percent": _plain(_percent(ring.share)),
        }
        for ring in (found.rings if found else ())
    ]


def _plain(cell: Cell) -> str | int | None:
    return f"{cell:f}" if isinstance(cell, Decimal) else cell


def _percent(share: Decimal | None) -> Decimal | None:
    return None if share is None else round_half_up(share * 100, PLACES[Column.SHARE])


def _pounds(amount: Money | None) -> Decimal | None:
    return None if amount is None else amount.pounds


def _rounded(value: Decimal | None, places: int) -> Decimal | None:
    return None if value is None else round_half_up(value, places)


def _range(shares: ShareRange) -> str:
    return _span(_percent(shares.low), _percent(shares.high), _show_percent)


def _span(low: Cell, high: Cell, show: Callable[[Cell], str]) -> str:
    if low is None or high is None:
        return "not known"
    return show(low) if low == high else f"{show(low)} to {show(high)}"


def _show(cell: Cell, how: Callable[[Cell], str]) -> str:
    return "not known" if cell is None else how(cell)


def _show_percent(cell: Cell) -> str:
    return f"{cell}%"


def _show_pounds(cell: Cell) -> str:
    return Money.from_pounds(cell).format() if isinstance(cell, Decimal) else "not known"


def _show_change(cell: Cell) -> str:
    return f"+{_show_pounds(cell)}" if isinstance(cell, Decimal) and cell > 0 else _show_pounds(cell)
