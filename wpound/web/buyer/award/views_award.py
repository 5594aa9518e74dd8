"""The award of a lot, step by step: recommended, approved by another, summaries, notice."""

from datetime import date
from typing import Any, cast

from flask import flash, redirect, render_template, url_for
from werkzeug.wrappers import Response

from wpound.catalogue.loader import load_bank_holidays
from wpound.catalogue.model import Catalogue
from wpound.core.periods import format_day
from wpound.services.end_lot import end_lot
from wpound.services.find_lot import FoundLot
from wpound.services.issue_summaries import issue_summaries
from wpound.services.notify_award import notify_award
from wpound.services.recommend_award import Recommendation, approve_award, recommend_award, take_back_award
from wpound.services.redact_reasons import redact_reason, undo_redaction
from wpound.services.show_award import AwardPage, show_award
from wpound.store.engine import reading
from wpound.web.access import Policy, current_person, requires
from wpound.web.buyer.award.forms_award import NoticeForm, ReasonForm, RecommendForm, RedactForm, VersionForm
from wpound.web.buyer.award.lots import change_lot, open_lot
from wpound.web.extensions import site
from wpound.web.forms import ConfirmForm, Form

Answer = str | Response | tuple[str, int]


@requires(Policy.OFFICER)
def award(ocid: str, lot: int) -> Answer:
    """Where the award stands; before there is one, a form that recommends the winner."""
    form = RecommendForm()
    if form.validate_on_submit() and change_lot(
        form,
        ocid,
        lot,
        lambda session, found, catalogue, actor: recommend_award(
            session, found.lot, catalogue, _recommendation(form), actor=actor
        ),
    ):
        return _done("The award is recommended. A second officer can approve it now.", ocid, lot)
    page = _page(ocid, lot)
    approval = VersionForm(formdata=None, data={"version": page.award.version}) if page.award else None
    shown = render_template("buyer/award/award.html", page=page, form=form, approval=approval, person=current_person())
    return (shown, 400) if form.errors else shown


def _recommendation(form: RecommendForm) -> Recommendation:
    return Recommendation(str(form.reason.data), str(form.winner_address.data), str(form.winner_email.data))


@requires(Policy.OFFICER)
def approve(ocid: str, lot: int) -> Answer:
    """Approve what another officer recommended."""
    form = VersionForm()
    if form.validate_on_submit() and change_lot(
        form,
        ocid,
        lot,
        lambda session, found, catalogue, actor: approve_award(
            session, found.lot, catalogue, version=form.version_shown, actor=actor
        ),
    ):
        return _done("The award is approved. Check the summaries next.", ocid, lot)
    page = _page(ocid, lot)
    empty = RecommendForm(formdata=None)
    empty.form_errors.extend(form.form_errors or ["The award was not approved. Look at it again."])
    shown = render_template("buyer/award/award.html", page=page, form=empty, approval=form, person=current_person())
    return shown, 400


@requires(Policy.OFFICER)
def take_back(ocid: str, lot: int) -> Answer:
    """Undo a recommendation, with the reason."""
    form = ReasonForm()
    if form.validate_on_submit() and change_lot(
        form,
        ocid,
        lot,
        lambda session, found, _, actor: take_back_award(session, found.lot, reason=str(form.reason.data), actor=actor),
    ):
        return _done("The recommendation is taken back.", ocid, lot)
    return _ask(form, ocid, lot, "buyer/award/take_back.html")


@requires(Policy.OFFICER)
def redactions(ocid: str, lot: int) -> Answer:
    """What the other bidders are not told of the winner, and a form that leaves out another reason."""
    page = _page(ocid, lot)
    hidden = {one.criterion for one in page.redactions}
    form = RedactForm({code: title for code, title in page.redactable.items() if code not in hidden})
    if form.validate_on_submit() and change_lot(
        form,
        ocid,
        lot,
        lambda session, found, _, actor: redact_reason(
            session, found.lot, str(form.criterion.data), because=str(form.because.data), actor=actor
        ),
    ):
        flash("The reason is left out of the summaries of the other bidders.", "success")
        return redirect(url_for("buyer.redactions", ocid=ocid, lot=lot), 303)
    shown = render_template("buyer/award/redactions.html", page=page, form=form, hidden=hidden)
    return (shown, 400) if form.errors else shown


@requires(Policy.OFFICER)
def undo(ocid: str, lot: int, redaction_id: int) -> Answer:
    """Tell a reason after all."""
    form = ConfirmForm()
    if form.validate_on_submit() and change_lot(
        form,
        ocid,
        lot,
        lambda session, found, _, actor: undo_redaction(session, found.lot, redaction_id, actor=actor),
    ):
        flash("The reason is told to the other bidders.", "success")
        return redirect(url_for("buyer.redactions", ocid=ocid, lot=lot), 303)
    page = _page(ocid, lot)
    empty = RedactForm(page.redactable, formdata=None)
    empty.form_errors.extend(form.form_errors)
    return render_template("buyer/award/redactions.html", page=page, form=empty, hidden=set()), 400


@requires(Policy.OFFICER)
def issue(ocid: str, lot: int) -> Answer:
    """Ask once more, then issue the summaries of all bidders."""
    form = ConfirmForm()
    without: list[str] = []

    def act(session: Any, found: FoundLot, catalogue: Catalogue, actor: str) -> None:
        base_url = site().settings.base_url
        without.extend(issue_summaries(session, found.lot, catalogue, base_url=base_url, actor=actor))

    if form.validate_on_submit() and change_lot(form, ocid, lot, act):
        if without:
            names = "; ".join(sorted(without))
            flash(f"No account here: {names}. Send these bidders their summary and letter yourself.", "warning")
        return _done("The summaries are out. Publish the award notice next.", ocid, lot)
    return _ask(form, ocid, lot, "buyer/award/issue.html")


@requires(Policy.OFFICER)
def notice(ocid: str, lot: int) -> Answer:
    """Put the day of the notice on record, from which the standstill is counted."""
    form = NoticeForm()
    ends: list[date] = []

    def act(session: Any, found: FoundLot, catalogue: Catalogue, actor: str) -> None:
        day = cast(date, form.noticed_on.data)
        noticed = notify_award(session, found.lot, day, load_bank_holidays(), actor=actor)
        ends.extend([noticed.standstill_ends_on] if noticed.standstill_ends_on else [])

    if form.validate_on_submit() and change_lot(form, ocid, lot, act):
        return _done(f"The standstill runs to the end of {format_day(ends[0])}.", ocid, lot)
    return _ask(form, ocid, lot, "buyer/award/notice.html")


@requires(Policy.OFFICER)
def end(ocid: str, lot: int) -> Answer:
    """End without an award, with the reason every bidder is told."""
    form = ReasonForm()
    if form.validate_on_submit() and change_lot(
        form,
        ocid,
        lot,
        lambda session, found, _, actor: end_lot(session, found.lot, reason=str(form.reason.data), actor=actor),
    ):
        return _done("This ended without an award. Every bidder is told.", ocid, lot)
    return _ask(form, ocid, lot, "buyer/award/end.html")


def _page(ocid: str, lot: int) -> AwardPage:
    with reading(site().engine) as session:
        return show_award(session, open_lot(session, ocid, lot), current_person())


def _ask(form: Form, ocid: str, lot: int, template: str) -> Answer:
    shown = render_template(template, page=_page(ocid, lot), form=form)
    return (shown, 400) if form.errors else shown


def _done(message: str, ocid: str, lot: int) -> Response:
    flash(message, "success")
    return redirect(url_for("buyer.award", ocid=ocid, lot=lot), 303)
