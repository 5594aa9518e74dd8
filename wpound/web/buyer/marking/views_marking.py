"""An evaluator's own sheet: one criterion across bids, one bid across criteria, one mark by itself.

Every mark is saved by one address, with scripts as it is written and without them by its button.
"""

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from wpound.core.errors import InputErrors, StaleEdit, StateError
from wpound.services.clock import database_clock, format_moment
from wpound.services.declare_interest import has_to_declare
from wpound.services.read_sheet import Sheet, SheetItem, get_sheet, get_sheet_of_bid, get_sheet_of_criterion
from wpound.services.record_marks import finish_sheet, record_mark
from wpound.store.engine import reading, writing
from wpound.web.access import Policy, current_person, requires
from wpound.web.buyer.marking.forms_marking import MarkForm
from wpound.web.buyer.marking.reasons import tells_why
from wpound.web.extensions import site
from wpound.web.forms import ConfirmForm
from wpound.web.reading import reading_page

Answer = Any
ACROSS_BIDS, ACROSS_CRITERIA = "criterion", "bid"


@requires(Policy.EVALUATOR)
@tells_why
def marking(ocid: str) -> str | Response:
    """How far the sheet is, by criterion and by bid; whoever has not declared their interests is asked to first."""
    with reading_page() as session:
        if has_to_declare(session, current_person(), ocid):
            return redirect(url_for("buyer.declaration", ocid=ocid), 303)
        sheet = get_sheet(session, current_person(), ocid, site().catalogue)
    return render_template("buyer/marking/sheet.html", sheet=sheet)


@requires(Policy.EVALUATOR)
@tells_why
def mark_criterion(ocid: str, criterion: str) -> str:
    """One criterion across all bids."""
    with reading_page() as session:
        sheet, found = get_sheet_of_criterion(session, current_person(), ocid, criterion, site().catalogue)
    return render_template("buyer/marking/mark_criterion.html", sheet=sheet, criterion=found)


@requires(Policy.EVALUATOR)
@tells_why
def mark_bid(ocid: str, bid_id: int) -> str:
    """One bid across all criteria."""
    with reading_page() as session:
        sheet, bid = get_sheet_of_bid(session, current_person(), ocid, bid_id, site().catalogue)
    return render_template("buyer/marking/mark_bid.html", sheet=sheet, bid=bid)


@requires(Policy.EVALUATOR)
@tells_why
def mark(ocid: str, bid_id: int, criterion: str) -> Answer:
    """One mark by itself; a post saves it, answered in JSON where the page's script asks."""
    if request.method == "POST" and request.accept_mimetypes.best == "application/json":
        return _save_for_script(ocid, bid_id, criterion)
    sheet, item = _find_item(ocid, bid_id, criterion)
    form = _mark_form(item)
    if form.validate_on_submit() and _save(form, ocid, bid_id, criterion):
        given = {"mark": form.mark.data is not None, "reason": bool(form.reason.data)}
        missing = " and ".join(f"a {part}" for part, is_given in given.items() if not is_given)
        needs = f" It still needs {missing}." if missing else ""
        flash(f"Saved: {item.bid.name}, {item.criterion.heading}.{needs}", "success")
        return redirect(_back(item, ocid), 303)
    page = render_template("buyer/marking/mark.html", sheet=sheet, item=item, form=form)
    return (page, 400) if form.errors else page


@requires(Policy.EVALUATOR)
@tells_why
def finish(ocid: str) -> str | Response | tuple[str, int]:
    """Ask once more, then close the own sheet."""
    with reading(site().engine) as session:
        sheet = get_sheet(session, current_person(), ocid, site().catalogue)
    form = ConfirmForm()
    if form.validate_on_submit() and _finish(form, ocid):
        flash("Your marks are complete. They do not change any more.", "success")
        return redirect(url_for("buyer.marking", ocid=ocid), 303)
    page = render_template("buyer/marking/finish.html", sheet=sheet, form=form)
    return (page, 400) if form.form_errors else page


def _finish(form: ConfirmForm, ocid: str) -> bool:
    try:
        with writing(site().engine) as session:
            finish_sheet(session, current_person(), ocid)
    except InputErrors as error:
        form.form_errors += [one.message for one in error.errors]
    return not form.form_errors


def _find_item(ocid: str, bid_id: int, criterion: str) -> tuple[Sheet, SheetItem]:
    with reading(site().engine) as session:
        sheet, bid = get_sheet_of_bid(session, current_person(), ocid, bid_id, site().catalogue)
        get_sheet_of_criterion(session, current_person(), ocid, criterion, site().catalogue)
    if bid.excluded_because:
        raise StateError("This bid did not pass a check, so it is not marked.")
    return sheet, sheet.items[bid_id, criterion]


def _mark_form(item: SheetItem, **options: Any) -> MarkForm:
    """The form as it is opened now."""
    return MarkForm(data={"version": item.version, "mark": item.mark, "reason": item.reason or None}, **options)


def _save(form: MarkForm, ocid: str, bid_id: int, criterion: str) -> bool:
    """Save what the form holds; what the service objects to is said on it."""
    try:
        with writing(site().engine) as session:
            record_mark(
                session,
                current_person(),
                ocid,
                bid_id,
                criterion,
                mark=form.mark.data,
                reason=form.reason.data or "",
                version=form.version_shown,
            )
    except InputErrors as error:
        form.refuse(error)
    except StaleEdit:
        _, now = _find_item(ocid, bid_id, criterion)
        raise form.beside(_mark_form(now, formdata=None)) from None
    return not form.errors


def _save_for_script(ocid: str, bid_id: int, criterion: str) -> tuple[dict[str, Any], int]:
    """The same for the page's script: the new version and the time, or what keeps the mark from being saved."""
    form = MarkForm()
    try:
        if not form.validate() or not _save(form, ocid, bid_id, criterion):
            return {"message": " ".join(error["text"] for error in form.error_list())}, 400
        sheet, item = _find_item(ocid, bid_id, criterion)
    except StaleEdit:
        return {
            "message": "You saved this mark in another window after this page was opened. Load the page again."
        }, 409
    except StateError as error:
        return {"message": error.message}, 409
    with reading(site().engine) as session:
        time = format_moment(database_clock(session)).partition(" ")[0]
    return {
        "message": f"Saved at {time}",
        "version": item.version,
        "isComplete": item.is_complete,
        "missing": sheet.missing,
    }, 200


def _back(item: SheetItem, ocid: str) -> str:
    """The page the mark was saved from, at the mark."""
    anchor = f"mark-{item.key}"
    if request.args.get("from") == ACROSS_BIDS:
        return url_for("buyer.mark_criterion", ocid=ocid, criterion=item.criterion.code, _anchor=anchor)
    if request.args.get("from") == ACROSS_CRITERIA:
        return url_for("buyer.mark_bid", ocid=ocid, bid_id=item.bid.bid_id, _anchor=anchor)
    return url_for("buyer.marking", ocid=ocid)
