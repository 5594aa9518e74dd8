"""Who reads, marks and leads an evaluation, and who does not: every gate, tried by somebody it is closed to."""

from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from wpound.core.errors import AccessDenied, InputError, InputErrors, NotFound, StaleEdit, StateError
from wpound.core.roles import Role
from wpound.services.access import Person, find_person
from wpound.services.change_roles import grant_role
from wpound.services.check_passes import check_pass, get_matrix
from wpound.services.create_person import create_person
from wpound.services.declare_interest import decide_interest, declare_interest, get_declaration
from wpound.services.enrol_firm import enrol_firm
from wpound.services.evaluate_bids import evaluate_bids, get_result
from wpound.services.find_lot import find_officers_lot
from wpound.services.hold_opening import act_as_opener, close_by_officer
from wpound.services.lock_moderation import list_missing
from wpound.services.moderate_marks import close_sheets, lock_marks, moderate_mark
from wpound.services.open_bids import open_bids, open_prices
from wpound.services.panel_gate import require_reader
from wpound.services.read_bids import read_bids
from wpound.services.read_moderation import get_history, get_moderation
from wpound.services.read_opening import get_opening, get_opening_record
from wpound.services.read_sheet import get_sheet
from wpound.services.record_marks import finish_sheet, record_mark
from wpound.services.seat_panel import get_panel, leave_panel, seat_evaluator
from wpound.store.audit import list_events
from wpound.store.engine import reading, writing
from wpound.store.marks import list_versions
from wpound.store.models.tenders import TenderStage

OCID = "ocds-test-1"


class Panel:
    """The evaluation of one tender by people: an officer who leads, and evaluators who are seated and declare."""

    def __init__(self, buying: Any) -> None:
        self.buying, self.session, self.users = buying, buying.session, dict(buying.officers)

    def person(self, name: str) -> Person:
        found = find_person(self.session, self.users[name].id)
        assert found is not None
        return found

    def acting(self, name: str, organisation: Any) -> Person:
        return replace(self.person(name), organisation_id=organisation.id)

    def enter(self, name: str, role: Role = Role.EVALUATOR, tender: Any = None) -> Person:
        user = create_person(
            self.session, email=f"{name}@example.org", name=name.title(), password="purple monkey dish", actor="test"
        )
        about = {"tender_id": tender.id} if tender is not None else {}
        grant_role(self.session, user, self.buying.buyer, role, actor="test", **about)
        self.users[name] = user
        return self.person(name)

    def seat(self, name: str, tender: Any, interest: str | None = None, chair: bool = False) -> Any:
        """A seat for somebody new, who declares whether they have an interest once the bids are open."""
        self.enter(name, tender=tender)
        seat = seat_evaluator(self.session, self.person("ophelia"), OCID, self.users[name].id, is_chair=chair)
        declare_interest(self.session, self.person(name), OCID, has_interest=interest is not None, statement=interest)
        return seat

    def mark(self, name: str, bid: Any, mark: str | None = "4", reason: str = "Good.", version: int = 0) -> Any:
        exact = None if mark is None else Decimal(mark)
        who = self.person(name)
        return record_mark(self.session, who, OCID, bid.id, "plan", mark=exact, reason=reason, version=version)

    def agree(self, name: str, bid: Any, **changes: Any) -> Any:
        plain: dict[str, Any] = {"mark": Decimal(4), "reason": "Names every site.", "present": ["Eva"], "version": 0}
        return moderate_mark(self.session, self.person(name), OCID, bid.id, "plan", **(plain | changes))

    def sheet(self, name: str) -> Any:
        return get_sheet(self.session, self.person(name), OCID, self.buying.catalogue)

    def moderation(self, name: str) -> Any:
        return get_moderation(self.session, self.person(name), OCID, self.buying.catalogue)


@pytest.fixture
def panel(buying: Any) -> Panel:
    return Panel(buying)


def test_before_the_opening_nothing_of_a_bid_is_shown_to_anybody(buying: Any, panel: Panel) -> None:
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


def test_nobody_reads_or_marks_before_they_declared_and_an_officer_decided(buying: Any, panel: Panel) -> None:
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


def test_an_evaluator_has_their_own_marks_alone_and_no_price(buying: Any, panel: Panel) -> None:
    tender, bids = buying.opened()
    panel.seat("eva", tender, chair=True), panel.seat("emil", tender)
    panel.mark("eva", bids[0], "5", "Eva's reason.")

    sheet = panel.sheet("emil")
    assert [item.mark for item in sheet.items.values()] == [None] * 3
    assert all(bid.price is None for bid in sheet.bids)
    with pytest.raises(StateError, match="officer who leads"):
        panel.moderation("emil")
    with pytest.raises(AccessDenied):
        get_panel(buying.session, panel.person("emil"), OCID)
    assert panel.moderation("eva").rows == [], "not even the chair sees marks while somebody still marks"
    assert panel.moderation("ophelia").waiting == ["Emil", "Eva"]
    with pytest.raises(StateError, match="has finished marking"):
        panel.agree("ophelia", bids[0])


def test_names_are_hidden_from_evaluators_where_the_tender_says_so(buying: Any, panel: Panel) -> None:
    hidden = replace(buying.particulars, hide_names=True)
    tender = buying.publish(buying.draft(particulars=hidden))
    buying.submit(tender, "Ash"), buying.submit(tender, "Birch")
    buying.open(tender)
    panel.seat("eva", tender)

    assert [bid.name for bid in panel.sheet("eva").bids] == ["Bidder 1", "Bidder 2"]
    assert get_declaration(buying.session, panel.person("eva"), OCID).bidders == ["Ash", "Birch"]
    officer = require_reader(buying.session, panel.person("ophelia"), tender)
    assert [bid.name for bid in read_bids(buying.session, tender, officer, buying.catalogue)] == ["Ash", "Birch"]


def test_whoever_is_on_the_panel_neither_leads_nor_approved(buying: Any, panel: Panel) -> None:
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


def test_nobody_leaves_the_panel_for_a_look_at_prices_and_marks_and_comes_back(buying: Any, panel: Panel) -> None:
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
    assert [row.price for row in get_opening_record(buying.session, left, OCID).rows] == [None]
    assert bid.price is not None


def test_an_officer_who_could_read_the_prices_is_not_seated_any_more(buying: Any, panel: Panel) -> None:
    buying.opened(("Ash",))
    officer = panel.person("ophelia")
    with pytest.raises(InputError, match="before the bids are opened"):
        seat_evaluator(buying.session, officer, OCID, panel.users["olga"].id)
    assert panel.users["olga"].id not in get_panel(buying.session, officer, OCID).candidates


def test_whoever_belongs_to_a_bidder_has_no_part_in_deciding(buying: Any, panel: Panel) -> None:
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


def test_a_sheet_is_finished_when_every_mark_has_its_reason_and_then_stays(buying: Any, panel: Panel) -> None:
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


def test_moderation_keeps_what_was_given_and_asks_for_a_reason_and_who_was_there(buying: Any, panel: Panel) -> None:
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


def test_an_evaluator_who_leaves_counts_no_more_and_what_they_wrote_is_kept(buying: Any, panel: Panel) -> None:
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


def test_an_officers_check_stands_before_the_bidders_answer(buying: Any, panel: Panel) -> None:
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


def test_prices_stay_sealed_until_the_marks_are_locked(buying: Any, panel: Panel) -> None:
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


def test_one_opener_is_not_two(buying: Any, panel: Panel) -> None:
    tender = buying.close(buying.publish(buying.draft()))
    open_bids(buying.session, tender, buying.opener("ophelia"), buying.catalogue)
    with pytest.raises(StateError, match="as the first"):
        open_bids(buying.session, tender, buying.opener("ophelia"), buying.catalogue)
    assert tender.stage is TenderStage.CLOSED


def test_a_passphrase_is_tried_ten_times(engine: Any, arrange: Any) -> None:
    with writing(engine) as session:
        buying = arrange(session)
        tender = buying.close(buying.publish(buying.draft()))
        person = Panel(buying).person("ophelia")
    for _ in range(10):
        with pytest.raises(InputError, match="does not open"):
            act_as_opener(engine, person, OCID, "not the passphrase", buying.catalogue)
    with pytest.raises(InputError, match="too many attempts"):
        act_as_opener(engine, person, OCID, "copper kettle on a hill", buying.catalogue)
    with reading(engine) as session:
        assert list_events(session, object_kind="tender", object_id=tender.id)[-1].action == "tender.closed"


def test_a_tender_of_another_organisation_does_not_exist(buying: Any, panel: Panel) -> None:
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
