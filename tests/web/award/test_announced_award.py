"""What everyone reads of an award: nothing before its notice is on record, then the winner and no other bidder."""

import json
from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any

from sqlalchemy import select

from wpound.services.evaluate_bids import evaluate_bids
from wpound.services.recommend_award import Recommendation, approve_award, recommend_award
from wpound.store.engine import writing
from wpound.store.models.awards import Award
from wpound.store.models.tenders import Lot

PUBLIC = "/tenders/ocds-test-1"


def test_a_winner_is_public_once_the_notice_is_on_record(town: Any, fetch: Callable[..., Any]) -> None:
    client, catalogue = town.app.test_client(), town.app.extensions["wpound"].catalogue
    with writing(town.engine) as session:
        lot = session.scalars(select(Lot)).one()
        evaluate_bids(session, lot, catalogue, actor="ophelia@example.org")
        told = Recommendation("First by 11 marks.", "1 Park Lane", "bids@birch.example")
        award = recommend_award(session, lot, catalogue, told, actor="ophelia@example.org")
        approve_award(session, lot, catalogue, version=award.version, actor="otto@example.org")
    page = fetch(town.app, PUBLIC)
    assert "Closed, bids are being assessed" in page.text and "Outcome" not in page.text
    assert not [name for name in ("Ash", "Birch", "Cedar") if name in page.text]
    assert client.get(f"{PUBLIC}/lots/1/award.json").status_code == 404

    with writing(town.engine) as session:
        award = session.scalars(select(Award)).one()
        award.summaries_issued_at = datetime(2026, 4, 30, 9, tzinfo=UTC)
        award.noticed_on, award.standstill_ends_on = date(2026, 5, 1), date(2026, 5, 14)
    page = fetch(town.app, PUBLIC)
    assert "To be awarded to Birch. The contract award notice was published on 1 May 2026" in page.text
    assert not [name for name in ("Ash", "Cedar") if name in page.text]
    found = client.get(page.links()["The award as open contracting data (JSON)"])
    [release] = json.loads(found.data)["releases"]
    assert (release["tag"], [one["name"] for one in release["awards"][0]["suppliers"]]) == (["award"], ["Birch"])
    assert b"Cedar" not in found.data
