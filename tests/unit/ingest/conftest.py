"""Small made-up spend files with the dirt of real ones."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from wpound.ingest.layout import Layout
from wpound.ingest.pipeline import SpendSheet, check_file, read_spend
from wpound.ingest.rows import SpendRow


@pytest.fixture
def write(tmp_path: Path) -> Callable[..., Path]:
    """Write a file: text in an encoding, or bytes as they are."""

    def _write(content: str | bytes, name: str = "spend.csv", encoding: str = "utf-8") -> Path:
        path = tmp_path / name
        path.write_bytes(content if isinstance(content, bytes) else content.encode(encoding))
        return path

    return _write


@pytest.fixture
def check(write: Callable[..., Path]) -> Callable[..., dict[str, Any]]:
    """Check a one-sheet file and return its report."""

    def _check(content: str | bytes, name: str = "spend.csv", encoding: str = "utf-8") -> dict[str, Any]:
        [report] = check_file(write(content, name, encoding))
        return report.to_dict()

    return _check


@pytest.fixture
def read(write: Callable[..., Path]) -> Callable[..., tuple[SpendSheet, list[SpendRow]]]:
    """Read a one-sheet file to its end: the sheet, and its payments."""

    def _read(
        content: str | bytes, layout: Layout | None = None, encoding: str = "utf-8"
    ) -> tuple[SpendSheet, list[SpendRow]]:
        [sheet] = read_spend(write(content, encoding=encoding), layout)
        return sheet, list(sheet.lines)

    return _read
