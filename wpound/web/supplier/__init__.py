"""Pages for suppliers: every address of theirs is in the table below."""

from flask import Blueprint, Flask

from wpound.web.supplier import bids, certificates, contracts, questions, returns
from wpound.web.supplier.views_clarifications import clarifications
from wpound.web.supplier.views_dashboard import dashboard
from wpound.web.supplier.views_outcome import outcome, outcome_download
from wpound.web.supplier.views_tenders import tenders


def register_supplier(app: Flask) -> None:
    """Add the suppliers' pages."""
    supplier = Blueprint("supplier", __name__, url_prefix="/supplier")
    supplier.add_url_rule("", view_func=dashboard)
    supplier.add_url_rule("/tenders", view_func=tenders)
    supplier.add_url_rule("/tenders/<ocid>/clarifications", view_func=clarifications, methods=["GET", "POST"])
    bids.add_pages(supplier)
    questions.add_pages(supplier)
    certificates.add_pages(supplier)
    contracts.add_pages(supplier)
    returns.add_pages(supplier)
    supplier.add_url_rule("/tenders/<ocid>/lots/<int:lot>/outcome", view_func=outcome)
    supplier.add_url_rule("/tenders/<ocid>/lots/<int:lot>/outcome/summary.<extension>", view_func=outcome_download)
    app.register_blueprint(supplier)
