"""Pages for a supplier's contracts: every address of theirs is in the table below."""

from flask import Blueprint

from wpound.web.supplier.contracts.views_contracts import calendar, contract, contracts


def add_pages(blueprint: Blueprint) -> None:
    """Add these pages to those of the supplier."""
    blueprint.add_url_rule("/contracts", view_func=contracts)
    blueprint.add_url_rule("/contracts/<int:agreement_id>", view_func=contract)
    blueprint.add_url_rule("/contracts/<int:agreement_id>/calendar.ics", "contract_calendar", calendar)
