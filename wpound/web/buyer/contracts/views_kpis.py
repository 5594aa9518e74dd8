"""KPIs of a contract, their thresholds, their assessment, and the notice that follows."""

from datetime import date
from decimal import Decimal
from typing import Any, cast

from flask import Response, render_template, request

from wpound.catalogue.model import Catalogue
from wpound.core.errors import NotFound, StaleEdit, StateError
from wpound.core.ratings import RatingThresholds
from wpound.documents.performance_notice import PerformanceNotice, performance_notice_json, performance_notice_pdf
from wpound.documents.release_fields import write_json
from wpound.services.assess_contract import (
    assess_contract,
    find_assessment,
    find_assessment_version,
    find_correcting,
    note_notice,
    propose_ratings,
)
from wpound.services.reach_contract import measure_title
from wpound.services.set_kpis import set_kpi, set_thresholds
from wpound.services.tell_performance import tell_performance
from wpound.store.engine import reading
from wpound.store.kpis import get_kpi
from wpound.web.access import Policy, current_person, requires
from wpound.web.buyer.contracts.forms_performance import AssessForm, CorrectForm, KpiForm, NoticedForm, ThresholdsForm
from wpound.web.buyer.contracts.place import Answer, act, done, open_contract, show_form
from wpound.web.downloads import save_as
from wpound.web.extensions import site
from wpound.web.reading import reading_page

WHOLE = Decimal(100)


def list_promises(contract: Any, catalogue: Catalogue) -> dict[str, str]:
    """The measures a contract promises, by code."""
    return {one.measure_code: measure_title(catalogue, one.measure_code) for one in contract.commitments}


@requires(Policy.CONTRACT_MANAGER)
def new_kpi(contract_id: int) -> Answer:
    """Set one more KPI."""
    contract, catalogue = open_contract(contract_id)
    form = KpiForm(list_promises(contract, catalogue))
    if form.validate_on_submit() and act(
        form, lambda session, person: set_kpi(session, person, contract_id, form.to_terms())
    ):
        return done("The KPI is set.", contract_id, "kpis")
    return show_form(form, contract, "Set a KPI", "Set the KPI")


@requires(Policy.CONTRACT_MANAGER)
def kpi(contract_id: int, kpi_id: int) -> Answer:
    """Change a KPI; ratings given before keep the target they had."""
    contract, catalogue = open_contract(contract_id)
    promises = list_promises(contract, catalogue)
    form = _kpi_form(_load(contract_id, kpi_id), promises)
    try:
        if form.validate_on_submit() and act(
            form,
            lambda session, person: set_kpi(
                session, person, contract_id, form.to_terms(), kpi_id=kpi_id, version=form.version_shown
            ),
        ):
            return done("The KPI is saved.", contract_id, "kpis")
    except StaleEdit:
        raise form.beside(_kpi_form(_load(contract_id, kpi_id), promises, formdata=None)) from None
    return show_form(form, contract, "Change a KPI", "Save")


def _load(contract_id: int, kpi_id: int) -> Any:
    with reading(site().engine) as session:
        return get_kpi(session, kpi_id, contract_id=contract_id)


def _kpi_form(row: Any, promises: dict[str, str], **options: object) -> KpiForm:
    names = ("version", "title", "description", "target", "unit")
    data = {name: getattr(row, name) for name in names}
    data |= {"measure_code": row.measure_code or "", "better": row.better.value}
    return KpiForm(promises, data=data, **options)


@requires(Policy.CONTRACT_MANAGER)
def thresholds(contract_id: int) -> Answer:
    """Say from which share of a target each rating is given."""
    contract, _ = open_contract(contract_id)
    form = _thresholds_form(contract)

    def do(session: Any, person: Any) -> None:
        set_thresholds(session, person, contract_id, form.to_thresholds(), version=form.version_shown)

    try:
        if form.validate_on_submit() and act(form, do):
            return done("The thresholds are saved.", contract_id, "kpis")
    except StaleEdit:
        raise form.beside(_thresholds_form(open_contract(contract_id)[0], formdata=None)) from None
    intro = "In per cent of the target. Below the last one a KPI is rated Inadequate. The law gives no percentages."
    return show_form(form, contract, "Thresholds for ratings", "Save", intro=intro)


def _thresholds_form(contract: Any, **options: object) -> ThresholdsForm:
    now = RatingThresholds.from_dict(contract.thresholds)
    shares = {name: getattr(now, name) * WHOLE for name in ("good", "approaching", "improvement")}
    return ThresholdsForm(data={**shares, "version": contract.version}, **options)


@requires(Policy.CONTRACT_MANAGER)
def assess(contract_id: int) -> Answer:
    """Rate every KPI for the period that is due."""
    contract, _ = open_contract(contract_id)
    try:
        with reading(site().engine) as session:
            due = find_assessment(session, contract)
            proposed = propose_ratings(session, contract, due.period)
            version = find_assessment_version(session, contract)
    except StateError as error:
        raise NotFound(error.message) from None
    form = AssessForm(proposed, version)

    def do(session: Any, person: Any) -> None:
        given, summary = form.to_ratings(), str(form.summary.data)
        assess_contract(session, person, contract_id, given, summary=summary, version=form.version_shown)

    try:
        if form.validate_on_submit() and act(form, do):
            return done("The assessment is entered. Look at its notice next.", contract_id, "kpis")
    except StaleEdit:
        raise form.beside(AssessForm(proposed, version, formdata=None)) from None
    page = render_template("buyer/contracts/assess.html", form=form, contract=contract, due=due)
    return (page, 400) if form.errors else page


@requires(Policy.CONTRACT_MANAGER)
def correct(contract_id: int, assessment_id: int) -> Answer:
    """Enter a correction beside an assessment: what it said stays, and is what the boxes are opened with."""
    contract, _ = open_contract(contract_id)
    with reading(site().engine) as session:
        correcting = find_correcting(session, contract, assessment_id)
        start_on = correcting.last.period_start_on
        due = find_assessment(session, contract, start_on)
        proposed = propose_ratings(session, contract, due.period)
        version = find_assessment_version(session, contract)
    form = CorrectForm(proposed, correcting, version)

    def do(session: Any, person: Any) -> None:
        words = {"summary": str(form.summary.data), "because": str(form.because.data)}
        about: dict[str, Any] = {**words, "period_start_on": start_on, "version": form.version_shown}
        assess_contract(session, person, contract_id, form.to_ratings(), **about)

    try:
        if form.validate_on_submit() and act(form, do):
            return done("The correction is entered. Look at its notice next.", contract_id, "kpis")
    except StaleEdit:
        raise form.beside(CorrectForm(proposed, correcting, version, formdata=None)) from None
    page = render_template("buyer/contracts/correct.html", form=form, contract=contract, due=due, correcting=correcting)
    return (page, 400) if form.errors else page


@requires(Policy.CONTRACT_MANAGER)
def notice(contract_id: int, assessment_id: int) -> Answer:
    """The notice as it is to be published, and the day on which it was."""
    contract, _ = open_contract(contract_id)
    form = NoticedForm()
    if form.validate_on_submit() and act(
        form,
        lambda session, person: note_notice(
            session, person, contract_id, assessment_id, cast(date, form.noticed_on.data)
        ),
    ):
        return done("The day of the notice is on record.", contract_id, "kpis")
    told = _tell(contract_id, assessment_id)
    with reading(site().engine) as session:
        last = find_correcting(session, contract, assessment_id).last
    page = render_template(
        "buyer/contracts/notice.html", form=form, contract=contract, notice=told, assessment_id=assessment_id, last=last
    )
    return (page, 400) if form.errors else page


@requires(Policy.CONTRACT_MANAGER)
def performance_pdf(contract_id: int, assessment_id: int) -> Response:
    """The notice as PDF/UA."""
    told = _tell(contract_id, assessment_id)
    return _attach(performance_notice_pdf(told), "application/pdf", f"{_name(told)}.pdf")


@requires(Policy.CONTRACT_MANAGER)
def performance_json(contract_id: int, assessment_id: int) -> Response:
    """The notice as open contracting data."""
    told = _tell(contract_id, assessment_id)
    package = performance_notice_json(told, f"{site().settings.base_url}{request.path}")
    return _attach(write_json(package), "application/json", f"{_name(told)}.json")


def _tell(contract_id: int, assessment_id: int) -> PerformanceNotice:
    with reading_page() as session:
        return tell_performance(session, current_person(), contract_id, assessment_id)


def _name(told: PerformanceNotice) -> str:
    return f"performance-{told.reference}-{told.period.start_on:%Y-%m}"


def _attach(content: bytes, kind: str, name: str) -> Response:
    return save_as(Response(content, mimetype=kind), name)
