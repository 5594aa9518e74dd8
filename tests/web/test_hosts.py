"""A request that names a host which is not ours is turned away."""

from collections.abc import Callable

import pytest
from flask import Flask

OURS = {"WPOUND_BASE_URL": "https://pound.example"}


@pytest.mark.parametrize("host", ["evil.example", "pound.example.evil.example", "pound.example:80@evil.example", ""])
@pytest.mark.parametrize("path", ["/", "/account/forgot-password", "/nowhere"])
def test_another_host_gets_nothing(make_app: Callable[..., Flask], host: str, path: str) -> None:
    answer = make_app(OURS).test_client().get(path, headers={"Host": host})

    assert answer.status_code == 400
    assert "evil" not in answer.get_data(as_text=True)
    assert answer.headers["Content-Security-Policy"]


def test_our_host_is_served_whatever_the_port(make_app: Callable[..., Flask]) -> None:
    client = make_app(OURS).test_client()

    assert client.get("/plan", headers={"Host": "pound.example"}).status_code == 200
    assert client.get("/plan", headers={"Host": "pound.example:443"}).status_code == 200


def test_trying_out_is_possible_under_any_name(make_app: Callable[..., Flask]) -> None:
    assert make_app().test_client().get("/plan", headers={"Host": "this-machine:5000"}).status_code == 200
