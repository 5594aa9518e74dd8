"""Pages for issuing certificates and looking after them: every address of theirs is in the table below."""

from flask import Blueprint

from wpound.web.buyer.certificates.views_certificate import certificate, certificate_file, reissue, revoke
from wpound.web.buyer.certificates.views_issuing import certificates, issue, issue_year

FILE = "/certificates/<serial>/certificate."


def add_pages(blueprint: Blueprint) -> None:
    """Add these pages to those of the buyer."""
    blueprint.add_url_rule("/certificates", view_func=certificates)
    blueprint.add_url_rule("/certificates/new", view_func=issue, methods=["GET", "POST"])
    blueprint.add_url_rule("/certificates/year", view_func=issue_year, methods=["POST"])
    blueprint.add_url_rule("/certificates/<serial>", view_func=certificate)
    blueprint.add_url_rule("/certificates/<serial>/revoke", view_func=revoke, methods=["POST"])
    blueprint.add_url_rule("/certificates/<serial>/reissue", view_func=reissue, methods=["POST"])
    for extension in ("pdf", "json"):
        blueprint.add_url_rule(FILE + extension, view_func=certificate_file, defaults={"extension": extension})
