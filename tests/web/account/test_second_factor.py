"""The second factor: who must have one, what a code is worth, and the ways back in."""

import re
from datetime import timedelta

import pytest
from argon2 import PasswordHasher
from passlib.totp import TOTP
from sqlalchemy import select

from wpound.services.access import Role
from wpound.services.create_person import remove_second_factors
from wpound.store.accounts import get_user
from wpound.store.engine import writing
from wpound.store.models.accounts import User


@pytest.fixture
def set_up(person, browser, set_up_app):
    """Ann with an authenticator app; gives her browser and the app."""
    person("ann@example.org", Role.ANCHOR)
    visitor = browser()
    visitor.sign_in("ann@example.org")
    return visitor, set_up_app(visitor)


def _next_code(authenticator: TOTP) -> str:
    """The code of the next half minute, which is taken already: clocks differ."""
    return authenticator.generate(authenticator.now() + 30).token


def test_an_administrator_sets_one_up_before_anything_else(person, browser, set_up_app) -> None:
    person("ada@example.org", Role.ADMIN)
    visitor = browser()
    assert visitor.sign_in("ada@example.org").headers["Location"] == "/account/second-factor"
    assert not visitor.is_signed_in
    assert visitor.get("/home").headers["Location"].startswith("/account/sign-in")

    set_up_app(visitor)

    assert visitor.is_signed_in
    refused = visitor.send("/account/second-factor", {"setup": "disable"})
    assert visitor.is_signed_in
    assert "Remove the app" not in refused.get_data(as_text=True)


def test_a_password_hashed_at_another_cost_is_hashed_anew_on_the_way_to_the_second_factor(
    app, person, browser, set_up_app
) -> None:
    """Its writing has to be over before the sign-in is written, or each waits for the other."""
    person("ann@example.com", Role.ADMIN)
    with writing(app.extensions["wpound"].engine) as session:
        user = get_user(session, "ann@example.com")
        user.password = older = PasswordHasher(2, 16, 1).hash("correct horse battery")
    ann = browser()
    ann.sign_in("ann@example.com")
    set_up_app(ann)

    with writing(app.extensions["wpound"].engine) as session:
        assert get_user(session, "ann@example.com").password != older


def test_the_code_for_the_camera_stands_in_the_page_and_holds_the_key(set_up, person, browser) -> None:
    visitor, _ = set_up
    page = visitor.send("/account/second-factor", {"setup": "authenticator"}).get_data(as_text=True)
    assert '<svg viewBox="0 0' in page
    assert "data:image" not in page
    assert "QR code for your authenticator app" in page


def test_the_password_alone_no_longer_signs_in_and_the_code_does(set_up, browser) -> None:
    _, authenticator = set_up
    visitor = browser()
    assert visitor.sign_in("ann@example.org").headers["Location"].startswith("/account/sign-in/code")
    assert not visitor.is_signed_in

    visitor.send("/account/sign-in/code", {"code": f" {_next_code(authenticator)[:3]} {_next_code(authenticator)[3:]}"})

    assert visitor.is_signed_in


def test_a_code_is_taken_once(set_up, browser) -> None:
    _, authenticator = set_up
    code = _next_code(authenticator)
    owner, thief = browser(), browser()
    for one in (owner, thief):
        one.sign_in("ann@example.org")
        one.send("/account/sign-in/code", {"code": code})
    assert owner.is_signed_in
    assert not thief.is_signed_in


@pytest.mark.parametrize(
    "code", ["000000", "", "12345", "abcdef", "\uff11\uff12\uff13\uff14\uff15\uff16", "1" * 500, "123456\x00"]
)
def test_a_code_that_is_none_is_refused_in_plain_words(set_up, browser, code: str) -> None:
    visitor = browser()
    visitor.sign_in("ann@example.org")
    answer = visitor.send("/account/sign-in/code", {"code": code})
    assert answer.status_code == 200
    assert "There is a problem" in answer.get_data(as_text=True)
    assert not visitor.is_signed_in


def test_a_recovery_code_works_once(set_up, browser) -> None:
    visitor, _ = set_up
    page = visitor.send("/account/recovery-codes").get_data(as_text=True)
    codes = re.findall(r"<li>([0-9a-f-]{14})</li>", page)
    assert len(codes) == 8
    assert codes[0] not in visitor.get("/account/recovery-codes?show_codes=1").get_data(as_text=True)

    for is_taken in (True, False):
        other = browser()
        other.sign_in("ann@example.org")
        other.send("/account/sign-in/recovery-code", {"code": codes[0]})
        assert other.is_signed_in is is_taken


def test_a_recovery_code_sent_from_two_browsers_at_once_is_taken_once(app, set_up, browser) -> None:
    visitor, _ = set_up
    code = re.findall(r"<li>([0-9a-f-]{14})</li>", visitor.send("/account/recovery-codes").get_data(as_text=True))[0]
    security, first = app.extensions["security"], browser()
    with app.app_context():
        # What the second browser's request reads before the first one's is done.
        ann = security.datastore.find_user(email="ann@example.org")

    first.sign_in("ann@example.org")
    first.send("/account/sign-in/recovery-code", {"code": code})

    assert first.is_signed_in
    with app.app_context():
        assert not security.mf_recovery_codes_util.check_recovery_code(ann, code)


def test_secrets_are_kept_encrypted(app, set_up) -> None:
    visitor, authenticator = set_up
    page = visitor.send("/account/recovery-codes").get_data(as_text=True)
    with writing(app.extensions["wpound"].engine) as session:
        user = session.scalars(select(User)).one()
    assert authenticator.base32_key not in user.tf_totp_secret
    assert not [code for code in user.mf_recovery_codes if code in page]


def test_a_half_made_sign_in_opens_nothing(set_up, browser) -> None:
    visitor = browser()
    visitor.sign_in("ann@example.org")
    for address in ("/account", "/home", "/account/sign-ins", "/account/password", "/account/recovery-codes"):
        assert visitor.get(address).headers["Location"].startswith("/account/sign-in")


def test_signing_out_everywhere_ends_what_is_half_made(set_up, browser) -> None:
    (here, authenticator), thief = set_up, browser()
    thief.sign_in("ann@example.org")
    page = thief.get("/account/sign-in/code").get_data(as_text=True)
    here.send("/account/sign-ins/end", on="/account/sign-ins")
    thief.post("/account/sign-in/code", page, {"code": _next_code(authenticator)})
    assert here.is_signed_in
    assert not thief.is_signed_in


def test_changing_the_second_factor_asks_for_the_password_again(app, person, browser) -> None:
    person("ann@example.org")
    visitor = browser()
    visitor.sign_in("ann@example.org")
    app.config["SECURITY_FRESHNESS"] = timedelta(microseconds=1)
    for address in ("/account/second-factor", "/account/recovery-codes"):
        asked = visitor.get(address)
        assert asked.headers["Location"].startswith(f"/account/confirm?next={address}")
    app.config["SECURITY_FRESHNESS"] = timedelta(minutes=30)
    answer = visitor.send(asked.headers["Location"], {"password": "correct horse battery"})
    assert answer.headers["Location"] == "/account/recovery-codes"


def test_who_does_without_is_told_by_mail(set_up, mails) -> None:
    visitor, _ = set_up
    visitor.send("/account/second-factor", {"setup": "disable"})
    told = [mail.body for mail in mails() if mail.template == "account_changed"]
    assert ["set up" in told[0], "removed" in told[1]] == [True, True]


def test_a_lost_one_is_taken_away_from_the_machine(app, set_up, browser) -> None:
    visitor, _ = set_up
    with writing(app.extensions["wpound"].engine) as session:
        remove_second_factors(session, get_user(session, "ann@example.org"), actor="wpound user")
    assert not visitor.is_signed_in
    again = browser()
    again.sign_in("ann@example.org")
    assert again.is_signed_in


def test_help_says_what_can_be_done(browser) -> None:
    assert "recovery codes" in browser().get("/account/sign-in/help").get_data(as_text=True)
