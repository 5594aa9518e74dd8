"""The result of a lot: the ranking, the lines behind it, downloads, and another scoring by two officers."""

from flask import Response as FlaskResponse
from flask import flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from wpound.core.errors import NotFound, StateError
from wpound.documents.score_sheet import score_sheet_csv
from wpound.services.evaluate_again import ask_rescore, decide_rescore
from wpound.services.evaluate_bids import evaluate_bids, get_result
from wpound.services.show_result import ResultPage, method_of, show_lines, show_result
from wpound.store.types import canonical_json
from wpound.web.access import Policy, current_person, requires
from wpound.web.buyer.award.forms_award import AGREE, DecideRescoreForm, RescoreForm
from wpound.web.buyer.award.lots import catalogue_of, change_lot, open_lot
from wpound.web.downloads import save_as
from wpound.web.forms import ConfirmForm
from wpound.web.reading import reading_page

# How the figures that go into a line are called.
INPUT_TITLES = {
    "price": "Price of this bid, £",
    "lowest": "Lowest price, £",
    "highest": "Highest price, £",
    "mean": "Mean price, £",
    "floor": "Full marks at, £",
    "ceiling": "No marks at, £",
    "mark": "Agreed mark",
    "scale_max": "Highest mark of the scale",
    "quantity": "Quantity promised",
    "social_value": "Social value promised, £",
    "figure": "Figure that is compared",
    "target": "Target",
    "best": "Best offer",
    "cap": "Most that counts",
    "per": "Set against",
    "passed": "Passed",
    "marks": "Marks of the band",
}


@requires(Policy.OFFICER)
def result(ocid: str, lot: int) -> str:
    """The latest evaluation of a lot, or an earlier one by its number."""
    with reading_page() as session:
        found = open_lot(session, ocid, lot)
        page = show_result(session, found, catalogue_of(session, found), _get_number())
    return _render(page, ConfirmForm())


@requires(Policy.OFFICER)
def evaluate(ocid: str, lot: int) -> str | Response | tuple[str, int]:
    """Score the bids for the first time."""
    form = ConfirmForm()
    if form.validate_on_submit() and change_lot(
        form,
        ocid,
        lot,
        lambda session, found, catalogue, actor: evaluate_bids(session, found.lot, catalogue, actor=actor),
    ):
        flash("The bids are scored. The result is on record.", "success")
        return redirect(url_for("buyer.result", ocid=ocid, lot=lot), 303)
    with reading_page() as session:
        found = open_lot(session, ocid, lot)
        page = show_result(session, found, catalogue_of(session, found))
    return _render(page, form), 400


@requires(Policy.OFFICER)
def score_lines(ocid: str, lot: int, bid_id: int) -> str:
    """Every line of one bid, with the figures that went into it and the values used with their sources."""
    with reading_page() as session:
        page = show_lines(session, open_lot(session, ocid, lot), bid_id, _get_number())
    return render_template("buyer/award/lines.html", page=page, titles=INPUT_TITLES)


@requires(Policy.OFFICER)
def result_download(ocid: str, lot: int, extension: str) -> FlaskResponse:
    """The result as a table or as the JSON whose hash is on record."""
    if extension not in ("csv", "json"):
        raise NotFound(f"The result cannot be had as {extension}.")
    with reading_page() as session:
        found = open_lot(session, ocid, lot)
        evaluation = show_result(session, found, catalogue_of(session, found), _get_number()).evaluation
        if evaluation is None:
            raise StateError("These bids have not been scored yet.")
        stored = get_result(evaluation)
    as_csv = extension == "csv"
    content = score_sheet_csv(stored) if as_csv else canonical_json(stored).encode()
    response = FlaskResponse(content, content_type="text/csv; charset=utf-8" if as_csv else "application/json")
    name = f"{ocid}-lot-{lot}-result-{evaluation.number}.{extension}"
    return save_as(response, name)


@requires(Policy.OFFICER)
def rescore(ocid: str, lot: int) -> str | Response | tuple[str, int]:
    """Ask for another scoring; the officer who asked sees that it waits, any other decides."""
    with reading_page() as session:
        found = open_lot(session, ocid, lot)
        page = show_result(session, found, catalogue_of(session, found))
    if page.evaluation is None:
        raise StateError("These bids have not been scored yet.")
    form = RescoreForm() if page.asked is None else DecideRescoreForm()
    if form.validate_on_submit() and _rescore(form, ocid, lot):
        return redirect(url_for("buyer.result", ocid=ocid, lot=lot), 303)
    shown = render_template("buyer/award/rescore.html", page=page, form=form, person=current_person())
    return (shown, 400) if form.errors else shown


def _rescore(form: RescoreForm | DecideRescoreForm, ocid: str, lot: int) -> bool:
    if isinstance(form, RescoreForm):
        reason = str(form.reason.data)
        done = change_lot(
            form,
            ocid,
            lot,
            lambda session, found, _, actor: ask_rescore(session, found.lot, reason=reason, actor=actor),
        )
        if done:
            flash("A second officer can now agree to another scoring.", "success")
        return done
    agreed = form.decision.data == AGREE
    done = change_lot(
        form,
        ocid,
        lot,
        lambda session, found, catalogue, actor: decide_rescore(
            session, found.lot, catalogue, agreed=agreed, actor=actor
        ),
    )
    if done:
        flash("The bids are scored again." if agreed else "The result stands as it is.", "success")
    return done


def _render(page: ResultPage, form: ConfirmForm) -> str:
    method = method_of(page.found) if page.evaluation else None
    return render_template("buyer/award/result.html", page=page, method=method, form=form, person=current_person())


def _get_number() -> int | None:
    """The number of an evaluation in the address, None for the latest; raises NotFound for what is no number."""
    text = request.args.get("evaluation", "")
    if not text:
        return None
    if not (text.isascii() and text.isdigit() and len(text) < 7):
        raise NotFound("There is no such evaluation.")
    return int(text)
