"""What everyone learns of an award, and when: nothing before its notice is on record."""

from typing import Any

import pytest

from wpound.core.errors import NotFound, StateError
from wpound.services.build_releases import build_award_release
from wpound.services.cancel_tender import cancel_tender
from wpound.services.end_lot import end_lot
from wpound.services.show_public_tender import get_announced, show_public_tender
from wpound.store.models.tenders import TenderStage

BASE = "https://example.org"


def show(deciding: Any) -> Any:
    buying = deciding.buying
    return show_public_tender(deciding.session, deciding.tender.ocid, buying.catalogue, base_url=BASE)


def test_a_winner_is_named_once_the_notice_is_on_record(deciding: Any) -> None:
    for step in (deciding.recommend, deciding.approve, deciding.issue):
        step()
        assert show(deciding).outcomes == []
        with pytest.raises(NotFound):
            get_announced(deciding.session, deciding.tender.ocid, 1)
    award = deciding.notify()
    found, announced = get_announced(deciding.session, deciding.tender.ocid, 1)
    assert announced is award
    package = build_award_release(deciding.session, found, deciding.buying.catalogue, BASE)
    assert package["uri"] == f"{BASE}/tenders/{deciding.tender.ocid}/lots/1/award.json"
    [outcome] = show(deciding).outcomes
    assert (outcome.winner, outcome.noticed_on) == ("Birch", award.noticed_on)
    assert outcome.standstill_ends_on == award.standstill_ends_on


def test_a_lot_that_ended_says_why(deciding: Any) -> None:
    end_lot(deciding.session, deciding.lot, reason="Nobody could keep it.", actor="ophelia@example.org")
    view = show(deciding)
    assert [(one.winner, one.ended_because) for one in view.outcomes] == [("", "Nobody could keep it.")]
    assert view.state.value == "ended"


def test_a_tender_with_a_contract_is_not_cancelled(deciding: Any) -> None:
    deciding.noticed().enter()
    with pytest.raises(StateError, match="cannot be ended any more"):
        cancel_tender(deciding.session, deciding.tender, reason="Too late.", actor="a", base_url=BASE)
    # As it stands while another lot is still being decided.
    deciding.tender.stage = TenderStage.EVALUATION
    with pytest.raises(StateError, match="End its other lots one by one"):
        cancel_tender(deciding.session, deciding.tender, reason="Too late.", actor="a", base_url=BASE)
