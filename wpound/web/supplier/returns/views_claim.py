"""One line of a supplier's return: write in it, answer a question about it, leave a note, or propose a correction."""

from collections.abc import Callable
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from wpound.core.delivery import ClaimState, Side
from wpound.core.errors import InputError, InputErrors, StaleEdit, StateError
from wpound.services.access import Person
from wpound.services.answer_query import answer_query, write_note
from wpound.services.check_claim import DECIDED
from wpound.services.correct_claim import propose_correction
from wpound.services.edit_claim import OPEN_STATES, edit_claim
from wpound.services.show_claim import ClaimLine
from wpound.services.show_return import ReturnPage, show_own_claim
from wpound.store.engine import reading, writing
from wpound.web.access import Policy, current_person, requires
from wpound.web.extensions import site
from wpound.web.forms import Form
from wpound.web.supplier.returns.forms_claim import (
    AnswerForm,
    ClaimForm,
    CorrectionForm,
    NoteForm,
    columns_of,
    make_claim_form,
)

Answer = str | Response | tuple[str, int]
Act = Callable[[Any, Person], object]
# The button that saves and goes on with the rows.
MORE = "more"


@requires(Policy.SUPPLIER)
def claim(return_id: int, claim_id: int) -> Answer:
    """A line with all that belongs to it; while it is open, its figures can be written."""
    page, line = _load(return_id, claim_id)
    if request.method == "GET":
        return _show(page, line)
    form = make_claim_form(line, request.form)
    if form.validate_on_submit() and _save(form, return_id, claim_id):
        _, saved = _load(return_id, claim_id)
        comes_to = f"This line comes to {saved.format(saved.claimed)}." if saved.is_answered else None
        flash(" ".join(filter(None, ("Saved.", comes_to, saved.missing))), "notice" if saved.missing else "success")
        anchor = f"row-{len(saved.entries) + 1}" if request.form.get("next") == MORE else None
        return redirect(url_for("supplier.claim", return_id=return_id, claim_id=claim_id, _anchor=anchor), 303)
    return _show(page, line, form=form)


def _save(form: ClaimForm, return_id: int, claim_id: int) -> bool:
    about: Any = {"version": form.version_shown, "catalogue": site().catalogue, "settings": site().settings}
    content = form.to_content()
    try:
        return _act(form, lambda session, person: edit_claim(session, person, return_id, claim_id, content, **about))
    except StaleEdit:
        _, now = _load(return_id, claim_id)
        raise form.beside(make_claim_form(now, formdata=None)) from None


@requires(Policy.SUPPLIER)
def answer_claim(return_id: int, claim_id: int) -> Answer:
    """Answer the buyer's question, which sends the line again."""
    page, line = _load(return_id, claim_id)
    form = AnswerForm()
    text = str(form.answer.data or "")
    try:
        if form.validate_on_submit() and _act(
            form,
            lambda session, person: answer_query(
                session, person, return_id, claim_id, text, version=form.version_shown, catalogue=site().catalogue
            ),
        ):
            flash("Your answer and this line were sent to the buyer.", "success")
            return _back(return_id, claim_id)
    except StaleEdit:
        form.form_errors.append("A colleague changed this line after you opened the page. Read it as it is now.")
        page, line = _load(return_id, claim_id)
        form.version.data = str(line.claim.version)
    return _show(page, line, answer=form)


@requires(Policy.SUPPLIER)
def note_claim(return_id: int, claim_id: int) -> Answer:
    """Leave a note in the thread of a line."""
    page, line = _load(return_id, claim_id)
    form = NoteForm()
    text = str(form.note.data or "")
    if form.validate_on_submit() and _act(
        form, lambda session, person: write_note(session, person, return_id, claim_id, text, side=Side.SUPPLIER)
    ):
        flash("Your note was added.", "success")
        return _back(return_id, claim_id)
    return _show(page, line, note=form)


@requires(Policy.SUPPLIER)
def correct_claim(return_id: int, claim_id: int) -> Answer:
    """Propose another figure for a line that was decided."""
    page, line = _load(return_id, claim_id)
    if line.claim.state not in DECIDED or line.open_correction:
        return _back(return_id, claim_id)
    form = _correction_form(line)
    try:
        if form.validate_on_submit() and _act(
            form,
            lambda session, person: propose_correction(
                session,
                person,
                return_id,
                claim_id,
                form.to_proposal(),
                side=Side.SUPPLIER,
                version=form.version_shown,
            ),
        ):
            flash("The correction was proposed. Until the buyer accepts it, the figures stay as they are.", "success")
            return _back(return_id, claim_id)
    except StaleEdit:
        raise form.beside(_correction_form(_load(return_id, claim_id)[1], formdata=None)) from None
    shown = render_template("supplier/returns/correction.html", page=page, line=line, form=form)
    return (shown, 400) if form.errors else shown


def _correction_form(line: ClaimLine, **options: Any) -> CorrectionForm:
    return CorrectionForm(data={"version": line.claim.version, "claimed": line.claimed}, **options)


def _load(return_id: int, claim_id: int) -> tuple[ReturnPage, ClaimLine]:
    here = site()
    with reading(here.engine) as session:
        page = show_own_claim(session, current_person(), return_id, claim_id, here.catalogue, here.settings)
        return page, page.line(claim_id)


def _act(form: Form, do: Act) -> bool:
    """Do something in one transaction; what the service objects to is said on the form. Whether it was done."""
    try:
        with writing(site().engine) as session:
            do(session, current_person())
    except (InputError, InputErrors) as error:
        if isinstance(form, ClaimForm):
            form.refuse_entries(error)
        else:
            form.refuse(error)
    except StaleEdit:
        raise
    except StateError as error:
        form.form_errors.append(error.message)
    return not form.errors


def _back(return_id: int, claim_id: int) -> Response:
    return redirect(url_for("supplier.claim", return_id=return_id, claim_id=claim_id), 303)


def _show(page: ReturnPage, line: ClaimLine, **sent: Form) -> Answer:
    """The page with its forms, of which one may have been sent and refused."""
    is_open = line.claim.state in OPEN_STATES
    version = {"version": line.claim.version}
    forms: dict[str, Form | None] = {
        "form": make_claim_form(line, formdata=None) if is_open else None,
        "answer": AnswerForm(formdata=None, data=version) if line.claim.state is ClaimState.QUERIED else None,
        "note": None if page.is_draft else NoteForm(formdata=None),
    }
    forms |= sent
    shown = render_template("supplier/returns/claim.html", page=page, line=line, columns=columns_of(line), **forms)
    wrong = any(form.errors for form in sent.values())
    return (shown, 400) if wrong else shown
