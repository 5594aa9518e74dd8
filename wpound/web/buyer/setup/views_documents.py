"""Files that bidders are given with a tender."""

from flask import flash, redirect, render_template, url_for
from werkzeug.wrappers import Response

from wpound.core.errors import InputError, TryLater
from wpound.services.check_file import check_file
from wpound.services.keep_tender_document import (
    add_document,
    list_tender_documents,
    read_own_document,
    remove_document,
)
from wpound.web.access import Policy, current_person, requires
from wpound.web.buyer.setup.forms_approval import DocumentForm
from wpound.web.buyer.setup.saving import open_draft, open_tender, save
from wpound.web.downloads import send_file
from wpound.web.extensions import site
from wpound.web.forms import EditForm
from wpound.web.reading import reading_page

Answer = str | Response | tuple[str, int]


@requires(Policy.OFFICER)
def documents(ocid: str) -> Answer:
    """The files, and a form that adds another while the tender is a draft."""
    view, person = open_tender(ocid), current_person()
    with reading_page() as session:
        listed = list_tender_documents(session, person, ocid)
    form = DocumentForm(data={"version": view.tender.version})
    if form.validate_on_submit():
        try:
            if _add(form, ocid):
                flash(f"{form.title.data} was added.", "success")
                return redirect(url_for("buyer.documents", ocid=ocid), 303)
        except TryLater as error:
            form.put_off(error)
    page = render_template("buyer/setup/documents.html", view=view, tender=view.tender, form=form, documents=listed)
    return (page, form.refused_with) if form.errors else page


def _add(form: DocumentForm, ocid: str) -> bool:
    """Whether the file was added; it is looked at before the database is held."""
    person, sent, settings = current_person(), form.file.data, site().settings
    try:
        file = check_file(settings, sent.filename or "", sent.read())
    except InputError as error:
        form.refuse(error)
        return False
    title, version = str(form.title.data), form.version_shown
    return save(
        form,
        lambda session: add_document(session, person, ocid, version, title=title, sent=file, settings=settings),
        lambda: DocumentForm(formdata=None),
    )


@requires(Policy.OFFICER)
def document(ocid: str, document_id: int) -> Response:
    """A file as it came: handed out to be saved, never shown in our pages."""
    with reading_page() as session:
        file, content = read_own_document(session, current_person(), ocid, document_id, site().settings)
    return send_file(content, file.original_name, file.media_type)


@requires(Policy.OFFICER)
def remove_from_documents(ocid: str, document_id: int) -> Answer:
    """Ask once more, then take a file out of a draft."""
    view, person = open_draft(ocid), current_person()
    with reading_page() as session:
        listed = {row.id: row for row, _ in list_tender_documents(session, person, ocid)}
        read_own_document(session, person, ocid, document_id, site().settings)
    form = EditForm(data={"version": view.tender.version})
    if form.validate_on_submit() and save(
        form,
        lambda session: remove_document(session, person, ocid, form.version_shown, document_id),
        lambda: EditForm(formdata=None),
    ):
        flash(f"{listed[document_id].title} was taken out.", "success")
        return redirect(url_for("buyer.documents", ocid=ocid), 303)
    page = render_template(
        "buyer/setup/remove_document.html", view=view, tender=view.tender, form=form, title=listed[document_id].title
    )
    return (page, 400) if form.errors else page
