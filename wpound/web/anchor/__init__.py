"""Pages for anchor institutions: every address of theirs is in the table below."""

from flask import Blueprint, Flask

from wpound.web.anchor.views_dashboard import dashboard
from wpound.web.anchor.views_files import file, files


def register_anchor(app: Flask) -> None:
    """Add the anchors' pages."""
    anchor = Blueprint("anchor", __name__, url_prefix="/anchor")
    anchor.add_url_rule("", view_func=dashboard)
    anchor.add_url_rule("/files", view_func=files)
    anchor.add_url_rule("/files/<int:file_id>", view_func=file)
    app.register_blueprint(anchor)
