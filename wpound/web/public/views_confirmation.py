"""The page behind the link that somebody who benefited was sent: one question, answered once and without an account."""

from flask import abort, redirect, render_template, request, url_for
from flask_wtf.csrf import CSRFError, validate_csrf  # type: ignore[import-untyped]
from werkzeug.wrappers import Response
from wtforms.validators import ValidationError  # type: ignore[import-untyped]

from wpound.core.errors import InputErrors, NotFound
from wpound.services.answer_confirmation import answer_confirmation, view_question
from wpound.services.limit_attempts import ANSWERS_FROM, network_of, take_attempt
from wpound.store.engine import writing
from wpound.web.access import Policy, requires
from wpound.web.extensions import site
from wpound.web.public.forms_confirmation import AnswerForm
from wpound.web.reading import reading_page

Page = str | Response | tuple[str, int]


@requires(Policy.PUBLIC)
def confirmation(token: str) -> Page:
    """What is asked, and the answer; programs that look through mails open links, so opening one uses nothing up."""
    if request.method == "POST":
        _require_token()
        _require_few()
    try:
        return _ask(token)
    except NotFound:
        return render_template("public/confirmation_gone.html"), 404


@requires(Policy.PUBLIC)
def confirmed() -> str:
    """The answer has arrived; nothing of it is in this address."""
    return render_template("public/confirmed.html")


def _ask(token: str) -> Page:
    here = site()
    with reading_page() as session:
        asked = view_question(session, token, here.catalogue, here.settings)
    form = AnswerForm(asked.claim.quantity.unit)
    if form.validate_on_submit():
        try:
            with writing(here.engine) as session:
                answer_confirmation(session, token, form.answer, here.settings)
            return redirect(url_for("public.confirmed"), 303)
        except InputErrors as error:
            form.refuse(error)
    page = render_template("public/confirmation.html", form=form, asked=asked)
    return (page, 400) if form.errors else page


def _require_token() -> None:
    """The form's token; not where it was sent from, which browsers do not say of a page that tells no referrer."""
    try:
        validate_csrf(request.form.get("csrf_token"))
    except ValidationError as error:
        raise CSRFError(str(error)) from None


def _require_few() -> None:
    with writing(site().engine) as session:
        may_try = take_attempt(session, ANSWERS_FROM, network_of(request.remote_addr or ""))
    if not may_try:
        abort(429)
