"""Pages for administrators: every address of theirs is in the table below."""

from flask import Blueprint, Flask

from wpound.web.admin.views_dashboard import dashboard
from wpound.web.admin.views_jobs import jobs, retry
from wpound.web.admin.views_people import account_state, people, person_roles, remove_role


def register_admin(app: Flask) -> None:
    """Add the administrators' pages."""
    admin = Blueprint("admin", __name__, url_prefix="/admin")
    admin.add_url_rule("", view_func=dashboard)
    admin.add_url_rule("/jobs", view_func=jobs)
    admin.add_url_rule("/jobs/retry", view_func=retry, methods=["POST"])
    admin.add_url_rule("/people", view_func=people)
    admin.add_url_rule("/people/<int:user_id>", view_func=person_roles, methods=["GET", "POST"])
    for change, is_open in (("disable", False), ("enable", True)):
        admin.add_url_rule(
            f"/people/<int:user_id>/{change}",
            change,
            account_state,
            defaults={"is_open": is_open},
            methods=["GET", "POST"],
        )
    admin.add_url_rule(
        "/people/<int:user_id>/roles/<int:membership_id>/remove", view_func=remove_role, methods=["GET", "POST"]
    )
    app.register_blueprint(admin)
