"""Nobody waits for somebody who waits for them: contract, return, what is counted, audit chain, in this order."""

from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path
from runpy import run_path
from typing import Any

import pytest
from sqlalchemy import Engine, text

from wpound.core.bids import Commitment as Promise
from wpound.core.claim_content import NewEntry
from wpound.core.claim_counting import EntryKind
from wpound.services.count_keys import open_pseudonyms
from wpound.services.exchange_return_workbook import (
    make_return_workbook,
    send_return_workbook,
    show_return_workbook,
    take_return_workbook,
)
from wpound.services.open_return import open_due_returns
from wpound.services.show_return import show_own_return
from wpound.store.audit import append_event
from wpound.store.counted_keys import hold_keys, keep_keys, list_uses
from wpound.store.engine import lock, writing
from wpound.store.models.contracts import Contract
from wpound.store.models.returns import SocialValueReturn
from wpound.store.returns import get_return

edit = run_path(str(Path(__file__).parents[3] / "edit_workbook.py"))["edit_workbook"]
# Rows are locked one by one on PostgreSQL alone.
pytestmark = pytest.mark.parametrize("engine", ["postgresql"], indirect=True)


def wait_for(engine: Engine, other: Future[Any]) -> None:
    """Until the other is done, or waits for a lock of ours."""
    with engine.connect() as connection:
        while not other.done() and not connection.scalar(text("SELECT count(*) FROM pg_locks WHERE NOT granted")):
            connection.rollback()


def test_returns_are_opened_while_one_of_the_contracts_is_held_for_sending(engine: Engine, arrange: Any) -> None:
    with writing(engine) as session:
        reporting = arrange(session)
        numbers = [reporting.contract_id, reporting.enter("C-2", [Promise("volunteering-hours", Decimal(80))])]

    def open_all() -> int:
        with writing(engine) as session:
            return open_due_returns(session, numbers, date(2026, 7, 1))

    with ThreadPoolExecutor(1) as threads:
        with writing(engine) as session:
            lock(session, Contract, numbers[-1])
            opened = threads.submit(open_all)
            wait_for(engine, opened)
            # As whoever sends a return does at its end.
            append_event(session, actor="a", action="b", object_kind="c", object_id=1, detail={})
        assert opened.result() == 2


def test_a_line_is_saved_while_another_return_that_counts_the_same_is_sent(engine: Engine, arrange: Any) -> None:
    with writing(engine) as session:
        reporting = arrange(session)
        mine, other = (reporting.open(contract_id=one).id for one in (None, reporting.enter("C-2")))
        events = [NewEntry(EntryKind.EVENT, f"Fair {day} May 2026", amount=Decimal(1)) for day in (4, 11)]
        claim = reporting.write(get_return(session, mine), "volunteering-hours", entries=tuple(events))
        keys = sorted(one.entry.key_id for one in list_uses(session, claim_ids=[claim.id]))
        by_key = {one.entry.key_id: one.entry.number - 1 for one in list_uses(session, claim_ids=[claim.id])}

    def save() -> None:
        with writing(engine) as session:
            entries = tuple(events[by_key[key]] for key in reversed(keys))
            replace(reporting, session=session).write(get_return(session, other), "volunteering-hours", entries=entries)

    with ThreadPoolExecutor(1) as threads:
        with writing(engine) as session:
            hold_keys(session, keys[:1])
            saved = threads.submit(save)
            wait_for(engine, saved)
            hold_keys(session, keys[1:])
        saved.result()


def test_a_workbook_holds_what_all_of_its_lines_count_in_one_order(engine: Engine, arrange: Any) -> None:
    with writing(engine) as session:
        reporting = arrange(session)
        about = {"catalogue": reporting.catalogue, "settings": reporting.settings}
        found = reporting.open()
        names, supplier_id = open_pseudonyms(reporting.settings), reporting.contract.supplier_id

        def keyed(kind: EntryKind, reference: str) -> tuple[str, str]:
            return names.name(kind, reference, supplier_id), reference

        # The pseudonym of the line that is written last comes first.
        fair = min(keyed(EntryKind.EVENT, f"Fair {day} May 2026") for day in range(1, 31))
        worker = max(keyed(EntryKind.PERSON, f"P-{number}") for number in range(30))
        titles = [f"{number}. {line.title}" for number, line in enumerate(lay_out(reporting, found), 1)]
        changes = {"People!B5": titles[0], "People!C5": worker[1], "People!D5": 35}
        changes |= {"Events!B5": titles[1], "Events!C5": fair[1], "Events!F5": 9}
        content = edit(make_return_workbook(session, reporting.ann, found.id, **about), changes)
        send_return_workbook(session, reporting.ann, found.id, content, **about)

    def take() -> int:
        with writing(engine) as session:
            waiting, sent = show_return_workbook(session, reporting.ann, found.id, **about)
            shown = {"sha256": waiting.sha256, "version": sent.page.found.version}
            return take_return_workbook(session, reporting.ann, found.id, waiting, **shown, **about)

    with ThreadPoolExecutor(1) as threads:
        with writing(engine) as session:
            keep_keys(session, [(EntryKind.EVENT, fair[0])])
            taken = threads.submit(take)
            wait_for(engine, taken)
            keep_keys(session, [(EntryKind.PERSON, worker[0])])
        assert taken.result() == 2


def lay_out(reporting: Any, found: SocialValueReturn) -> Any:
    """The lines of a return as its supplier sees them."""
    return show_own_return(reporting.session, reporting.ann, found.id, reporting.catalogue).lines
