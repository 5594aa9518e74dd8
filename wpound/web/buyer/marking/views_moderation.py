"""Moderation: see how far evaluators are apart, agree on each mark, read what was ever written, and lock all."""

from typing import Any

from flask import flash, redirect, render_template, url_for
from werkzeug.wrappers import Response

from wpound.core.errors import InputError, InputErrors, StaleEdit
from wpound.services.moderate_marks import close_sheets, lock_marks, moderate_mark
from wpound.services.read_moderation import Moderation, Row, get_history, get_lock, get_moderation, get_row
from wpound.store.engine import reading, writing
from wpound.web.access import Policy, current_person, requires
from wpound.web.buyer.marking.forms_marking import AgreeForm, CloseSheetsForm
from wpound.web.buyer.marking.reasons import tells_why
from wpound.web.extensions import site
from wpound.web.forms import ConfirmForm
from wpound.web.reading import reading_page


@requires(Policy.TENDER)
@tells_why
def moderation(ocid: str) -> str:
    """The marks of all evaluators side by side, once all have finished."""
    with reading_page() as session:
        found = get_moderation(session, current_person(), ocid, site().catalogue)
    return render_template("buyer/marking/moderation.html", moderation=found)


@requires(Policy.OFFICER)
@tells_why
def begin_moderation(ocid: str) -> str | Response | tuple[str, int]:
    """Ask why, then close the sheets of those who have not finished."""
    with reading(site().engine) as session:
        found = get_moderation(session, current_person(), ocid, site().catalogue)
    form = CloseSheetsForm()
    if form.validate_on_submit():
        with writing(site().engine) as session:
            close_sheets(session, current_person(), ocid, reason=form.reason.data or "")
        flash("Moderation has begun. The sheets that were open stay as they are.", "success")
        return redirect(url_for("buyer.moderation", ocid=ocid), 303)
    page = render_template("buyer/marking/begin_moderation.html", moderation=found, form=form)
    return (page, 400) if form.errors else page


@requires(Policy.TENDER)
@tells_why
def moderate(ocid: str, bid_id: int, criterion: str) -> str | Response | tuple[str, int]:
    """One row: every evaluator's mark and reason, the bidder's answer, and the mark that is agreed."""
    found, row = _find_row(ocid, bid_id, criterion)
    form = _agree_form(found, row)
    if form.validate_on_submit() and _agree(form, ocid, bid_id, criterion):
        flash(f"Agreed: {row.bid.name}, {row.criterion.heading}.", "success")
        return redirect(url_for("buyer.moderation", ocid=ocid, _anchor=f"criterion-{row.criterion.code}"), 303)
    page = render_template("buyer/marking/moderate.html", moderation=found, row=row, form=form)
    return (page, 400) if form.errors else page


@requires(Policy.TENDER)
@tells_why
def mark_history(ocid: str, bid_id: int, criterion: str) -> str:
    """Everything ever written under one criterion of one bid."""
    with reading_page() as session:
        history = get_history(session, current_person(), ocid, bid_id, criterion, site().catalogue)
    return render_template("buyer/marking/history.html", history=history)


@requires(Policy.OFFICER)
@tells_why
def lock_moderation(ocid: str) -> str | Response | tuple[str, int]:
    """What is still missing, or the button that locks every mark for good."""
    with reading(site().engine) as session:
        tender, missing = get_lock(session, current_person(), ocid)
    form = ConfirmForm()
    if form.validate_on_submit() and _lock(form, ocid):
        flash("The marks are locked. Nothing about them changes any more.", "success")
        return redirect(url_for("buyer.lock_moderation", ocid=ocid), 303)
    page = render_template("buyer/marking/lock.html", tender=tender, missing=missing, form=form)
    return (page, 400) if form.form_errors else page


def _find_row(ocid: str, bid_id: int, criterion: str) -> tuple[Moderation, Row]:
    with reading(site().engine) as session:
        return get_row(session, current_person(), ocid, bid_id, criterion, site().catalogue)


def _agree_form(found: Moderation, row: Row, **options: Any) -> AgreeForm:
    """The form as it is opened now; where nothing is agreed yet, all evaluators are taken to be present."""
    if row.agreed is None:
        return AgreeForm(data={"version": 0, "present": "\n".join(found.evaluators)}, **options)
    agreed = row.agreed
    data = {"version": agreed.version, "mark": agreed.mark, "reason": agreed.reason}
    return AgreeForm(data=data | {"present": "\n".join(agreed.present)}, **options)


def _agree(form: AgreeForm, ocid: str, bid_id: int, criterion: str) -> bool:
    try:
        with writing(site().engine) as session:
            moderate_mark(
                session,
                current_person(),
                ocid,
                bid_id,
                criterion,
                mark=form.mark.data,
                reason=form.reason.data or "",
                present=form.names,
                version=form.version_shown,
            )
    except (InputError, InputErrors) as error:
        form.refuse(error)
    except StaleEdit:
        raise form.beside(_agree_form(*_find_row(ocid, bid_id, criterion), formdata=None)) from None
    return not form.errors


def _lock(form: ConfirmForm, ocid: str) -> bool:
    try:
        with writing(site().engine) as session:
            lock_marks(session, current_person(), ocid)
    except InputErrors as error:
        form.form_errors += [one.message for one in error.errors]
    return not form.form_errors
