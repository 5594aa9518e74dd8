"""Fixtures every test may use."""

import os
from collections.abc import Callable
from pathlib import Path

import pytest

SHARED = Path(__file__).parents[2] / "shared"


@pytest.fixture(scope="session")
def missing() -> Callable[[str], None]:
    """Call with a reason where a tool of the machine is missing: skips, and in CI fails."""
    return skip_or_fail


def skip_or_fail(reason: str) -> None:
    """Skip for a reason that only this machine has; in CI nothing may be missing, so there it fails."""
    if os.environ.get("CI") == "true":
        pytest.fail(f"in CI nothing may be missing: {reason}")
    pytest.skip(reason)


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder of real published files beside the checkout."""
    if not SHARED.is_dir():
        skip_or_fail("the shared folder with the real published files is not beside this checkout")
    return SHARED
