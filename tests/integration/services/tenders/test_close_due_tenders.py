"""Tenders close by themselves once their deadline has passed, each once, and none before."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import Engine

from wpound.config import Settings
from wpound.services.clock import fixed_clock
from wpound.services.close_due_tenders import close_due_tender, queue_closings
from wpound.services.run_job import run_job
from wpound.store.audit import list_events
from wpound.store.engine import now_in, reading, writing
from wpound.store.jobs import list_to_hand_on
from wpound.store.models.jobs import JobKind
from wpound.store.models.tenders import TenderStage
from wpound.store.tenders import get_tender


def test_a_tender_closes_once_its_deadline_has_passed(
    engine: Engine, arrange: Callable[..., Any], tmp_path: Path
) -> None:
    with writing(engine) as session:
        buying, now = arrange(session), now_in(session)
        earlier = fixed_clock(now - timedelta(days=30))
        for ocid, deadline in (("ocds-over", now - timedelta(seconds=1)), ("ocds-open", now + timedelta(days=1))):
            buying.publish(buying.draft(ocid=ocid), deadline_at=deadline, clock=earlier)
    settings = Settings.from_environment({"WPOUND_DATA_DIR": str(tmp_path)})
    for _ in range(2):
        queue_closings(engine)
    with reading(engine) as session:
        [job] = list_to_hand_on(session, now=now_in(session))
    for _ in range(2):
        run_job(engine, settings, {JobKind.CLOSE_TENDER: close_due_tender}, job.id, job.attempt)

    queue_closings(engine)
    with reading(engine) as session:
        assert list_to_hand_on(session, now=now_in(session)) == []
        over, still_open = (get_tender(session, ocid) for ocid in ("ocds-over", "ocds-open"))
        assert (over.stage, still_open.stage) == (TenderStage.CLOSED, TenderStage.PUBLISHED)
        closings = [
            event
            for event in list_events(session, object_kind="tender", object_id=over.id)
            if event.action == "tender.closed"
        ]
        assert [event.actor for event in closings] == ["deadline"]
