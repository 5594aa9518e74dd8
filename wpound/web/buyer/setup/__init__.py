"""Pages for setting up, approving and publishing a tender: every address of theirs is in the table below."""

from flask import Blueprint

from wpound.web.buyer.setup.views_overview import tender

BOTH = ("GET", "POST")


def add_pages(blueprint: Blueprint) -> None:
    """Add these pages to those of the buyer."""
    blueprint.add_url_rule("/tenders/<ocid>", view_func=tender)
