"""The web application."""

from flask import Flask

from wpound.config import Settings, find_folder
from wpound.web.access import register_access
from wpound.web.errors import register_errors
from wpound.web.extensions import STATIC_FOLDER, fingerprint_files, register_site, register_templates
from wpound.web.filters import register_filters
from wpound.web.public import register_public
from wpound.web.security import register_security


def create_app(settings: Settings | None = None) -> Flask:
    """Build the application for one installation; without settings they are read from the environment.

    Raises InputErrors where a production installation is set up unsafely.
    """
    settings = settings or Settings.from_environment()
    settings.require_safe()
    app = Flask(
        "wpound",
        static_folder=STATIC_FOLDER,
        # A changed file has a new address, so that browsers may keep what they have for good.
        static_url_path=f"/static/{fingerprint_files(STATIC_FOLDER)}",
        template_folder=find_folder("templates"),
    )
    register_site(app, settings)
    register_security(app, settings)
    register_access(app)
    register_templates(app)
    register_filters(app)
    register_errors(app)
    register_public(app)
    return app
