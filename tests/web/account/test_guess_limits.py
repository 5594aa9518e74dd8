"""Guesses are counted, ten are allowed, and nobody learns from the answer who has an account (test S15)."""

from datetime import timedelta

import pytest
from sqlalchemy import update

from wpound.services.access import Role
from wpound.services.create_person import disable_person
from wpound.store.accounts import get_user
from wpound.store.engine import now_in, writing
from wpound.store.models.accounts import AttemptCount

TOO_MANY = "Too many attempts"


@pytest.mark.parametrize("email", ["ann@example.org", "nobody@example.org"])
def test_the_eleventh_guess_is_refused_even_where_it_is_right(person, browser, email: str) -> None:
    person("ann@example.org")
    for _ in range(10):
        assert TOO_MANY not in browser().sign_in(email, "wrong").get_data(as_text=True)

    last = browser()
    assert TOO_MANY in last.sign_in(email.upper()).get_data(as_text=True)
    assert not last.is_signed_in


def test_after_a_quarter_of_an_hour_it_can_be_tried_again(app, person, browser) -> None:
    person("ann@example.org")
    for _ in range(11):
        browser().sign_in("ann@example.org", "wrong")
    with writing(app.extensions["wpound"].engine) as session:
        session.execute(update(AttemptCount).values(since=now_in(session) - timedelta(minutes=15)))
    visitor = browser()
    visitor.sign_in("ann@example.org")
    assert visitor.is_signed_in


def test_the_right_password_starts_the_count_anew(person, browser) -> None:
    person("ann@example.org")
    for _ in range(3):
        for _ in range(4):
            browser().sign_in("ann@example.org", "wrong")
        visitor = browser()
        visitor.sign_in("ann@example.org")
        assert visitor.is_signed_in


def test_whoever_is_signed_in_cannot_guess_the_password_either(person, browser) -> None:
    person("ann@example.org")
    visitor = browser()
    visitor.sign_in("ann@example.org")
    new = {"new_password": "purple monkey dishwasher", "new_password_confirm": "purple monkey dishwasher"}
    for _ in range(5):
        visitor.send("/account/password", {"password": "wrong"} | new)
        visitor.send("/account/confirm", {"password": "wrong"})
    page = visitor.send("/account/password", {"password": "correct horse battery"} | new)
    assert TOO_MANY in page.get_data(as_text=True)


def test_codes_are_counted_apart_and_refused_after_ten(person, browser, set_up_app) -> None:
    person("ann@example.org", Role.ANCHOR)
    owner = browser()
    owner.sign_in("ann@example.org")
    set_up_app(owner)
    thief = browser()
    thief.sign_in("ann@example.org")
    for number in range(5):
        thief.send("/account/sign-in/code", {"code": f"{number:06d}"})
        thief.send("/account/sign-in/recovery-code", {"code": "0000-0000-0000"})
    assert TOO_MANY in thief.send("/account/sign-in/code", {"code": "000000"}).get_data(as_text=True)
    assert TOO_MANY in thief.send("/account/sign-in/recovery-code", {"code": "x"}).get_data(as_text=True)
    assert not thief.is_signed_in


@pytest.mark.parametrize("email", ["ann@example.org", "nobody@example.org", "closed@example.org"])
@pytest.mark.parametrize(
    ("address", "data"), [("/account/sign-in", {"password": "wrong"}), ("/account/password/forgotten", {})]
)
def test_the_work_is_the_same_for_known_and_unknown_addresses(
    app, person, browser, monkeypatch, email: str, address: str, data: dict[str, str]
) -> None:
    """One hash, which is nearly all the time there is: who has an account cannot be told with a clock."""
    person("ann@example.org")
    person("closed@example.org")
    with writing(app.extensions["wpound"].engine) as session:
        disable_person(session, get_user(session, "closed@example.org"), actor="test")
    context, hashes = app.extensions["security"].pwd_context, []
    for name in ("hash", "verify"):
        real = getattr(context, name)
        monkeypatch.setattr(context, name, lambda *args, real=real, **more: hashes.append(1) or real(*args, **more))

    browser().send(address, {"email": email} | data)

    assert len(hashes) == 1


def test_a_link_for_a_new_password_is_made_in_no_time(app) -> None:
    """It is made for those alone who have an account, so a slow hash in it would tell who they are."""
    hasher = app.extensions["security"].hashing_context.handler()
    assert "rounds" not in hasher.setting_kwds


def test_a_forgotten_password_is_answered_the_same_for_all_and_mailed_to_few(person, browser, mails) -> None:
    person("ann@example.org")
    answers = {
        email: browser().send("/account/password/forgotten", {"email": email}).get_data(as_text=True)
        for email in ("ann@example.org", "nobody@example.org")
    }
    assert [mail.recipient for mail in mails()] == ["ann@example.org"]
    shown = [_without_token(page).replace(email, "ADDRESS") for email, page in answers.items()]
    assert shown[0] == shown[1]


def test_nobody_is_flooded_with_mail(person, browser, mails) -> None:
    person("ann@example.org")
    for _ in range(5):
        browser().send("/account/password/forgotten", {"email": "ann@example.org"})
    assert len(mails()) == 3


def test_one_network_of_many_addresses_counts_as_one(app, browser, mails) -> None:
    """A provider gives every customer 2 to the 64 addresses of IPv6."""
    for number in range(23):
        visitor = browser()
        visitor.client.environ_base["REMOTE_ADDR"] = f"2001:db8::{number:x}"
        firm = {"firm": "Firm Ltd", "kind": "company", "company": "01234567", "email": f"{number}@firm.example"}
        assert visitor.send("/account/register", firm).status_code == 200
    assert len(mails()) == 20


def _without_token(page: str) -> str:
    return "\n".join(line for line in page.splitlines() if "csrf_token" not in line)
