"""Close every tender whose deadline has passed, whether an officer looks or not: one job for each deadline."""

from sqlalchemy import Engine

from wpound.services.close_tender import close_tender
from wpound.services.queue_job import queue_job
from wpound.services.run_job import Work
from wpound.store.engine import lock, now_in, reading, writing
from wpound.store.jobs import find_job
from wpound.store.models.jobs import JobKind
from wpound.store.models.tenders import Tender, TenderStage
from wpound.store.tenders import list_past_deadline

ACTOR = "deadline"


def queue_closings(engine: Engine) -> None:
    """Queue the closing of each tender whose deadline has passed; a later deadline is another job."""
    with reading(engine) as session:
        due = {
            f"close-{tender.id}-{tender.deadline_at:%Y%m%dT%H%M%S}": tender.id
            for tender in list_past_deadline(session, now=now_in(session))
        }
        due = {key: tender_id for key, tender_id in due.items() if find_job(session, key) is None}
    if due:
        with writing(engine) as session:
            for key, tender_id in due.items():
                queue_job(session, JobKind.CLOSE_TENDER, key, {"tender": tender_id})


def close_due_tender(work: Work) -> None:
    """Close the tender the job names; nothing is left to do where an officer was faster or the deadline was moved."""
    with work.completing() as session:
        tender = lock(session, Tender, work.arguments["tender"])
        is_due = tender.deadline_at is not None and tender.deadline_at <= now_in(session)
        if tender.stage is TenderStage.PUBLISHED and is_due:
            close_tender(session, tender, actor=ACTOR)
