"""How firm a result is: a panel that opens once it is on record who looks at it, and that changes nothing."""

from collections.abc import Callable
from typing import Any

from flask import Response as FlaskResponse
from flask import redirect, render_template, url_for
from werkzeug.wrappers import Response

from wpound.core.errors import NotFound, StateError
from wpound.core.robustness import RobustnessPanel
from wpound.documents.charts import Chart
from wpound.documents.robustness_charts import draws_chart, list_places, name_point, share_places, tipping_chart
from wpound.services.find_lot import FoundLot
from wpound.services.view_robustness import (
    find_problem,
    has_viewed,
    record_viewing,
    require_evaluation,
    view_robustness,
)
from wpound.web.access import Policy, current_person, requires
from wpound.web.buyer.award.lots import catalogue_of, change_lot, open_lot
from wpound.web.forms import ConfirmForm
from wpound.web.reading import reading_page


def _near(panel: RobustnessPanel) -> Chart | None:
    return draws_chart(panel.draws[0]) if panel.draws else None


def _free(panel: RobustnessPanel) -> Chart | None:
    return draws_chart(panel.draws[1]) if panel.draws else None


def _tipping(panel: RobustnessPanel) -> Chart | None:
    in_percent = [point for point in panel.tipping_points if not point.in_pounds]
    return tipping_chart(panel) if in_percent else None


CHARTS: dict[str, Callable[[RobustnessPanel], Chart | None]] = {"places": _near, "any": _free, "tipping": _tipping}


@requires(Policy.OFFICER)
def robustness(ocid: str, lot: int) -> str:
    """The panel for whoever has said that they look at it, for anybody else what it is and a button."""
    with reading_page() as session:
        found = open_lot(session, ocid, lot)
        problem = find_problem(session, found.tender, found.lot)
        panel = None if problem else _panel(session, found)
    if panel is None:
        return render_template("buyer/award/robustness_closed.html", found=found, problem=problem, form=ConfirmForm())
    return render_template(
        "buyer/award/robustness.html",
        found=found,
        panel=panel,
        places=list_places(panel.draws[0]) if panel.draws else [],
        draws=[(draws, list(share_places(draws))) for draws in panel.draws],
        charts={name: chart for name, make in CHARTS.items() if (chart := make(panel)) is not None},
        name_point=name_point,
    )


@requires(Policy.OFFICER)
def show_robustness(ocid: str, lot: int) -> str | Response | tuple[str, int]:
    """Put on record who looks at the panel, then lead to it."""
    form = ConfirmForm()
    if form.validate_on_submit() and change_lot(
        form, ocid, lot, lambda session, found, _, actor: record_viewing(session, found.lot, actor=actor)
    ):
        return redirect(url_for("buyer.robustness", ocid=ocid, lot=lot), 303)
    with reading_page() as session:
        found = open_lot(session, ocid, lot)
    return render_template("buyer/award/robustness_closed.html", found=found, problem=None, form=form), 400


@requires(Policy.OFFICER)
def robustness_chart(ocid: str, lot: int, name: str) -> FlaskResponse:
    """A picture of the panel; a table on the page holds the same figures."""
    if name not in CHARTS:
        raise NotFound(f"There is no chart called {name}.")
    with reading_page() as session:
        found = open_lot(session, ocid, lot)
        panel = view_robustness(
            session, found.tender, found.lot, catalogue_of(session, found), email=current_person().email
        )
    chart = CHARTS[name](panel)
    if chart is None:
        raise StateError("There is nothing to draw.")
    return FlaskResponse(chart.svg, mimetype="image/svg+xml")


def _panel(session: Any, found: FoundLot) -> RobustnessPanel | None:
    email = current_person().email
    evaluation = require_evaluation(session, found.tender, found.lot)
    if not has_viewed(session, found.lot, evaluation, email):
        return None
    return view_robustness(session, found.tender, found.lot, catalogue_of(session, found), email=email)
