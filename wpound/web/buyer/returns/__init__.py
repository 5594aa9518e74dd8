"""Pages on which a buyer checks what suppliers report: every address of theirs is in the table below."""

from flask import Blueprint

from wpound.web.buyer.returns import views_confirmation

ALL, ONE = "/returns", "/returns/<int:return_id>"
CLAIM = f"{ONE}/claims/<int:claim_id>"
BOTH = ["GET", "POST"]


def add_pages(blueprint: Blueprint) -> None:
    """Add these pages to those of the buyer."""
    asked = f"{CLAIM}/confirmation"
    blueprint.add_url_rule(asked, view_func=views_confirmation.confirmation, methods=BOTH)
    withdraw = f"{asked}/<int:confirmation_id>/withdraw"
    blueprint.add_url_rule(withdraw, "withdraw_confirmation", views_confirmation.withdraw, methods=BOTH)
