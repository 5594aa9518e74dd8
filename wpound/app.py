"""The web application."""

from collections.abc import Callable
from typing import Any

from flask import Flask
from werkzeug.middleware.proxy_fix import ProxyFix

from wpound.config import Settings, find_folder
from wpound.web.access import register_access
from wpound.web.account import register_account
from wpound.web.addresses import register_addresses
from wpound.web.admin import register_admin
from wpound.web.anchor import register_anchor
from wpound.web.buyer import register_buyer
from wpound.web.errors import register_errors
from wpound.web.extensions import STATIC_FOLDER, Templates, fingerprint_files, register_site, register_templates
from wpound.web.filters import register_filters
from wpound.web.hosts import register_hosts
from wpound.web.navigation import register_navigation
from wpound.web.public import register_public
from wpound.web.reading import register_reading
from wpound.web.request_log import register_request_log
from wpound.web.security import register_security
from wpound.web.supplier import register_supplier


class Application(Flask):
    """Flask with our templates, and without a question it asks of every function of every request."""

    jinja_environment = Templates

    def ensure_sync(self, func: Callable[..., Any]) -> Callable[..., Any]:
        """No view waits for anything; asking each function whether it does takes longer than calling it."""
        return func


def create_app(settings: Settings | None = None) -> Flask:
    """Build the application for one installation; without settings they are read from the environment.

    Raises InputErrors where a production installation is set up unsafely.
    """
    settings = settings or Settings.from_environment()
    settings.require_safe()
    app = Application(
        "wpound",
        static_folder=STATIC_FOLDER,
        # A changed file has a new address, so that browsers may keep what they have for good.
        static_url_path=f"/static/{fingerprint_files(STATIC_FOLDER)}",
        template_folder=find_folder("templates"),
    )
    register_hosts(app, settings)
    # Without proxies nothing is believed that a visitor could write into a header.
    if settings.proxies:
        behind = ProxyFix(app.wsgi_app, x_for=settings.proxies, x_proto=settings.proxies)
        app.wsgi_app = behind  # type: ignore[method-assign]
    register_request_log(app)
    register_addresses(app)
    register_site(app, settings)
    register_reading(app)
    register_security(app, settings)
    register_access(app)
    register_templates(app)
    register_filters(app)
    register_errors(app)
    register_navigation(app)
    register_public(app)
    register_account(app, settings)
    register_admin(app)
    register_buyer(app)
    register_supplier(app)
    register_anchor(app)
    return app
