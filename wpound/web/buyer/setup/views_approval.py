"""Two officers publish a tender: one sends it, another reads everything and approves it, or sends it back."""

from flask import flash, redirect, render_template, url_for
from werkzeug.wrappers import Response

from wpound.core.errors import StateError
from wpound.core.method import Method
from wpound.core.method_words import explain_award, explain_rounding, explain_ties, explain_whole_threshold
from wpound.services.access import is_same_person
from wpound.services.approve_tender import (
    approve_tender,
    ask_approval,
    list_openers_to_choose,
    require_approver,
    send_back,
)
from wpound.services.keep_tender_document import list_tender_documents
from wpound.services.view_tender import TenderView
from wpound.web.access import Policy, current_person, requires
from wpound.web.buyer.setup.criteria_in_words import tell_criteria
from wpound.web.buyer.setup.forms_approval import ApprovalForm, BackForm, PublishForm
from wpound.web.buyer.setup.saving import open_tender, save
from wpound.web.extensions import site
from wpound.web.moments import moment_of
from wpound.web.reading import reading_page

Answer = str | Response | tuple[str, int]


@requires(Policy.OFFICER)
def approval(ocid: str) -> Answer:
    """Send a whole draft to a second officer; afterwards, who has it."""
    view, person = _open_unpublished(ocid), current_person()
    form = ApprovalForm.of(view)
    if view.can_be_changed and not view.state.gaps and form.validate_on_submit() and _ask(form, ocid):
        flash("Sent. Another officer now reads everything and approves it, or sends it back.", "success")
        return redirect(url_for("buyer.tender", ocid=ocid), 303)
    with reading_page() as session:
        openers = list_openers_to_choose(session, person, ocid)
    page = render_template(
        "buyer/setup/approval.html",
        view=view,
        tender=view.tender,
        form=form,
        openers=openers,
        is_sender=is_same_person(view.tender.sent_for_approval_by, person.email),
    )
    return (page, 400) if form.errors else page


def _ask(form: ApprovalForm, ocid: str) -> bool:
    deadline_at, as_of = moment_of(form, "deadline_on", "deadline_at"), form.as_of.data
    if deadline_at is None or as_of is None:
        return False
    return save(
        form,
        lambda session: ask_approval(
            session,
            current_person(),
            ocid,
            form.version_shown,
            site().catalogue,
            deadline_at=deadline_at,
            as_of=as_of,
        ),
        lambda: ApprovalForm.of(open_tender(ocid), formdata=None),
    )


@requires(Policy.OFFICER)
def send_back_draft(ocid: str) -> Answer:
    """Let a draft be worked on again, with the reason."""
    view, person = _open_sent(ocid), current_person()
    form = BackForm(data={"version": view.tender.version})
    if form.validate_on_submit() and save(
        form,
        lambda session: send_back(session, person, ocid, form.version_shown, reason=str(form.reason.data)),
        lambda: BackForm(formdata=None),
    ):
        flash("The draft can be changed again.", "success")
        return redirect(url_for("buyer.tender", ocid=ocid), 303)
    page = render_template("buyer/setup/send_back.html", view=view, tender=view.tender, form=form)
    return (page, 400) if form.errors else page


@requires(Policy.OFFICER)
def approve(ocid: str) -> Answer:
    """Everything that is frozen by publishing, the openers to name, and the button that publishes."""
    view, person = _open_sent(ocid), current_person()
    require_approver(view.tender, person)
    with reading_page() as session:
        openers = list_openers_to_choose(session, person, ocid)
        documents = list_tender_documents(session, person, ocid)
    form = PublishForm.of(view, openers)
    if form.validate_on_submit() and save(
        form,
        lambda session: approve_tender(
            session,
            person,
            ocid,
            form.version_shown,
            site().catalogue,
            opener_ids=[int(one) for one in form.openers.data],
        ),
        lambda: PublishForm.of(open_tender(ocid), openers, formdata=None),
    ):
        flash("The tender is published. Its method is frozen and suppliers can bid.", "success")
        return redirect(url_for("buyer.tender", ocid=ocid), 303)
    texts = site().catalogue.plan.texts()
    page = render_template(
        "buyer/setup/approve.html",
        view=view,
        tender=view.tender,
        form=form,
        openers=openers,
        documents=documents,
        criteria=tell_criteria(view.state.method, site().catalogue),
        rules=_tell_rules(view.state.method),
        priorities=[texts.get(key, key) for key in view.state.particulars.priorities],
    )
    return (page, 400) if form.errors else page


def _tell_rules(method: Method) -> list[str]:
    explained = (explain_award, explain_ties, explain_rounding, explain_whole_threshold)
    return [words for words in (explain(method) for explain in explained) if words]


@requires(Policy.OFFICER)
def pack(ocid: str) -> str:
    """What bidders are given of a published tender, and the fingerprints it was frozen with."""
    view = open_tender(ocid)
    if not view.is_published:
        raise StateError("The pack is made when the tender is published.")
    with reading_page() as session:
        documents = list_tender_documents(session, current_person(), ocid)
    return render_template("buyer/setup/pack.html", view=view, tender=view.tender, documents=documents)


def _open_unpublished(ocid: str) -> TenderView:
    view = open_tender(ocid)
    if not view.is_draft:
        raise StateError("This tender is not a draft any more.")
    return view


def _open_sent(ocid: str) -> TenderView:
    view = _open_unpublished(ocid)
    if view.can_be_changed:
        raise StateError("This draft has not been sent for approval.")
    return view
