"""The list of certificates, and issuing one or a year of them."""

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from wpound.core.errors import InputError, StateError
from wpound.documents.certificate_facts import CertificateFacts
from wpound.services.choose_work import WorkChoices, cover_work, list_work
from wpound.services.clock import database_clock, day_of
from wpound.services.gather_delivery import gather_facts
from wpound.services.issue_batch import ask_for_batch
from wpound.services.issue_certificate import Desk, Wanted, issue_certificate
from wpound.services.list_certificates import OUTCOME_TITLES, list_buyer_certificates
from wpound.store.engine import writing
from wpound.web.access import Policy, current_person, requires
from wpound.web.buyer.certificates.forms_certificates import ChooseForm, IssueForm, YearForm
from wpound.web.extensions import site
from wpound.web.pagination import get_page
from wpound.web.reading import reading_page


@requires(Policy.CONTRACT_MANAGER)
def certificates() -> str:
    """Everything the organisation issued, newest first, and the form that issues a year of them."""
    with reading_page() as session:
        return _show_list(session, YearForm(list_work(session, current_person())))


@requires(Policy.CONTRACT_MANAGER)
def issue_year() -> str | Response | tuple[str, int]:
    """Queue certificates for every contract of a year; how far they are stands among the person's jobs."""
    person = current_person()
    with reading_page() as session:
        form = YearForm(list_work(session, person))
    if form.validate():
        try:
            with writing(site().engine) as session:
                ask_for_batch(session, person, int(form.year.data))
            flash("The certificates are being issued. This page shows how far they are.", "success")
            return redirect(url_for("account.jobs"), 303)
        except InputError as error:
            form.refuse(error)
    with reading_page() as session:
        return _show_list(session, form), 400


def _show_list(session: Any, form: YearForm) -> str:
    page = get_page(lambda limit, offset: list_buyer_certificates(session, current_person(), limit, offset))
    return render_template("buyer/certificates/list.html", page=page, form=form, titles=OUTCOME_TITLES)


@requires(Policy.CONTRACT_MANAGER)
def issue() -> str | Response | tuple[str, int]:
    """Choose the work and the period, see what the certificate would say, and issue it."""
    with reading_page() as session:
        choices = list_work(session, current_person())
        if request.method == "GET":
            return _preview(session, choices)
    form = IssueForm(choices)
    serial = _issue(form) if form.validate() else None
    if serial is None:
        return _show(form, None), 400
    flash(f"{serial} is issued.", "success")
    return redirect(url_for("buyer.certificate", serial=serial), 303)


def _preview(session: Any, choices: WorkChoices) -> str | tuple[str, int]:
    """The form; with choices in the address, what they come to."""
    asked = bool(request.args)
    form = ChooseForm(choices, request.args if asked else None)
    facts = None
    if asked and form.validate():
        try:
            covered = cover_work(session, current_person(), *form.work)
            facts = gather_facts(session, site().catalogue, covered, form.period, day_of(database_clock(session)))
        except InputError as error:
            form.refuse(error)
        except StateError as error:
            form.form_errors.append(error.message)
    page = _show(form, facts)
    return (page, 400) if asked and facts is None else page


def _issue(form: IssueForm) -> str | None:
    """The serial number of what was issued; None where it could not be, which the form then says."""
    person, here = current_person(), site()
    desk = Desk(here.settings, here.city, here.catalogue, person.email)
    try:
        issued = issue_certificate(
            here.engine, desk, lambda session: Wanted(cover_work(session, person, *form.work), form.period)
        )
        return str(issued.certificate.serial)
    except InputError as error:
        form.refuse(error)
    except StateError as error:
        form.form_errors.append(error.message)
    return None


def _show(form: Any, facts: CertificateFacts | None) -> str:
    return render_template("buyer/certificates/new.html", form=form, facts=facts)
