"""Questions of suppliers, those that wait first, and answers that everyone reads at the same moment."""

from typing import Any

from flask import flash, redirect, render_template, url_for
from werkzeug.wrappers import Response

from wpound.services.clarify_tender import Answer, publish_answer
from wpound.services.reach_tender import reach_tender
from wpound.services.read_dialogue import read_dialogue, read_question
from wpound.web.access import Policy, current_person, requires
from wpound.web.buyer.dialogue.forms_dialogue import AnswerForm, ExplainForm
from wpound.web.buyer.setup.saving import attempt
from wpound.web.extensions import site
from wpound.web.reading import reading_page

TOLD = "Published. Everyone who follows the tender or bids for it is sent an email."


@requires(Policy.OFFICER)
def clarifications(ocid: str) -> str | Response | tuple[str, int]:
    """Every question and answer, and a form to explain something of one's own accord."""
    with reading_page() as session:
        dialogue = read_dialogue(session, current_person(), ocid)
    form = ExplainForm()
    if form.validate_on_submit() and attempt(form, lambda session: _publish(session, ocid, form)):
        flash(TOLD, "success")
        return redirect(url_for("buyer.clarifications", ocid=ocid), 303)
    page = render_template("buyer/dialogue/clarifications.html", dialogue=dialogue, tender=dialogue.tender, form=form)
    return (page, 400) if form.errors else page


@requires(Policy.OFFICER)
def clarification(ocid: str, clarification_id: int) -> str | Response | tuple[str, int]:
    """One question as it was asked, and the words in which everyone will read it with its answer."""
    with reading_page() as session:
        dialogue, question = read_question(session, current_person(), ocid, clarification_id)
    form = AnswerForm(data={"question": question.clarification.asked})
    if form.validate_on_submit() and attempt(form, lambda session: _publish(session, ocid, form, clarification_id)):
        flash(TOLD, "success")
        return redirect(url_for("buyer.clarifications", ocid=ocid), 303)
    page = render_template(
        "buyer/dialogue/clarification.html", dialogue=dialogue, tender=dialogue.tender, question=question, form=form
    )
    return (page, 400) if form.errors else page


def _publish(session: Any, ocid: str, form: AnswerForm, clarification_id: int | None = None) -> None:
    person = current_person()
    publish_answer(
        session,
        reach_tender(session, person, ocid, Policy.OFFICER),
        Answer(str(form.question.data), str(form.answer.data)),
        actor=person.email,
        base_url=site().settings.base_url,
        clarification_id=clarification_id,
    )
