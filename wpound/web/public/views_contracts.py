"""Contracts registers as open data, for everyone."""

from flask import Response, render_template

from wpound.core.errors import NotFound
from wpound.documents.contracts_register import register_csv, register_json
from wpound.services.publish_register import list_publishers, publish_register
from wpound.web.access import Policy, requires
from wpound.web.downloads import save_as
from wpound.web.extensions import site
from wpound.web.reading import reading_page

FORMS = {
    "csv": (register_csv, "text/csv; charset=utf-8"),
    "json": (register_json, "application/json"),
}


@requires(Policy.PUBLIC)
def contract_registers() -> str:
    """The public bodies with a register, and where to fetch it."""
    with reading_page() as session:
        publishers = list_publishers(session)
    return render_template("public/contracts.html", publishers=publishers)


@requires(Policy.PUBLIC)
def contract_register(organisation_key: str, extension: str) -> Response:
    """The register of one public body in the shape of the Transparency Code."""
    if extension not in FORMS:
        raise NotFound(f"A register cannot be had as {extension}.")
    write, content_type = FORMS[extension]
    with reading_page() as session:
        contracts = publish_register(session, organisation_key, site().settings.base_url)
    return save_as(Response(write(contracts), content_type=content_type), f"contracts-{organisation_key}.{extension}")
