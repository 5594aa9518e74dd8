"""Read a bid through, hand it in, confirm it after a change of the tender, or take it back."""

from collections.abc import Callable
from typing import Any

from flask import Response, flash, redirect, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from wpound.core.errors import InputErrors, StaleEdit, StateError
from wpound.services.access import is_same_person
from wpound.services.edit_bid_draft import review_bid
from wpound.services.exchange_bid_workbook import find_submitted
from wpound.services.submit_draft import Handing, confirm_bid, submit_draft, withdraw_draft
from wpound.services.view_bid import BidView
from wpound.store.engine import reading, writing
from wpound.web.access import Policy, current_person, requires
from wpound.web.downloads import save_as
from wpound.web.extensions import site
from wpound.web.forms import ConfirmForm
from wpound.web.supplier.bids.forms_submit import SubmitForm, VersionForm
from wpound.web.supplier.bids.place import load_bid, place_of, show

Page = str | AnyResponse | tuple[str, int]


@requires(Policy.SUPPLIER)
def review(ocid: str, lot: int) -> Page:
    """All of the bid on one page, with what is missing and what to think about; a colleague marks it as right."""
    view, form = load_bid(ocid, lot), VersionForm()
    person = current_person()
    if view.draft is None and not view.is_open:
        return redirect(url_for("supplier.bid", **place_of(view)), 303)
    if form.validate_on_submit():
        if _tried(form, lambda session: _review(session, ocid, lot, form)):
            flash("You have marked the bid as read and right.", "success")
            return redirect(url_for("supplier.review", **place_of(view)), 303)
    else:
        form.version.data = str(view.version)
    wrote_last = view.draft is not None and is_same_person(view.draft.updated_by, person.email)
    page = show("supplier/bids/review.html", view, form=form, wrote_last=wrote_last)
    return (page, 400) if form.form_errors else page


def _review(session: Any, ocid: str, lot: int, form: VersionForm) -> None:
    review_bid(session, current_person(), ocid, lot, version=form.version_shown, settings=site().settings)


@requires(Policy.SUPPLIER)
def submit(ocid: str, lot: int) -> Page:
    """Acknowledge the warnings and hand the bid in; the receipt is shown and mailed."""
    view = load_bid(ocid, lot)
    # Whoever sends the form is judged by the service, which tells the late ones so.
    if request.method == "GET" and (not view.is_open or view.draft is None):
        return redirect(url_for("supplier.bid", **place_of(view)), 303)
    form = SubmitForm.of(len(view.warnings))
    receipts: list[str] = []
    if request.method == "GET":
        form.version.data = str(view.version)
    elif form.validate_on_submit() and _tried(form, lambda session: receipts.append(_submit(session, view, form))):
        flash("Your bid was submitted. This is the receipt; you and your colleagues get it by email, too.", "success")
        return redirect(url_for("supplier.receipt", receipt=receipts[0]), 303)
    elif form.form_errors and (given := _given_already(ocid, lot, form.version_shown)):
        flash("Your bid was submitted already. This is its receipt.", "success")
        return redirect(url_for("supplier.receipt", receipt=given), 303)
    page = show("supplier/bids/submit.html", view, form=form)
    return (page, 400) if form.errors else page


def _given_already(ocid: str, lot: int, version: int) -> str | None:
    """The code of the receipt that was given for the bid as it was shown: somebody has clicked twice."""
    now = load_bid(ocid, lot)
    is_next = now.version == version + 1 and not now.work.is_changed
    return now.standing.code if now.standing is not None and is_next else None


def _submit(session: Any, view: BidView, form: SubmitForm) -> str:
    version = form.version_shown
    place = place_of(view)
    return submit_draft(session, current_person(), **place, version=version, handing=_handing()).code


@requires(Policy.SUPPLIER)
def confirm(ocid: str, lot: int) -> Page:
    """Confirm the bid that is in after the tender was changed."""
    view, form = load_bid(ocid, lot), ConfirmForm()
    if not view.is_open or not view.must_confirm:
        return redirect(url_for("supplier.bid", **place_of(view)), 303)
    receipts: list[str] = []
    if form.validate_on_submit() and _tried(form, lambda session: receipts.append(_confirm(session, ocid, lot))):
        flash(
            "Your bid is confirmed. This is the new receipt; you and your colleagues get it by email, too.", "success"
        )
        return redirect(url_for("supplier.receipt", receipt=receipts[0]), 303)
    page = show("supplier/bids/confirm.html", view, form=form)
    return (page, 400) if form.form_errors else page


def _confirm(session: Any, ocid: str, lot: int) -> str:
    return confirm_bid(session, current_person(), ocid, lot, handing=_handing()).code


@requires(Policy.SUPPLIER)
def withdraw(ocid: str, lot: int) -> Page:
    """Ask once more, then take the bid back."""
    view, form = load_bid(ocid, lot), ConfirmForm()
    if not view.is_open or view.standing is None:
        return redirect(url_for("supplier.bid", **place_of(view)), 303)
    if form.validate_on_submit() and _tried(form, lambda session: _withdraw(session, ocid, lot)):
        flash("Your bid was withdrawn. What you wrote is still here as a draft.", "success")
        return redirect(url_for("supplier.bid", **place_of(view)), 303)
    page = show("supplier/bids/withdraw.html", view, form=form)
    return (page, 400) if form.form_errors else page


def _withdraw(session: Any, ocid: str, lot: int) -> None:
    withdraw_draft(session, current_person(), ocid, lot, handing=_handing())


@requires(Policy.SUPPLIER)
def submitted_bid(ocid: str, lot: int) -> Response:
    """The bid that is in, in the very bytes its fingerprint was taken of; to be had until the tender is closed."""
    with reading(site().engine) as session:
        content = find_submitted(session, current_person(), ocid, lot, settings=site().settings)
    response = save_as(Response(content.to_json(), content_type="application/json"), "bid.json")
    response.headers["Cache-Control"] = "private, no-store"
    return response


def _handing() -> Handing:
    here = site()
    return Handing(here.catalogue, here.settings, _receipt_address)


def _receipt_address(code: str) -> str:
    return site().settings.base_url + url_for("supplier.receipt", receipt=code)


def _tried(form: Any, act: Callable[[Any], object]) -> bool:
    """Do it in a transaction; what the service objects to is said on the form."""
    try:
        with writing(site().engine) as session:
            act(session)
    except StaleEdit:
        form.form_errors.append("A colleague changed the bid after you opened this page. Read it again as it is now.")
    except InputErrors:
        form.form_errors.append("Something is missing in this bid. Go back to its task list, which says what.")
    except StateError as error:
        form.form_errors.append(error.message)
    return not form.form_errors
