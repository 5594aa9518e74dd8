"""Requests that name a host which is not ours, turned away before anything reads that name (threat T11)."""

from typing import Any
from urllib.parse import urlsplit

from flask import Flask
from werkzeug.sansio.utils import host_is_trusted
from werkzeug.wrappers import Response

from wpound.config import Settings


def register_hosts(app: Flask, settings: Settings) -> None:
    """Serve under the public address alone; without https an installation is for trying out, under any name."""
    address = urlsplit(settings.base_url)
    if address.scheme == "https" and address.hostname:
        app.wsgi_app = _only_for(address.hostname, app.wsgi_app)  # type: ignore[method-assign]


def _only_for(host: str, inner: Any) -> Any:
    def serve(environ: dict[str, Any], start_response: Any) -> Any:
        if host_is_trusted(environ.get("HTTP_HOST", ""), [host]):
            return inner(environ, start_response)
        refusal = Response("This service is not known under that name.\n", 400, mimetype="text/plain")
        return refusal(environ, start_response)

    return serve
