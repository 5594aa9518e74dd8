"""Ask those who benefited whether a claim is true, and read what they said."""

from typing import Any

from flask import flash, redirect, render_template, url_for
from werkzeug.wrappers import Response

from wpound.core.errors import InputErrors, NotFound, StateError
from wpound.documents.qr_code import draw_qr_code
from wpound.services.ask_beneficiary import (
    Asked,
    AskedOne,
    ConfirmationPage,
    ask_beneficiary,
    show_confirmations,
    withdraw_confirmation,
)
from wpound.store.engine import writing
from wpound.web.access import Policy, current_person, requires
from wpound.web.buyer.returns.forms_confirmation import AskForm
from wpound.web.extensions import site
from wpound.web.forms import ConfirmForm
from wpound.web.reading import reading_page

Page = str | Response | tuple[str, int]


@requires(Policy.CONTRACT_MANAGER)
def confirmation(return_id: int, claim_id: int) -> Page:
    """Who was asked and what they said; ask somebody else. A link that is not mailed is shown this once."""
    page = _load(return_id, claim_id)
    form = AskForm(page.words.question)
    if form.validate_on_submit() and (asked := _ask(form, return_id, claim_id)):
        if asked.link:
            return _show_link(asked, page)
        flash(f"A link is on its way to {asked.asked_of}.", "success")
        return _back(return_id, claim_id)
    shown = render_template("buyer/returns/confirmation.html", form=form, page=page)
    return (shown, 400) if form.errors else shown


@requires(Policy.CONTRACT_MANAGER)
def withdraw(return_id: int, claim_id: int, confirmation_id: int) -> Page:
    """Take a link back that nobody has answered yet."""
    page, form = _load(return_id, claim_id), ConfirmForm()
    one = _find(page, confirmation_id)
    if form.validate_on_submit():
        try:
            with writing(site().engine) as session:
                withdraw_confirmation(session, current_person(), return_id, claim_id, confirmation_id)
        except StateError as error:
            flash(error.message, "error")
        else:
            flash(f"The link for {one.confirmation.asked_of} no longer works.", "success")
        return _back(return_id, claim_id)
    return render_template("buyer/returns/withdraw_confirmation.html", form=form, page=page, one=one)


def _load(return_id: int, claim_id: int) -> ConfirmationPage:
    with reading_page() as session:
        return show_confirmations(session, current_person(), return_id, claim_id, site().catalogue)


def _find(page: ConfirmationPage, confirmation_id: int) -> AskedOne:
    found = next((one for one in page.asked if one.confirmation.id == confirmation_id), None)
    if found is None:
        raise NotFound("Nobody was asked this about this line.")
    return found


def _ask(form: Any, return_id: int, claim_id: int) -> Asked | None:
    try:
        with writing(site().engine) as session:
            return ask_beneficiary(
                session,
                current_person(),
                return_id,
                claim_id,
                asked_of=str(form.asked_of.data),
                email=form.email.data,
                question=str(form.question.data),
                days=int(form.days.data),
                settings=site().settings,
            )
    except InputErrors as error:
        form.refuse(error)
    except StateError as error:
        form.form_errors.append(error.message)
    return None


def _show_link(asked: Asked, page: ConfirmationPage) -> str:
    """Not led on to another address: whatever remembered the link for that would keep it."""
    code = draw_qr_code(str(asked.link), title="The link as a QR code", css_class="app-qr-code", border=4)
    return render_template("buyer/returns/confirmation_link.html", asked=asked, page=page, code=code)


def _back(return_id: int, claim_id: int) -> Response:
    return redirect(url_for("buyer.confirmation", return_id=return_id, claim_id=claim_id), 303)
