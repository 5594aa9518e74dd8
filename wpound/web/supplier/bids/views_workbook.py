"""Write a bid away from the page: the workbook leaves, comes back, and shows what it changes before it is taken."""

from flask import flash, redirect, url_for
from werkzeug.wrappers import Response as AnyResponse

from wpound.core.errors import InputError, InputErrors, StateError
from wpound.ingest.form_workbook import MOST_BYTES
from wpound.services.exchange_bid_workbook import (
    keep_sent_workbook,
    list_workbook_changes,
    make_bid_workbook,
    read_sent_workbook,
    settle_workbook,
)
from wpound.store.engine import reading, writing
from wpound.web.access import Policy, current_person, requires
from wpound.web.downloads import send_workbook
from wpound.web.extensions import site
from wpound.web.security import takes_files
from wpound.web.supplier.bids.forms_submit import VersionForm, WorkbookForm
from wpound.web.supplier.bids.place import load_bid, place_of, show

Page = str | AnyResponse | tuple[str, int]


@takes_files(MOST_BYTES)
@requires(Policy.SUPPLIER)
def workbook(ocid: str, lot: int) -> Page:
    """Download the workbook, or send one that was filled in."""
    view, form = load_bid(ocid, lot), WorkbookForm()
    if form.validate_on_submit() and _send(form, ocid, lot):
        return redirect(url_for("supplier.workbook_changes", **place_of(view)), 303)
    page = show("supplier/bids/workbook.html", view, form=form)
    return (page, 400) if form.errors else page


def _send(form: WorkbookForm, ocid: str, lot: int) -> bool:
    person, here, content = current_person(), site(), form.file.data.read()
    try:
        with reading(here.engine) as session:
            read = read_sent_workbook(session, person, ocid, lot, content, catalogue=here.catalogue)
        with writing(here.engine) as session:
            keep_sent_workbook(session, person, ocid, lot, read, settings=here.settings)
    except (InputError, InputErrors) as error:
        listed = error.errors if isinstance(error, InputErrors) else [error]
        form.file.errors = [one.message if one.field == "file" else f"{one.field}: {one.message}" for one in listed]
    except StateError as error:
        form.form_errors.append(error.message)
    return not form.errors


@requires(Policy.SUPPLIER)
def empty_workbook(ocid: str, lot: int) -> Page:
    """The workbook without entries."""
    return _download(ocid, lot, is_filled=False)


@requires(Policy.SUPPLIER)
def filled_workbook(ocid: str, lot: int) -> Page:
    """The workbook with what is written so far."""
    return _download(ocid, lot, is_filled=True)


def _download(ocid: str, lot: int, *, is_filled: bool) -> Page:
    view = load_bid(ocid, lot)
    try:
        content = make_bid_workbook(view, is_filled=is_filled)
    except InputErrors as error:
        form = WorkbookForm()
        form.refuse(error)
        return show("supplier/bids/workbook.html", view, form=form), 400
    name = f"bid-{ocid}-lot-{lot}.xlsx" if view.place.is_divided else f"bid-{ocid}.xlsx"
    return send_workbook(content, name)


@requires(Policy.SUPPLIER)
def workbook_changes(ocid: str, lot: int) -> Page:
    """What the workbook that was sent would change, and what of it could not be read; then take it over."""
    view, form = load_bid(ocid, lot), VersionForm()
    waiting, changes = list_workbook_changes(view)
    if form.validate_on_submit() and _settle(form, ocid, lot, is_taken=True):
        flash("The workbook was taken over into your draft. Nothing is submitted yet.", "success")
        return redirect(url_for("supplier.bid", **place_of(view)), 303)
    form.version.data = str(view.version)
    page = show("supplier/bids/workbook_changes.html", view, form=form, waiting=waiting, changes=changes)
    return (page, 400) if form.form_errors else page


@requires(Policy.SUPPLIER)
def put_away_workbook(ocid: str, lot: int) -> Page:
    """Put the workbook that was sent away; the draft stays as it is."""
    form = VersionForm()
    if form.validate_on_submit() and _settle(form, ocid, lot, is_taken=False):
        flash("The workbook was put away. Your draft is as it was.", "success")
    return redirect(url_for("supplier.workbook", ocid=ocid, lot=lot), 303)


def _settle(form: VersionForm, ocid: str, lot: int, *, is_taken: bool) -> bool:
    here = site()
    try:
        with writing(here.engine) as session:
            settle_workbook(
                session,
                current_person(),
                ocid,
                lot,
                version=form.version_shown,
                is_taken=is_taken,
                settings=here.settings,
            )
    except StateError as error:
        form.form_errors.append(error.message)
    return not form.form_errors
