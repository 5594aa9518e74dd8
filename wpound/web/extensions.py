"""What every view and template needs of the installation it runs in."""

import re
from collections.abc import MutableMapping
from dataclasses import dataclass
from functools import cache, cached_property
from hashlib import sha256
from pathlib import Path
from typing import Any, cast

from flask import Flask, current_app
from flask.templating import Environment
from jinja2 import ChoiceLoader, PackageLoader, PrefixLoader, Template
from markupsafe import Markup, escape

from wpound import __version__
from wpound.catalogue.loader import load_city
from wpound.catalogue.model import Catalogue, City
from wpound.config import Settings, find_folder
from wpound.services.mark_demonstration import is_demonstration
from wpound.services.open_catalogue import open_catalogue
from wpound.store.engine import create_engine_for
from wpound.web.addresses import remember_addresses

STATIC_FOLDER = Path(__file__).parent / "static"
_NEEDS_ESCAPING = re.compile("[&<>\"']").search
MACRO_PACKAGES = ("govuk_frontend_jinja", "govuk_frontend_wtf")


@dataclass(frozen=True)
class Site:
    """One installation: its settings, its city and plan, and its database (an engine of ``store.engine``).

    ``edition`` is a fingerprint of the program and of everything it reads at its start.
    """

    settings: Settings
    city: City
    catalogue: Catalogue
    engine: Any
    edition: str

    @cached_property
    def is_demonstration(self) -> bool:
        """Whether every page must say that its figures are invented; asked once, when the first page is made."""
        return is_demonstration(self.engine)


def escape_text(value: Any) -> str:
    """What is written for a value: as ``markupsafe.escape`` has it, which takes twice as long for most of our texts."""
    kind = type(value)
    if kind is not str:
        if kind is Markup:
            return cast(Markup, value)
        if hasattr(value, "__html__"):
            return escape(value)
        value = str(value)
    return value if _NEEDS_ESCAPING(value) is None else escape(value)


class _Template(Template):
    """A template that writes its values with our ``escape_text``; what it makes of them is only joined."""

    @classmethod
    def from_code(cls, *made_of: Any, **named: Any) -> Template:
        template = super().from_code(*made_of, **named)
        template.root_render_func.__globals__["escape"] = escape_text
        return template


class Templates(Environment):
    """Flask's environment for templates, where what all of them may use is complete when the first one is loaded."""

    template_class = _Template

    def make_globals(self, d: MutableMapping[str, Any] | None) -> MutableMapping[str, Any]:
        """One mapping for a template; Jinja's own two, of which every page and macro asks all names, are slow."""
        return {**self.globals, **(d or {})}


def register_site(app: Flask, settings: Settings) -> None:
    """Load the city and its catalogue once, and open the database on first use."""
    city = load_city(settings.city)
    catalogue = open_catalogue(settings)
    edition = sha256(f"{_fingerprint_program()} {catalogue.fingerprint} {city} {settings.base_url}".encode())
    engine = create_engine_for(settings.database_url)
    app.extensions["wpound"] = Site(settings, city, catalogue, engine, edition.hexdigest())


@cache
def _fingerprint_program() -> str:
    return fingerprint_files(Path(__file__).parents[1]) + fingerprint_files(find_folder("templates"))


def site() -> Site:
    """The installation the current request is for."""
    return cast(Site, current_app.extensions["wpound"])


def register_templates(app: Flask) -> None:
    """Let templates use the GOV.UK macros, and give every page what its frame shows."""
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    macros = PrefixLoader({package: PackageLoader(package) for package in MACRO_PACKAGES})
    app.jinja_env.loader = ChoiceLoader([app.create_global_jinja_loader(), macros])
    app.jinja_env.globals["url_for"] = remember_addresses()
    here: Site = app.extensions["wpound"]
    app.jinja_env.globals.update(site=here, city=here.city, version=__version__)


def fingerprint_files(folder: Path) -> str:
    """A short hash of the names and contents of all files in a folder."""
    digest = sha256()
    for path in sorted(path for path in folder.rglob("*") if path.is_file() and path.suffix != ".pyc"):
        digest.update(path.relative_to(folder).as_posix().encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()[:12]
