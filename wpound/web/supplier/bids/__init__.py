"""Pages for making a bid, its receipt, questions about it and its outcome: every address is in the table below."""

from flask import Blueprint


def add_pages(blueprint: Blueprint) -> None:
    """Add these pages to those of the supplier."""
