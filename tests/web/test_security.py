"""What is sent with every page, and what a browser may keep."""

import stat

import pytest

from wpound.web.security import HEADERS

SECURE = {"WPOUND_BASE_URL": "https://pound.example.gov.uk"}


@pytest.mark.parametrize("address", ["/", "/verify", "/nothing-here"])
def test_every_answer_carries_the_headers(client, address: str) -> None:
    headers = client.get(address).headers
    assert all(headers[name] == value for name, value in HEADERS.items())
    assert "Server" not in headers


def test_nothing_inline_and_nothing_from_elsewhere_may_run(client) -> None:
    policy = dict(part.split(" ", 1) for part in client.get("/").headers["Content-Security-Policy"].split("; "))
    assert policy["default-src"] == "'none'"
    assert {policy[kind] for kind in ("script-src", "style-src", "img-src", "font-src", "form-action")} == {"'self'"}
    assert {policy[kind] for kind in ("frame-ancestors", "base-uri")} == {"'none'"}


def test_https_is_insisted_on_where_the_service_has_it(make_app) -> None:
    assert "Strict-Transport-Security" not in make_app().test_client().get("/").headers
    response = make_app(SECURE).test_client().get("/verify", base_url=SECURE["WPOUND_BASE_URL"])
    assert response.headers["Strict-Transport-Security"].startswith("max-age=63072000")
    cookie = response.headers["Set-Cookie"]
    assert cookie.startswith("__Host-wpound=")
    assert all(mark in cookie for mark in ("Secure", "HttpOnly", "SameSite=Lax", "Path=/"))


def test_a_page_without_a_form_sets_no_cookie_and_is_not_sent_twice(client) -> None:
    first = client.get("/plan")
    assert "Set-Cookie" not in first.headers
    assert first.headers["Cache-Control"] == "no-cache"
    again = client.get("/plan", headers={"If-None-Match": first.headers["ETag"]})
    assert again.status_code == 304
    assert not again.data
    assert again.headers["Cache-Control"] == "no-cache"


@pytest.mark.parametrize("address", ["/plan?changed", "/measures"])
def test_a_page_kept_from_elsewhere_or_by_an_older_edition_is_sent_anew(make_app, address: str) -> None:
    client = make_app().test_client()
    kept = {"If-None-Match": client.get("/plan").headers["ETag"]}
    assert client.get(address, headers=kept).status_code == 200
    other = make_app({"WPOUND_CITY": "coventry"}).test_client()
    assert other.get("/plan", headers=kept).status_code == 200


def test_whoever_has_our_cookie_is_shown_the_page_anew(client) -> None:
    kept = {"If-None-Match": client.get("/plan").headers["ETag"]}
    client.get("/verify")
    assert client.get("/plan", headers=kept).status_code == 200


@pytest.mark.parametrize("address", ["/verify", "/nothing-here"])
def test_forms_and_errors_are_never_kept(client, address: str) -> None:
    assert client.get(address).headers["Cache-Control"] == "private, no-store"


def test_static_files_are_kept_for_good_under_an_address_of_their_own(app, client) -> None:
    response = client.get(f"{app.static_url_path}/icon.svg", buffered=True)
    assert response.status_code == 200
    assert response.cache_control.immutable
    assert response.cache_control.max_age == 63_072_000
    assert client.get("/static/000000000000/icon.svg").headers["Cache-Control"] == "private, no-store"


def test_the_key_is_made_once_and_is_its_owners_alone(make_app, tmp_path) -> None:
    first, second = make_app(), make_app()
    assert first.secret_key == second.secret_key
    assert len(first.secret_key) == 64
    assert stat.S_IMODE((tmp_path / "secret_key").stat().st_mode) == 0o600
    assert [path.name for path in tmp_path.iterdir() if "secret" in path.name or path.name.startswith("tmp")] == [
        "secret_key"
    ]


def test_a_key_from_the_settings_is_used_and_not_written_down(make_app, tmp_path) -> None:
    assert make_app({"WPOUND_SECRET_KEY": "from outside"}).secret_key == "from outside"
    assert not (tmp_path / "secret_key").exists()
