"""``wpound doctor``: what is missing on this machine, and how to install it."""

import ctypes
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import click

from wpound.cli.output import print_json
from wpound.config import SETTINGS, Settings

BROWSERS = ("chromium", "chromium-browser", "google-chrome")


@dataclass(frozen=True)
class Need:
    """Something the machine must have: what for, the Debian package that brings it, and how to tell."""

    name: str
    purpose: str
    package: str
    is_met: Callable[[], bool]


def has_library(file_name: str) -> bool:
    """Whether the dynamic linker finds a library."""
    try:
        ctypes.CDLL(file_name)
    except OSError:
        return False
    return True


def find_browser() -> str | None:
    """The Chromium the page tests drive: ``WPOUND_CHROMIUM`` or the first one on the path."""
    named = os.environ.get("WPOUND_CHROMIUM")
    return named or next(filter(None, map(shutil.which, BROWSERS)), None)


def has_front_end() -> bool:
    """Whether the style sheet has been built."""
    return (Path(__file__).parents[1] / "web/static/vendor/STAMP").is_file()


NEEDS = (
    Need("Pango", "writes PDF documents", "libpango-1.0-0", lambda: has_library("libpango-1.0.so.0")),
    Need("PangoFT2", "writes PDF documents", "libpangoft2-1.0-0", lambda: has_library("libpangoft2-1.0.so.0")),
    Need(
        "HarfBuzz-Subset",
        "keeps PDF files small",
        "libharfbuzz-subset0",
        lambda: has_library("libharfbuzz-subset.so.0"),
    ),
)
BROWSER = Need("Chromium", "tests the pages", "chromium", lambda: find_browser() is not None)


def install_line(missing: list[Need]) -> str:
    """The one line that installs what is missing on Debian or Ubuntu."""
    return "apt-get install -y --no-install-recommends " + " ".join(need.package for need in missing)


def install(missing: list[Need]) -> bool:
    """Install with apt where that is possible (root on Debian or Ubuntu); say whether it was."""
    apt = shutil.which("apt-get")
    if apt is None or os.geteuid() != 0:
        return False
    click.echo(f"Installing {', '.join(need.name for need in missing)} ...", err=True)
    commands = ([apt, "update", "-qq"], [apt, *install_line(missing).split()[1:], "-qq"])
    # The words are this module's own; nothing a person typed reaches the command.
    return all(subprocess.run(words, stdout=sys.stderr).returncode == 0 for words in commands)  # noqa: S603


def check_malware_scanner() -> tuple[str, bool]:
    """How the malware scanner stands, in words, and whether that is as it should be."""
    from wpound.services.check_health import ScannerState, check_scanner

    found = check_scanner(Settings.from_environment())
    told = {
        ScannerState.NONE: f"none is set up ({SETTINGS['clamd'].variable})",
        ScannerState.SILENT: f"does not answer, so no file is taken (check {SETTINGS['clamd'].variable})",
    }
    return told.get(found.state, f"{found.name}"), found.state is not ScannerState.SILENT


def report(needs: tuple[Need, ...], scanner: str) -> dict[str, object]:
    """What is there and what is not, as printed with ``--json``."""
    return {
        "needs": [{"name": n.name, "purpose": n.purpose, "package": n.package, "met": n.is_met()} for n in needs],
        "front_end_built": has_front_end(),
        "malware_scanner": scanner,
    }


def print_report(needs: tuple[Need, ...], scanner: str, scanner_is_well: bool) -> None:
    """Print one line for each need."""
    for need in needs:
        click.echo(f"{'ok     ' if need.is_met() else 'MISSING'}  {need.name}: {need.purpose}")
    click.echo(f"{'ok     ' if has_front_end() else 'MISSING'}  Front end: styles the pages (made by `make install`)")
    click.echo(f"{'ok     ' if scanner_is_well else 'MISSING'}  Malware scanner: {scanner}")


@click.command("doctor")
@click.option("--install", "install_missing", is_flag=True, help="Install what is missing (root on Debian or Ubuntu).")
@click.option("--browser", is_flag=True, help="Look for the browser of the page tests, too.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def command(install_missing: bool, browser: bool, as_json: bool) -> None:
    """Say what is missing on this machine and how to install it.

    Exits with 0 when nothing is missing and with 1 otherwise.
    """
    needs = (*NEEDS, BROWSER) if browser else NEEDS
    missing = [need for need in needs if not need.is_met()]
    if missing and install_missing and install(missing):
        missing = [need for need in needs if not need.is_met()]
    scanner, scanner_is_well = check_malware_scanner()
    if as_json:
        print_json(report(needs, scanner))
    elif not install_missing:
        print_report(needs, scanner, scanner_is_well)
    if missing:
        click.echo(f"To install what is missing, run as root: {install_line(missing)}", err=True)
    if missing or not has_front_end() or not scanner_is_well:
        sys.exit(1)
