"""A number or a sign in an address that no database can hold is an address that leads nowhere."""

from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask

from wpound.services.access import Policy
from wpound.web.access import requires

LARGEST = 2**31 - 1


@pytest.fixture
def client(make_app: Callable[..., Flask]) -> Any:
    app = make_app()
    app.add_url_rule("/row/<int:number>", view_func=requires(Policy.PUBLIC)(lambda number: str(number)))
    return app.test_client()


@pytest.mark.parametrize("number", [LARGEST + 1, 2**63, 10**30])
def test_too_large_for_a_row_is_not_found(client: Any, number: int) -> None:
    assert client.get(f"/row/{number}").status_code == 404


def test_thousands_of_digits_are_not_found(client: Any) -> None:
    assert client.get("/row/" + "9" * 5000).status_code == 404


def test_the_largest_number_of_a_row_is_an_address(client: Any) -> None:
    assert client.get(f"/row/{LARGEST}").get_data(as_text=True) == str(LARGEST)


def test_a_nul_is_not_found(client: Any) -> None:
    """PostgreSQL fails on it, SQLite looks for it."""
    assert client.get("/verify/%00").status_code == 404
