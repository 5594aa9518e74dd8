"""Files that bidders are given with a tender: added to its draft, frozen with it, handed out as they came."""

from sqlalchemy.orm import Session

from wpound.config import Settings
from wpound.core.errors import InputError, NotFound
from wpound.services.access import Person, Policy
from wpound.services.check_file import CheckedFile
from wpound.services.edit_tender import hold_draft, note_edit
from wpound.services.reach_tender import reach_tender
from wpound.store.base import add
from wpound.store.file_folder import get_file_content, put_file
from wpound.store.files import record_file
from wpound.store.models.files import StoredFile
from wpound.store.models.tenders import TenderDocument
from wpound.store.public_tenders import list_documents

MOST_DOCUMENTS = 30


def add_document(
    session: Session,
    person: Person,
    ocid: str,
    version: int,
    *,
    title: str,
    sent: CheckedFile,
    settings: Settings,
) -> None:
    """Give bidders of a draft another file, which was checked before.

    Raises NotFound, StaleEdit, StateError where the tender is no draft, and InputError for a title that is
    there already, or one file too many.
    """
    tender = hold_draft(session, person, ocid, version)
    standing = list_documents(session, tender_id=tender.id)
    if len(standing) >= MOST_DOCUMENTS:
        raise InputError("file", f"A tender can have at most {MOST_DOCUMENTS} documents. Take one out first.")
    if any(document.title.casefold() == title.casefold() for document, _ in standing):
        raise InputError("title", "There is already a document with this title. Give this one another title.")
    sha256 = put_file(settings.data_dir / "files", sent.content)
    file = record_file(
        session, sha256=sha256, media_type=sent.media_type, byte_count=len(sent.content), original_name=sent.name
    )
    add(session, TenderDocument(tender_id=tender.id, title=title, file_id=file.id, added_by=person.email))
    note_edit(session, tender, person, f"document added: {sha256}")


def remove_document(session: Session, person: Person, ocid: str, version: int, document_id: int) -> None:
    """Take a file out of a draft again; raises as :func:`add_document` does."""
    tender = hold_draft(session, person, ocid, version)
    document, file = _find(session, tender.id, document_id)
    session.delete(document)
    note_edit(session, tender, person, f"document taken out: {file.sha256}")


def list_tender_documents(session: Session, person: Person, ocid: str) -> list[tuple[TenderDocument, StoredFile]]:
    """The files of a tender of the officer's organisation, by title."""
    return list_documents(session, tender_id=reach_tender(session, person, ocid, Policy.OFFICER).id)


def read_own_document(
    session: Session, person: Person, ocid: str, document_id: int, settings: Settings
) -> tuple[StoredFile, bytes]:
    """A file of a tender of the officer's organisation, published or not; raises NotFound."""
    tender = reach_tender(session, person, ocid, Policy.OFFICER)
    _, file = _find(session, tender.id, document_id)
    return file, get_file_content(settings.data_dir / "files", file.sha256)


def _find(session: Session, tender_id: int, document_id: int) -> tuple[TenderDocument, StoredFile]:
    for document, file in list_documents(session, tender_id=tender_id):
        if document.id == document_id:
            return document, file
    raise NotFound("This tender has no such document.")
