"""An award is approved by another officer than the one who recommended it, and by nobody twice."""

from collections.abc import Callable
from typing import Any

from sqlalchemy import select

from wpound.store.engine import reading
from wpound.store.models.awards import Award

LOT = "/buyer/tenders/ocds-test-1/lots/1"
RECOMMENDED = {"reason": "First by 11 marks.", "winner_address": "1 Park Lane", "winner_email": "bids@birch.example"}


def test_whoever_recommended_is_refused_whatever_they_send(town: Any, browser_of: Callable[[str], Any]) -> None:
    first = browser_of("ophelia")
    first.press(f"{LOT}/result/score", shown=f"{LOT}/result")
    page = first.press(f"{LOT}/award", **RECOMMENDED)
    with reading(town.engine) as session:
        version = str(session.scalars(select(Award.version)).one())
    page = first.press(f"{LOT}/award/approve", 400, shown=f"{LOT}/award", version=version)
    assert "another officer than the one who recommended it" in page.text
    first.press(f"{LOT}/award/issue", 400, shown=f"{LOT}/award")
    day = {"noticed_on__day": "1", "noticed_on__month": "5", "noticed_on__year": "2026"}
    first.press(f"{LOT}/award/notice", 400, shown=f"{LOT}/award", **day)
    with reading(town.engine) as session:
        award = session.scalars(select(Award)).one()
        assert (award.approved_by, award.summaries_issued_at, award.noticed_on) == (None, None, None)
