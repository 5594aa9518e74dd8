"""Pages for the people of a buyer: every address of theirs is in the table below."""

from flask import Blueprint, Flask

from wpound.web.buyer import award, certificates, contracts, dialogue, marking, returns, setup
from wpound.web.buyer.views_dashboard import dashboard
from wpound.web.buyer.views_tenders import tenders


def register_buyer(app: Flask) -> None:
    """Add the buyers' pages."""
    buyer = Blueprint("buyer", __name__, url_prefix="/buyer")
    buyer.add_url_rule("", view_func=dashboard)
    buyer.add_url_rule("/tenders", view_func=tenders)
    for room in (setup, dialogue, marking, award, contracts, returns, certificates):
        room.add_pages(buyer)
    app.register_blueprint(buyer)
