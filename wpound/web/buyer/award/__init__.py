"""Pages for results, robustness, award and hand-over: every address of theirs is in the table below."""

from flask import Blueprint


def add_pages(blueprint: Blueprint) -> None:
    """Add these pages to those of the buyer."""
