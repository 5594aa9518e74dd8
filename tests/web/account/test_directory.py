"""Single sign-on against a directory of our own making."""

from collections.abc import Iterator
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from joserfc.jwk import RSAKey

from wpound.services.access import Role
from wpound.store.accounts import get_user
from wpound.store.engine import writing

SPEC = spec_from_file_location("directory", Path(__file__).with_name("directory.py"))
assert SPEC is not None and SPEC.loader is not None
directories = module_from_spec(SPEC)
SPEC.loader.exec_module(directories)
CLIENT, SECRET = directories.CLIENT, directories.SECRET


@pytest.fixture
def directory() -> Iterator[Any]:
    with directories.answering() as provider:
        yield provider


@pytest.fixture
def app(site, directory, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    return site(WPOUND_OIDC_ISSUER=directory.issuer, WPOUND_OIDC_CLIENT=CLIENT, WPOUND_OIDC_SECRET=SECRET)


def go(visitor, directory, **changed: str):
    """Start at the sign-in page, go to the directory, and come back with what it gives."""
    started = visitor.send("/account/directory", on="/account/sign-in")
    sent = urlsplit(started.headers["Location"])
    assert f"{sent.scheme}://{sent.netloc}{sent.path}" == f"{directory.issuer}/authorize"
    directory.asked = {name: values[0] for name, values in parse_qs(sent.query).items()}
    assert directory.asked["redirect_uri"] == "http://127.0.0.1:5000/account/directory/return"
    back = {"code": "c", "state": directory.asked["state"]} | changed
    return visitor.get("/account/directory/return", query_string=back)


def test_who_has_an_account_is_signed_in_and_known_by_number_from_then_on(app, person, browser, directory) -> None:
    person("ann@example.org", Role.ADMIN)
    visitor = browser()
    assert go(visitor, directory).headers["Location"] == "/home"
    assert visitor.is_signed_in
    assert directory.asked["code_challenge_method"] == "S256"

    directory.claims["email"] = "married@example.org"
    again = browser()
    go(again, directory)
    assert again.is_signed_in


@pytest.mark.parametrize(
    "claims",
    [
        {"email": "nobody@example.org"},
        {"email_verified": False},
        {"email_verified": "true"},
        {"iss": "https://evil.example"},
        {"aud": "another"},
        {"exp": 1},
        {"nonce": "another"},
    ],
)
def test_nobody_else_is_signed_in(person, browser, directory, claims: dict[str, Any]) -> None:
    person("ann@example.org")
    directory.claims |= claims
    visitor = browser()
    assert go(visitor, directory).headers["Location"] == "/account/sign-in"
    assert not visitor.is_signed_in


def test_the_browser_may_follow_the_button_to_the_directory_and_nowhere_else(browser, directory) -> None:
    """Browsers hold a form's redirects to the policy of the page, too."""
    policy = browser().get("/account/sign-in").headers["Content-Security-Policy"]
    assert f"form-action 'self' {directory.issuer};" in policy
    assert policy.count(directory.issuer) == 1


def test_another_person_of_the_directory_does_not_get_a_used_address(person, browser, directory) -> None:
    person("ann@example.org")
    go(browser(), directory)
    directory.claims["sub"] = "43"
    visitor = browser()
    go(visitor, directory)
    assert not visitor.is_signed_in


def test_a_disabled_account_stays_closed(app, person, browser, directory) -> None:
    person("ann@example.org")
    with writing(app.extensions["wpound"].engine) as session:
        get_user(session, "ann@example.org").active = False
    visitor = browser()
    go(visitor, directory)
    assert not visitor.is_signed_in


def test_a_token_signed_with_another_key_is_refused(person, browser, directory) -> None:
    person("ann@example.org")
    directory.signing_key = RSAKey.generate_key(2048, {"kid": "one"})
    visitor = browser()
    go(visitor, directory)
    assert not visitor.is_signed_in


def test_an_answer_nobody_asked_for_is_refused(person, browser, directory) -> None:
    person("ann@example.org")
    assert go(browser(), directory, state="made-up").headers["Location"] == "/account/sign-in"
    visitor = browser()
    assert visitor.get("/account/directory/return?code=c&state=s").headers["Location"] == "/account/sign-in"
    assert visitor.get("/account/directory").status_code == 405
    assert visitor.client.post("/account/directory").status_code == 400


def test_a_directory_that_does_not_answer_is_said_so(site, browser, directory) -> None:
    directory.describe = lambda request: {}  # type: ignore[method-assign]
    visitor = browser()
    answer = visitor.send("/account/directory", on="/account/sign-in")
    assert answer.headers["Location"] == "/account/sign-in"
    assert "did not answer" in visitor.get("/account/sign-in").get_data(as_text=True)
