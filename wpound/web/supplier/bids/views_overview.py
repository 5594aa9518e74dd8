"""Where a bid stands: its task list, and the lots of a tender that can be bid for."""

from flask import redirect, render_template, url_for
from werkzeug.wrappers import Response

from wpound.services.view_bid import view_lots
from wpound.store.engine import reading
from wpound.web.access import Policy, current_person, requires
from wpound.web.extensions import site
from wpound.web.supplier.bids.place import load_bid, say_left, show


@requires(Policy.SUPPLIER)
def lots(ocid: str) -> str | Response:
    """The lots of a tender with the own bid for each; one that is not divided leads to its bid straight away."""
    here = site()
    with reading(here.engine) as session:
        view = view_lots(session, current_person(), ocid)
    if len(view.lots) == 1:
        return redirect(url_for("supplier.bid", ocid=ocid, lot=view.lots[0].lot.number))
    return render_template("supplier/bids/lots.html", view=view, tender=view.tender, left=say_left(view.left))


@requires(Policy.SUPPLIER)
def bid(ocid: str, lot: int) -> str:
    """The task list of a bid."""
    view = load_bid(ocid, lot)
    return show("supplier/bids/bid.html", view, tasks=view.tasks())
