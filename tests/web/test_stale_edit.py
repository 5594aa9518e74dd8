"""Whoever saved second loses nothing they typed: both versions are shown, and nothing is saved over the first."""

from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from wpound.core.errors import StaleEdit, StateError
from wpound.web.access import Policy, requires
from wpound.web.fields import CheckboxesField, CheckboxField, DateField, MoneyField, TextField
from wpound.web.forms import EditForm


class NoticeForm(EditForm):
    """A form of every sort of field."""

    class Meta:
        csrf = False

    title = TextField("Title")
    value = MoneyField("Value")
    starts_on = DateField("Start")
    kinds = CheckboxesField("Kinds", {"a": "Works", "b": "Goods"})
    urgent = CheckboxField("Urgent")


@pytest.fixture
def post(app: Flask, client: FlaskClient, fetch: Callable[..., Any]) -> Callable[..., Any]:
    """Send the form to a page on which a colleague was faster."""
    shown = {}

    def save() -> str:
        form = NoticeForm()
        shown["version"] = form.version_shown
        if form.version_shown != 4:
            now = SimpleNamespace(version=4, title="Parks", value=None, starts_on=None, kinds=["b"], urgent=False)
            raise form.beside(NoticeForm(formdata=None, obj=now))
        return "saved"

    app.add_url_rule("/notice", "notice", requires(Policy.PUBLIC)(save), methods=["POST"])
    app.config["WTF_CSRF_ENABLED"] = False

    def send(**data: Any) -> Any:
        page = fetch(client, "/notice", 409, method="POST", data=data)
        return page, shown["version"]

    return send


def test_both_versions_stand_side_by_side(post: Callable[..., Any]) -> None:
    data = {"version": "3", "title": "Parks", "value": "1,250", "kinds": ["a", "b"], "urgent": "y"}
    page, version = post(**data, **{"starts_on-day": "1", "starts_on-month": "June", "starts_on-year": "2026"})
    assert version == 3
    assert page.heading == "Somebody else saved this first"
    rows = [[" ".join("".join(cell.itertext()).split()) for cell in row] for row in page.all(".//tbody/tr")]
    assert rows == [
        ["Value", "1,250", "Nothing"],
        ["Start", "1 June 2026", "Nothing"],
        ["Kinds", "Works, Goods", "Goods"],
        ["Urgent", "Yes", "No"],
    ]
    assert page.links()["Open the page as it is now"] == "/notice"
    assert "1 other entry is the same in both." in page.text


@pytest.mark.parametrize("version", ["", "-4", "four", "4" * 30, "\N{SUPERSCRIPT FOUR}"])
def test_a_version_that_is_no_number_is_stale(post: Callable[..., Any], version: str) -> None:
    assert post(version=version, title="Roads")[1] == -1


def test_what_cannot_be_set_beside_anything_is_a_plain_refusal(app: Flask, get: Callable[..., Any]) -> None:
    def fail() -> Any:
        raise StaleEdit

    app.add_url_rule("/stale", "stale", requires(Policy.PUBLIC)(fail))
    assert get("/stale", status=409).heading == "This has changed in the meantime"


def test_a_page_asked_for_too_early_says_that_it_is_not_open(app: Flask, get: Callable[..., Any]) -> None:
    def fail() -> Any:
        raise StateError("Nothing is published yet.")

    app.add_url_rule("/early", "early", requires(Policy.PUBLIC)(fail))
    assert get("/early", status=409).heading == "This page is not open now"
