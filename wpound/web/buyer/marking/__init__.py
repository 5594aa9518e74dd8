"""Pages for opening, panel, marks, moderation and questions to bidders: every address is in the table below."""

from flask import Blueprint


def add_pages(blueprint: Blueprint) -> None:
    """Add these pages to those of the buyer."""
