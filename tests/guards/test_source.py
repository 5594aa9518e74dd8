"""Rules of the house that a reader would miss only after they had been broken a hundred times."""

import ast
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
SOURCES = sorted((ROOT / "wpound").rglob("*.py"))
TESTS = sorted((ROOT / "tests").rglob("*.py"))
MAX_FILE_LINES = 400
MAX_FUNCTION_LINES = 40
# Where figures that people are paid, ranked or judged by are worked out.
EXACT = [
    p
    for p in SOURCES
    if p.relative_to(ROOT / "wpound").parts[0] in {"core", "catalogue", "services", "store", "ingest"}
]
FORBIDDEN_WORDS = re.compile(r"\b(TODO|FIXME|XXX)\b")
PACKAGE_HOSTS = re.compile(r"pypi\.org|pythonhosted\.org|npmjs\.(org|com)|debian\.org|registry\.[a-z]+\.[a-z]+", re.I)
MACHINE_PATHS = re.compile(r"(?<![\w.])/(work|home|root|tmp)/")


def functions(tree: ast.AST) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    return (node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef))


def float_uses(tree: ast.AST) -> list[int]:
    """Lines that write a float literal or call ``float``."""
    literals = [n.lineno for n in ast.walk(tree) if isinstance(n, ast.Constant) and isinstance(n.value, float)]
    names = [n.lineno for n in ast.walk(tree) if isinstance(n, ast.Name) and n.id == "float"]
    return sorted(literals + names)


def relative(paths: list[Path]) -> list[str]:
    return [str(p.relative_to(ROOT)) for p in paths]


@pytest.mark.parametrize("path", SOURCES + TESTS, ids=relative(SOURCES + TESTS))
def test_files_stay_short(path: Path) -> None:
    assert len(path.read_text("utf-8").splitlines()) <= MAX_FILE_LINES


@pytest.mark.parametrize("path", SOURCES, ids=relative(SOURCES))
def test_functions_stay_short(path: Path) -> None:
    tree = ast.parse(path.read_text("utf-8"))
    long = {f.name: f.end_lineno - f.lineno + 1 for f in functions(tree) if f.end_lineno}

    assert {name: lines for name, lines in long.items() if lines > MAX_FUNCTION_LINES} == {}


@pytest.mark.parametrize("path", EXACT, ids=relative(EXACT))
def test_no_float_where_money_and_marks_are_worked_out(path: Path) -> None:
    """A float is allowed only on a line that says why (``# float:`` and the reason)."""
    text = path.read_text("utf-8")
    lines = text.splitlines()

    assert [n for n in float_uses(ast.parse(text)) if "# float:" not in lines[n - 1]] == []


def test_the_float_guard_sees_a_float() -> None:
    assert float_uses(ast.parse("a = 1\nb = 0.5\nc = float(a)")) == [2, 3]


def tracked_texts() -> Iterator[tuple[str, str]]:
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=True).stdout.decode()
    for name in filter(None, listed.split("\0")):
        path = ROOT / name
        if path.is_file() and path != Path(__file__):
            try:
                yield name, path.read_text("utf-8")
            except UnicodeDecodeError:
                continue


@pytest.mark.parametrize("pattern", [PACKAGE_HOSTS, MACHINE_PATHS, FORBIDDEN_WORDS], ids=["hosts", "paths", "todo"])
def test_nothing_tracked_names_a_package_host_a_machine_path_or_unfinished_work(pattern: re.Pattern[str]) -> None:
    hits = [
        f"{name}:{text[: m.start()].count(chr(10)) + 1}"
        for name, text in tracked_texts()
        for m in pattern.finditer(text)
    ]

    assert hits == []
