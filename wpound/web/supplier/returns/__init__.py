"""Pages for a supplier's returns: every address of theirs is in the table below."""

from flask import Blueprint

from wpound.web.supplier.returns import views_evidence

ALL, ONE = "/returns", "/returns/<int:return_id>"
CLAIM = f"{ONE}/claims/<int:claim_id>"
BOTH = ["GET", "POST"]


def add_pages(blueprint: Blueprint) -> None:
    """Add these pages to those of the supplier."""
    _add_evidence(blueprint)


def _add_evidence(blueprint: Blueprint) -> None:
    files, one = f"{CLAIM}/evidence", f"{CLAIM}/evidence/<int:evidence_id>"
    blueprint.add_url_rule(files, view_func=views_evidence.evidence, methods=BOTH)
    blueprint.add_url_rule(one, view_func=views_evidence.evidence_file)
    blueprint.add_url_rule(f"{one}/remove", "remove_evidence", views_evidence.remove_file, methods=BOTH)
    blueprint.add_url_rule(f"{ONE}/evidence.json", view_func=views_evidence.evidence_manifest)
