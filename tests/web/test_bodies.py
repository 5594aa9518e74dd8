"""Pages are sent forms; any other body is turned away before a form reads it."""

from typing import Any

import pytest


@pytest.mark.parametrize("address", ["/account/sign-in", "/account/register", "/account/password/forgotten"])
@pytest.mark.parametrize("body", [{"email": "anna@council.example", "password": "guess"}, [1, 2], 5, "text"])
def test_json_is_refused(make_app: Any, address: str, body: Any) -> None:
    """Its fields would pass by the count of guesses, which is kept by the form's address."""
    app = make_app()
    app.config["WTF_CSRF_ENABLED"] = False
    response = app.test_client().post(address, json=body, headers={"Accept": "application/json"})
    assert response.status_code == 415
    assert "The request could not be understood" in response.get_data(as_text=True)


def test_json_of_another_name_is_json_too(make_app: Any) -> None:
    app = make_app()
    app.config["WTF_CSRF_ENABLED"] = False
    response = app.test_client().post("/account/sign-in", data=b"{}", content_type="application/problem+json")
    assert response.status_code == 415
