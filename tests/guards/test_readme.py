"""What the README and the pages under ``docs`` promise a newcomer is so."""

import re
import shlex
from collections.abc import Iterator
from pathlib import Path

import click
import pytest
from click.testing import CliRunner

from wpound.cli import COMMANDS, cli
from wpound.config import SETTINGS

ROOT = Path(__file__).parents[2]
README = (ROOT / "README.md").read_text("utf-8")
PAGES = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")])
LARGEST_PICTURE = 150_000


def fenced(text: str) -> list[str]:
    return re.findall(r"^```\w*\n(.*?)^```", text, re.M | re.S)


def command_lines() -> Iterator[str]:
    """Every ``wpound …`` that the README tells a reader to type, in blocks and in tables."""
    for block in fenced(README):
        yield from (line for line in block.splitlines() if line.startswith("wpound "))
    yield from re.findall(r"^\| `(wpound [^`]+)`", README, re.M)


@pytest.mark.parametrize("page", PAGES, ids=[str(p.relative_to(ROOT)) for p in PAGES])
def test_links_lead_somewhere(page: Path) -> None:
    targets = re.findall(r"\]\(([^)#\s]+)[^)]*\)", page.read_text("utf-8"))
    local = [target for target in targets if "://" not in target]

    assert [target for target in local if not (page.parent / target).exists()] == []


def test_the_settings_table_names_every_setting_and_its_default() -> None:
    rows = re.findall(r"^\| `([A-Z_]+)` \| (.*?) \| (.*?) \|$", README, re.M)

    expected = [(one.variable, one.default, one.purpose) for one in SETTINGS.values()]
    assert [(variable, default.strip("` "), purpose) for variable, default, purpose in rows] == expected


@pytest.mark.parametrize("line", sorted(set(command_lines())))
def test_commands_in_the_readme_exist_with_their_options(line: str) -> None:
    command: click.Command = cli
    words = shlex.split(line)[1:]
    while isinstance(command, click.Group) and words:
        found = command.get_command(click.Context(command), words.pop(0))
        assert found is not None, line
        command = found
    options = {name for parameter in command.params for name in parameter.opts}

    assert {word for word in words if word.startswith("--")} <= options


def test_the_readme_names_every_command() -> None:
    assert {line.split()[1] for line in command_lines()} >= set(COMMANDS)


def test_the_worked_example_is_what_the_command_prints() -> None:
    run = CliRunner().invoke(cli, ["tender", "score", str(ROOT / "docs/examples/grounds.toml")])
    shown = next(block for block in fenced(README) if block.startswith("Ashgrove"))
    quoted = re.findall(r"(?<!\*)\*([^*]+)\*(?!\*)", README.split("## How a score")[1].split("\n## ")[0])

    assert run.exit_code == 0
    printed = run.output.splitlines()
    assert [line for line in shown.splitlines() if line not in printed] == []
    assert quoted and [words for words in quoted if " ".join(words.split()) not in " ".join(printed)] == []
    assert "Birchfield: 79.20, rank 2" in printed


def test_pictures_load_at_once() -> None:
    sizes = {path.name: path.stat().st_size for path in (ROOT / "docs/pictures").glob("*.png")}

    assert sizes
    assert {name: size for name, size in sizes.items() if size > LARGEST_PICTURE} == {}
