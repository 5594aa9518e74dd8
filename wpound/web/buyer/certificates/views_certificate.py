"""One certificate: where it stands, its files, taking it back and issuing it anew."""

from flask import flash, redirect, render_template, url_for
from werkzeug.wrappers import Response

from wpound.services.issue_certificate import Desk, issue_certificate, renew
from wpound.services.list_certificates import (
    OUTCOME_TITLES,
    SCOPE_TITLES,
    reach_issued,
    read_certificate_file,
    view_certificate,
)
from wpound.services.revoke_certificate import revoke_certificate
from wpound.store.engine import writing
from wpound.web.access import Policy, current_person, requires
from wpound.web.buyer.certificates.forms_certificates import RevokeForm
from wpound.web.downloads import send_certificate
from wpound.web.extensions import site
from wpound.web.reading import reading_page


@requires(Policy.CONTRACT_MANAGER)
def certificate(serial: str) -> str:
    """What it says, where it stands, and what can be done."""
    return _show(serial, RevokeForm())


@requires(Policy.CONTRACT_MANAGER)
def certificate_file(serial: str, extension: str) -> Response:
    """The file as it was handed out."""
    with reading_page() as session:
        content = read_certificate_file(site().settings, reach_issued(session, current_person(), serial), extension)
    return send_certificate(content, serial, extension)


@requires(Policy.CONTRACT_MANAGER)
def revoke(serial: str) -> str | Response | tuple[str, int]:
    """Take it back for good, with the reason everybody reads."""
    form = RevokeForm()
    if not form.validate():
        return _show(serial, form), 400
    person = current_person()
    with writing(site().engine) as session:
        reach_issued(session, person, serial)
        revoke_certificate(session, serial, because=str(form.because.data), actor=person.email)
    flash(f"{serial} is revoked.", "success")
    return redirect(url_for("buyer.certificate", serial=serial), 303)


@requires(Policy.CONTRACT_MANAGER)
def reissue(serial: str) -> Response:
    """Issue it anew with the figures as they are now."""
    person, here = current_person(), site()
    desk = Desk(here.settings, here.city, here.catalogue, person.email)
    made = issue_certificate(here.engine, desk, lambda session: renew(session, reach_issued(session, person, serial)))
    flash(f"{made.certificate.serial} is issued in place of {serial}.", "success")
    return redirect(url_for("buyer.certificate", serial=made.certificate.serial), 303)


def _show(serial: str, form: RevokeForm) -> str:
    with reading_page() as session:
        found = reach_issued(session, current_person(), serial)
        view = view_certificate(session, found)
    return render_template(
        "buyer/certificates/certificate.html", view=view, form=form, titles=OUTCOME_TITLES, scopes=SCOPE_TITLES
    )
