"""Open the bids of a closed tender: two people, and only then evaluation."""

from sqlalchemy.orm import Session

from wpound.core.errors import InputError, StateError
from wpound.store.audit import append_event
from wpound.store.bids import list_bids
from wpound.store.engine import lock
from wpound.store.models.bids import Bid
from wpound.store.models.tenders import Tender, TenderStage


def open_bids(session: Session, tender: Tender, *, actor: str, witness: str) -> list[Bid]:
    """Move a closed tender to evaluation and give its bids in the order they came in.

    Raises InputError where the witness is not another person, StateError unless the tender is closed.
    """
    if witness.strip().casefold() in ("", actor.strip().casefold()):
        raise InputError("witness", "Bids are opened by two different people. Name the second one.")
    tender = lock(session, Tender, tender.id)
    if tender.stage is not TenderStage.CLOSED:
        raise StateError(
            f"Bids are opened once, after the tender is closed; it is at the stage '{tender.stage.value}'."
        )
    tender.stage = TenderStage.EVALUATION
    bids = list_bids(session, tender_id=tender.id)
    append_event(
        session,
        actor=actor,
        action="bids.opened",
        object_kind="tender",
        object_id=tender.id,
        detail={"ocid": tender.ocid, "witness": witness, "bids": len(bids)},
    )
    return bids
