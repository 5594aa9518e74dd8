"""The right of reply: what buyers ask about bids, and the bidder's one reply to each question."""

from flask import flash, redirect, render_template, url_for
from werkzeug.wrappers import Response

from wpound.core.errors import InputError, StateError
from wpound.services.answer_question import LONGEST_REPLY, get_put_question, list_put_questions, reply_to_question
from wpound.store.engine import reading, writing
from wpound.web.access import Policy, current_person, requires
from wpound.web.extensions import site
from wpound.web.fields import LongTextField
from wpound.web.forms import Form
from wpound.web.reading import reading_page


class ReplyForm(Form):
    """A reply, which is sent once."""

    reply = LongTextField("Your reply", longest=LONGEST_REPLY, missing="Write your reply")


@requires(Policy.SUPPLIER)
def bid_questions() -> str:
    """Every question to the organisation, the newest first."""
    with reading_page() as session:
        questions = list_put_questions(session, current_person())
    return render_template("supplier/questions/questions.html", questions=questions)


@requires(Policy.SUPPLIER)
def bid_question(question_id: int) -> str | Response | tuple[str, int]:
    """One question; the reply is sent from here."""
    with reading(site().engine) as session:
        question = get_put_question(session, current_person(), question_id)
    form = ReplyForm()
    if form.validate_on_submit() and _reply(form, question_id):
        flash("Your reply is sent.", "success")
        return redirect(url_for("supplier.bid_question", question_id=question_id), 303)
    page = render_template("supplier/questions/question.html", question=question, form=form)
    return (page, 400) if form.errors else page


def _reply(form: ReplyForm, question_id: int) -> bool:
    try:
        with writing(site().engine) as session:
            reply_to_question(session, current_person(), question_id, reply=form.reply.data or "")
    except InputError as error:
        form.refuse(error)
    except StateError as error:
        form.form_errors.append(error.message)
    return not form.errors
