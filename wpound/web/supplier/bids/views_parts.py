"""The parts of a bid, each on a page of its own: saved as a draft, finished or not."""

from collections.abc import Callable
from typing import Any

from flask import flash, redirect, request, url_for
from werkzeug.wrappers import Response

from wpound.core.bid_content import count_words
from wpound.core.bid_work import CHECKS, COMPANY, PLANS, PRICE, PROMISES
from wpound.core.criteria import Per
from wpound.core.errors import InputError, InputErrors, NotFound, StaleEdit, StateError
from wpound.core.offer_score import OfferPreview
from wpound.services.edit_bid_draft import save_answer, save_part
from wpound.services.view_bid import BidView, preview_marks
from wpound.store.engine import reading, writing
from wpound.web.access import Policy, current_person, requires
from wpound.web.extensions import site
from wpound.web.forms import EditForm
from wpound.web.supplier.bids.forms_parts import (
    CompanyForm,
    PriceForm,
    list_promised,
    make_answer_form,
    make_checks_form,
    make_plans_form,
    make_promises_form,
)
from wpound.web.supplier.bids.place import load_bid, place_of, require_asked, show

Page = str | Response | tuple[str, int]
MakeForm = Callable[..., Any]
# The button that saves and stays.
STAY = "stay"


@requires(Policy.SUPPLIER)
def company(ocid: str, lot: int) -> Page:
    """Facts about the company."""
    return _edit(load_bid(ocid, lot), COMPANY, "supplier/bids/company.html", CompanyForm.of)


@requires(Policy.SUPPLIER)
def price(ocid: str, lot: int) -> Page:
    """The price, and the posts on the contract."""
    view = load_bid(ocid, lot)
    needs_posts = any(leaf.criterion.per is Per.FTE for leaf in view.sheets.method.tree.leaves)
    return _edit(view, PRICE, "supplier/bids/price.html", PriceForm.of, needs_posts=needs_posts)


@requires(Policy.SUPPLIER)
def checks(ocid: str, lot: int) -> Page:
    """The pass or fail questions."""
    view = load_bid(ocid, lot)
    require_asked(bool(view.sheets.checks))
    return _edit(view, CHECKS, "supplier/bids/checks.html", make_checks_form)


@requires(Policy.SUPPLIER)
def promises(ocid: str, lot: int) -> Page:
    """The promises, with the marks those that are saved would get."""
    view = load_bid(ocid, lot)
    require_asked(bool(view.sheets.measures))
    return _edit(view, PROMISES, "supplier/bids/promises.html", make_promises_form, **_preview(view))


def _preview(view: BidView) -> dict[str, Any]:
    with reading(site().engine) as session:
        found = preview_marks(session, view, site().catalogue)
    is_known = isinstance(found, OfferPreview)
    measures = {measure.code: measure for measure in view.sheets.measures}
    return {"preview": found if is_known else None, "unknown": () if is_known else found, "measures": measures}


@requires(Policy.SUPPLIER)
def plans(ocid: str, lot: int) -> Page:
    """How each promise is kept."""
    view = load_bid(ocid, lot)
    require_asked(bool(view.sheets.measures))
    return _edit(view, PLANS, "supplier/bids/plans.html", make_plans_form, promised=list_promised(view))


@requires(Policy.SUPPLIER)
def answer(ocid: str, lot: int, criterion: str) -> Page:
    """The answer to one question."""
    view = load_bid(ocid, lot)
    question = next((one for one in view.sheets.questions if one.code == criterion), None)
    if question is None:
        raise NotFound("This tender has no such question.")

    def make(view: BidView, **options: Any) -> EditForm:
        return make_answer_form(view, question, **options)

    def save(form: Any) -> None:
        with writing(site().engine) as session:
            save_answer(
                session,
                current_person(),
                ocid,
                lot,
                criterion,
                form.answer.data or "",
                version=form.version_shown,
                settings=site().settings,
            )

    words = count_words(view.content.answers.get(criterion, ""))
    return _serve(view, "supplier/bids/answer.html", make, save, question=question, words=words)


def _edit(view: BidView, part: str, template: str, make: MakeForm, **facts: Any) -> Page:
    """Show a part, or save what was sent of it."""

    def save(form: Any) -> None:
        with writing(site().engine) as session:
            save_part(
                session,
                current_person(),
                view.place.tender.ocid,
                view.place.lot.number,
                part,
                form.entries(view),
                version=form.version_shown,
                settings=site().settings,
            )

    return _serve(view, template, make, save, **facts)


def _serve(view: BidView, template: str, make: MakeForm, save: Callable[[Any], None], **facts: Any) -> Page:
    place = place_of(view)
    form = make(view)
    if request.method == "GET":
        if not view.is_open:
            return redirect(url_for("supplier.bid", **place))
        form.version.data = str(view.version)
    elif form.validate_on_submit() and _save(form, view, make, save):
        flash("Saved as a draft. Nothing is submitted yet.", "success")
        is_staying = request.form.get("next") == STAY
        return redirect(request.path if is_staying else url_for("supplier.bid", **place), 303)
    page = show(template, view, form=form, **facts)
    return (page, 400) if form.errors else page


def _save(form: Any, view: BidView, make: MakeForm, save: Callable[[Any], None]) -> bool:
    """Save; what the service objects to is said on the form, so that nothing typed is lost."""
    try:
        save(form)
    except StaleEdit:
        now = load_bid(view.place.tender.ocid, view.place.lot.number)
        raise form.beside(make(now, formdata=None)) from None
    except (InputError, InputErrors) as error:
        form.refuse(error)
    except StateError as error:
        form.form_errors.append(error.message)
    return not form.errors
