"""Pages for questions, changes and the end of a tender: every address of theirs is in the table below."""

from flask import Blueprint

from wpound.web.buyer.dialogue.views_changes import cancel_tender, change, changes
from wpound.web.buyer.dialogue.views_clarifications import clarification, clarifications

TENDER = "/tenders/<ocid>"
BOTH = ("GET", "POST")


def add_pages(blueprint: Blueprint) -> None:
    """Add these pages to those of the buyer."""
    blueprint.add_url_rule(f"{TENDER}/clarifications", view_func=clarifications, methods=BOTH)
    blueprint.add_url_rule(f"{TENDER}/clarifications/<int:clarification_id>", view_func=clarification, methods=BOTH)
    blueprint.add_url_rule(f"{TENDER}/changes", view_func=changes, methods=BOTH)
    blueprint.add_url_rule(f"{TENDER}/changes/<int:change_number>", view_func=change, methods=BOTH)
    blueprint.add_url_rule(f"{TENDER}/cancel", view_func=cancel_tender, methods=BOTH)
