"""Reading what the main job leaves behind: commands, pages and the text of documents."""

import os
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from io import BytesIO
from pathlib import Path
from typing import Any

import pikepdf
import pytest
from flask import Flask

from wpound.app import create_app
from wpound.config import Settings

WPOUND = str(Path(sys.executable).with_name("wpound"))
Run = Callable[..., "subprocess.CompletedProcess[str]"]


@pytest.fixture(scope="session")
def run() -> Run:
    """Run a command as people do; the first argument holds the settings."""

    def run_command(environment: dict[str, str], *words: object) -> "subprocess.CompletedProcess[str]":
        arguments = [WPOUND, *map(str, words)]
        return subprocess.run(arguments, env=os.environ | environment, capture_output=True, text=True)

    return run_command


@pytest.fixture(scope="session")
def demo_app(demonstration) -> Iterator[Flask]:
    """The pages over the demonstration."""
    app = create_app(Settings.from_environment(demonstration.environment))
    yield app
    app.extensions["wpound"].engine.dispose()


@pytest.fixture(scope="session")
def text_of() -> Callable[[bytes], str]:
    """The text of a PDF in the order it is painted, on one line."""

    def read(content: bytes) -> str:
        with pikepdf.open(BytesIO(content)) as pdf:
            return " ".join("".join(letter for page in pdf.pages for letter in _painted(page)).split())

    return read


def _painted(page: pikepdf.Page) -> Iterator[str]:
    fonts = {name: _letters(font) for name, font in page.resources.get("/Font", {}).items()}
    letters: dict[bytes, str] = {}
    for operands, operator in pikepdf.parse_content_stream(page):
        if str(operator) == "Tf":
            letters = fonts[str(operands[0])]
        elif str(operator) in ("Tj", "TJ"):
            for glyphs in _strings(operands[0]):
                yield from (letters[glyphs[i : i + 2]] for i in range(0, len(glyphs), 2))
        elif str(operator) == "ET":
            yield " "


def _strings(operand: Any) -> Iterator[bytes]:
    pieces = [operand] if isinstance(operand, pikepdf.String) else operand
    return (bytes(piece) for piece in pieces if isinstance(piece, pikepdf.String))


def _letters(font: Any) -> dict[bytes, str]:
    """What each two-byte glyph of a font stands for."""
    pairs = re.findall(r"^<([0-9a-f]{4})> <([0-9a-f]+)>$", font.ToUnicode.read_bytes().decode(), re.M | re.I)
    return {bytes.fromhex(glyph): bytes.fromhex(text).decode("utf-16-be") for glyph, text in pairs}
