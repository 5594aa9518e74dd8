"""What is kept of an evaluation and in which order it goes on: sheets, moderation, checks and prices."""

from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from wpound.core.errors import AccessDenied, InputError, InputErrors, StaleEdit, StateError
from wpound.services.access import find_person
from wpound.services.check_passes import check_pass
from wpound.services.evaluate_bids import evaluate_bids, get_result
from wpound.services.hold_opening import act_as_opener
from wpound.services.lock_moderation import list_missing
from wpound.services.moderate_marks import close_sheets, lock_marks
from wpound.services.open_bids import open_bids, open_prices
from wpound.services.read_moderation import get_history
from wpound.services.read_opening import get_opening_record
from wpound.services.record_marks import finish_sheet
from wpound.services.seat_panel import leave_panel
from wpound.store import sealing
from wpound.store.audit import list_events
from wpound.store.engine import lock, reading, writing
from wpound.store.marks import list_versions
from wpound.store.models.tenders import Tender, TenderStage

OCID = "ocds-test-1"


def test_a_sheet_is_finished_when_every_mark_has_its_reason_and_then_stays(buying: Any, panel: Any) -> None:
    tender, bids = buying.opened(("Ash", "Birch"))
    panel.seat("eva", tender)
    panel.mark("eva", bids[0], "4", "")
    with pytest.raises(InputErrors) as refused:
        finish_sheet(buying.session, panel.person("eva"), OCID)
    assert len(refused.value.errors) == 2
    with pytest.raises(StaleEdit):
        panel.mark("eva", bids[0], "5", "Other window.")
    with pytest.raises(InputErrors, match="not on the scale"):
        panel.mark("eva", bids[1], "5.5")
    panel.mark("eva", bids[0], "4", "Now with a reason.", version=1)
    panel.mark("eva", bids[1])
    finish_sheet(buying.session, panel.person("eva"), OCID)
    with pytest.raises(StateError, match="sheet is finished"):
        panel.mark("eva", bids[0], "1", "Regret.", version=2)
    assert [(v.mark, v.reason) for v in list_versions(buying.session, bid_id=bids[0].id, criterion="plan")] == [
        (Decimal(4), ""),
        (Decimal(4), "Now with a reason."),
    ]


def test_moderation_keeps_what_was_given_and_asks_for_a_reason_and_who_was_there(buying: Any, panel: Any) -> None:
    tender, bids = buying.opened(("Ash",))
    panel.seat("eva", tender, chair=True), panel.seat("emil", tender)
    panel.mark("eva", bids[0], "5", "Eva's reason.")
    finish_sheet(buying.session, panel.person("eva"), OCID)
    officer = panel.person("ophelia")
    with pytest.raises(InputError, match="Say why moderation begins"):
        close_sheets(buying.session, officer, OCID, reason=" ")
    close_sheets(buying.session, officer, OCID, reason="Emil is ill.")
    with pytest.raises(InputErrors) as refused:
        panel.agree("eva", bids[0], reason=" ", mark=None)
    assert {error.field for error in refused.value.errors} == {"mark", "reason"}
    with pytest.raises(InputErrors, match="who was there"):
        panel.agree("eva", bids[0], present=[])
    panel.agree("eva", bids[0])
    with pytest.raises(StaleEdit):
        panel.agree("ophelia", bids[0], mark=Decimal(1))
    panel.agree("ophelia", bids[0], mark=Decimal(3), version=1)

    [row] = panel.moderation("ophelia").rows
    assert [(one.name, one.mark) for one in row.given] == [("Emil", None), ("Eva", Decimal(5))]
    assert row.agreed is not None and row.agreed.mark == Decimal(3)
    history = get_history(buying.session, officer, OCID, bids[0].id, "plan", buying.catalogue)
    assert [(v.kind.value, v.mark) for v in history.versions] == [
        ("individual", Decimal(5)),
        ("consensus", Decimal(4)),
        ("consensus", Decimal(3)),
    ]


def test_an_evaluator_who_leaves_counts_no_more_and_what_they_wrote_is_kept(buying: Any, panel: Any) -> None:
    tender, bids = buying.opened(("Ash",))
    seat, _ = panel.seat("eva", tender), panel.seat("emil", tender)
    panel.mark("eva", bids[0], "5"), panel.mark("emil", bids[0], "2")
    finish_sheet(buying.session, panel.person("emil"), OCID)
    leave_panel(buying.session, panel.person("ophelia"), OCID, seat.id, reason="She changed jobs.")

    with pytest.raises(AccessDenied):
        panel.sheet("eva")
    [row] = panel.moderation("ophelia").rows
    assert [one.name for one in row.given] == ["Emil"]
    assert len(list_versions(buying.session, bid_id=bids[0].id, criterion="plan")) == 2


def test_an_officers_check_stands_before_the_bidders_answer(buying: Any, panel: Any) -> None:
    tender, bids = buying.opened()
    assert {error.message for error in list_missing(buying.session, tender)} >= {
        "Insurance has not been checked for Ash."
    }
    for bid in bids:
        passed = bid.bidder != "Birch"
        check_pass(
            buying.session,
            panel.person("ophelia"),
            OCID,
            bid.id,
            "insurance",
            passed=passed,
            reason="Seen." if passed else "It had lapsed.",
            version=0,
        )
        if passed:
            buying.mark(bid, "4")
    with pytest.raises(StaleEdit):
        check_pass(
            buying.session, panel.person("otto"), OCID, bids[0].id, "insurance", passed=False, reason="No.", version=0
        )
    lock_marks(buying.session, panel.person("ophelia"), OCID)

    result = get_result(evaluate_bids(buying.session, buying.lot(tender), buying.catalogue, actor="officer"))
    birch = next(bid for bid in result["bids"] if bid["bidder"] == "Birch")
    assert birch["rank"] is None and "Insurance" in birch["excluded_because"]
    for attempt in (
        lambda: buying.mark(bids[0], "1"),
        lambda: buying.check(bids[0]),
        lambda: lock_marks(buying.session, panel.person("ophelia"), OCID),
        lambda: panel.seat("late", tender),
    ):
        with pytest.raises(StateError):
            attempt()


def test_prices_stay_sealed_until_the_marks_are_locked(buying: Any, panel: Any) -> None:
    two = replace(buying.particulars, two_envelopes=True)
    tender = buying.publish(buying.draft(particulars=two))
    buying.submit(tender, "Ash")
    [bid] = buying.open(tender)
    officer = panel.person("ophelia")
    assert bid.price is None and "450000" not in str(bid.content)
    [row] = get_opening_record(buying.session, officer, OCID).rows
    assert (row.price, row.matches) == (None, None)
    with pytest.raises(StateError, match="have been locked"):
        open_prices(buying.session, tender, buying.opener("ophelia"))
    buying.mark(bid, "4")
    buying.lock(tender)
    for name in ("ophelia", "otto"):
        open_prices(buying.session, tender, buying.opener(name))
    [row] = get_opening_record(buying.session, officer, OCID).rows
    assert row.matches is True and row.price is not None


def test_one_opener_is_not_two(buying: Any, panel: Any) -> None:
    tender = buying.close(buying.publish(buying.draft()))
    open_bids(buying.session, tender, buying.opener("ophelia"), buying.catalogue)
    with pytest.raises(StateError, match="as the first"):
        open_bids(buying.session, tender, buying.opener("ophelia"), buying.catalogue)
    assert tender.stage is TenderStage.CLOSED


def test_a_passphrase_is_tried_ten_times_and_nobody_waits_meanwhile(
    engine: Any, arrange: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    with writing(engine) as session:
        buying = arrange(session)
        tender = buying.close(buying.publish(buying.draft()))
        person = find_person(session, buying.officers["ophelia"].id)
    unwrap = sealing.unwrap_opening_key

    def write_meanwhile(*given: Any) -> bytes:
        with writing(engine) as session:
            lock(session, Tender, tender.id)
        return unwrap(*given)

    monkeypatch.setattr(sealing, "unwrap_opening_key", write_meanwhile)
    for _ in range(10):
        with pytest.raises(InputError, match="does not open"):
            act_as_opener(engine, person, OCID, "not the passphrase", buying.catalogue)
    with pytest.raises(InputError, match="too many attempts"):
        act_as_opener(engine, person, OCID, "copper kettle on a hill", buying.catalogue)
    with reading(engine) as session:
        assert list_events(session, object_kind="tender", object_id=tender.id)[-1].action == "tender.closed"
