"""A supplier's own questions about a tender."""

from flask import flash, redirect, render_template, url_for
from werkzeug.wrappers import Response

from wpound.core.errors import InputError, StateError
from wpound.services.clarify_tender import ask_clarification
from wpound.services.reach_tender import get_published
from wpound.services.read_dialogue import read_own_questions
from wpound.store.engine import writing
from wpound.web.access import Policy, current_person, requires
from wpound.web.extensions import site
from wpound.web.reading import reading_page
from wpound.web.supplier.forms_clarifications import AskForm


@requires(Policy.SUPPLIER)
def clarifications(ocid: str) -> str | Response | tuple[str, int]:
    """What the organisation asked, what became of it, and a form to ask more."""
    with reading_page() as session:
        own = read_own_questions(session, current_person(), ocid)
    form = AskForm()
    if form.validate_on_submit() and _ask(form, ocid):
        flash("Your question is with the buyer. You get an email when the answer is published to everyone.", "success")
        return redirect(url_for("supplier.clarifications", ocid=ocid), 303)
    page = render_template("supplier/clarifications.html", own=own, tender=own.tender, form=form)
    return (page, 400) if form.errors else page


def _ask(form: AskForm, ocid: str) -> bool:
    try:
        with writing(site().engine) as session:
            tender = get_published(session, ocid)
            question = str(form.question.data)
            ask_clarification(session, tender, current_person(), question, base_url=site().settings.base_url)
    except InputError as error:
        form.refuse(error)
    except StateError as error:
        form.form_errors.append(error.message)
    return not form.errors
