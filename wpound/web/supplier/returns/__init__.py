"""Pages for a supplier's returns: every address of theirs is in the table below."""

from flask import Blueprint

from wpound.web.supplier.returns import views_claim, views_evidence, views_return, views_workbook

ALL, ONE = "/returns", "/returns/<int:return_id>"
CLAIM = f"{ONE}/claims/<int:claim_id>"
BOTH = ["GET", "POST"]


def add_pages(blueprint: Blueprint) -> None:
    """Add these pages to those of the supplier."""
    _add_returns(blueprint)
    _add_claims(blueprint)
    _add_evidence(blueprint)
    _add_workbook(blueprint)


def _add_returns(blueprint: Blueprint) -> None:
    pages = views_return
    blueprint.add_url_rule(ALL, view_func=pages.returns)
    blueprint.add_url_rule(f"{ALL}/open", "open_return", pages.open_one, methods=["POST"])
    blueprint.add_url_rule(ONE, view_func=pages.social_value_return)
    blueprint.add_url_rule(f"{ONE}/declare", "declare_return", pages.declare, methods=BOTH)
    blueprint.add_url_rule(f"{ONE}/sent", view_func=pages.return_sent)


def _add_claims(blueprint: Blueprint) -> None:
    pages = views_claim
    blueprint.add_url_rule(CLAIM, view_func=pages.claim, methods=BOTH)
    blueprint.add_url_rule(f"{CLAIM}/answer", view_func=pages.answer_claim, methods=["POST"])
    blueprint.add_url_rule(f"{CLAIM}/note", view_func=pages.note_claim, methods=["POST"])
    blueprint.add_url_rule(f"{CLAIM}/correction", view_func=pages.correct_claim, methods=BOTH)


def _add_evidence(blueprint: Blueprint) -> None:
    files, one = f"{CLAIM}/evidence", f"{CLAIM}/evidence/<int:evidence_id>"
    blueprint.add_url_rule(files, view_func=views_evidence.evidence, methods=BOTH)
    blueprint.add_url_rule(one, view_func=views_evidence.evidence_file)
    blueprint.add_url_rule(f"{one}/remove", "remove_evidence", views_evidence.remove_file, methods=BOTH)
    blueprint.add_url_rule(f"{ONE}/evidence.json", view_func=views_evidence.evidence_manifest)


def _add_workbook(blueprint: Blueprint) -> None:
    pages, one = views_workbook, f"{ONE}/workbook"
    blueprint.add_url_rule(f"{one}.xlsx", "return_workbook_file", pages.workbook_file)
    blueprint.add_url_rule(one, "return_workbook", pages.workbook, methods=BOTH)
    blueprint.add_url_rule(f"{one}/changes", "return_workbook_changes", pages.workbook_changes, methods=BOTH)
    blueprint.add_url_rule(f"{one}/put-away", "put_away_return_workbook", pages.put_away_workbook, methods=["POST"])
