"""Pages for a supplier's returns: every address of theirs is in the table below."""

from flask import Blueprint

ALL, ONE = "/returns", "/returns/<int:return_id>"
CLAIM = f"{ONE}/claims/<int:claim_id>"
BOTH = ["GET", "POST"]


def add_pages(blueprint: Blueprint) -> None:
    """Add these pages to those of the supplier."""
