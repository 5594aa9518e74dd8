"""Who reads, marks and leads an evaluation, and who does not: every gate, tried by somebody it is closed to."""

from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from wpound.core.errors import AccessDenied, InputError, NotFound, StaleEdit, StateError
from wpound.core.roles import Role
from wpound.services.change_roles import grant_role
from wpound.services.check_passes import check_pass, get_matrix
from wpound.services.declare_interest import decide_interest, declare_interest, get_declaration
from wpound.services.enrol_firm import enrol_firm
from wpound.services.find_lot import find_officers_lot
from wpound.services.hold_opening import close_by_officer
from wpound.services.moderate_marks import close_sheets, lock_marks
from wpound.services.open_bids import open_bids
from wpound.services.panel_gate import require_reader
from wpound.services.read_bids import read_bids
from wpound.services.read_moderation import get_moderation
from wpound.services.read_opening import get_opening, get_opening_record
from wpound.services.read_sheet import get_sheet
from wpound.services.seat_panel import get_panel, leave_panel, seat_evaluator
from wpound.store.models.tenders import TenderStage

OCID = "ocds-test-1"


def test_before_the_opening_nothing_of_a_bid_is_shown_to_anybody(buying: Any, panel: Any) -> None:
    tender = buying.publish(buying.draft())
    buying.submit(tender, "Ash")
    panel.enter("eva", tender=tender)
    officer, catalogue = panel.person("ophelia"), buying.catalogue
    seat_evaluator(buying.session, officer, OCID, panel.users["eva"].id)
    reads: list[Callable[[], Any]] = [
        lambda: get_opening_record(buying.session, officer, OCID),
        lambda: get_matrix(buying.session, officer, OCID, catalogue),
        lambda: get_moderation(buying.session, officer, OCID, catalogue),
        lambda: require_reader(buying.session, officer, tender),
        lambda: panel.sheet("eva"),
        lambda: get_declaration(buying.session, panel.person("eva"), OCID),
    ]
    for stage in (TenderStage.PUBLISHED, TenderStage.CLOSED):
        assert tender.stage is stage
        for read in reads:
            with pytest.raises(StateError, match="not open"):
                read()
        assert "Ash" not in str(get_opening(buying.session, officer, OCID).openers)
        [row] = get_panel(buying.session, officer, OCID).seats
        assert (row.done, row.wanted) == (0, 0), "the number of bids would be in it"
        if stage is TenderStage.PUBLISHED:
            close_by_officer(buying.session, officer, OCID)


def test_nobody_reads_or_marks_before_they_declared_and_an_officer_decided(buying: Any, panel: Any) -> None:
    tender, bids = buying.opened()
    panel.enter("eva", tender=tender)
    with pytest.raises(StateError, match="no seat"):
        panel.sheet("eva")
    seat = seat_evaluator(buying.session, panel.person("ophelia"), OCID, panel.users["eva"].id)
    for attempt in (lambda: panel.sheet("eva"), lambda: panel.mark("eva", bids[0])):
        with pytest.raises(StateError, match="Declare your interests first"):
            attempt()
    with pytest.raises(InputError, match="which bidder"):
        declare_interest(buying.session, panel.person("eva"), OCID, has_interest=True, statement=" ")
    declare_interest(buying.session, panel.person("eva"), OCID, has_interest=True, statement="My brother's firm.")
    with pytest.raises(StateError, match="already"):
        declare_interest(buying.session, panel.person("eva"), OCID, has_interest=False, statement=None)
    with pytest.raises(StateError, match="until an officer has decided"):
        panel.sheet("eva")
    officer = panel.person("ophelia")
    decision = {"because": "She leaves the room.", "version": seat.version}
    with pytest.raises(InputError, match="Say why"):
        decide_interest(buying.session, officer, OCID, seat.id, allowed=True, because="", version=seat.version)
    decide_interest(buying.session, officer, OCID, seat.id, allowed=False, **decision)
    with pytest.raises(StateError, match="no part in this evaluation"):
        panel.mark("eva", bids[0])
    with pytest.raises(StaleEdit):
        decide_interest(buying.session, officer, OCID, seat.id, allowed=True, **decision)
    decide_interest(buying.session, officer, OCID, seat.id, allowed=True, because="A cousin.", version=seat.version)
    assert panel.mark("eva", bids[0]).mark == Decimal(4)


def test_an_evaluator_has_their_own_marks_alone(buying: Any, panel: Any) -> None:
    tender, bids = buying.opened()
    panel.seat("eva", tender, chair=True), panel.seat("emil", tender)
    panel.mark("eva", bids[0], "5", "Eva's reason.")

    sheet = panel.sheet("emil")
    assert [item.mark for item in sheet.items.values()] == [None] * 3
    with pytest.raises(StateError, match="officer who leads"):
        panel.moderation("emil")
    with pytest.raises(AccessDenied):
        get_panel(buying.session, panel.person("emil"), OCID)
    assert panel.moderation("eva").rows == [], "not even the chair sees marks while somebody still marks"
    assert panel.moderation("ophelia").waiting == ["Emil", "Eva"]
    with pytest.raises(StateError, match="has finished marking"):
        panel.agree("ophelia", bids[0])


def test_names_are_hidden_from_evaluators_where_the_tender_says_so(buying: Any, panel: Any) -> None:
    hidden = replace(buying.particulars, hide_names=True)
    tender = buying.publish(buying.draft(particulars=hidden))
    buying.submit(tender, "Ash"), buying.submit(tender, "Birch")
    buying.open(tender)
    panel.seat("eva", tender)

    assert [bid.name for bid in panel.sheet("eva").bids] == ["Bidder 1", "Bidder 2"]
    assert get_declaration(buying.session, panel.person("eva"), OCID).bidders == ["Ash", "Birch"]
    officer = require_reader(buying.session, panel.person("ophelia"), tender)
    assert [bid.name for bid in read_bids(buying.session, tender, officer, buying.catalogue)] == ["Ash", "Birch"]


def test_whoever_is_on_the_panel_neither_leads_nor_approved(buying: Any, panel: Any) -> None:
    tender = buying.publish(buying.draft())
    for name in buying.firms:
        buying.submit(tender, name)
    officer, olga = panel.person("ophelia"), panel.users["olga"]
    with pytest.raises(InputError, match="Choose a colleague"):
        tender.approved_by = olga.email
        buying.session.flush()
        seat_evaluator(buying.session, officer, OCID, olga.id)
    tender.approved_by = "second"
    buying.session.flush()
    with pytest.raises(StateError, match="their own roles"):
        seat_evaluator(buying.session, officer, OCID, officer.user_id)
    seat_evaluator(buying.session, officer, OCID, olga.id)
    bids = buying.open(tender)
    on_panel = panel.person("olga")
    for attempt in (
        lambda: get_panel(buying.session, on_panel, OCID),
        lambda: get_matrix(buying.session, on_panel, OCID, buying.catalogue),
        lambda: lock_marks(buying.session, on_panel, OCID),
        lambda: close_sheets(buying.session, on_panel, OCID, reason="Now."),
        lambda: check_pass(
            buying.session, on_panel, OCID, bids[0].id, "insurance", passed=True, reason="Seen.", version=0
        ),
    ):
        with pytest.raises(StateError, match="on the panel"):
            attempt()


def test_nobody_leaves_the_panel_for_a_look_at_prices_and_marks_and_comes_back(buying: Any, panel: Any) -> None:
    tender = buying.publish(buying.draft())
    buying.submit(tender, "Ash")
    officer, olga = panel.person("ophelia"), panel.users["olga"]
    seat = seat_evaluator(buying.session, officer, OCID, olga.id)
    [bid] = buying.open(tender)
    declare_interest(buying.session, panel.person("olga"), OCID, has_interest=False, statement=None)
    leave_panel(buying.session, officer, OCID, seat.id, reason="For an hour.")

    left = panel.person("olga")
    for attempt in (
        lambda: require_reader(buying.session, left, tender),
        lambda: get_moderation(buying.session, left, OCID, buying.catalogue),
        lambda: get_matrix(buying.session, left, OCID, buying.catalogue),
        lambda: lock_marks(buying.session, left, OCID),
    ):
        with pytest.raises(StateError, match="were on the panel"):
            attempt()
    buying.mark(bid, "4"), buying.lock(tender)
    assert [row.price for row in get_opening_record(buying.session, left, OCID).rows] == [None]
    assert [row.price for row in get_opening_record(buying.session, officer, OCID).rows] == [bid.price] != [None]


def test_an_officer_who_could_read_the_prices_is_not_seated_any_more(buying: Any, panel: Any) -> None:
    buying.opened(("Ash",))
    officer = panel.person("ophelia")
    with pytest.raises(InputError, match="before the bids are opened"):
        seat_evaluator(buying.session, officer, OCID, panel.users["olga"].id)
    assert panel.users["olga"].id not in get_panel(buying.session, officer, OCID).candidates


def test_whoever_belongs_to_a_bidder_has_no_part_in_deciding(buying: Any, panel: Any) -> None:
    """The council's officer who also acts for a firm would read its rivals' bids, and decide on its own."""
    tender = buying.publish(buying.draft())
    buying.submit(tender, "Ash"), buying.submit(tender, "Birch")
    ash = enrol_firm(buying.session, name="Ash", identifier="GB-COH-ZZ000001", actor="test")
    panel.enter("eva", tender=tender)
    seat_evaluator(buying.session, panel.person("ophelia"), OCID, panel.users["eva"].id)
    buying.close(tender)
    for name in ("otto", "eva"):
        grant_role(buying.session, panel.users[name], ash, Role.SUPPLIER, actor="test")
    otto, eva = panel.acting("otto", buying.buyer), panel.acting("eva", buying.buyer)
    for name in ("ophelia", "otto"):
        open_bids(buying.session, tender, buying.opener(name), buying.catalogue)
    declare_interest(buying.session, eva, OCID, has_interest=False, statement=None)

    for attempt in (
        lambda: get_opening_record(buying.session, otto, OCID),
        lambda: require_reader(buying.session, otto, tender),
        lambda: lock_marks(buying.session, otto, OCID),
        lambda: find_officers_lot(buying.session, otto, OCID, 1),
        lambda: get_sheet(buying.session, eva, OCID, buying.catalogue),
    ):
        with pytest.raises(StateError, match="firm that has bid"):
            attempt()
    assert find_officers_lot(buying.session, panel.person("ophelia"), OCID, 1).tender is tender


def test_a_tender_of_another_organisation_does_not_exist(buying: Any, panel: Any) -> None:
    _, bids = buying.opened(("Ash",))
    stranger = replace(panel.person("ophelia"), organisation_id=-1, memberships=())
    with pytest.raises((NotFound, AccessDenied)):
        get_matrix(buying.session, stranger, OCID, buying.catalogue)
    with pytest.raises(NotFound):
        check_pass(
            buying.session,
            panel.person("ophelia"),
            OCID,
            bids[0].id + 999,
            "insurance",
            passed=True,
            reason="Seen.",
            version=0,
        )
