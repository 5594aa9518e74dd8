"""Pages on which a buyer checks what suppliers report: every address of theirs is in the table below."""

from flask import Blueprint

from wpound.web.buyer.returns import views_claim, views_confirmation, views_evidence, views_list, views_return

ALL, ONE = "/returns", "/returns/<int:return_id>"
CLAIM = f"{ONE}/claims/<int:claim_id>"
BOTH, POST = ["GET", "POST"], ["POST"]


def add_pages(blueprint: Blueprint) -> None:
    """Add these pages to those of the buyer."""
    blueprint.add_url_rule(ALL, view_func=views_list.returns)
    blueprint.add_url_rule(ONE, view_func=views_return.social_value_return)
    blueprint.add_url_rule(f"{ONE}/record.<extension>", view_func=views_return.return_record)
    _add_decisions(blueprint)
    asked = f"{CLAIM}/confirmation"
    blueprint.add_url_rule(asked, view_func=views_confirmation.confirmation, methods=BOTH)
    withdraw = f"{asked}/<int:confirmation_id>/withdraw"
    blueprint.add_url_rule(withdraw, "withdraw_confirmation", views_confirmation.withdraw, methods=BOTH)
    blueprint.add_url_rule(f"{ONE}/evidence/<int:evidence_id>", view_func=views_evidence.evidence_file)
    blueprint.add_url_rule(f"{ONE}/evidence.json", view_func=views_evidence.evidence_manifest)


def _add_decisions(blueprint: Blueprint) -> None:
    line = views_claim
    blueprint.add_url_rule(CLAIM, view_func=line.claim)
    blueprint.add_url_rule(f"{CLAIM}/approve", "approve_claim", line.approve, methods=POST)
    blueprint.add_url_rule(f"{CLAIM}/query", "query_claim", line.query, methods=POST)
    blueprint.add_url_rule(f"{CLAIM}/reject", "reject_claim", line.reject, methods=POST)
    correction = f"{CLAIM}/corrections"
    blueprint.add_url_rule(correction, "propose_correction", line.propose, methods=POST)
    one = f"{correction}/<int:correction_id>"
    blueprint.add_url_rule(f"{one}/accept", "accept_correction", line.accept, methods=POST)
    blueprint.add_url_rule(f"{one}/refuse", "refuse_correction", line.refuse, methods=POST)
