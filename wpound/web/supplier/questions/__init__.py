"""Questions a buyer has about a bid, for the people of its bidder: every address is in the table below."""

from flask import Blueprint

from wpound.web.supplier.questions.views_questions import bid_question, bid_questions


def add_pages(blueprint: Blueprint) -> None:
    """Add these pages to those of the supplier."""
    blueprint.add_url_rule("/questions", view_func=bid_questions)
    blueprint.add_url_rule("/questions/<int:question_id>", view_func=bid_question, methods=["GET", "POST"])
