"""``wpound evidence``: are these files the evidence of a return, as it was sent?

Exit codes: 0 every file is there and whole; 1 one is changed or missing, or the manifest was changed, with the reasons;
2 the manifest or a file cannot be read.
"""

import hashlib
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import asdict
from io import BufferedReader
from pathlib import Path

import click

from wpound.cli.output import print_json
from wpound.core.errors import InputError
from wpound.documents.evidence_manifest import ManifestCheck, check_manifest


@click.group()
def command() -> None:
    """Verify the files behind a return."""


@command.command()
@click.argument("manifest", type=click.Path(path_type=Path))
@click.argument("files", type=click.Path(path_type=Path), nargs=-1, required=True)
@click.option("--root", help="The root as the page of the return shows it: the manifest must be of this one.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def verify(manifest: Path, files: tuple[Path, ...], root: str | None, as_json: bool) -> None:
    """Check FILES, or all files of folders, against a MANIFEST, without asking anybody.

    The manifest is the file evidence.json of the return. A file may have any name: it is known by its content.
    """
    with _reading(manifest) as file:
        content = file.read()
    check = check_manifest(content, {str(path): _hash(path) for path in _list_files(files, manifest)})
    is_root = root is None or root.strip().lower() == check.root
    if as_json:
        print_json({"ok": check.ok and is_root, "root_as_expected": is_root, **asdict(check)})
    else:
        _print(check, is_root)
    sys.exit(0 if check.ok and is_root else 1)


def _list_files(given: Iterable[Path], manifest: Path) -> Iterator[Path]:
    for path in given:
        for file in sorted(path.rglob("*")) if path.is_dir() else [path]:
            if not file.is_dir() and file.resolve() != manifest.resolve():
                yield file


def _hash(path: Path) -> str:
    with _reading(path) as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


@contextmanager
def _reading(path: Path) -> Iterator[BufferedReader]:
    try:
        with path.open("rb") as file:
            yield file
    except OSError as error:
        raise InputError("file", f"{path} cannot be read: {error.strerror}.") from None


def _print(check: ManifestCheck, is_root: bool) -> None:
    click.echo("Whole." if check.ok and is_root else "Not whole.")
    if not is_root:
        click.echo("The manifest is not the one of the root given.")
    for problem in check.problems:
        click.echo(problem)
    for file in check.files:
        place = f" ({file.place})" if file.place else ""
        click.echo(f"{file.standing:<8} {file.name}{place}")
    for path in check.unknown:
        click.echo(f"not in the manifest: {path}")
    click.echo(f"Root: {check.root}")
    if check.sent_root not in (None, check.root):
        click.echo(f"When the return was last sent the root was {check.sent_root}: files were changed since.")
