"""Pages for setting up, approving and publishing a tender: every address of theirs is in the table below."""

from flask import Blueprint

from wpound.web.buyer.setup.views_approval import approval, approve, pack, send_back_draft
from wpound.web.buyer.setup.views_criterion import add_to_criteria, criterion, remove_from_criteria
from wpound.web.buyer.setup.views_documents import document, documents, remove_from_documents
from wpound.web.buyer.setup.views_method import criteria, measures, rules, simulation, warnings
from wpound.web.buyer.setup.views_new import new_tender
from wpound.web.buyer.setup.views_overview import tender
from wpound.web.buyer.setup.views_particulars import lots, particulars, priorities

BOTH = ("GET", "POST")


def add_pages(blueprint: Blueprint) -> None:
    """Add these pages to those of the buyer."""
    blueprint.add_url_rule("/tenders/new", view_func=new_tender, methods=BOTH)
    blueprint.add_url_rule("/tenders/<ocid>", view_func=tender)
    blueprint.add_url_rule("/tenders/<ocid>/particulars", view_func=particulars, methods=BOTH)
    blueprint.add_url_rule("/tenders/<ocid>/lots", view_func=lots, methods=BOTH)
    blueprint.add_url_rule("/tenders/<ocid>/priorities", view_func=priorities, methods=BOTH)
    blueprint.add_url_rule("/tenders/<ocid>/measures", view_func=measures)
    blueprint.add_url_rule("/tenders/<ocid>/criteria", view_func=criteria, methods=BOTH)
    blueprint.add_url_rule("/tenders/<ocid>/add-criterion/<kind>", view_func=add_to_criteria, methods=BOTH)
    blueprint.add_url_rule("/tenders/<ocid>/criteria/<criterion>", view_func=criterion, methods=BOTH)
    blueprint.add_url_rule("/tenders/<ocid>/criteria/<criterion>/remove", view_func=remove_from_criteria, methods=BOTH)
    blueprint.add_url_rule("/tenders/<ocid>/rules", view_func=rules, methods=BOTH)
    blueprint.add_url_rule("/tenders/<ocid>/warnings", view_func=warnings, methods=BOTH)
    blueprint.add_url_rule("/tenders/<ocid>/simulation", view_func=simulation)
    blueprint.add_url_rule("/tenders/<ocid>/documents", view_func=documents, methods=BOTH)
    blueprint.add_url_rule("/tenders/<ocid>/documents/<int:document_id>", view_func=document)
    blueprint.add_url_rule(
        "/tenders/<ocid>/documents/<int:document_id>/remove", view_func=remove_from_documents, methods=BOTH
    )
    blueprint.add_url_rule("/tenders/<ocid>/approval", view_func=approval, methods=BOTH)
    blueprint.add_url_rule("/tenders/<ocid>/approval/back", view_func=send_back_draft, methods=BOTH)
    blueprint.add_url_rule("/tenders/<ocid>/approve", view_func=approve, methods=BOTH)
    blueprint.add_url_rule("/tenders/<ocid>/pack", view_func=pack)
