"""Receipts: what a bidder holds to prove what came in, and when."""

from flask import render_template

from wpound.services.list_receipts import get_receipt, list_receipts
from wpound.store.engine import reading
from wpound.web.access import Policy, current_person, requires
from wpound.web.extensions import site
from wpound.web.pagination import get_page


@requires(Policy.SUPPLIER)
def receipts() -> str:
    """Every receipt of the organisation, newest first."""
    person = current_person()
    with reading(site().engine) as session:
        page = get_page(lambda limit, offset: list_receipts(session, person, limit, offset))
    return render_template("supplier/bids/receipts.html", page=page)


@requires(Policy.SUPPLIER)
def receipt(receipt: str) -> str:
    """One receipt, to be printed, with how to check its fingerprint."""
    with reading(site().engine) as session:
        found = get_receipt(session, current_person(), receipt)
    return render_template("supplier/bids/receipt.html", found=found, receipt=found.receipt, tender=found.tender)
