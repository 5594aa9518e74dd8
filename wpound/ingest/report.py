"""What ``wpound spend check`` says of a sheet: a stable contract."""

from dataclasses import dataclass
from typing import Any

from wpound.core.errors import Issue
from wpound.ingest.sheets import SpendSheet


@dataclass(frozen=True)
class SheetReport:
    """What ``wpound spend check`` says of one sheet; of a refused sheet nothing is loaded."""

    sheet: SpendSheet

    def to_dict(self) -> dict[str, Any]:
        """The stable shape of ``wpound spend check --json``."""
        sheet, counts = self.sheet, self.sheet.counts
        refused = sheet.refused_because is not None
        first, last = counts.first_paid_on, counts.last_paid_on
        return {
            "file": sheet.file,
            "sheet": sheet.sheet,
            "encoding": sheet.encoding,
            "delimiter": sheet.delimiter,
            "header_line": sheet.header_line,
            "columns": {heading: str(name) if name else None for heading, name in sheet.columns.items()},
            "rows": counts.rows,
            "loaded": 0 if refused else counts.loaded,
            "refused": counts.refused + counts.loaded if refused else counts.refused,
            "repeated": counts.repeated,
            "blank": counts.blank,
            "totals_rows": [total.to_dict() for total in counts.totals_rows],
            "sum_pence": 0 if refused else counts.sum_pence,
            "negatives": 0 if refused else counts.negatives,
            "negative_pence": 0 if refused else counts.negative_pence,
            "first_paid_on": first.isoformat() if first and not refused else None,
            "last_paid_on": last.isoformat() if last and not refused else None,
            "issues_by_code": dict(sorted(counts.issues_by_code.items())),
            "issues": [_issue_dict(issue) for issue in counts.issues],
            "refused_because": sheet.refused_because,
        }


def _issue_dict(issue: Issue) -> dict[str, Any]:
    return {
        "code": issue.code,
        "severity": str(issue.severity),
        "line": issue.line,
        "column": issue.column,
        "value": issue.value,
        "message": issue.message,
    }
