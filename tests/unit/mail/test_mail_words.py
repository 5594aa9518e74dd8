"""The words of mails: subject and text, and nothing that a name could smuggle in."""

import pytest
from jinja2 import UndefinedError

from wpound.config import find_folder
from wpound.mail.message import render_mail

FACTS = {
    "account_changed": {"at": "12:00 on 1 June 2026", "what": "a passkey was added", "reset": "https://x.example/r"},
    "return_due": {
        "returns": [{"contract": "Grounds care", "period": "1 April 2026 to 30 June 2026", "due_on": None}],
        "sign_in": "https://x.example/",
        "choices": "https://x.example/c",
        "organisation": "Green Ltd",
    },
}


def test_the_first_line_is_the_subject() -> None:
    subject, body = render_mail("account_changed", FACTS["account_changed"])

    assert subject == "Your wpound account was changed"
    assert body.startswith(
        "Hello\n\nThis was changed on your wpound account at 12:00 on 1 June 2026: a passkey was added."
    )


def test_a_missing_fact_is_an_error() -> None:
    with pytest.raises(UndefinedError):
        render_mail("account_changed", {"at": "12:00"})


@pytest.mark.parametrize("smuggled", ["\n", "\r\n", "\u2028", "\x00", "\x1b", "\u202e"])
def test_a_name_never_makes_a_line_of_its_own(smuggled: str) -> None:
    """Otherwise a firm called "X, new line, Pay here: …" would write our mails."""
    facts = FACTS["account_changed"] | {"what": f"a role{smuggled}Click here: https://evil.example"}

    _, body = render_mail("account_changed", facts)

    assert "a role Click here" in body
    assert smuggled not in body.replace("\n", "") or smuggled == "\n"


def test_markup_in_a_name_stays_as_it_was_typed() -> None:
    facts = FACTS["account_changed"] | {"what": "joined <b>Smith & Sons</b>"}

    assert "joined <b>Smith & Sons</b>" in render_mail("account_changed", facts)[1]


def test_every_template_starts_with_a_subject() -> None:
    for path in (find_folder("templates") / "emails").glob("*.txt"):
        first, _, rest = path.read_text("utf-8").partition("\n")
        assert first.strip() and rest.strip(), path.name
