"""Later deadlines and amendments, proposed by one officer and agreed by another; and the end of a tender."""

from typing import Any

from flask import flash, redirect, render_template, url_for
from werkzeug.wrappers import Response

from wpound.services.access import is_same_person
from wpound.services.cancel_tender import cancel_tender as end_tender
from wpound.services.change_tender import Proposal, decide_change, propose_change
from wpound.services.reach_tender import reach_tender
from wpound.services.read_dialogue import read_change, read_dialogue
from wpound.web.access import Policy, current_person, requires
from wpound.web.buyer.dialogue.forms_dialogue import AGREE, KINDS, CancelForm, ChangeForm, DecideForm
from wpound.web.buyer.setup.saving import attempt
from wpound.web.extensions import site
from wpound.web.reading import reading_page


@requires(Policy.OFFICER)
def changes(ocid: str) -> str | Response | tuple[str, int]:
    """Every change of the tender, and a form to propose one."""
    person = current_person()
    with reading_page() as session:
        dialogue = read_dialogue(session, person, ocid)
    form = ChangeForm()
    if form.validate_on_submit() and attempt(form, lambda session: _propose(session, ocid, form)):
        flash("Proposed. Nothing changes before another officer agrees.", "success")
        return redirect(url_for("buyer.changes", ocid=ocid), 303)
    page = render_template(
        "buyer/dialogue/changes.html", dialogue=dialogue, tender=dialogue.tender, form=form, person=person
    )
    return (page, 400) if form.errors else page


@requires(Policy.OFFICER)
def change(ocid: str, change_number: int) -> str | Response | tuple[str, int]:
    """One change, which another officer than the one who proposed it agrees to or turns down."""
    person = current_person()
    with reading_page() as session:
        dialogue, proposed = read_change(session, person, ocid, change_number)
    form = DecideForm()
    if form.validate_on_submit() and attempt(form, lambda session: _decide(session, ocid, change_number, form)):
        is_agreed = form.decision.data == AGREE
        said = "The change is made and everyone is told." if is_agreed else "Turned down. Everything stays as it is."
        flash(said, "success")
        return redirect(url_for("buyer.changes", ocid=ocid), 303)
    page = render_template(
        "buyer/dialogue/change.html",
        dialogue=dialogue,
        tender=dialogue.tender,
        change=proposed,
        form=form,
        is_own=is_same_person(proposed.proposed_by, person.email),
    )
    return (page, 400) if form.errors else page


@requires(Policy.OFFICER)
def cancel_tender(ocid: str) -> str | Response | tuple[str, int]:
    """Say what the end of a tender means, and ask for the reason."""
    with reading_page() as session:
        tender = reach_tender(session, current_person(), ocid, Policy.OFFICER)
    form = CancelForm()
    if form.validate_on_submit() and attempt(form, lambda session: _cancel(session, ocid, form)):
        flash("The tender has ended without an award.", "success")
        return redirect(url_for("buyer.tender", ocid=ocid), 303)
    page = render_template("buyer/dialogue/cancel.html", tender=tender, form=form)
    return (page, 400) if form.errors else page


def _propose(session: Any, ocid: str, form: ChangeForm) -> None:
    person = current_person()
    proposal = Proposal(KINDS[str(form.kind.data)], str(form.words.data), str(form.reason.data), form.moment)
    propose_change(session, reach_tender(session, person, ocid, Policy.OFFICER), proposal, actor=person.email)


def _decide(session: Any, ocid: str, number: int, form: DecideForm) -> None:
    person = current_person()
    decide_change(
        session,
        reach_tender(session, person, ocid, Policy.OFFICER),
        number,
        agreed=form.decision.data == AGREE,
        actor=person.email,
        base_url=site().settings.base_url,
    )


def _cancel(session: Any, ocid: str, form: CancelForm) -> None:
    person = current_person()
    end_tender(
        session,
        reach_tender(session, person, ocid, Policy.OFFICER),
        reason=str(form.reason.data),
        actor=person.email,
        base_url=site().settings.base_url,
    )
