"""One line of a return: what it is made of, and the decision about it."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any, cast

from flask import flash, redirect, render_template, url_for
from werkzeug.wrappers import Response

from wpound.core.delivery import ClaimState, Side
from wpound.core.errors import InputErrors, NotFound, StaleEdit, StateError
from wpound.services.access import Person
from wpound.services.approve_line import OWN_LINE
from wpound.services.check_claim import approve_claim, query_claim, reject_claim
from wpound.services.correct_claim import accept_correction, propose_correction, refuse_correction
from wpound.services.review_return import ClaimReview, review_claim
from wpound.store.engine import writing
from wpound.web.access import Policy, current_person, requires
from wpound.web.buyer.returns.forms_verification import (
    AcceptForm,
    ApproveForm,
    CorrectionForm,
    QueryForm,
    RefuseForm,
    RejectForm,
)
from wpound.web.extensions import site
from wpound.web.forms import EditForm
from wpound.web.reading import reading_page

Answer = str | Response | tuple[str, int]
Act = Callable[[Any, Person], object]


@dataclass(frozen=True, slots=True)
class Forms:
    """The forms of the page, as they are opened; which are shown depends on where the line stands."""

    approve: ApproveForm
    query: QueryForm
    reject: RejectForm
    propose: CorrectionForm
    accept: AcceptForm
    refuse: RefuseForm

    @property
    def all(self) -> list[EditForm]:
        """Every one, in the order of the page."""
        return [self.approve, self.query, self.reject, self.propose, self.accept, self.refuse]


@requires(Policy.CONTRACT_MANAGER)
def claim(return_id: int, claim_id: int) -> Answer:
    """What a line claims, what proves it, what was said about it, and what can be decided."""
    found = _load(return_id, claim_id)
    return _show(found, _open_forms(found))


@requires(Policy.CONTRACT_MANAGER)
def approve(return_id: int, claim_id: int) -> Answer:
    """Approve the line, in full or for less."""
    found = _load(return_id, claim_id)
    form = ApproveForm(found.line.commitment.unit.label)
    about = _about(form)
    return _decide(
        found,
        form,
        lambda session, person: approve_claim(session, person, return_id, claim_id, form.to_approval(), **about),
        "approved",
    )


@requires(Policy.CONTRACT_MANAGER)
def query(return_id: int, claim_id: int) -> Answer:
    """Ask the supplier about the line."""
    found, form = _load(return_id, claim_id), QueryForm()
    about = _about(form)
    return _decide(
        found,
        form,
        lambda session, person: query_claim(
            session, person, return_id, claim_id, str(form.question.data), cast(date, form.reply_by.data), **about
        ),
        "sent to the supplier with your question",
    )


@requires(Policy.CONTRACT_MANAGER)
def reject(return_id: int, claim_id: int) -> Answer:
    """Reject the line."""
    found, form = _load(return_id, claim_id), RejectForm()
    about = _about(form)
    return _decide(
        found,
        form,
        lambda session, person: reject_claim(session, person, return_id, claim_id, str(form.rejection.data), **about),
        "rejected",
    )


@requires(Policy.CONTRACT_MANAGER)
def propose(return_id: int, claim_id: int) -> Answer:
    """Propose another figure for a decided line."""
    found = _load(return_id, claim_id)
    form = CorrectionForm(found.line.commitment.unit.label)
    return _correct(
        found,
        form,
        lambda session, person: propose_correction(
            session, person, return_id, claim_id, form.to_proposal(), side=Side.BUYER, version=form.version_shown
        ),
        "The correction is proposed. Somebody else decides on it.",
    )


@requires(Policy.CONTRACT_MANAGER)
def accept(return_id: int, claim_id: int, correction_id: int) -> Answer:
    """Put a proposed figure in force."""
    found = _load_correction(return_id, claim_id, correction_id)
    form = AcceptForm(found.line.commitment.unit.label)
    about = _about(form) | {"catalogue": site().catalogue}
    return _correct(
        found,
        form,
        lambda session, person: accept_correction(
            session, person, return_id, correction_id, form.to_approval(), **about
        ),
        "The correction is accepted. Its figures count from now on.",
    )


@requires(Policy.CONTRACT_MANAGER)
def refuse(return_id: int, claim_id: int, correction_id: int) -> Answer:
    """Leave the figures as they are."""
    found, form = _load_correction(return_id, claim_id, correction_id), RefuseForm()
    about = _about(form)
    return _correct(
        found,
        form,
        lambda session, person: refuse_correction(
            session, person, return_id, correction_id, str(form.refusal.data), **about
        ),
        "The correction is refused. The figures stay as they were.",
    )


def _about(form: EditForm) -> dict[str, Any]:
    """What every decision needs beside its words."""
    return {"version": form.version_shown, "base_url": site().settings.base_url}


def _load(return_id: int, claim_id: int) -> ClaimReview:
    with reading_page() as session:
        return review_claim(session, current_person(), return_id, claim_id, site().catalogue)


def _load_correction(return_id: int, claim_id: int, correction_id: int) -> ClaimReview:
    found = _load(return_id, claim_id)
    if correction_id not in {one.id for one in found.line.corrections}:
        raise NotFound("There is no such correction of this line.")
    return found


def _decide(found: ClaimReview, form: EditForm, act: Act, what: str) -> Answer:
    """Do it and go on to the next line that waits; to the return where none does."""
    if not _act(found, form, act):
        return _show_again(found, form)
    number, line = found.review.page.found.id, found.line
    following = found.review.next_line(line.claim.id)
    flash(f"{line.title} is {what}.", "success")
    if following is None or following.claim.id == line.claim.id:
        return redirect(url_for("buyer.social_value_return", return_id=number), 303)
    return redirect(url_for("buyer.claim", return_id=number, claim_id=following.claim.id), 303)


def _correct(found: ClaimReview, form: EditForm, act: Act, message: str) -> Answer:
    """Do it and show the line again."""
    if not _act(found, form, act):
        return _show_again(found, form)
    flash(message, "success")
    number = found.review.page.found.id
    return redirect(url_for("buyer.claim", return_id=number, claim_id=found.line.claim.id), 303)


def _act(found: ClaimReview, form: EditForm, act: Act) -> bool:
    """Whether it was done; what the service objects to is said on the form, and StaleEdit shows both versions."""
    if not form.validate():
        return False
    try:
        with writing(site().engine) as session:
            act(session, current_person())
    except InputErrors as error:
        form.refuse(error)
    except StaleEdit:
        now = _load(found.review.page.found.id, found.line.claim.id)
        raise form.beside(_opened(form, _open_forms(now, formdata=None))) from None
    except StateError as error:
        form.form_errors.append(error.message)
    return not form.errors


def _open_forms(found: ClaimReview, **options: Any) -> Forms:
    """The forms with what is likely in them: all of the claim, and the day to answer by."""
    line, correction = found.line, found.line.open_correction
    unit, version = line.commitment.unit.label, {"version": line.claim.version}
    proposed = {"version": correction.version, "verified": correction.claimed} if correction else {}
    return Forms(
        approve=ApproveForm(unit, data=version | {"verified": line.claimed}, **options),
        query=QueryForm(data=version | {"reply_by": found.reply_by}, **options),
        reject=RejectForm(data=version, **options),
        propose=CorrectionForm(unit, data=version | {"claimed": line.claimed}, **options),
        accept=AcceptForm(unit, data=proposed, **options),
        refuse=RefuseForm(data=proposed, **options),
    )


def _opened(form: EditForm, forms: Forms) -> Any:
    """The form of the same kind."""
    return next(one for one in forms.all if type(one) is type(form))


def _show_again(found: ClaimReview, sent: EditForm) -> Answer:
    """The page with what was sent and what is wrong with it."""
    opened = _open_forms(found, formdata=None)
    forms = Forms(*(sent if type(one) is type(sent) else one for one in opened.all))
    return _show(found, forms), 400


def _show(found: ClaimReview, forms: Forms) -> str:
    return render_template(
        "buyer/returns/claim.html",
        found=found,
        review=found.review,
        line=found.line,
        forms=forms,
        person=current_person(),
        is_waiting=found.line.claim.state is ClaimState.SUBMITTED,
        own_line=OWN_LINE,
    )
