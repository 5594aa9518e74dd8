"""The result of an evaluation as a table: one line for each criterion and bid, safe to open in a spreadsheet."""

from collections.abc import Iterator, Mapping
from typing import Any

from wpound.documents.workbook import Cell, Sheet, csv_bytes

HEADINGS = (
    "Bidder",
    "Rank",
    "Score",
    "Excluded because",
    "Criterion",
    "Title",
    "Weighting %",
    "Available",
    "Share",
    "Contribution",
    "How it came about",
    "Reason",
)


def score_sheet_csv(result: Mapping[str, Any]) -> bytes:
    """The stored result of an evaluation as CSV, figures with all their decimals."""
    return csv_bytes(Sheet("Scores", HEADINGS, list(_rows(result))))


def _rows(result: Mapping[str, Any]) -> Iterator[list[Cell]]:
    for bid in result["bids"]:
        for line in bid["lines"]:
            yield [
                bid["bidder"],
                bid["rank"],
                bid["score"],
                bid["excluded_because"],
                line["criterion"],
                line["title"],
                line["weighting"],
                line["available"],
                line["share"],
                line["contribution"],
                line["explanation"],
                line["reason"],
            ]
