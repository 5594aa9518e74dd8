"""A process of its own that hands in bids as one worker of the service would, around a deadline.

Called as: database URL, threads. It prints ``ready``, takes its orders as one line of JSON (see :func:`main`) and
prints what became of every click. With ``early`` in the orders it has a fault on purpose: the clock is read before the
lock is held.
"""

import json
import sys
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
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


class Worker:
    """Hands in bids; ``shift`` takes the database's clock to the night of the storm."""

    def __init__(self, engine: Engine, catalogue: Catalogue, orders: dict[str, Any]) -> None:
        self.engine, self.catalogue = engine, catalogue
        self.lot_id: int = orders["lot_id"]
        self.shift = timedelta(seconds=orders["shift"])
        self.early: bool = orders["early"]

    def clock(self, session: Session) -> datetime:
        """What the database's clock would say that night."""
        return now_in(session) + self.shift

    def click(self, order: dict[str, Any]) -> dict[str, Any]:
        """Wait for one's moment, hand a bid in, and say what one was told."""
        time.sleep(max(0.0, order["at"] - time.time()))
        content = BidContent.from_dict(order["content"])
        told = {"supplier_id": order["supplier_id"], "hash": content.content_hash}
        try:
            return told | {"code": self.submit(order["supplier_id"], content)}
        except StateError as error:
            return told | {"refused": str(error)}
        except Exception as error:
            return told | {"failed": repr(error)}

    def submit(self, supplier_id: int, content: BidContent) -> str:
        """The code of the receipt."""
        clock = self.clock
        if self.early:
            with reading(self.engine) as session:
                clock = fixed_clock(self.clock(session))
        with writing(self.engine) as session:
            lot, supplier = session.get_one(Lot, self.lot_id), session.get_one(Supplier, supplier_id)
            receipt = submit_bid(session, lot, supplier, content, self.catalogue, actor=supplier.name, clock=clock)
        return receipt.code


def say(line: str) -> None:
    """Tell the test something."""
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


def main(url: str, threads: str) -> None:
    """Orders: ``lot_id``, ``shift`` (seconds), ``early`` and ``clicks`` of ``supplier_id``, ``content`` and ``at``."""
    engine, catalogue = create_engine_for(url), load_catalogue(load_city("wolverhampton").plan)
    say("ready")
    orders = json.loads(sys.stdin.readline())
    worker = Worker(engine, catalogue, orders)
    with ThreadPoolExecutor(int(threads)) as pool:
        told: Sequence[dict[str, Any]] = list(pool.map(worker.click, orders["clicks"]))
    say(json.dumps(told))
    engine.dispose()


if __name__ == "__main__":
    main(*sys.argv[1:])
