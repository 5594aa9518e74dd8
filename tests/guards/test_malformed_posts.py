"""Whatever is posted to whatever address by whomever, the answer is a page that says what is wrong, never a failure."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

# Flask-Security's own forms still use what WTForms is about to drop.
pytestmark = pytest.mark.filterwarnings("ignore:Passing SelectField choices as tuples:DeprecationWarning")

CAST = ("admin", "officer", "evaluator", "contract_manager", "supplier", "anchor", "outsider", "signed out")
NASTY = (
    "",
    " ",
    "\x00",
    "0",
    "-1",
    "1e400",
    "NaN",
    "99999999999999999999",
    "2026-02-30",
    "supplier",
    "a@b.c",
    "\N{GRINNING FACE}" * 300,
    "' OR 1=1 --",
    "{{ 7 * 7 }}",
    "../../etc",
    "\u202e\u0000x",
    "\ufffe",
)
NAME = re.compile(r'<(?:input|select|textarea)[^>]*\bname="([^"]+)"')
ENTRIES = st.one_of(st.sampled_from(NASTY), st.text(st.characters(exclude_categories=["Cs"]), max_size=60))
BODIES = st.tuples(
    st.binary(max_size=200),
    st.sampled_from(
        [
            "application/x-www-form-urlencoded",
            "multipart/form-data",
            "multipart/form-data; boundary=x",
            "application/json",
            "text/plain; charset=nonsense",
            "",
        ]
    ),
)


@pytest.fixture
def world(make_world: Callable[[], Any]) -> Any:
    found = make_world()
    found.app.config["RATELIMIT_ENABLED"] = False
    return found


def posts_of(world: Any) -> list[Any]:
    return [rule for rule in world.app.url_map.iter_rules() if "POST" in (rule.methods or ())]


def ask(world: Any, rule: Any, who: str, **options: Any) -> int:
    values = {name: world.value(name, who, False) for name in rule.arguments - set(rule.defaults or ())}
    with world.app.test_request_context():
        address = world.app.url_for(rule.endpoint, **values)
    response = world.client(who).open(address, buffered=True, **options)
    assert response.status_code < 500, (address, who, options)
    return int(response.status_code)


def names_of(world: Any, rule: Any, who: str) -> list[str]:
    """The fields of the form a person is shown at an address, and some it never had."""
    values = {name: world.value(name, who, False) for name in rule.arguments - set(rule.defaults or ())}
    with world.app.test_request_context():
        address = world.app.url_for(rule.endpoint, **values)
    shown = NAME.findall(world.client(who).get(address).get_data(as_text=True)) if "GET" in rule.methods else []
    return sorted({*shown, "email", "next", "file"} - {"csrf_token"})


@settings(
    max_examples=120,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow, HealthCheck.data_too_large],
)
@given(st.data())
def test_no_form_sent_by_anybody_fails(world: Any, data: st.DataObject) -> None:
    rule = data.draw(st.sampled_from(posts_of(world)), "address")
    who = data.draw(st.sampled_from(CAST), "who")
    sent = data.draw(st.dictionaries(st.sampled_from(names_of(world, rule, who)), st.lists(ENTRIES, max_size=3)))
    ask(world, rule, who, method="POST", data=sent | {"csrf_token": world.token})
    world.restore()


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(place=st.integers(0, 10_000), who=st.sampled_from(CAST), body=BODIES)
@example(place=0, who="admin", body=(b"%ff%fe=%00", "application/x-www-form-urlencoded"))
@example(place=0, who="admin", body=(b"--x\r\n\r\n", "multipart/form-data; boundary=x"))
def test_no_body_whatsoever_fails(world: Any, place: int, who: str, body: tuple[bytes, str]) -> None:
    rules = posts_of(world)
    sent = {"data": body[0], "content_type": body[1]}
    status = ask(world, rules[place % len(rules)], who, method="POST", **sent)
    assert status in (303, 400, 415), "a post without a token changes nothing"
