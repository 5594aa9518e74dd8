"""A draft is begun, drawn up by several officers at once, and published by two of them."""

import threading
from collections.abc import Callable
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from wpound.catalogue.loader import load_starter
from wpound.config import Settings
from wpound.core.errors import InputError, InputErrors, NotFound, StaleEdit, StateError
from wpound.core.method import AwardMethod
from wpound.core.method_drafts import add_criterion, remove_criterion, weigh_criteria
from wpound.core.money import Money
from wpound.services.access import Grant, Person, find_person
from wpound.services.approve_tender import approve_tender, ask_approval, list_openers_to_choose, send_back
from wpound.services.check_draft import Part, check_draft
from wpound.services.check_file import check_file
from wpound.services.clock import fixed_clock
from wpound.services.draft_tender import NewLot
from wpound.services.edit_tender import edit_basics, edit_criteria, edit_lots, edit_particulars, edit_rules
from wpound.services.keep_tender_document import (
    add_document,
    list_tender_documents,
    read_own_document,
    remove_document,
)
from wpound.services.start_tender import start_blank, start_from_file, start_from_starter, start_from_tender
from wpound.services.view_tender import view_tender
from wpound.store.audit import list_events
from wpound.store.base import add
from wpound.store.engine import writing
from wpound.store.models.organisations import Organisation
from wpound.store.models.tenders import Tender, TenderStage
from wpound.store.tenders import list_lots

NOW = fixed_clock(datetime(2026, 3, 2, 9, tzinfo=UTC))
DEADLINE = datetime(2026, 4, 1, 11, tzinfo=UTC)
AS_OF = date(2026, 4, 1)
TITLE = "Grounds maintenance"


@pytest.fixture
def officer(buying: Any) -> Callable[[str], Person]:
    """An officer of the buyer as access sees them."""

    def find(name: str = "ophelia") -> Person:
        found = find_person(buying.session, buying.officers[name].id)
        assert found is not None
        return found

    return find


@pytest.fixture
def draft(buying: Any, officer: Callable[..., Person]) -> Tender:
    """A draft from the starter for services, its particulars still missing."""
    tender = start_from_starter(buying.session, officer(), TITLE, load_starter("services"), prefix="ocds-x1")
    buying.session.flush()
    return tender


def complete(session: Session, person: Person, tender: Tender, particulars: Any) -> Tender:
    basics = {"title": TITLE, "contract_value": "480000.00", "years": "2"}
    return edit_basics(session, person, tender.ocid, tender.version, basics=basics, particulars=particulars.to_dict())


def test_identifiers_are_made_and_never_twice(buying: Any, officer: Callable[..., Person]) -> None:
    made = [start_blank(buying.session, officer(), TITLE, prefix="ocds-x1").ocid for _ in range(3)]
    assert made == [f"ocds-x1-{buying.buyer.key}-000{number}" for number in (1, 2, 3)]


def test_a_starter_gives_its_method_under_the_new_title(draft: Tender) -> None:
    assert draft.title == TITLE
    assert draft.method is not None and draft.method["title"] == TITLE
    assert draft.particulars["kind"] == "services"


def test_a_copy_takes_everything_but_days_and_reasons(
    buying: Any, officer: Callable[..., Person], draft: Tender
) -> None:
    complete(buying.session, officer(), draft, buying.particulars)
    reasons = {"warning_reasons": {"many_measures": "Because."}}
    edit_particulars(buying.session, officer(), draft.ocid, draft.version, reasons, what="reasons")
    lots = [NewLot("North", Money.from_pounds(200)), NewLot("South")]
    edit_lots(buying.session, officer(), draft.ocid, draft.version, lots)
    copy = start_from_tender(buying.session, officer(), "Next year", draft.ocid, prefix="ocds-x1")
    assert copy.method == {**(draft.method or {}), "title": "Next year"}
    assert copy.contract_value == draft.contract_value
    assert copy.particulars == {
        name: part for name, part in draft.particulars.items() if name not in ("start_on", "warning_reasons")
    }
    assert [lot.title for lot in list_lots(buying.session, tender_id=copy.id)] == ["North", "South"]


def test_a_file_gives_its_method_without_its_bids(buying: Any, officer: Callable[..., Person]) -> None:
    content = Path("docs/examples/grounds.toml").read_bytes()
    tender = start_from_file(buying.session, officer(), "", content, prefix="x")
    assert tender.title == "Grounds maintenance of three parks"
    assert tender.contract_value == Money.from_pounds(480_000)
    assert not {"bids", "as_of"} & set(tender.method or {})


def test_everything_wrong_with_a_file_is_told_by_place(buying: Any, officer: Callable[..., Person]) -> None:
    content = b'{"title": "X", "criteria": [{"code": "p", "kind": "price", "weighting": 90, "formula": "nope"}]}'
    with pytest.raises(InputErrors) as found:
        start_from_file(buying.session, officer(), "X", content, prefix="x")
    assert {error.field for error in found.value.errors} == {"file"}
    assert any("criteria[0].formula" in error.message for error in found.value.errors)


def test_what_is_missing_is_told_by_the_page_that_mends_it(
    buying: Any, officer: Callable[..., Person], draft: Tender
) -> None:
    state = check_draft(draft, buying.catalogue, AS_OF)
    assert {gap.part for gap in state.gaps} == {Part.PARTICULARS, Part.PRIORITIES}
    edit_criteria(
        buying.session, officer(), draft.ocid, draft.version, lambda form: weigh_criteria(form, {"price": 30})
    )
    [gap] = check_draft(draft, buying.catalogue, AS_OF).gaps_of(Part.CRITERIA)
    assert gap.message == "Top level: the weightings of this level total 90, not 100."
    empty = {"code": "extra", "kind": "group", "weighting": 10, "title": "Extra", "criteria": []}
    edit_criteria(buying.session, officer(), draft.ocid, draft.version, lambda form: add_criterion(form, empty))
    messages = [gap.message for gap in check_draft(draft, buying.catalogue, AS_OF).gaps_of(Part.CRITERIA)]
    assert messages == ["Extra: needs at least one criterion in it."]


def test_a_blank_draft_can_be_looked_at(buying: Any, officer: Callable[..., Person]) -> None:
    tender = start_blank(buying.session, officer(), TITLE, prefix="x")
    view = view_tender(buying.session, officer(), tender.ocid, buying.catalogue)
    assert not view.state.is_whole_method
    assert [gap.message for gap in view.state.gaps_of(Part.CRITERIA)] == [
        "Add at least one criterion that carries marks."
    ]


def test_a_measure_the_catalogue_does_not_have_is_a_gap(
    buying: Any, officer: Callable[..., Person], draft: Tender
) -> None:
    lost = {"code": "lost", "kind": "quantity", "weighting": 100, "measure": "gone", "formula": "proportional"}
    edit_criteria(
        buying.session, officer(), draft.ocid, draft.version, lambda form: {**form, "criteria": [lost], "ties": []}
    )
    [gap] = check_draft(draft, buying.catalogue, AS_OF).gaps_of(Part.CRITERIA)
    assert gap.criterion == "lost"


def test_lists_show_what_the_method_says(buying: Any, officer: Callable[..., Person], draft: Tender) -> None:
    complete(buying.session, officer(), draft, buying.particulars)
    assert (draft.contract_value, draft.years) == (Money.from_pounds(480_000), Decimal(2))
    [lot] = list_lots(buying.session, tender_id=draft.id)
    assert (lot.title, lot.contract_value) == (TITLE, draft.contract_value)


def test_a_tender_is_divided_and_made_whole_again(buying: Any, officer: Callable[..., Person], draft: Tender) -> None:
    def titles(*lots: str) -> list[str]:
        edit_lots(buying.session, officer(), draft.ocid, draft.version, [NewLot(title) for title in lots])
        return [lot.title for lot in list_lots(buying.session, tender_id=draft.id)]

    assert titles("North", "South", "East") == ["North", "South", "East"]
    assert titles("West", "South") == ["West", "South"]
    assert titles() == [TITLE]
    with pytest.raises(InputError, match="same title"):
        titles("North", "north")


def test_the_award_method_decides_what_the_top_level_carries(
    buying: Any, officer: Callable[..., Person], draft: Tender
) -> None:
    edit_rules(
        buying.session,
        officer(),
        draft.ocid,
        draft.version,
        award=AwardMethod.AWARD_ON_VALUE,
        rules={"ties": [], "rounding": {"places": 1, "mode": "down"}},
    )
    assert draft.method is not None
    assert all("weighting" not in criterion for criterion in draft.method["criteria"])
    assert "threshold" not in draft.method


def test_a_save_over_another_version_changes_nothing(
    buying: Any, officer: Callable[..., Person], draft: Tender
) -> None:
    shown = draft.version
    edit_lots(buying.session, officer(), draft.ocid, shown, [NewLot("North"), NewLot("South")])
    otto, ocid = officer("otto"), draft.ocid
    with pytest.raises(StaleEdit):
        edit_lots(buying.session, otto, ocid, shown, [])
    with pytest.raises(StaleEdit):
        edit_criteria(buying.session, otto, ocid, shown, lambda form: form)
    with pytest.raises(StaleEdit):
        ask_approval(buying.session, otto, ocid, shown, buying.catalogue, deadline_at=DEADLINE, as_of=AS_OF)
    assert len(list_lots(buying.session, tender_id=draft.id)) == 2


def test_nobody_else_finds_the_draft(buying: Any, officer: Callable[..., Person], draft: Tender) -> None:
    stranger = find_person(buying.session, buying.officers["olga"].id)
    assert stranger is not None
    other = add(buying.session, Organisation(key="other", name="Other", is_public_body=True))
    grants = tuple(Grant(other.id, "other", "Other", grant.role, None, None) for grant in stranger.memberships)
    foreign = Person(stranger.user_id, stranger.name, stranger.email, grants, other.id)
    with pytest.raises(NotFound):
        view_tender(buying.session, foreign, draft.ocid, buying.catalogue)
    with pytest.raises(NotFound):
        edit_criteria(buying.session, foreign, draft.ocid, draft.version, lambda form: form)
    with pytest.raises(NotFound):
        start_from_tender(buying.session, foreign, TITLE, draft.ocid, prefix="x")


def test_two_officers_publish_exactly_what_was_shown(
    buying: Any, officer: Callable[..., Person], draft: Tender
) -> None:
    session, openers = buying.session, [buying.officers[name].id for name in ("ophelia", "otto")]

    def send() -> Tender:
        return ask_approval(
            session,
            officer("ophelia"),
            draft.ocid,
            draft.version,
            buying.catalogue,
            deadline_at=DEADLINE,
            as_of=AS_OF,
            clock=NOW,
        )

    def approve(name: str, version: int) -> Tender:
        return approve_tender(
            session, officer(name), draft.ocid, version, buying.catalogue, opener_ids=openers, clock=NOW
        )

    with pytest.raises(InputErrors):
        send()
    complete(session, officer(), draft, buying.particulars)
    shown = send().version
    session.flush()
    with pytest.raises(StateError, match="sent this draft"):
        edit_criteria(session, officer("otto"), draft.ocid, draft.version, lambda form: form)
    with pytest.raises(StateError, match="another officer"):
        approve("ophelia", draft.version)
    send_back(session, officer("otto"), draft.ocid, draft.version, reason="The price counts too much.")
    send()
    session.flush()
    with pytest.raises(StaleEdit):
        approve("otto", shown)
    assert [one.name for one in list_openers_to_choose(session, officer(), draft.ocid)] == ["Ophelia", "Otto"]
    approve("otto", draft.version)
    assert (draft.stage, draft.approved_by) == (TenderStage.PUBLISHED, "otto@example.org")
    view = view_tender(session, officer(), draft.ocid, buying.catalogue)
    assert view.is_published
    assert [user.name for user in view.openers] == ["Ophelia", "Otto"]


def test_every_save_is_on_record(buying: Any, officer: Callable[..., Person], draft: Tender) -> None:
    edit_criteria(
        buying.session, officer("otto"), draft.ocid, draft.version, lambda form: remove_criterion(form, "terms")
    )
    drafted, edited = list_events(buying.session, object_kind="tender", object_id=draft.id)
    assert drafted.detail["begun_from"] == "starter services"
    assert (edited.action, edited.actor) == ("tender.edited", "otto@example.org")
    assert edited.detail == {"ocid": draft.ocid, "what": "criteria", "version": draft.version}


def test_documents_are_added_and_taken_out_while_it_is_a_draft(
    buying: Any, officer: Callable[..., Person], draft: Tender, tmp_path: Path
) -> None:
    settings = Settings.from_environment({"WPOUND_DATA_DIR": str(tmp_path)})

    def put(title: str, name: str = "..\\Our spec.PDF", content: bytes = b"%PDF-1.7 words") -> None:
        add_document(
            buying.session,
            officer(),
            draft.ocid,
            draft.version,
            title=title,
            sent=check_file(settings, name, content),
            settings=settings,
        )
        buying.session.flush()

    put("Specification")
    with pytest.raises(InputError, match="another title"):
        put("specification")
    with pytest.raises(InputError, match="not of a kind"):
        put("Macro", "a.exe")
    [(document, file)] = list_tender_documents(buying.session, officer(), draft.ocid)
    assert file.original_name == "Our spec.pdf"
    read, content = read_own_document(buying.session, officer(), draft.ocid, document.id, settings)
    assert (read.id, content) == (file.id, b"%PDF-1.7 words")
    remove_document(buying.session, officer(), draft.ocid, draft.version, document.id)
    assert list_tender_documents(buying.session, officer(), draft.ocid) == []


def test_of_officers_who_save_at_once_one_succeeds_each_time(engine: Engine, arrange: Callable[[Session], Any]) -> None:
    with writing(engine) as session:
        buying = arrange(session)
        found = [find_person(session, buying.officers[name].id) for name in ("ophelia", "otto")]
        people = [person for person in found if person is not None]
        tender = start_from_starter(session, people[0], TITLE, load_starter("small"), prefix="x")
    for price in range(20, 25):
        assert save_at_once(engine, tender.ocid, people, price) == ["saved", "stale"]


def save_at_once(engine: Engine, ocid: str, people: list[Person], price: int) -> list[str]:
    """What becomes of two saves of the version both officers were shown."""
    with writing(engine) as session:
        shown = session.scalars(select(Tender.version).where(Tender.ocid == ocid)).one()
    outcomes: list[str] = []
    together = threading.Barrier(2)

    def save(person: Person) -> None:
        together.wait()
        try:
            with writing(engine) as session:
                edit_criteria(session, person, ocid, shown, lambda form: weigh_criteria(form, {"price": price}))
            outcomes.append("saved")
        except StaleEdit:
            outcomes.append("stale")

    threads = [threading.Thread(target=save, args=(person,)) for person in people]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    return sorted(outcomes)
