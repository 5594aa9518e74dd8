"""Let a bid leave as a workbook and come back: what it would change is shown before anything is taken over."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy.orm import Session

from wpound.catalogue.model import Catalogue
from wpound.config import Settings
from wpound.core.bid_changes import list_changes, merge_workbook
from wpound.core.bid_content import BidContent
from wpound.core.bid_sheets import BidSheets
from wpound.core.bid_work import CHECKS, COMPANY, PLANS, PRICE, PROMISES, BidWork, WaitingWorkbook, answer_part
from wpound.core.errors import InputError, InputErrors, NotFound
from wpound.core.workbook_cells import Change
from wpound.documents.bid_template import BidTemplate, bid_template_xlsx
from wpound.ingest.bid_workbook import BidWorkbook, read_bid_workbook
from wpound.services.access import Person
from wpound.services.ask_for_bids import find_catalogue, make_sheets
from wpound.services.clock import Clock, database_clock, day_of, format_moment
from wpound.services.keep_bid_work import find_work, hold_lot, keeping_work, reach_lot
from wpound.services.view_bid import BidView


@dataclass(frozen=True, slots=True)
class ReadWorkbook:
    """A workbook that was read, with the sheets it was held against."""

    sheets: BidSheets
    workbook: BidWorkbook


def make_bid_workbook(view: BidView, *, is_filled: bool) -> bytes:
    """The workbook of a lot, empty or with what is written so far.

    Raises InputErrors where something written does not fit into a workbook.
    """
    place = view.place
    template = BidTemplate(
        buyer=view.buyer,
        title=place.tender.title,
        lot=f"{place.lot.number}: {place.lot.title}" if place.is_divided else "",
        closes=format_moment(place.terms.deadline_at),
        made_on=day_of(place.tender.published_at) if place.tender.published_at else place.terms.as_of,
        sheets=view.sheets,
        content=view.content if is_filled else None,
    )
    return bid_template_xlsx(template)


def read_sent_workbook(
    session: Session, person: Person, ocid: str, lot: int, content: bytes, *, catalogue: Catalogue
) -> ReadWorkbook:
    """Read a workbook that was sent, before anything is held for writing.

    Raises InputErrors where it is not the workbook of this lot, each problem at its cell.
    """
    place = reach_lot(session, person, ocid, lot)
    used = find_catalogue(session, place.terms, catalogue)
    sheets = make_sheets(place.tender, place.lot, place.terms, used)
    return ReadWorkbook(sheets, read_bid_workbook(content, sheets))


def keep_sent_workbook(
    session: Session,
    person: Person,
    ocid: str,
    lot: int,
    read: ReadWorkbook,
    *,
    settings: Settings,
    clock: Clock = database_clock,
) -> None:
    """Keep what a workbook holds beside the bid until somebody takes it over; raises StateError after the deadline."""
    place, now = hold_lot(session, person, ocid, lot, clock)
    with keeping_work(
        session, place, settings, actor=person.email, now=now, action="bid_draft.workbook_sent"
    ) as keeping:
        content, problems = _merge(read, keeping.work.content)
        keeping.work = replace(keeping.work, workbook=WaitingWorkbook(content, problems, person.email))


def _merge(read: ReadWorkbook, before: BidContent) -> tuple[BidContent, tuple[InputError, ...]]:
    """The content the workbook gives, and every problem at its cell; entries that cannot be read stay as they were."""
    workbook, problems = read.workbook, read.workbook.problems
    try:
        return _content(read.sheets, before, workbook.data, problems), problems
    except InputErrors as found:
        problems += workbook.locate(found)
        return _content(read.sheets, before, workbook.data, problems), problems


def _content(
    sheets: BidSheets, before: BidContent, data: Mapping[str, Any], problems: tuple[InputError, ...]
) -> BidContent:
    return BidContent.from_dict(merge_workbook(sheets, before, data, {problem.field for problem in problems}))


def list_workbook_changes(view: BidView) -> tuple[WaitingWorkbook, list[Change]]:
    """The workbook that waits and what it would change; raises NotFound where none waits."""
    waiting = view.work.workbook
    if waiting is None:
        raise NotFound("No workbook is waiting to be taken over.")
    return waiting, list_changes(view.sheets, view.content, waiting.content)


def settle_workbook(
    session: Session,
    person: Person,
    ocid: str,
    lot: int,
    *,
    version: int,
    is_taken: bool,
    settings: Settings,
    clock: Clock = database_clock,
) -> None:
    """Take over what a waiting workbook holds, or put it away.

    Raises StaleEdit where the bid was changed since ``version``, NotFound where no workbook waits, and StateError after
    the deadline. Files stay as they are.
    """
    place, now = hold_lot(session, person, ocid, lot, clock)
    action = "bid_draft.workbook_taken" if is_taken else "bid_draft.workbook_put_away"
    with keeping_work(session, place, settings, actor=person.email, now=now, action=action) as keeping:
        waiting = keeping.work.workbook
        if waiting is None:
            raise NotFound("No workbook is waiting to be taken over.")
        keeping.require_version(version)
        if is_taken:
            content = replace(waiting.content, files=keeping.work.content.files)
            questions = [answer_part(leaf.criterion.code) for leaf in place.terms.method.tree.leaves]
            for part in (COMPANY, PRICE, CHECKS, PROMISES, PLANS, *questions):
                keeping.save(part, content)
        keeping.work = replace(keeping.work, workbook=None)


def find_submitted(session: Session, person: Person, ocid: str, lot: int, *, settings: Settings) -> BidContent:
    """The bid that is in, for its own organisation, to take its hash again; raises NotFound where there is none."""
    work: BidWork
    _, work = find_work(session, reach_lot(session, person, ocid, lot), settings)
    if work.submitted is None:
        raise NotFound("No bid of yours is in, or the tender is closed and only the openers can read it.")
    return work.submitted
