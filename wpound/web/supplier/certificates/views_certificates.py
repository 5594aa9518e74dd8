"""A supplier's certificates: their files, and the badge for its own pages."""

from flask import Response, render_template

from wpound.services.list_certificates import (
    OUTCOME_TITLES,
    list_supplier_certificates,
    reach_held,
    read_certificate_file,
    view_certificate,
)
from wpound.web.access import Policy, current_person, requires
from wpound.web.downloads import send_certificate
from wpound.web.extensions import site
from wpound.web.pagination import get_page
from wpound.web.reading import reading_page


@requires(Policy.SUPPLIER)
def certificates() -> str:
    """Every certificate of the firm, from every buyer, newest first."""
    person = current_person()
    with reading_page() as session:
        page = get_page(lambda limit, offset: list_supplier_certificates(session, person, limit, offset))
    return render_template("supplier/certificates/list.html", page=page, titles=OUTCOME_TITLES)


@requires(Policy.SUPPLIER)
def certificate(serial: str) -> str:
    """One certificate, with its files and its badge."""
    with reading_page() as session:
        view = view_certificate(session, reach_held(session, current_person(), serial))
    base = site().settings.base_url
    return render_template("supplier/certificates/certificate.html", view=view, titles=OUTCOME_TITLES, base=base)


@requires(Policy.SUPPLIER)
def certificate_file(serial: str, extension: str) -> Response:
    """The file as it was handed out."""
    with reading_page() as session:
        content = read_certificate_file(site().settings, reach_held(session, current_person(), serial), extension)
    return send_certificate(content, serial, extension)
