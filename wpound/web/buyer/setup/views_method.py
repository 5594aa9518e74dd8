"""The method as a whole: the tree of criteria with its sums, the rules, the warnings, and a trial of it all."""

from collections import defaultdict
from decimal import Decimal
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from wpound.catalogue.model import Head
from wpound.catalogue.pages import limits_in_words
from wpound.core.bid_effort import HOURS_A_PROMISE, WORDS_AN_HOUR, WORDS_WITHOUT_LIMIT, estimate_effort
from wpound.core.criteria import Kind
from wpound.core.dummy_bids import PROPORTIONS
from wpound.core.errors import InputErrors, MeasureNotInForce, WpoundError
from wpound.core.fairness import view_fairness
from wpound.core.method_drafts import MethodForm, find_criterion, level_sums, move_criterion, walk, weigh_criteria
from wpound.core.method_words import explain_award, explain_rounding, explain_ties
from wpound.core.simulation import simulate
from wpound.services.check_draft import Part
from wpound.services.edit_tender import edit_criteria, edit_particulars, edit_rules
from wpound.web.access import Policy, current_person, requires
from wpound.web.buyer.setup.forms_criterion import KIND_TITLES
from wpound.web.buyer.setup.forms_method import ReasonsForm, RulesForm, WeightingsForm
from wpound.web.buyer.setup.saving import open_draft, open_tender, save
from wpound.web.extensions import site

Answer = str | Response | tuple[str, int]


@requires(Policy.OFFICER)
def criteria(ocid: str) -> Answer:
    """The tree of criteria with the sum of every level; weightings are saved together, and one criterion moved."""
    view, person = open_draft(ocid), current_person()
    form = WeightingsForm.of(view)
    if form.validate_on_submit() and save(
        form,
        lambda session: edit_criteria(
            session, person, ocid, form.version_shown, lambda drawn: _move(weigh_criteria(drawn, form.weightings()))
        ),
        lambda: WeightingsForm.of(open_draft(ocid), formdata=None),
    ):
        flash("Saved.", "success")
        return redirect(url_for("buyer.criteria", ocid=ocid), 303)
    drawn = view.tender.method or {}
    page = render_template(
        "buyer/setup/criteria.html",
        view=view,
        tender=view.tender,
        form=form,
        placed=list(walk(drawn)),
        sums=level_sums(drawn),
        known={node.criterion.code: node for node in view.state.method.tree.nodes},
        kinds={kind.value: title for kind, title in KIND_TITLES.items()},
        gaps=view.state.gaps_of(Part.CRITERIA),
    )
    return (page, 400) if form.errors else page


def _move(drawn: MethodForm) -> MethodForm:
    """The criterion moved that a button of the page named, ``up code`` or ``down code``; others save alone."""
    way, _, code = request.form.get("move", "").partition(" ")
    if way not in ("up", "down"):
        return drawn
    find_criterion(drawn, code)
    return move_criterion(drawn, code, up=way == "up")


@requires(Policy.OFFICER)
def measures(ocid: str) -> str:
    """The measures that serve the outcomes chosen, all of them on request, by head; each can be made a criterion."""
    view, catalogue = open_draft(ocid), site().catalogue
    chosen = set(view.state.particulars.priorities)
    shows_all = request.args.get("all") == "yes" or not chosen
    found = [m for m in catalogue.list_measures() if shows_all or chosen & set(m.serves)]
    texts, drawn = catalogue.plan.texts(), view.tender.method or {}
    marks: dict[str, Decimal] = defaultdict(Decimal)
    for leaf in view.state.method.tree.leaves:
        marks[leaf.criterion.measure] += leaf.available
    used = {placed.form.get("measure"): placed.code for placed in walk(drawn)}
    cards = [
        {
            "measure": measure,
            "limits": limits_in_words(measure.limits),
            "value": _value(measure, view.today),
            "serves": [texts[key] for key in measure.serves if key in chosen],
            "criterion": used.get(measure.code),
            "marks": marks.get(measure.code),
        }
        for measure in found
    ]
    return render_template(
        "buyer/setup/measures.html",
        view=view,
        tender=view.tender,
        heads=[(catalogue.plan.head_title(head), _of_head(cards, head)) for head in Head if _of_head(cards, head)],
        shows_all=shows_all,
        groups=[placed for placed in walk(drawn) if placed.form["kind"] == Kind.GROUP.value],
        sums=level_sums(drawn),
    )


def _of_head(cards: list[dict[str, Any]], head: Head) -> list[dict[str, Any]]:
    return [card for card in cards if card["measure"].head is head]


def _value(measure: Any, day: Any) -> Any:
    try:
        return measure.value_on(day)
    except MeasureNotInForce:
        return None


@requires(Policy.OFFICER)
def rules(ocid: str) -> Answer:
    """The award method, what decides between equals, and rounding."""
    view, person = open_draft(ocid), current_person()
    form = RulesForm.of(view)
    if form.validate_on_submit() and save(
        form,
        lambda session: edit_rules(
            session, person, ocid, form.version_shown, award=form.award_method, rules=form.rules()
        ),
        lambda: RulesForm.of(open_draft(ocid), formdata=None),
    ):
        flash("Saved.", "success")
        return redirect(url_for("buyer.tender", ocid=ocid), 303)
    method = view.state.method
    words = [explain_award(method), explain_ties(method), explain_rounding(method)]
    gaps = view.state.gaps_of(Part.RULES)
    page = render_template("buyer/setup/rules.html", view=view, tender=view.tender, form=form, words=words, gaps=gaps)
    return (page, 400) if form.errors else page


@requires(Policy.OFFICER)
def warnings(ocid: str) -> Answer:
    """What a careful officer would ask about the method; some of it is answered in writing before anyone approves."""
    view, person = open_draft(ocid), current_person()
    form = ReasonsForm.of(view)
    standing = view.state.particulars.warning_reasons
    if form.validate_on_submit() and save(
        form,
        lambda session: edit_particulars(
            session,
            person,
            ocid,
            form.version_shown,
            {"warning_reasons": form.reasons(standing)},
            what="reasons for warnings",
        ),
        lambda: ReasonsForm.of(open_draft(ocid), formdata=None),
    ):
        flash("Saved.", "success")
        return redirect(url_for("buyer.tender", ocid=ocid), 303)
    page = render_template("buyer/setup/warnings.html", view=view, tender=view.tender, form=form)
    return (page, 400) if form.errors else page


@requires(Policy.OFFICER)
def simulation(ocid: str) -> str:
    """Four invented bids scored under the draft: who would win, what decides, and what is odd about it."""
    view = open_tender(ocid)
    tried, problem = None, None
    if view.state.is_whole_method:
        method = view.state.method
        try:
            tried = simulate(method, method.contract_value, site().catalogue, view.tender.as_of or view.today)
        except (InputErrors, WpoundError) as error:
            problem = error
    return render_template(
        "buyer/setup/simulation.html",
        view=view,
        tender=view.tender,
        tried=tried,
        problem=problem,
        gaps=[gap for gap in view.state.gaps if gap.part in (Part.CRITERIA, Part.RULES)],
        headings={node.criterion.code: node.criterion.heading for node in view.state.method.tree.nodes},
        prices={bid.bidder: bid.price for bid in tried.bids.values()} if tried else {},
        proportions=PROPORTIONS,
        fairness=view_fairness(tried.result, list(tried.bids.values())) if tried else (),
        effort=estimate_effort(view.state.method),
        assumed=(WORDS_AN_HOUR, HOURS_A_PROMISE, WORDS_WITHOUT_LIMIT),
    )
