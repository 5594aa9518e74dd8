"""Workbooks, read by a process of its own: a file made to take all memory or time ends that process and no other.

A workbook of 1 KB can name its one cell as the last of 17 billion, which the reading library then makes room for.
"""

import pickle
import subprocess
import sys
from io import BytesIO
from typing import Any

Table = list[list[Any]]

MOST_MEMORY = 4 * 1024**3
MOST_SECONDS = 120
DAMAGED = "The workbook is damaged or is another kind of Office document. Save it as CSV."
LOCKED = "The workbook is protected by a password. Save a copy without one."
TOO_LARGE = (
    "The workbook takes more memory or time to read than a list can need: often a value far below or beside the rest. "
    "Copy the rows into a new workbook, or save the sheet as CSV."
)
_READ = "from wpound.ingest.workbooks import answer; answer()"


class WorkbookProblem(ValueError):
    """Why a workbook cannot be read, in one sentence for the person."""


def read_tables(content: bytes) -> list[tuple[str, Table]]:
    """The sheets of an XLSX, XLSM, XLS or ODS workbook in order, each with its name and its rows of values.

    Raises WorkbookProblem.
    """
    try:
        done = subprocess.run(  # noqa: S603 (this program itself, and nothing of the file is in its arguments)
            [sys.executable, "-P", "-c", _READ], input=content, capture_output=True, timeout=MOST_SECONDS, check=True
        )
    except (subprocess.CalledProcessError, subprocess.TimeoutExpired):
        raise WorkbookProblem(TOO_LARGE) from None
    found = pickle.loads(done.stdout)  # noqa: S301 (written by our own process, of values and nothing else)
    if isinstance(found, str):
        raise WorkbookProblem(found)
    return list(found)


def answer() -> None:
    """In the process of its own: read the workbook from standard input, write its sheets, or a sentence, to output."""
    _limit()
    pickle.dump(_read(sys.stdin.buffer.read()), sys.stdout.buffer)


def _limit() -> None:
    if sys.platform != "win32":
        import resource

        resource.setrlimit(resource.RLIMIT_AS, (MOST_MEMORY, MOST_MEMORY))
        resource.setrlimit(resource.RLIMIT_CPU, (MOST_SECONDS, MOST_SECONDS))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def _read(content: bytes) -> list[tuple[str, Table]] | str:
    from python_calamine import CalamineError, CalamineWorkbook, PasswordError

    try:
        book = CalamineWorkbook.from_filelike(BytesIO(content))
        return [(name, book.get_sheet_by_name(name).to_python(skip_empty_area=False)) for name in book.sheet_names]
    except PasswordError:
        return LOCKED
    except (CalamineError, OSError, ValueError):
        return DAMAGED
