"""The button that hands a bid in: pressed twice, pressed too late."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import func, select

from wpound.services.clock import format_deadline
from wpound.store.engine import reading, writing
from wpound.store.models.sealed_bids import BidReceipt, SealedBid
from wpound.store.models.tenders import Tender


def count(tendering: Any, model: type[Any]) -> int:
    with reading(tendering.engine) as session:
        return session.scalar(select(func.count()).select_from(model)) or 0


def test_a_second_click_leads_to_the_receipt_of_the_first(
    tendering: Any, act_as: Callable[..., Any], bid: str, write: Callable[..., None]
) -> None:
    alma = act_as("alma")
    write(alma)
    form = alma.fields(f"{bid}/submit") | {"may_submit": "y"}
    receipts = [alma.post(f"{bid}/submit", form).heading for _ in range(2)]
    assert receipts[0] == receipts[1]
    assert (count(tendering, BidReceipt), count(tendering, SealedBid)) == (1, 1)


def test_a_click_on_a_page_from_before_a_colleague_wrote_is_refused(
    tendering: Any, act_as: Callable[..., Any], bid: str, write: Callable[..., None]
) -> None:
    alma, abel = act_as("alma"), act_as("abel")
    write(alma)
    form = alma.fields(f"{bid}/submit") | {"may_submit": "y"}
    abel.send(f"{bid}/price", {"price": "440,000"})
    assert "A colleague changed the bid" in alma.post(f"{bid}/submit", form, status=400).text
    assert count(tendering, BidReceipt) == 0


def test_a_late_click_is_told_the_deadline(
    tendering: Any, act_as: Callable[..., Any], bid: str, write: Callable[..., None]
) -> None:
    alma = act_as("alma")
    write(alma)
    form = alma.fields(f"{bid}/submit") | {"may_submit": "y"}
    deadline = datetime.now(UTC) - timedelta(milliseconds=1)
    with writing(tendering.engine) as session:
        session.scalars(select(Tender)).one().deadline_at = deadline
    page = alma.post(f"{bid}/submit", form, status=400)
    assert f"The deadline for bids was {format_deadline(deadline)}" in page.text
    assert count(tendering, BidReceipt) == 0
