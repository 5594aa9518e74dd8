"""One criterion: add it, change it, take it out."""

from collections.abc import Callable
from dataclasses import replace

from flask import flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from wpound.catalogue.loader import load_scale
from wpound.core.criteria import FORMULAS, Criterion, Kind
from wpound.core.errors import InputErrors, NotFound, RuleError
from wpound.core.method_drafts import (
    MethodForm,
    add_criterion,
    find_criterion,
    has_worth,
    heading_of,
    read_alone,
    remove_criterion,
    replace_criterion,
)
from wpound.services.edit_tender import edit_criteria
from wpound.services.view_tender import TenderView
from wpound.web.access import Policy, current_person, requires
from wpound.web.buyer.setup.explanations import Formulas, explain_formulas
from wpound.web.buyer.setup.forms_criterion import KIND_TITLES, CriterionForm, blank, make_form
from wpound.web.buyer.setup.saving import in_words, open_draft, save
from wpound.web.extensions import site
from wpound.web.forms import EditForm

Answer = str | Response | tuple[str, int]


@requires(Policy.OFFICER)
def add_to_criteria(ocid: str, kind: str) -> Answer:
    """Add a criterion of the kind, in the group and for the measure the address names."""
    view = open_draft(ocid)
    under = request.args.get("under", "")
    if under and find_criterion(view.tender.method or {}, under).form["kind"] != Kind.GROUP.value:
        raise NotFound("Criteria are added to groups.")
    begun = _begin(_kind_of(kind), request.args.get("measure", ""))
    return _page(view, begun, under, lambda form: lambda drawn: add_criterion(drawn, form, under=under), is_new=True)


@requires(Policy.OFFICER)
def criterion(ocid: str, criterion: str) -> Answer:
    """Change what a criterion asks and how it is marked."""
    view = open_draft(ocid)
    placed = find_criterion(view.tender.method or {}, criterion)
    standing = _read_leniently(view, placed.code)
    return _page(
        view, standing, placed.under, lambda form: lambda drawn: replace_criterion(drawn, criterion, form), is_new=False
    )


@requires(Policy.OFFICER)
def remove_from_criteria(ocid: str, criterion: str) -> Answer:
    """Ask once more, then take a criterion out, with everything in it."""
    view, person = open_draft(ocid), current_person()
    placed = find_criterion(view.tender.method or {}, criterion)
    form = EditForm(data={"version": view.tender.version})
    if form.validate_on_submit() and save(
        form,
        lambda session: edit_criteria(
            session, person, ocid, form.version_shown, lambda drawn: remove_criterion(drawn, criterion)
        ),
        lambda: EditForm(formdata=None),
    ):
        flash(f"{heading_of(placed.form)} was taken out.", "success")
        return redirect(url_for("buyer.criteria", ocid=ocid), 303)
    page = render_template(
        "buyer/setup/remove_criterion.html",
        view=view,
        tender=view.tender,
        form=form,
        placed=placed,
        title=heading_of(placed.form),
    )
    return (page, 400) if form.errors else page


def _page(
    view: TenderView,
    standing: Criterion,
    under: str,
    change: Callable[[dict[str, object]], Callable[[MethodForm], MethodForm]],
    *,
    is_new: bool,
) -> Answer:
    """The form of a criterion, and what is made of it where it is sent."""
    ocid, person, drawn = view.tender.ocid, current_person(), view.tender.method or {}
    in_pounds = has_worth(drawn, under)
    measures = {measure.code: measure.title for measure in site().catalogue.list_measures()}

    def made(**options: object) -> CriterionForm:
        return make_form(standing, view.tender.version, in_pounds=in_pounds, measures=measures, **options)

    form = made()
    if (
        form.validate_on_submit()
        and _is_sound(form, in_pounds)
        and save(
            form,
            lambda session: edit_criteria(session, person, ocid, form.version_shown, change(form.to_dict())),
            lambda: _as_it_stands(ocid, standing, is_new, in_pounds, measures),
        )
    ):
        flash(f"{form.title.data} is saved.", "success")
        return redirect(url_for("buyer.criteria", ocid=ocid), 303)
    page = _render(view, standing, under, form, is_new)
    return (page, 400) if form.errors else page


def _render(view: TenderView, standing: Criterion, under: str, form: CriterionForm, is_new: bool) -> str:
    return render_template(
        "buyer/setup/criterion.html",
        view=view,
        tender=view.tender,
        form=form,
        kind=standing.kind,
        kind_title=KIND_TITLES[standing.kind],
        is_new=is_new,
        code=standing.code,
        under=heading_of(find_criterion(view.tender.method or {}, under).form) if under else None,
        formulas=_formulas(view, standing),
        measure=site().catalogue.measures.get(form["measure"].data) if "measure" in form else None,
    )


def _as_it_stands(
    ocid: str, standing: Criterion, is_new: bool, in_pounds: bool, measures: dict[str, str]
) -> CriterionForm:
    """The form of the criterion as it is now; one that a colleague has taken out stands empty."""
    view = open_draft(ocid)
    if is_new:
        now = blank(standing.kind, ())
    else:
        drawn = view.tender.method or {}
        try:
            placed = find_criterion(drawn, standing.code)
            now = _read_leniently(view, placed.code)
        except NotFound:
            now = Criterion("", standing.kind)
    return make_form(now, view.tender.version, in_pounds=in_pounds, measures=measures, formdata=None)


def _is_sound(form: CriterionForm, in_pounds: bool) -> bool:
    """Whether the criterion can be read by itself; what is wrong is said on the form."""
    try:
        read_alone(form.to_dict(), has_worth=in_pounds)
    except InputErrors as error:
        form.refuse(in_words(form, error))
    except RuleError as error:
        form.form_errors.append(error.message)
    return not form.errors


def _read_leniently(view: TenderView, code: str) -> Criterion:
    """The criterion as the draft has it, stand-ins where something in it cannot be read."""
    return next(node.criterion for node in view.state.method.tree.nodes if node.criterion.code == code)


def _kind_of(word: str) -> Kind:
    try:
        return Kind(word)
    except ValueError:
        raise NotFound("There is no such kind of criterion.") from None


def _begin(kind: Kind, code: str) -> Criterion:
    """A new criterion; one about a measure begins with its evidence, and with what local means where that counts."""
    begun = blank(kind, load_scale())
    if not code:
        return begun
    measure = site().catalogue.get_measure(code)
    area = site().city.localities[0].title if measure.limits.needs_area else ""
    return replace(
        begun,
        code=code.replace("-", "_"),
        title=measure.title,
        measure=code,
        evidence="\n".join(measure.evidence),
        area=area,
    )


def _formulas(view: TenderView, standing: Criterion) -> Formulas:
    """Every formula of the kind in words, with an example around the contract value."""
    return explain_formulas(standing.kind, FORMULAS.get(standing.kind, []), view.state.method.contract_value)
