"""From a template and its facts to the words of a mail."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from wpound.config import find_folder
from wpound.core.money import Money
from wpound.core.periods import format_day

# Line breaks, other control characters and marks that turn the direction of writing: with them a name could pass
# itself off as a line of ours.
_UNWANTED = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\u200e\u200f\u202a-\u202e\u2066-\u2069]+")


@dataclass(frozen=True, slots=True)
class Message:
    """One mail; ``reference`` is the same however often it is tried, so that a second copy can be told."""

    recipient: str
    subject: str
    body: str
    reference: str


def render_mail(template: str, facts: Mapping[str, Any]) -> tuple[str, str]:
    """The subject and the text of ``templates/emails/<template>.txt``; a missing fact is an error.

    The first line of a template is its subject. Mails are plain text: they read well everywhere and track nobody.
    """
    text = str(_templates().get_template(f"{template}.txt").render(facts))
    subject, _, body = text.partition("\n")
    return subject.strip(), body.strip() + "\n"


@lru_cache(maxsize=1)
def _templates() -> Any:
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    environment = Environment(
        loader=FileSystemLoader(find_folder("templates") / "emails"),
        autoescape=False,  # noqa: S701 (plain text: nothing in it is markup)
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        finalize=_on_one_line,
    )
    environment.filters |= {"day": format_day, "money": Money.format}
    return environment


def _on_one_line(value: Any) -> Any:
    """A fact as it stands in a mail: text never breaks the line it stands in."""
    return _UNWANTED.sub(" ", value).strip() if isinstance(value, str) else value
