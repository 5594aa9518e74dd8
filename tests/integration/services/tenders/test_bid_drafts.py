"""Drafts of bids on both databases: kept encrypted, saved in parts, handed in once, erased when the tender closes."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from wpound.config import Settings
from wpound.core.bids import Commitment
from wpound.core.errors import NotFound, StaleEdit, StateError
from wpound.core.money import Money
from wpound.core.roles import Role
from wpound.services.access import Grant, Person
from wpound.services.ask_for_bids import list_measures_asked, list_years
from wpound.services.check_file import check_file
from wpound.services.clock import fixed_clock
from wpound.services.edit_bid_draft import attach_file, open_file, remove_file, review_bid, save_answer, save_part
from wpound.services.enrol_firm import enrol_firm
from wpound.services.exchange_bid_workbook import find_submitted
from wpound.services.keep_bid_work import find_work, reach_lot
from wpound.services.list_receipts import list_receipts
from wpound.services.list_supplier_work import OwnBid, list_tenders_for_supplier
from wpound.services.submit_draft import Handing, confirm_bid, submit_draft, withdraw_draft
from wpound.store.models.sealed_bids import BidDraft
from wpound.store.models.tenders import Tender
from wpound.store.sealed_bids import list_bid_files, list_sealed_bids

SOON = timedelta(minutes=1)


@dataclass
class Writing:
    """One firm's person at work on its bid, a minute before the deadline unless told otherwise."""

    buying: Any
    person: Person
    settings: Settings
    at: datetime

    @property
    def session(self) -> Any:
        return self.buying.session

    @property
    def how(self) -> dict[str, Any]:
        return {"settings": self.settings, "clock": fixed_clock(self.at)}

    @property
    def handing(self) -> Handing:
        return Handing(self.buying.catalogue, self.settings, lambda code: f"/{code}", fixed_clock(self.at))

    @property
    def place(self) -> tuple[Any, Person, str, int]:
        return self.session, self.person, "ocds-test-1", 1

    @property
    def draft(self) -> Any:
        return find_work(self.session, reach_lot(*self.place), self.settings)

    @property
    def version(self) -> int:
        row, _ = self.draft
        return 0 if row is None else row.version

    def save(self, part: str, version: int | None = None, **entries: Any) -> None:
        save_part(*self.place, part, entries, version=self.version if version is None else version, **self.how)

    def write(self) -> None:
        self.save("price", price=Money.from_pounds("450000"))
        self.save("checks", passes={"insurance": True})
        self.save("promises", commitments=(Commitment("local-jobs", Decimal(8)),))
        self.save("plans", plans={"local-jobs": "Two a quarter.", "carbon-fleet": "Left over from a promise."})
        save_answer(*self.place, "plan", "Twelve sites.", version=self.version, **self.how)

    def submit(self) -> Any:
        return submit_draft(*self.place, version=self.version, handing=self.handing)


def person_of(name: str, organisation: Any, role: Role = Role.SUPPLIER) -> Person:
    grant = Grant(organisation.id, organisation.key, organisation.name, role, None, None)
    return Person(1, name.title(), f"{name}@example.org", (grant,), organisation.id)


@pytest.fixture
def make_writing(buying: Any, tmp_path: Path) -> Callable[..., Writing]:
    """People of firms that register themselves; the register of suppliers may not know the firm yet."""
    settings = Settings.from_environment({"WPOUND_DATA_DIR": str(tmp_path)})
    tender = buying.publish(buying.draft())
    firms: dict[str, Any] = {}

    def make(name: str, firm: str = "New (Example) Ltd", identifier: str = "GB-COH-ZZ000009") -> Writing:
        if identifier not in firms:
            firms[identifier] = enrol_firm(buying.session, name=firm, identifier=identifier, actor="test")
        return Writing(buying, person_of(name, firms[identifier]), settings, tender.deadline_at - SOON)

    return make


def test_what_the_tender_asks_follows_from_its_method(buying: Any) -> None:
    tender = buying.publish(buying.draft())
    terms = reach_lot(
        buying.session,
        person_of("a", enrol_firm(buying.session, name="A", identifier="GB-1", actor="t")),
        tender.ocid,
        1,
    ).terms
    measures = list_measures_asked(terms, buying.catalogue)
    assert measures[0].code == "local-jobs", "the measures of the criteria come first"
    assert "carbon-fleet" in {measure.code for measure in measures}, "what counts in pounds may be promised, too"
    assert list_years(terms.method, buying.particulars) == (2026, 2027, 2028)


def test_a_draft_is_one_row_of_bytes_that_says_nothing(make_writing: Any) -> None:
    ash = make_writing("alma")
    ash.write()
    row, work = ash.draft
    assert work.content.price == Money.from_pounds("450000") and work.content.answers == {"plan": "Twelve sites."}
    assert (row.version, row.updated_by) == (5, "alma@example.org")
    assert b"Twelve" not in row.kept_content and b"450000" not in row.kept_content


def test_a_part_is_stale_only_where_that_part_was_saved_since(make_writing: Any) -> None:
    alma, abel = make_writing("alma"), make_writing("abel")
    alma.save("price", price=Money.from_pounds("1"))
    alma.save("checks", version=1, passes={"insurance": True})
    abel.save("price", version=2, price=Money.from_pounds("2"))
    with pytest.raises(StaleEdit):
        alma.save("price", version=2, price=Money.from_pounds("3"))
    assert alma.draft[1].content.price == Money.from_pounds("2")


def test_handed_in_confirmed_and_taken_back(make_writing: Any) -> None:
    ash = make_writing("alma")
    ash.write()
    first = ash.submit()
    submitted = find_submitted(*ash.place, settings=ash.settings)
    assert submitted.content_hash == first.content_hash
    assert "carbon-fleet" not in submitted.plans, "a plan without a promise belongs to no bid"
    with pytest.raises(StateError, match="confirmed already"):
        confirm_bid(*ash.place, handing=ash.handing)
    tender = ash.session.query(Tender).one()
    tender.amendment = 1
    assert _state(ash) is OwnBid.TO_CONFIRM
    ash.save("price", price=Money.from_pounds("1"))
    second = confirm_bid(*ash.place, handing=ash.handing)
    assert (second.amendment, second.content_hash) == (1, first.content_hash), "the same bid, not the changed draft"
    assert _state(ash) is OwnBid.SUBMITTED
    withdraw_draft(*ash.place, handing=ash.handing)
    assert [row.state for row in list_receipts(ash.session, ash.person, 9, 0)[0]] == ["Withdrawn", "Withdrawn"]
    assert _state(ash) is OwnBid.DRAFT and list_sealed_bids(ash.session, tender_id=tender.id) == []
    with pytest.raises(StateError, match="no bid of yours"):
        withdraw_draft(*ash.place, handing=ash.handing)


def _state(writing: Writing) -> OwnBid:
    rows, _ = list_tenders_for_supplier(writing.session, writing.person, 9, clock=fixed_clock(writing.at))
    return rows[0].own_bid


def test_a_firm_the_register_knows_bids_as_that_supplier_and_another_is_entered(make_writing: Any) -> None:
    known = make_writing("alma", "Ash", "GB-COH-ZZ000001")
    new = make_writing("nora")
    for writing in (known, new):
        writing.write()
    assert known.submit().supplier_id == known.buying.firms["Ash"].id
    assert new.submit().supplier_id not in {firm.id for firm in known.buying.firms.values()}


def test_only_a_colleague_marks_a_version_as_right_and_writing_unmarks_it(make_writing: Any) -> None:
    alma, abel = make_writing("alma"), make_writing("abel")
    alma.write()
    with pytest.raises(StateError, match="Ask a colleague"):
        review_bid(*alma.place, version=alma.version, **alma.how)
    review_bid(*abel.place, version=abel.version, **abel.how)
    row, _ = alma.draft
    assert (row.reviewed_by, row.reviewed_version) == ("abel@example.org", row.version)
    alma.submit()
    assert alma.draft[0].reviewed_version == alma.version, "handing in changes nothing that was read"
    alma.save("price", price=Money.from_pounds("1"))
    assert alma.draft[0].reviewed_version != alma.version


def test_files_belong_to_one_organisation_and_leave_with_their_bid(make_writing: Any, tmp_path: Path) -> None:
    ash, other = make_writing("alma"), make_writing("bruno", "Birch", "GB-COH-ZZ000002")
    attach_file(*ash.place, check_file(ash.settings, "plan.csv", b"a,b"), **ash.how)
    lot = ash.buying.lot(ash.session.query(Tender).one())
    (row,) = list_bid_files(ash.session, lot_id=lot.id, organisation_id=ash.person.organisation_id)
    assert open_file(*ash.place, row.stored_as, settings=ash.settings)[1] == b"a,b"
    for act in (open_file, remove_file):
        with pytest.raises(NotFound):
            act(
                *other.place,
                row.stored_as,
                settings=ash.settings,
                **({} if act is open_file else {"clock": fixed_clock(ash.at)}),
            )
    remove_file(*ash.place, row.stored_as, **ash.how)
    assert list_bid_files(ash.session, lot_id=lot.id, organisation_id=ash.person.organisation_id) == []
    files = [path for path in (tmp_path / "files").rglob("*") if path.is_file()]
    assert len(files) == 1, "on disk until the transaction is committed"
    ash.session.commit()
    assert not files[0].exists()


def test_after_the_deadline_nothing_is_written_and_closing_erases_drafts(make_writing: Any) -> None:
    ash = make_writing("alma")
    ash.write()
    tender = ash.session.query(Tender).one()
    ash.at = tender.deadline_at
    for act in (lambda: ash.save("price"), ash.submit, lambda: confirm_bid(*ash.place, handing=ash.handing)):
        with pytest.raises(StateError, match="The deadline for bids was"):
            act()
    ash.buying.close(tender)
    assert ash.session.query(BidDraft).count() == 0
    with pytest.raises(NotFound):
        find_submitted(*ash.place, settings=ash.settings)


def test_a_draft_moved_to_another_firm_cannot_be_read(make_writing: Any) -> None:
    ash, other = make_writing("alma"), make_writing("bruno", "Birch", "GB-COH-ZZ000002")
    ash.write()
    other.save("price", price=Money.from_pounds("1"))
    theirs, _ = other.draft
    theirs.kept_content = ash.draft[0].kept_content
    with pytest.raises(StateError, match="was changed, or was kept with another key"):
        other.draft  # noqa: B018
