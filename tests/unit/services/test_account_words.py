"""Passwords that will do, and how a browser and its network are shown to their owner."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wpound.services.check_password import MINIMUM_LENGTH, find_password_problem
from wpound.services.keep_sign_in import name_browser, shorten_address

ABOUT = ("ann.other@wolverhampton.example", "Ann Other")


@pytest.mark.parametrize(
    "password",
    [
        "password1234",
        "Passw0rd2026!",
        "qwertyqwerty",
        "abcdefghijklmnop",
        "987654321098",
        "aaaaaaaaaaaaaaa",
        "121212121212",
        "wolverhampton1",
        "annother2026!",
        ABOUT[0],
        ABOUT[0].upper(),
    ],
)
def test_what_guessing_programs_try_first_is_refused(password: str) -> None:
    assert find_password_problem(password, about=ABOUT) is not None


@pytest.mark.parametrize(
    "password", ["correct horse battery", "Tr0ub4dor&3xyz!", "wolverhampton wanderers", "日本語のパスワードです長い"]
)
def test_other_passwords_will_do(password: str) -> None:
    assert find_password_problem(password, about=ABOUT) is None


@given(st.text(max_size=MINIMUM_LENGTH - 1))
def test_a_short_one_never_does(password: str) -> None:
    assert "12 characters or more" in str(find_password_problem(password))


@given(st.text(max_size=50))
def test_what_is_known_of_a_person_is_no_password_however_it_is_filled_up(about: str) -> None:
    password = f"{about}12345"[-60:]
    assert find_password_problem(password, about=(about,)) is not None


@pytest.mark.parametrize(
    ("address", "shown"),
    [("192.0.2.77", "192.0.2.…"), ("2001:db8:1:2::3", "2001:db8:…"), ("", ""), ("unix", "")],
)
def test_a_network_is_shown_without_its_end(address: str, shown: str) -> None:
    assert shorten_address(address) == shown


@pytest.mark.parametrize(
    ("agent", "shown"),
    [
        ("Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 Chrome/131.0 Safari/537.36 Edg/131.0", "Edge on Windows"),
        (
            "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit Version/18 Safari/604",
            "Safari on iPhone",
        ),
        ("Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0", "Firefox on Linux"),
        ("curl/8", "A browser"),
    ],
)
def test_a_browser_is_named_as_its_owner_knows_it(agent: str, shown: str) -> None:
    assert name_browser(agent) == shown
