"""A process of its own that hands in bids as one worker of the service would, around a deadline.

Called as: database URL, threads. It takes its orders as one line of JSON (see :func:`main`), prints ``ready``, takes
the times as another and prints what became of every click. With ``early`` in the orders it has a fault on purpose: the
clock is read before the lock is held.
"""

import json
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Engine
from sqlalchemy.orm import Session

from wpound.catalogue.loader import load_catalogue, load_city
from wpound.catalogue.model import Catalogue
from wpound.core.bid_content import BidContent
from wpound.core.errors import StateError
from wpound.services.clock import fixed_clock
from wpound.services.submit_bid import submit_bid
from wpound.store.engine import create_engine_for, now_in, reading, writing
from wpound.store.models.suppliers import Supplier
from wpound.store.models.tenders import Lot


@dataclass(frozen=True)
class Click:
    """Whose bid is handed in, and how many seconds after the deadline."""

    supplier_id: int
    content: BidContent
    at: float


class Worker:
    """Hands in bids; ``shift`` takes the database's clock to the night of the storm."""

    def __init__(self, engine: Engine, catalogue: Catalogue, orders: dict[str, Any]) -> None:
        self.engine, self.catalogue = engine, catalogue
        self.lot_id: int = orders["lot_id"]
        self.early: bool = orders["early"]
        self.clicks = [
            Click(one["supplier_id"], BidContent.from_dict(one["content"]), one["at"]) for one in orders["clicks"]
        ]
        self.due, self.shift = 0.0, timedelta(0)

    def clock(self, session: Session) -> datetime:
        """What the database's clock would say that night."""
        return now_in(session) + self.shift

    def do(self, click: Click) -> dict[str, Any]:
        """Wait for one's moment, hand a bid in, and say what one was told."""
        time.sleep(max(0.0, self.due + click.at - time.time()))
        told = {"supplier_id": click.supplier_id, "hash": click.content.content_hash}
        try:
            return told | {"code": self.submit(click)}
        except StateError as error:
            return told | {"refused": str(error)}
        except Exception as error:
            return told | {"failed": repr(error)}

    def submit(self, click: Click) -> str:
        """The code of the receipt."""
        clock = self.clock
        if self.early:
            with reading(self.engine) as session:
                clock = fixed_clock(self.clock(session))
        with writing(self.engine) as session:
            lot, supplier = session.get_one(Lot, self.lot_id), session.get_one(Supplier, click.supplier_id)
            receipt = submit_bid(
                session, lot, supplier, click.content, self.catalogue, actor=supplier.name, clock=clock
            )
        return receipt.code


def say(line: str) -> None:
    """Tell the test something."""
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


def main(url: str, threads: str) -> None:
    """Orders: ``lot_id``, ``early`` and ``clicks`` of ``supplier_id``, ``content`` and ``at`` (from the deadline).

    Times: ``due``, when the deadline is by this machine's clock, and the ``shift`` of the database's; both in seconds.
    """
    engine, catalogue = create_engine_for(url), load_catalogue(load_city("wolverhampton").plan)
    worker = Worker(engine, catalogue, json.loads(sys.stdin.readline()))
    say("ready")
    times = json.loads(sys.stdin.readline())
    worker.due, worker.shift = times["due"], timedelta(seconds=times["shift"])
    with ThreadPoolExecutor(int(threads)) as pool:
        say(json.dumps(list(pool.map(worker.do, worker.clicks))))
    engine.dispose()


if __name__ == "__main__":
    main(*sys.argv[1:])
