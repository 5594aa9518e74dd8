"""Pages for the contracts register: every address of theirs is in the table below."""

from flask import Blueprint

from wpound.web.buyer.contracts import (
    views_changes,
    views_contract,
    views_import,
    views_kpis,
    views_payments,
    views_promises,
    views_register,
    views_remedies,
)

ALL, ONE = "/contracts", "/contracts/<int:contract_id>"
BOTH = ["GET", "POST"]


def add_pages(blueprint: Blueprint) -> None:
    """Add these pages to those of the buyer."""
    _add_register(blueprint)
    _add_contract(blueprint)
    _add_performance(blueprint)


def _add_register(blueprint: Blueprint) -> None:
    register, imports = views_register, views_import
    blueprint.add_url_rule(ALL, view_func=register.contracts)
    blueprint.add_url_rule(f"{ALL}/new", view_func=register.new_contract, methods=BOTH)
    blueprint.add_url_rule(f"{ALL}/portfolio", "contracts_portfolio", register.portfolio)
    blueprint.add_url_rule(f"{ALL}/spend", "off_contract", views_payments.off_contract)
    blueprint.add_url_rule(f"{ALL}/import", view_func=imports.import_contracts, methods=BOTH)
    blueprint.add_url_rule(f"{ALL}/imports/<int:import_id>", "contracts_file", imports.contracts_file, methods=BOTH)


def _add_contract(blueprint: Blueprint) -> None:
    contract, promises, payments = views_contract, views_promises, views_payments
    blueprint.add_url_rule(ONE, view_func=contract.contract)
    blueprint.add_url_rule(f"{ONE}/details", "contract_details", contract.details, methods=BOTH)
    blueprint.add_url_rule(f"{ONE}/calendar.ics", "contract_calendar", contract.calendar)
    blueprint.add_url_rule(f"{ONE}/promises/new", "new_promise", promises.new_promise, methods=BOTH)
    blueprint.add_url_rule(f"{ONE}/promises/<int:promise_id>", "promise", promises.promise, methods=BOTH)
    blueprint.add_url_rule(f"{ONE}/change", "contract_change", views_changes.change, methods=BOTH)
    blueprint.add_url_rule(f"{ONE}/payments", "contract_payments", payments.payments, methods=BOTH)
    blueprint.add_url_rule(f"{ONE}/payments/take-out", "take_out_payments", payments.take_out, methods=["POST"])


def _add_performance(blueprint: Blueprint) -> None:
    kpis, remedies = views_kpis, views_remedies
    blueprint.add_url_rule(f"{ONE}/kpis/new", "new_kpi", kpis.new_kpi, methods=BOTH)
    blueprint.add_url_rule(f"{ONE}/kpis/<int:kpi_id>", "kpi", kpis.kpi, methods=BOTH)
    blueprint.add_url_rule(f"{ONE}/thresholds", "rating_thresholds", kpis.thresholds, methods=BOTH)
    blueprint.add_url_rule(f"{ONE}/assess", "assess_contract", kpis.assess, methods=BOTH)
    notice = f"{ONE}/assessments/<int:assessment_id>"
    blueprint.add_url_rule(notice, "performance_notice", kpis.notice, methods=BOTH)
    blueprint.add_url_rule(f"{notice}/correct", "correct_assessment", kpis.correct, methods=BOTH)
    blueprint.add_url_rule(f"{notice}/notice.pdf", view_func=kpis.performance_pdf)
    blueprint.add_url_rule(f"{notice}/notice.json", view_func=kpis.performance_json)
    blueprint.add_url_rule(f"{ONE}/remedies/new", "new_remedy", remedies.new_remedy, methods=BOTH)
    blueprint.add_url_rule(f"{ONE}/remedies/<int:remedy_id>", "remedy", remedies.remedy, methods=BOTH)
