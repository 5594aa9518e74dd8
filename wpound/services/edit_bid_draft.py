"""Write a bid part by part, look over what a colleague wrote, and attach the files that belong to it."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from sqlalchemy.orm import Session

from wpound.config import Settings
from wpound.core.bid_content import BidContent, BidFile
from wpound.core.bid_work import FILES, answer_part
from wpound.core.errors import InputError, NotFound, StaleEdit, StateError
from wpound.ingest.uploads import MOST_FILES
from wpound.services.access import Person, is_same_person
from wpound.services.check_file import CheckedFile
from wpound.services.clock import Clock, database_clock
from wpound.services.keep_bid_work import BidPlace, find_work, hold_lot, keeping_work, reach_lot
from wpound.store.base import add
from wpound.store.models.sealed_bids import BidFile as StoredFile
from wpound.store.sealed_bids import list_bid_files
from wpound.store.sealed_files import drop_sealed_file, keep_sealed_file, read_sealed_file

# Of one bid, all its versions together: what is removed stays on disk while the bid that is in holds it.
MOST_FILES_KEPT = 3 * MOST_FILES
FOLDER = "files"


def save_part(
    session: Session,
    person: Person,
    ocid: str,
    lot: int,
    part: str,
    entries: Mapping[str, Any],
    *,
    version: int,
    settings: Settings,
    clock: Clock = database_clock,
) -> None:
    """Save one part of a bid in the making; ``entries`` are fields of its content, finished or not.

    Raises StaleEdit where somebody else has saved that very part since ``version``, and StateError after the deadline.
    """
    place, now = hold_lot(session, person, ocid, lot, clock)
    with keeping_work(session, place, settings, actor=person.email, now=now, action="bid_draft.saved") as keeping:
        if keeping.work.is_stale(part, version):
            raise StaleEdit
        keeping.save(part, replace(keeping.work.content, **entries))


def save_answer(
    session: Session,
    person: Person,
    ocid: str,
    lot: int,
    criterion: str,
    answer: str,
    *,
    version: int,
    settings: Settings,
    clock: Clock = database_clock,
) -> None:
    """Save the answer to one question, however long it is; raises as :func:`save_part` does."""
    place, now = hold_lot(session, person, ocid, lot, clock)
    part = answer_part(criterion)
    with keeping_work(session, place, settings, actor=person.email, now=now, action="bid_draft.saved") as keeping:
        if keeping.work.is_stale(part, version):
            raise StaleEdit
        content = keeping.work.content
        answers = {code: text for code, text in content.answers.items() if code != criterion}
        keeping.save(part, replace(content, answers=answers | ({criterion: answer} if answer else {})))


def review_bid(
    session: Session,
    person: Person,
    ocid: str,
    lot: int,
    *,
    version: int,
    settings: Settings,
    clock: Clock = database_clock,
) -> None:
    """Mark the bid, as it is now, as read and found right by somebody other than the last to have written in it.

    Raises StaleEdit where it was changed since ``version``, StateError where there is nothing to read, for the person
    who wrote last, and after the deadline.
    """
    place, now = hold_lot(session, person, ocid, lot, clock)
    with keeping_work(session, place, settings, actor=person.email, now=now, action="bid_draft.reviewed") as keeping:
        draft = keeping.draft
        if draft is None:
            raise StateError("Nothing is written in this bid yet.")
        keeping.require_version(version)
        if is_same_person(draft.updated_by, person.email):
            raise StateError("You were the last to write in this bid. Ask a colleague to read it.")
        draft.reviewed_by, draft.reviewed_version = person.email, keeping.next_version


def attach_file(
    session: Session,
    person: Person,
    ocid: str,
    lot: int,
    sent: CheckedFile,
    *,
    settings: Settings,
    clock: Clock = database_clock,
) -> BidFile:
    """Add a checked file to a bid, encrypted before it touches the disk; gives it as the bid names it.

    Raises InputError (field ``file``) for a file that is there already, or one too many.
    """
    place, now = hold_lot(session, person, ocid, lot, clock)
    with keeping_work(session, place, settings, actor=person.email, now=now, action="bid_draft.file_added") as keeping:
        files = keeping.work.content.files
        kept = list_bid_files(session, lot_id=place.lot.id, organisation_id=place.organisation.id)
        if len(files) >= MOST_FILES or len(kept) >= MOST_FILES_KEPT:
            raise InputError("file", f"A bid holds at most {MOST_FILES} files. Remove one first, or join two into one.")
        if sent.name.casefold() in {file.name.casefold() for file in files}:
            raise InputError("file", f"There is a file called {sent.name} already. Remove it first, or rename this.")
        file = keep_sealed_file(settings.data_dir / FOLDER, sent.name, sent.media_type, sent.content)
        row = StoredFile(
            lot_id=place.lot.id,
            organisation_id=place.organisation.id,
            stored_as=file.stored_as,
            byte_count=file.byte_count,
            added_by=person.email,
        )
        add(session, row)
        keeping.save(FILES, replace(keeping.work.content, files=(*files, file)))
    return file


def remove_file(
    session: Session,
    person: Person,
    ocid: str,
    lot: int,
    stored_as: str,
    *,
    settings: Settings,
    clock: Clock = database_clock,
) -> BidFile:
    """Take a file out of a bid in the making; it leaves the disk unless the bid that is in holds it.

    Raises NotFound for a file of another bid, or one that was removed before.
    """
    place, now = hold_lot(session, person, ocid, lot, clock)
    with keeping_work(
        session, place, settings, actor=person.email, now=now, action="bid_draft.file_removed"
    ) as keeping:
        row = _own_row(session, place, stored_as)
        work = keeping.work
        file = _named(work.content, row)
        kept = tuple(one for one in work.content.files if one is not file)
        keeping.save(FILES, replace(work.content, files=kept))
        if work.submitted is None or file not in work.submitted.files:
            session.delete(row)
            drop_sealed_file(session, settings.data_dir / FOLDER, file)
    return file


def open_file(
    session: Session, person: Person, ocid: str, lot: int, stored_as: str, *, settings: Settings
) -> tuple[BidFile, bytes]:
    """A file of the organisation's own bid, as it was sent; raises NotFound for any other."""
    place = reach_lot(session, person, ocid, lot)
    row = _own_row(session, place, stored_as)
    _, work = find_work(session, place, settings)
    file = _named(work.content, row)
    return file, read_sealed_file(settings.data_dir / FOLDER, file)


def _own_row(session: Session, place: BidPlace, stored_as: str) -> StoredFile:
    """Not by the number of its row: numbers would tell every bidder how many files the others sent meanwhile."""
    for row in list_bid_files(session, lot_id=place.lot.id, organisation_id=place.organisation.id):
        if row.stored_as == stored_as:
            return row
    raise NotFound("There is no such file.")


def _named(content: BidContent, row: StoredFile) -> BidFile:
    for file in content.files:
        if file.stored_as == row.stored_as:
            return file
    raise NotFound("There is no such file.")
