"""A process of its own that imports a spend file and is killed with SIGKILL, as by a power cut, at a named point.

Called as: database URL, file, point. The points: ``rows:N`` after N chunks were stored, ``identifying`` and
``accepting`` when that step has just been done, ``committing`` before the commit, ``committed`` after it.
"""

import os
import signal
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from wpound.catalogue.loader import load_city
from wpound.services import import_spend
from wpound.services.enrol_anchors import enrol_anchors
from wpound.store.engine import create_engine_for, writing

STEPS = {"identifying": "identify_payees", "accepting": "accept_file"}


def die() -> None:
    """End at once, with nothing tidied up."""
    os.kill(os.getpid(), signal.SIGKILL)


def after(step: Callable[..., Any]) -> Callable[..., Any]:
    """The step, and death after it."""

    def fatal(*arguments: Any, **named: Any) -> None:
        step(*arguments, **named)
        die()

    return fatal


def main(url: str, path: str, point: str) -> None:
    """Import the file until the point is reached."""
    chunks = int(point.removeprefix("rows:")) if point.startswith("rows:") else 0
    stored: list[int] = []

    def on_rows(rows: int) -> None:
        stored.append(rows)
        if len(stored) == chunks:
            die()

    if point in STEPS:
        setattr(import_spend, STEPS[point], after(getattr(import_spend, STEPS[point])))
    city = load_city("wolverhampton")
    with writing(create_engine_for(url)) as session:
        anchor = enrol_anchors(session, city, actor="test")[0]
        source = import_spend.open_source(session, anchor, "Payments")
        import_spend.import_spend(session, source, Path(path), city.localities, actor="test", on_rows=on_rows)
        if point == "committing":
            session.flush()
            die()
    die()


if __name__ == "__main__":
    main(*sys.argv[1:])
