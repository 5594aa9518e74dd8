"""Signing in and out, and what a copied cookie is worth afterwards (threat T11, tests S14 and S15)."""

from datetime import timedelta
from urllib.parse import urljoin, urlsplit

import pytest
from sqlalchemy import func, select, update

from wpound.services.access import Role
from wpound.services.change_roles import grant_role
from wpound.services.create_person import disable_person, enable_person
from wpound.store.accounts import get_user
from wpound.store.engine import now_in, writing
from wpound.store.models.accounts import LoginSession
from wpound.store.models.audit import AuditEvent
from wpound.store.organisations import list_anchors

WRONG = "Enter a correct email address and password"


def test_the_right_password_signs_in_and_is_written_down(app, person, browser) -> None:
    person("ann@example.org", Role.ANCHOR)
    visitor = browser()
    answer = visitor.sign_in(" Ann@Example.org ")

    assert (answer.status_code, answer.headers["Location"]) == (302, "/home")
    assert visitor.is_signed_in
    with writing(app.extensions["wpound"].engine) as session:
        last = session.scalars(select(AuditEvent).order_by(AuditEvent.seq.desc()).limit(1)).one()
    assert (last.actor, last.action) == ("ann@example.org", "account.signed_in")


@pytest.mark.parametrize(
    ("email", "password"),
    [("ann@example.org", "wrong"), ("nobody@example.org", "wrong"), ("closed@example.org", "correct horse battery")],
)
def test_what_was_wrong_is_not_told(app, person, browser, email: str, password: str) -> None:
    person("ann@example.org")
    person("closed@example.org")
    with writing(app.extensions["wpound"].engine) as session:
        disable_person(session, get_user(session, "closed@example.org"), actor="test")
    visitor = browser()
    page = visitor.sign_in(email, password).get_data(as_text=True)

    assert page.count(WRONG) == 1
    assert "example.org" not in page.replace(f'value="{email}"', "")
    assert not visitor.is_signed_in


def test_a_page_that_asks_for_signing_in_is_come_back_to(person, browser) -> None:
    person("ann@example.org")
    visitor = browser()
    asked = visitor.get("/account/sign-ins")
    assert asked.headers["Location"] == "/account/sign-in?next=/account/sign-ins"
    answer = visitor.send(asked.headers["Location"], {"email": "ann@example.org", "password": "correct horse battery"})
    assert answer.headers["Location"] == "/account/sign-ins"


@pytest.mark.parametrize(
    "elsewhere", ["https://evil.example/", "//evil.example", "\\\\evil.example", "/\\evil.example"]
)
def test_signing_in_never_leads_to_another_site(person, browser, elsewhere: str) -> None:
    person("ann@example.org")
    data = {"email": "ann@example.org", "password": "correct horse battery", "next": elsewhere}
    answer = browser().send("/account/sign-in", data)
    # As a browser reads it, for which a backslash is a slash.
    assert urlsplit(urljoin("http://ours/", answer.headers.get("Location", "").replace("\\", "/"))).netloc == "ours"


def test_a_cookie_copied_before_signing_out_is_dead_afterwards(person, browser) -> None:
    person("ann@example.org")
    visitor = browser()
    visitor.sign_in("ann@example.org")
    thief = visitor.with_cookie(visitor.cookie)
    assert thief.is_signed_in

    visitor.send("/account/sign-out", on="/account")

    assert not visitor.is_signed_in
    assert not thief.is_signed_in


def test_the_cookie_changes_at_the_sign_in_and_a_planted_one_signs_nobody_in(person, browser) -> None:
    person("ann@example.org")
    visitor = browser()
    visitor.get("/account/sign-in")
    planted = visitor.cookie
    visitor.sign_in("ann@example.org")

    assert visitor.cookie != planted
    assert not visitor.with_cookie(planted).is_signed_in


def test_a_new_password_ends_every_other_sign_in(person, browser) -> None:
    person("ann@example.org")
    here, elsewhere = browser(), browser()
    here.sign_in("ann@example.org")
    elsewhere.sign_in("ann@example.org")
    copied = here.cookie

    answer = here.send(
        "/account/password",
        {
            "password": "correct horse battery",
            "new_password": "purple monkey dishwasher",
            "new_password_confirm": "purple monkey dishwasher",
        },
    )

    assert answer.status_code == 302
    assert here.is_signed_in
    assert not elsewhere.is_signed_in
    assert not here.with_cookie(copied).is_signed_in
    assert not _signs_in(browser(), "correct horse battery")
    assert _signs_in(browser(), "purple monkey dishwasher")


def _signs_in(visitor, password: str) -> bool:
    visitor.sign_in("ann@example.org", password)
    return visitor.is_signed_in


@pytest.mark.parametrize(
    ("new", "says"),
    [
        ("short", "must be 12 characters or more"),
        ("ann@example.org", "harder to guess"),
        ("aaaaaaaaaaaaaaaa", "harder to guess"),
        ("correct horse battery", "must be different"),
    ],
)
def test_a_new_password_that_will_not_do_is_refused(person, browser, new: str, says: str) -> None:
    person("ann@example.org")
    visitor = browser()
    visitor.sign_in("ann@example.org")
    data = {"password": "correct horse battery", "new_password": new, "new_password_confirm": new}
    assert says in visitor.send("/account/password", data).get_data(as_text=True)


def test_a_change_of_roles_ends_the_sign_in(app, person, browser) -> None:
    person("ann@example.org", Role.ANCHOR)
    visitor = browser()
    visitor.sign_in("ann@example.org")
    site = app.extensions["wpound"]
    with writing(site.engine) as session:
        council = list_anchors(session, city_key=site.city.key)[0]
        grant_role(session, get_user(session, "ann@example.org"), council, Role.SUPPLIER, actor="test")
    assert not visitor.is_signed_in


def test_disabling_ends_the_sign_in_and_enabling_does_not_bring_it_back(app, person, browser) -> None:
    person("ann@example.org")
    visitor = browser()
    visitor.sign_in("ann@example.org")
    engine = app.extensions["wpound"].engine
    with writing(engine) as session:
        disable_person(session, get_user(session, "ann@example.org"), actor="test")
    assert not visitor.is_signed_in
    with writing(engine) as session:
        enable_person(session, get_user(session, "ann@example.org"), actor="test")
    assert not visitor.is_signed_in
    assert _signs_in(browser(), "correct horse battery")


@pytest.mark.parametrize(
    "change",
    [
        {"last_seen_at": timedelta(minutes=-60)},
        {"expires_at": timedelta(0)},
    ],
)
def test_a_sign_in_runs_out_unused_and_at_the_latest(app, person, browser, change) -> None:
    person("ann@example.org")
    visitor = browser()
    visitor.sign_in("ann@example.org")
    with writing(app.extensions["wpound"].engine) as session:
        now = now_in(session)
        session.execute(update(LoginSession).values({name: now + by for name, by in change.items()}))
    assert not visitor.is_signed_in


def test_use_is_noted_so_that_whoever_works_stays_signed_in(app, person, browser) -> None:
    person("ann@example.org")
    visitor = browser()
    visitor.sign_in("ann@example.org")
    engine = app.extensions["wpound"].engine
    with writing(engine) as session:
        session.execute(update(LoginSession).values(last_seen_at=now_in(session) - timedelta(minutes=59)))
    assert visitor.is_signed_in
    with writing(engine) as session:
        seen = session.scalars(select(LoginSession.last_seen_at)).one()
        assert now_in(session) - seen < timedelta(minutes=1)


def test_the_list_shows_browsers_and_signs_out_everywhere_else(person, browser) -> None:
    person("ann@example.org")
    here, elsewhere, third = browser(), browser(), browser()
    for one in (here, elsewhere, third):
        one.sign_in("ann@example.org")
    page = here.get("/account/sign-ins").get_data(as_text=True)
    assert page.count("This browser") == 1
    assert page.count("/end") == 3

    here.send("/account/sign-ins/end", on="/account/sign-ins")

    assert here.is_signed_in
    assert not elsewhere.is_signed_in
    assert not third.is_signed_in


def test_nobody_ends_anothers_sign_in(app, person, browser) -> None:
    person("ann@example.org")
    person("bob@example.org")
    ann, bob = browser(), browser()
    ann.sign_in("ann@example.org")
    bob.sign_in("bob@example.org")
    with writing(app.extensions["wpound"].engine) as session:
        ids = list(session.scalars(select(LoginSession.id).order_by(LoginSession.id)))
    for one in (ids[1], 99999):
        assert ann.send(f"/account/sign-ins/{one}/end", on="/account/sign-ins").status_code == 404
    assert bob.is_signed_in


def test_remember_me_and_tokens_are_never_given(person, browser) -> None:
    """Both would outlive the row of the sign-in."""
    person("ann@example.org")
    visitor = browser()
    data = {"email": "ann@example.org", "password": "correct horse battery", "remember": "y"}
    answer = visitor.send("/account/sign-in?include_auth_token", data)
    assert [cookie.partition("=")[0] for cookie in answer.headers.getlist("Set-Cookie")] == ["wpound"]
    assert b"token" not in answer.data
    cookie = answer.headers["Set-Cookie"]
    assert "HttpOnly" in cookie and "SameSite=Lax" in cookie and "Expires" not in cookie

    wanted = {"email": "ann@example.org", "password": "correct horse battery"}
    headers = {"Accept": "application/json"}
    assert browser().client.post("/account/sign-in?include_auth_token", json=wanted, headers=headers).status_code == 415


def test_a_visitor_leaves_no_row_and_a_signed_cookie_signs_nobody_in(app, browser) -> None:
    visitor = browser()
    visitor.get("/account/sign-in")
    signer = app.session_interface.get_signing_serializer(app)
    forged = visitor.with_cookie(signer.dumps({"_user_id": "somebody", "_fresh": True}))
    assert not forged.is_signed_in
    with writing(app.extensions["wpound"].engine) as session:
        assert session.scalar(select(func.count()).select_from(LoginSession)) == 0


def test_the_row_holds_neither_the_key_nor_the_whole_address(app, person, browser) -> None:
    person("ann@example.org")
    visitor = browser()
    visitor.sign_in("ann@example.org")
    with writing(app.extensions["wpound"].engine) as session:
        row = session.scalars(select(LoginSession)).one()
        assert visitor.cookie not in (row.key_hash, row.data)
        assert row.address_hint == "127.0.0.…"


def test_signing_out_needs_the_form(person, browser) -> None:
    person("ann@example.org")
    visitor = browser()
    visitor.sign_in("ann@example.org")
    assert visitor.client.post("/account/sign-out").status_code == 400
    assert visitor.get("/account/sign-out").status_code == 405
    assert visitor.is_signed_in


def test_personal_pages_are_never_kept_and_public_ones_stay_public(person, browser) -> None:
    person("ann@example.org")
    visitor = browser()
    assert visitor.get("/plan").headers["Cache-Control"] == "no-cache"
    visitor.sign_in("ann@example.org")
    for address in ("/account", "/account/sign-ins", "/plan"):
        assert visitor.get(address).headers["Cache-Control"] == "private, no-store"
