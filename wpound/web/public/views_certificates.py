"""What programs and other people's pages fetch of certificates: the keys, the status lists, and badges."""

from collections.abc import Mapping
from typing import Any

from flask import Response

from wpound.documents.credential import write_credential
from wpound.services.draw_certificate_badge import draw_certificate_badge
from wpound.services.keep_certificate_keys import get_published_keys
from wpound.services.publish_status import get_status_list
from wpound.web.access import Policy, requires
from wpound.web.extensions import site
from wpound.web.reading import reading_page


@requires(Policy.PUBLIC)
def certificate_keys() -> Response:
    """Every key that a certificate was ever signed with."""
    return _json(get_published_keys(site().settings), "application/json")


@requires(Policy.PUBLIC)
def certificate_status(register: str, purpose: str) -> Response:
    """The signed list of the certificates of one issuer and year that no longer stand."""
    with reading_page() as session:
        return _json(get_status_list(session, site().settings, register, purpose), "application/vc")


@requires(Policy.PUBLIC)
def certificate_badge(serial: str) -> Response:
    """A picture of a certificate as it stands now; raises NotFound for an unknown number."""
    with reading_page() as session:
        return Response(draw_certificate_badge(session, site().settings, serial), mimetype="image/svg+xml")


def _json(document: Mapping[str, Any], media_type: str) -> Response:
    response = Response(write_credential(document), mimetype=media_type)
    # Whoever checks a certificate may do so from a page of their own.
    response.headers["Access-Control-Allow-Origin"] = "*"
    return response
