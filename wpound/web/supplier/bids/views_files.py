"""The files of a bid: encrypted before they touch the disk, given back to their own organisation alone."""

from flask import Response, flash, redirect, url_for
from werkzeug.wrappers import Response as AnyResponse

from wpound.core.errors import InputError, StateError, TryLater
from wpound.ingest.uploads import MOST_BYTES, MOST_FILES
from wpound.services.check_file import check_file
from wpound.services.edit_bid_draft import attach_file, open_file, remove_file
from wpound.store.engine import reading, writing
from wpound.web.access import Policy, current_person, requires
from wpound.web.downloads import send_file
from wpound.web.extensions import site
from wpound.web.security import takes_files
from wpound.web.supplier.bids.forms_submit import BidFileForm
from wpound.web.supplier.bids.place import load_bid, place_of, show

Page = str | AnyResponse | tuple[str, int]


@takes_files(MOST_BYTES)
@requires(Policy.SUPPLIER)
def files(ocid: str, lot: int) -> Page:
    """The files, and a form that adds another."""
    view, form = load_bid(ocid, lot), BidFileForm()
    if form.validate_on_submit():
        try:
            if _attach(form, ocid, lot):
                flash("The file was added to your draft.", "success")
                return redirect(url_for("supplier.files", **place_of(view)), 303)
        except TryLater as error:
            form.put_off(error)
    page = show("supplier/bids/files.html", view, form=form, most=MOST_FILES)
    return (page, form.refused_with) if form.errors else page


def _attach(form: BidFileForm, ocid: str, lot: int) -> bool:
    """Whether the file was added; it is looked at before the database is held."""
    sent, settings = form.file.data, site().settings
    try:
        file = check_file(settings, sent.filename or "", sent.read())
        with writing(site().engine) as session:
            attach_file(session, current_person(), ocid, lot, file, settings=settings)
    except InputError as error:
        form.refuse(error)
    except StateError as error:
        form.form_errors.append(error.message)
    return not form.errors


@requires(Policy.SUPPLIER)
def file(ocid: str, lot: int, stored_as: str) -> Response:
    """One file, as it was sent."""
    with reading(site().engine) as session:
        found, content = open_file(session, current_person(), ocid, lot, stored_as, settings=site().settings)
    return send_file(content, found.name, found.media_type)


@requires(Policy.SUPPLIER)
def drop_file(ocid: str, lot: int, stored_as: str) -> AnyResponse:
    """Take a file out of the draft; it can be added again."""
    with writing(site().engine) as session:
        remove_file(session, current_person(), ocid, lot, stored_as, settings=site().settings)
    flash("The file was removed from your draft.", "success")
    return redirect(url_for("supplier.files", ocid=ocid, lot=lot), 303)
