"""In through the council's directory, in a real browser: it is another site, and asks its person before it tells."""

from collections.abc import Iterator
from dataclasses import replace
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from playwright.sync_api import Page, expect

DIRECTORY = Path(__file__).parents[2] / "web" / "account" / "directory.py"
SPEC = spec_from_file_location("directory", DIRECTORY)
assert SPEC is not None and SPEC.loader is not None
directories = module_from_spec(SPEC)
SPEC.loader.exec_module(directories)


@pytest.fixture
def directory() -> Iterator[Any]:
    with directories.answering() as provider:
        yield provider


@pytest.fixture
def environment(directory: Any, monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    names = {"ISSUER": directory.issuer, "CLIENT": directories.CLIENT, "SECRET": directories.SECRET}
    return {f"WPOUND_OIDC_{name}": value for name, value in names.items()}


def ask_directory(page: Page) -> None:
    """With the keyboard: follow the button to the directory, and allow it there to say who it is."""
    page.get_by_role("button", name="Sign in with the directory").press("Enter")
    page.wait_for_url("http://127.0.0.1:*/authorize?*")
    page.get_by_role("button", name="Allow").press("Enter")
    page.wait_for_url("http://localhost:*/**")


def test_a_person_signs_in_through_the_directory_and_out_again(
    app: Flask, address: str, open_page, check_both, walk, directory
) -> None:
    here = app.extensions["wpound"]
    # The way back leads to the public address, and it is not known before the server answers.
    app.extensions["wpound"] = replace(here, settings=replace(here.settings, base_url=address))
    directory.claims["email"] = "nobody@example.org"
    page = open_page("/account/sign-in")
    ask_directory(page)
    expect(page.get_by_text("There is no account here for this person.")).to_be_visible()
    check_both(page)
    walk(page)

    # The directory writes addresses as it likes.
    directory.claims["email"] = "Ollie@Example.org"
    ask_directory(page)
    expect(page.locator("header")).to_contain_text("Ollie")
    page.get_by_role("button", name="Sign out").click()
    page.get_by_role("link", name="Sign in").first.wait_for()
    page.goto(address + "/account")
    expect(page.get_by_role("heading", level=1)).to_have_text("Sign in")
