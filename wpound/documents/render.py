"""From a template and its facts to a tagged PDF: the one place where WeasyPrint is used.

Rendering reaches nothing outside the process: every image and font comes from memory by name, and any other
address stops the rendering. The same facts give the same bytes.
"""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from decimal import Decimal
from functools import lru_cache
from pathlib import Path
from threading import Lock
from typing import Any

from wpound.config import find_folder
from wpound.core.money import Money, format_number, format_share
from wpound.core.periods import format_day
from wpound.documents.pdf_ua import complete_tags

SCHEME = "memory:"
FONTS = Path(__file__).parents[1] / "web" / "static" / "vendor" / "fonts"
# Pango's fonts and WeasyPrint's font configuration are shared by the process and not safe in two threads at once.
_ONE_AT_A_TIME = Lock()


@dataclass(frozen=True, slots=True)
class Attached:
    """A file embedded in a PDF."""

    name: str
    description: str
    content: bytes


def render_html(template: str, facts: Mapping[str, Any]) -> str:
    """The HTML of a document from its template in ``templates/documents``; a missing fact is an error."""
    return str(_templates().get_template(template).render(facts))


def render_pdf(
    html: str, made_on: date, images: Mapping[str, bytes] | None = None, attachments: Sequence[Attached] = ()
) -> bytes:
    """Render HTML to a PDF/UA-1 file; the bytes depend on the arguments (and the installed fonts) alone.

    ``images`` are found by ``memory:<name>`` addresses; any other address raises ``ValueError``.
    """
    from weasyprint import HTML, Attachment  # type: ignore[import-untyped]
    from weasyprint.urls import FatalURLFetchingError  # type: ignore[import-untyped]

    images = images or {}
    moment = datetime.combine(made_on, time())
    with _ONE_AT_A_TIME:
        font_config, stylesheet = _style()
        try:
            page = HTML(string=html, base_url=SCHEME, url_fetcher=_fetcher(images))
            return bytes(
                page.write_pdf(
                    finisher=complete_tags,
                    font_config=font_config,
                    stylesheets=[stylesheet],
                    pdf_variant="pdf/ua-1",
                    pdf_identifier=_identifier(html, images, attachments),
                    attachments=[
                        Attachment(
                            string=a.content, name=a.name, description=a.description, created=moment, modified=moment
                        )
                        for a in attachments
                    ],
                )
            )
        except FatalURLFetchingError as error:
            raise ValueError(f"a document may use nothing from outside: {error}") from None


def _fetcher(resources: Mapping[str, bytes]) -> Any:
    """A WeasyPrint fetcher that knows the given resources and refuses everything else."""
    from weasyprint.urls import FatalURLFetchingError, URLFetcher, URLFetcherResponse

    class InMemoryFetcher(URLFetcher):  # type: ignore[misc]
        def fetch(self, url: str, headers: Any = None) -> Any:
            name = url.removeprefix(SCHEME)
            if not url.startswith(SCHEME) or name not in resources:
                raise FatalURLFetchingError(url)
            return URLFetcherResponse(url, resources[name])

    return InMemoryFetcher()


@lru_cache(maxsize=1)
def _style() -> tuple[Any, Any]:
    """The font configuration and the parsed stylesheet, once a process: fonts are decoded only once."""
    from weasyprint import CSS
    from weasyprint.text.fonts import FontConfiguration  # type: ignore[import-untyped]

    fonts = {f.name: f.read_bytes() for f in sorted(FONTS.glob("*.woff2"))}
    faces = [
        f'@font-face {{ font-family: "Source Sans 3"; font-weight: {weight}; src: url({SCHEME}{name}) }}'
        for name in fonts
        for weight in (400, 700)
        if str(weight) in name
    ]
    css = (find_folder("templates") / "documents" / "document.css").read_text(encoding="utf-8")
    font_config = FontConfiguration()
    sheet = CSS(string="\n".join([*faces, css]), base_url=SCHEME, url_fetcher=_fetcher(fonts), font_config=font_config)
    return font_config, sheet


@lru_cache(maxsize=1)
def _templates() -> Any:
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    environment = Environment(
        loader=FileSystemLoader(find_folder("templates") / "documents"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters |= {
        "percent": format_percent,
        "day": format_day,
        "money": Money.format,
        "number": format_number,
    }
    return environment


def format_percent(share: Decimal | None, places: int = 1) -> str:
    """A share (1 is all of it) as people read it: ``62.5%``; an unknown share is ``not known``.

    >>> format_percent(Decimal("0.625"))
    '62.5%'
    """
    return "not known" if share is None else format_share(share, places)


def _identifier(html: str, images: Mapping[str, bytes], attachments: Sequence[Attached]) -> bytes:
    digest = hashlib.sha256(html.encode())
    for name, content in [*sorted(images.items()), *((a.name, a.content) for a in attachments)]:
        digest.update(hashlib.sha256(name.encode()).digest() + hashlib.sha256(content).digest())
    return digest.hexdigest()[:32].encode()
