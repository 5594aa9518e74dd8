"""The hand-over of an award: four things for every promise, then the contract, then its calendar."""

from flask import Response as FlaskResponse
from flask import flash, redirect, render_template, url_for
from werkzeug.wrappers import Response

from wpound.catalogue.model import Catalogue
from wpound.core.errors import StaleEdit
from wpound.core.particulars import Particulars
from wpound.core.quantities import Quantity
from wpound.documents.calendar import calendar_bytes
from wpound.services.award_contract import award_contract
from wpound.services.hand_over import Promised, get_promised, settle_promise
from wpound.services.plan_delivery import plan_delivery
from wpound.services.reach_contract import measure_title
from wpound.services.recommend_award import get_award
from wpound.services.show_award import AwardPage, show_award
from wpound.store.engine import reading
from wpound.web.access import Policy, current_person, requires
from wpound.web.buyer.award.forms_handover import ContractForm, SettleForm
from wpound.web.buyer.award.lots import catalogue_of, change_lot, open_lot
from wpound.web.downloads import save_as
from wpound.web.extensions import site
from wpound.web.reading import reading_page

Answer = str | Response | tuple[str, int]


@requires(Policy.OFFICER)
def handover(ocid: str, lot: int) -> Answer:
    """The checklist, and once it is complete and the standstill over, the form for the contract."""
    form = ContractForm()
    if form.validate_on_submit() and change_lot(
        form,
        ocid,
        lot,
        lambda session, found, catalogue, actor: award_contract(
            session, found.lot, catalogue, reference=str(form.reference.data), life=form.life, actor=actor
        ),
    ):
        flash("The contract is entered with all its promises.", "success")
        return redirect(url_for("buyer.handover", ocid=ocid, lot=lot), 303)
    with reading(site().engine) as session:
        found = open_lot(session, ocid, lot)
        page, catalogue = show_award(session, found, current_person()), catalogue_of(session, found)
    if not form.is_submitted():
        form.start_on.data = Particulars.from_dict(page.found.tender.particulars).start_on
    shown = render_template("buyer/award/handover.html", page=page, rows=_rows(page, catalogue), form=form)
    return (shown, 400) if form.errors else shown


@requires(Policy.OFFICER)
def settle(ocid: str, lot: int, commitment_id: int) -> Answer:
    """Settle the four things for one promise, or a part of them."""
    with reading(site().engine) as session:
        found = open_lot(session, ocid, lot)
        promised = get_promised(session, get_award(session, found.lot), commitment_id)
        catalogue = catalogue_of(session, found)
    form = SettleForm(promised.version, promised.settled)
    if form.validate_on_submit() and _settle(form, ocid, lot, commitment_id):
        flash("Saved.", "success")
        return redirect(url_for("buyer.handover", ocid=ocid, lot=lot), 303)
    shown = render_template(
        "buyer/award/settle.html",
        found=found,
        row=_row(promised, catalogue),
        promised=promised,
        evidence=catalogue.get_measure(promised.promise.measure_code).evidence,
        form=form,
    )
    return (shown, 400) if form.errors else shown


def _settle(form: SettleForm, ocid: str, lot: int, commitment_id: int) -> bool:
    try:
        return change_lot(
            form,
            ocid,
            lot,
            lambda session, found, _, actor: settle_promise(
                session, found.lot, commitment_id, form.to_settlement(), version=form.version_shown, actor=actor
            ),
        )
    except StaleEdit:
        with reading(site().engine) as session:
            found = open_lot(session, ocid, lot)
            now = get_promised(session, get_award(session, found.lot), commitment_id)
        raise form.beside(SettleForm(now.version, now.settled, formdata=None)) from None


@requires(Policy.OFFICER)
def calendar(ocid: str, lot: int) -> FlaskResponse:
    """The days on which promises fall due, for a calendar program."""
    with reading_page() as session:
        found = open_lot(session, ocid, lot)
        contract, days = plan_delivery(session, found.lot, catalogue_of(session, found))
    response = FlaskResponse(calendar_bytes(days, contract.created_at), content_type="text/calendar; charset=utf-8")
    return save_as(response, f"{ocid}-lot-{lot}.ics")


def _rows(page: AwardPage, catalogue: Catalogue) -> list[tuple[str, str, Promised]]:
    return [(*_row(promised, catalogue), promised) for promised in page.promised]


def _row(promised: Promised, catalogue: Catalogue) -> tuple[str, str]:
    """A promise as it is called and counted."""
    promise = promised.promise
    title = measure_title(catalogue, promise.measure_code, promise.year)
    return title, Quantity(promise.quantity, promise.unit).format()
