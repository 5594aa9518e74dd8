"""Pages for opening, panel, marks, moderation and questions to bidders: every address is in the table below."""

from flask import Blueprint

from wpound.web.buyer.marking.views_checks import bid_file, check, checks
from wpound.web.buyer.marking.views_marking import finish, mark, mark_bid, mark_criterion, marking
from wpound.web.buyer.marking.views_moderation import (
    begin_moderation,
    lock_moderation,
    mark_history,
    moderate,
    moderation,
)
from wpound.web.buyer.marking.views_opening import close, opening, opening_record
from wpound.web.buyer.marking.views_panel import decide, declaration, panel, remove_seat
from wpound.web.buyer.marking.views_questions import ask, bid_question, bid_questions

TENDER = "/tenders/<ocid>"
BID = f"{TENDER}/bids/<int:bid_id>"
BOTH = ("GET", "POST")


def add_pages(blueprint: Blueprint) -> None:
    """Add these pages to those of the buyer."""
    _add_opening_and_panel(blueprint)
    blueprint.add_url_rule(f"{TENDER}/marking", view_func=marking)
    blueprint.add_url_rule(f"{TENDER}/marking/criteria/<criterion>", view_func=mark_criterion)
    blueprint.add_url_rule(f"{TENDER}/marking/bids/<int:bid_id>", view_func=mark_bid)
    blueprint.add_url_rule(f"{TENDER}/marking/bids/<int:bid_id>/<criterion>", view_func=mark, methods=BOTH)
    blueprint.add_url_rule(f"{TENDER}/marking/finish", "finish_sheet", finish, methods=BOTH)
    blueprint.add_url_rule(f"{TENDER}/moderation", view_func=moderation)
    blueprint.add_url_rule(f"{TENDER}/moderation/begin", view_func=begin_moderation, methods=BOTH)
    blueprint.add_url_rule(f"{TENDER}/moderation/lock", view_func=lock_moderation, methods=BOTH)
    row = f"{TENDER}/moderation/bids/<int:bid_id>/<criterion>"
    blueprint.add_url_rule(row, view_func=moderate, methods=BOTH)
    blueprint.add_url_rule(f"{row}/history", view_func=mark_history)
    blueprint.add_url_rule(f"{TENDER}/bid-questions", view_func=bid_questions)
    blueprint.add_url_rule(f"{TENDER}/bid-questions/<int:question_id>", view_func=bid_question, methods=BOTH)
    blueprint.add_url_rule(f"{BID}/ask", "ask_bidder", ask, methods=BOTH)


def _add_opening_and_panel(blueprint: Blueprint) -> None:
    blueprint.add_url_rule(f"{TENDER}/opening", view_func=opening, methods=BOTH)
    blueprint.add_url_rule(f"{TENDER}/opening/close", "close_tender", close, methods=["POST"])
    blueprint.add_url_rule(f"{TENDER}/opening/record", view_func=opening_record)
    blueprint.add_url_rule(f"{TENDER}/panel", view_func=panel, methods=BOTH)
    blueprint.add_url_rule(f"{TENDER}/panel/<int:seat_id>", "decide_interest", decide, methods=BOTH)
    blueprint.add_url_rule(f"{TENDER}/panel/<int:seat_id>/remove", view_func=remove_seat, methods=BOTH)
    blueprint.add_url_rule(f"{TENDER}/declaration", view_func=declaration, methods=BOTH)
    blueprint.add_url_rule(f"{TENDER}/checks", view_func=checks)
    blueprint.add_url_rule(f"{TENDER}/checks/<int:bid_id>/<criterion>", view_func=check, methods=BOTH)
    blueprint.add_url_rule(f"{BID}/files/<sha256>", view_func=bid_file)
