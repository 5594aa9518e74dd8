"""Pages for making a bid, its receipt, questions about it and its outcome: every address is in the table below."""

from flask import Blueprint

from wpound.web.supplier.bids.views_files import drop_file, file, files
from wpound.web.supplier.bids.views_overview import bid, lots
from wpound.web.supplier.bids.views_parts import answer, checks, company, plans, price, promises
from wpound.web.supplier.bids.views_receipts import receipt, receipts
from wpound.web.supplier.bids.views_submit import confirm, review, submit, submitted_bid, withdraw
from wpound.web.supplier.bids.views_workbook import (
    empty_workbook,
    filled_workbook,
    put_away_workbook,
    workbook,
    workbook_changes,
)

BID = "/tenders/<ocid>/lots/<int:lot>/bid"
BOTH = ("GET", "POST")


def add_pages(blueprint: Blueprint) -> None:
    """Add these pages to those of the supplier."""
    blueprint.add_url_rule("/tenders/<ocid>", view_func=lots)
    blueprint.add_url_rule(BID, view_func=bid)
    blueprint.add_url_rule(f"{BID}/company", view_func=company, methods=BOTH)
    blueprint.add_url_rule(f"{BID}/price", view_func=price, methods=BOTH)
    blueprint.add_url_rule(f"{BID}/checks", view_func=checks, methods=BOTH)
    blueprint.add_url_rule(f"{BID}/promises", view_func=promises, methods=BOTH)
    blueprint.add_url_rule(f"{BID}/plans", view_func=plans, methods=BOTH)
    blueprint.add_url_rule(f"{BID}/answers/<criterion>", view_func=answer, methods=BOTH)
    blueprint.add_url_rule(f"{BID}/files", view_func=files, methods=BOTH)
    blueprint.add_url_rule(f"{BID}/files/<stored_as>", view_func=file)
    blueprint.add_url_rule(f"{BID}/files/<stored_as>/remove", view_func=drop_file, methods=["POST"])
    blueprint.add_url_rule(f"{BID}/workbook", view_func=workbook, methods=BOTH)
    blueprint.add_url_rule(f"{BID}/workbook/empty.xlsx", view_func=empty_workbook)
    blueprint.add_url_rule(f"{BID}/workbook/filled.xlsx", view_func=filled_workbook)
    blueprint.add_url_rule(f"{BID}/workbook/changes", view_func=workbook_changes, methods=BOTH)
    blueprint.add_url_rule(f"{BID}/workbook/put-away", view_func=put_away_workbook, methods=["POST"])
    blueprint.add_url_rule(f"{BID}/review", view_func=review, methods=BOTH)
    blueprint.add_url_rule(f"{BID}/submit", view_func=submit, methods=BOTH)
    blueprint.add_url_rule(f"{BID}/confirm", view_func=confirm, methods=BOTH)
    blueprint.add_url_rule(f"{BID}/withdraw", view_func=withdraw, methods=BOTH)
    blueprint.add_url_rule(f"{BID}/submitted.json", view_func=submitted_bid)
    blueprint.add_url_rule("/receipts", view_func=receipts)
    blueprint.add_url_rule("/receipts/<receipt>", view_func=receipt)
