"""Pages of a supplier's own certificates: every address of theirs is in the table below."""

from flask import Blueprint

from wpound.web.supplier.certificates.views_certificates import certificate, certificate_file, certificates

FILE = "/certificates/<serial>/certificate."


def add_pages(blueprint: Blueprint) -> None:
    """Add these pages to those of the supplier."""
    blueprint.add_url_rule("/certificates", view_func=certificates)
    blueprint.add_url_rule("/certificates/<serial>", view_func=certificate)
    for extension in ("pdf", "json"):
        blueprint.add_url_rule(FILE + extension, view_func=certificate_file, defaults={"extension": extension})
