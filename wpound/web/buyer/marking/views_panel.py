"""Seat the panel, decide about interests, and declare one's own."""

from typing import Any

from flask import flash, redirect, render_template, url_for
from werkzeug.wrappers import Response

from wpound.core.errors import InputError, StaleEdit, StateError
from wpound.services.declare_interest import decide_interest, declare_interest, get_declaration, list_bidders
from wpound.services.seat_panel import SeatRow, get_panel, get_seat_row, leave_panel, seat_evaluator
from wpound.store.engine import reading, writing
from wpound.web.access import Policy, current_person, requires
from wpound.web.buyer.marking.forms_marking import DecideForm, DeclarationForm, RemoveSeatForm, SeatForm
from wpound.web.buyer.marking.reasons import tells_why
from wpound.web.extensions import site


@requires(Policy.OFFICER)
@tells_why
def panel(ocid: str) -> str | Response | tuple[str, int]:
    """Who evaluates, what they declared and how far they are; and a form that seats another."""
    with reading(site().engine) as session:
        found = get_panel(session, current_person(), ocid)
        bidders = list_bidders(session, found.tender) if found.is_opened else []
    form = SeatForm(found.candidates)
    if form.validate_on_submit() and _seat(form, ocid):
        flash("They are on the panel. If they were signed in, they have to sign in again.", "success")
        return redirect(url_for("buyer.panel", ocid=ocid), 303)
    page = render_template("buyer/marking/panel.html", panel=found, bidders=bidders, form=form)
    return (page, 400) if form.errors else page


def _seat(form: SeatForm, ocid: str) -> bool:
    try:
        with writing(site().engine) as session:
            seat_evaluator(session, current_person(), ocid, form.user.row_number or 0, is_chair=form.is_chair.data)
    except InputError as error:
        form.refuse(error)
    except StateError as error:
        form.form_errors.append(error.message)
    return not form.errors


@requires(Policy.OFFICER)
@tells_why
def remove_seat(ocid: str, seat_id: int) -> str | Response | tuple[str, int]:
    """Ask why, then take an evaluator off the panel."""
    with reading(site().engine) as session:
        tender, row = get_seat_row(session, current_person(), ocid, seat_id)
    form = RemoveSeatForm()
    if form.validate_on_submit():
        with writing(site().engine) as session:
            leave_panel(session, current_person(), ocid, seat_id, reason=form.reason.data or "")
        flash(f"{row.name} is no longer on the panel.", "success")
        return redirect(url_for("buyer.panel", ocid=ocid), 303)
    page = render_template("buyer/marking/remove_seat.html", tender=tender, row=row, form=form)
    return (page, 400) if form.errors else page


@requires(Policy.OFFICER)
@tells_why
def decide(ocid: str, seat_id: int) -> str | Response | tuple[str, int]:
    """What an evaluator declared, and what the officer decides about it."""
    with reading(site().engine) as session:
        tender, row = get_seat_row(session, current_person(), ocid, seat_id)
    form = _decide_form(row)
    if form.validate_on_submit() and _decide(form, ocid, seat_id):
        flash(f"Your decision about {row.name} is recorded.", "success")
        return redirect(url_for("buyer.panel", ocid=ocid), 303)
    page = render_template("buyer/marking/decide.html", tender=tender, row=row, form=form)
    return (page, 400) if form.errors else page


def _decide_form(row: SeatRow, **options: Any) -> DecideForm:
    """The form as it is opened now."""
    seat = row.seat
    said = {True: "yes", False: "no", None: None}[seat.allowed]
    return DecideForm(data={"version": seat.version, "allowed": said, "because": seat.decided_because}, **options)


def _decide(form: DecideForm, ocid: str, seat_id: int) -> bool:
    try:
        with writing(site().engine) as session:
            decide_interest(
                session,
                current_person(),
                ocid,
                seat_id,
                allowed=form.allowed.data == "yes",
                because=form.because.data or "",
                version=form.version_shown,
            )
    except InputError as error:
        form.refuse(error)
    except StaleEdit:
        with reading(site().engine) as session:
            _, row = get_seat_row(session, current_person(), ocid, seat_id)
        raise form.beside(_decide_form(row, formdata=None)) from None
    return not form.errors


@requires(Policy.EVALUATOR)
@tells_why
def declaration(ocid: str) -> str | Response | tuple[str, int]:
    """The names of all bidders, and whether the evaluator has an interest in any."""
    with reading(site().engine) as session:
        found = get_declaration(session, current_person(), ocid)
    form = DeclarationForm()
    if form.validate_on_submit() and _declare(form, ocid):
        flash("Your declaration is recorded.", "success")
        has_interest = form.has_interest.data == "yes"
        return redirect(url_for("buyer.declaration" if has_interest else "buyer.marking", ocid=ocid), 303)
    page = render_template("buyer/marking/declaration.html", declaration=found, form=form)
    return (page, 400) if form.errors else page


def _declare(form: DeclarationForm, ocid: str) -> bool:
    try:
        with writing(site().engine) as session:
            declare_interest(
                session,
                current_person(),
                ocid,
                has_interest=form.has_interest.data == "yes",
                statement=form.statement.data,
            )
    except InputError as error:
        form.refuse(error)
    return not form.errors
