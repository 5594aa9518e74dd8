"""Every address, asked for by everyone, about their own thing and a foreign one, with and without a form token.

The addresses come from the application itself, so a new one is walked without being listed here; ``routes.txt`` is the
list that was agreed. What is expected is worked out here and not by the service's own rules.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import product
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import Engine, event
from werkzeug.routing import Rule

from wpound.core.errors import AccessDenied, NotFound
from wpound.store.engine import writing
from wpound.store.models.organisations import Organisation
from wpound.web.access import Policy, requires

# Flask-Security's own forms do so until it asks for WTForms 3.4.
pytestmark = pytest.mark.filterwarnings("ignore:Passing SelectField choices as tuples:DeprecationWarning")

ROUTES = Path(__file__).parent / "routes.txt"
SAFE, UNSAFE = {"GET", "HEAD", "OPTIONS"}, {"POST", "PUT", "PATCH", "DELETE"}
MEMBERS = {"admin", "officer", "evaluator", "contract_manager", "supplier", "anchor"}
CAST = (*sorted(MEMBERS), "outsider", "signed out", "disabled")
# Who is let in by each policy: this test's own opinion.
LET_IN: Mapping[str, set[str]] = {
    "public": set(CAST),
    "signed in": MEMBERS | {"outsider"},
    "member": MEMBERS,
    "admin": {"admin"},
    "officer": {"officer"},
    "evaluator": {"evaluator"},
    "contract manager": {"officer", "contract_manager"},
    "buyer": {"officer", "evaluator", "contract_manager"},
    "tender": {"officer", "evaluator"},
    "supplier": {"supplier"},
    "anchor": {"anchor"},
    "inviter": {"admin", "officer", "supplier", "anchor"},
    "supplier inviter": {"admin", "officer"},
}
LET_THROUGH = {200, 204, 302, 303, 304, 400, 409}
WRITES = re.compile(r"\s*(INSERT|UPDATE|DELETE|REPLACE)\b", re.I)


@dataclass(frozen=True)
class Cell:
    """One question: who asks for what, how, about whose thing."""

    rule: Rule
    policy: str
    method: str
    who: str
    foreign: str | None
    token: bool

    def __str__(self) -> str:
        about = f" with a foreign {self.foreign}" if self.foreign else ""
        return f"{self.method} {self.rule.rule} as {self.who}{about}{'' if self.token else ' without a token'}"

    @property
    def refusal(self) -> set[int]:
        """How this has to be refused: sent to sign in (303), forbidden, not found; empty where it is let through."""
        if self.method in UNSAFE and not self.token:
            return {400}
        if self.who not in LET_IN[self.policy]:
            # The session of a disabled account is gone, and the token with it.
            return {"signed out": {303}, "disabled": {303, 400}}.get(self.who, {403})
        return {404} if self.foreign else set()


def policy_of(app: Flask, rule: Rule) -> Policy | None:
    return getattr(app.view_functions[rule.endpoint], "access_policy", None)


def objects_of(rule: Rule) -> set[str]:
    """The arguments of an address that are not fixed by it."""
    return rule.arguments - set(rule.defaults or ())


def find_holes(world: Any, rule: Rule) -> list[str]:
    """Everything wrong with one address, in words; nothing for a sound one."""
    policy = policy_of(world.app, rule)
    if policy is None:
        return [f"{rule.rule} has no policy"]
    holes = list(find_odd_methods(world, rule))
    arguments = sorted(objects_of(rule) & set(world.foreign)) if policy is not Policy.PUBLIC else []
    # HEAD is answered by the view of GET, OPTIONS by no view at all.
    methods = sorted((rule.methods or set()) - {"HEAD", "OPTIONS"})
    for method, who, foreign in product(methods, CAST, (None, *arguments)):
        for token in (True, False) if method in UNSAFE else (True,):
            holes += judge(world, Cell(rule, policy.value, method, who, foreign, token))
    return holes


def judge(world: Any, cell: Cell) -> Iterator[str]:
    """Ask, and say what is wrong with the answer; what it wrote is taken back.

    A sign-in that is used notes when; nothing else may change by looking, or by an attempt that is refused.
    """
    values = {name: world.value(name, cell.who, name == cell.foreign) for name in objects_of(cell.rule)}
    with world.app.test_request_context():
        address = world.app.url_for(cell.rule.endpoint, **values)
    data = {"csrf_token": world.token} if cell.method in UNSAFE and cell.token else None
    with noting_writes(world.app.extensions["wpound"].engine) as writes:
        response = world.client(cell.who).open(address, method=cell.method, data=data, buffered=True)
    status, to_sign_in = response.status_code, "/account/sign-in" in response.headers.get("Location", "")
    if cell.refusal:
        if status not in cell.refusal or (status == 303 and not to_sign_in):
            yield f"{cell}: answered {status}"
    elif status not in LET_THROUGH | ({401, 404, 429} if cell.policy == "public" else set()):
        yield f"{cell}: answered {status}"
    changed = [statement for statement in writes if "login_sessions" not in statement]
    if changed and (cell.refusal or cell.method in SAFE):
        yield f"{cell}: wrote, with {changed[0]!r}"
    if writes:
        world.restore()


def find_odd_methods(world: Any, rule: Rule) -> Iterator[str]:
    """Methods the address does not offer are answered to nobody."""
    address = re.sub(r"<[^>]*>", "1", rule.rule)
    offered = set(world.app.url_map.bind("localhost").allowed_methods(address))
    for method in sorted((SAFE | UNSAFE) - offered):
        status = world.client("admin").open(address, method=method).status_code
        if status not in (404, 405):
            yield f"{method} {rule.rule}: answered {status}"


@contextmanager
def noting_writes(engine: Engine) -> Iterator[list[str]]:
    """The statements that change something, as they are sent to the database."""
    seen: list[str] = []

    def note(connection: Any, cursor: Any, statement: str, *rest: Any) -> None:
        if WRITES.match(statement):
            seen.append(" ".join(statement.split())[:80])

    event.listen(engine, "before_cursor_execute", note)
    yield seen
    event.remove(engine, "before_cursor_execute", note)


def list_routes(app: Flask) -> list[str]:
    """Every address with its methods and its policy, one a line."""
    lines = [
        f"{rule.rule}  {' '.join(sorted((rule.methods or set()) - {'HEAD', 'OPTIONS'}))}  {policy_of(app, rule)}"
        for rule in app.url_map.iter_rules()
        if rule.endpoint != "static"
    ]
    return sorted(lines)


def test_the_addresses_are_those_agreed(world: Any) -> None:
    """An address, once printed on a certificate or sent in a mail, stays; who may open it changes only on purpose."""
    assert list_routes(world.app) == ROUTES.read_text("utf-8").splitlines()


def test_every_policy_has_people_it_lets_in() -> None:
    assert {policy.value for policy in Policy} == set(LET_IN)


def test_every_argument_of_an_address_has_a_value_here(world: Any) -> None:
    names = {name for rule in world.app.url_map.iter_rules() for name in objects_of(rule)}
    assert names - set(world.own) == set(), (
        "give these an own value, and what is somebody's a foreign one, in conftest.py"
    )


@pytest.mark.parametrize("policy", [None, *Policy])
def test_everyone_is_let_in_where_they_should_be_and_nowhere_else(world: Any, policy: Policy | None) -> None:
    """All addresses of one policy (None: those somebody forgot to give one)."""
    rules = [rule for rule in world.app.url_map.iter_rules() if policy_of(world.app, rule) is policy]
    assert [hole for rule in rules for hole in find_holes(world, rule)] == []


def write_one(app: Flask) -> None:
    with writing(app.extensions["wpound"].engine) as session:
        session.add(Organisation(key="planted", name="Planted", is_public_body=False))


@pytest.mark.parametrize(
    ("hole", "signs"),
    [
        ("no policy", ["has no policy"]),
        ("foreign", ["GET /planted/<ocid> as officer with a foreign ocid: answered 200"]),
        ("no token", ["POST /planted as anchor without a token: answered 200"]),
        ("get writes", ["GET /planted as admin: wrote, with 'INSERT INTO organisations"]),
        ("refused writes", ["GET /planted/<ocid> as officer with a foreign ocid: wrote, with 'INSERT INTO"]),
        ("crash", ["GET /planted as supplier: answered 500"]),
        ("closed", ["GET /planted as officer: answered 403"]),
    ],
)
def test_a_planted_hole_is_found(make_world: Callable[[], Any], hole: str, signs: list[str]) -> None:
    world = make_world()
    app = world.app
    plant(app, hole)
    (rule,) = (rule for rule in app.url_map.iter_rules() if rule.endpoint == "planted")
    found = find_holes(world, rule)
    assert all(any(one.startswith(sign) or one.endswith(sign) for one in found) for sign in signs), found


def plant(app: Flask, hole: str) -> None:
    """Add one view with one hole."""

    def forgotten() -> str:
        return "open to whoever finds it"

    @requires(Policy.OFFICER)
    def leaky(ocid: str) -> str:
        return f"the tender {ocid}, whoever's it is"

    @requires(Policy.OFFICER)
    def writes_first(ocid: str) -> str:
        if ocid != "ocds-council":
            write_one(app)
            raise NotFound("not yours")
        return ""

    @requires(Policy.MEMBER)
    def careless() -> str:
        return "sent from any page of the world"

    @requires(Policy.MEMBER)
    def writes() -> str:
        write_one(app)
        return ""

    @requires(Policy.MEMBER)
    def crashes() -> str:
        raise ZeroDivisionError

    @requires(Policy.MEMBER)
    def closed() -> str:
        raise AccessDenied("nobody at all")

    app.config["PROPAGATE_EXCEPTIONS"] = False
    address, view, methods = {
        "no policy": ("/planted", forgotten, ["GET"]),
        "foreign": ("/planted/<ocid>", leaky, ["GET"]),
        "refused writes": ("/planted/<ocid>", writes_first, ["GET"]),
        "no token": ("/planted", app.extensions["csrf"].exempt(careless), ["POST"]),
        "get writes": ("/planted", writes, ["GET"]),
        "crash": ("/planted", crashes, ["GET"]),
        "closed": ("/planted", closed, ["GET"]),
    }[hole]
    app.add_url_rule(address, "planted", view, methods=methods)


def test_a_page_opened_to_more_people_is_found(make_world: Callable[[], Any]) -> None:
    app = make_world().app
    requires(Policy.PUBLIC)(app.view_functions["admin.people"])
    changed = set(list_routes(app)) ^ set(ROUTES.read_text("utf-8").splitlines())
    requires(Policy.ADMIN)(app.view_functions["admin.people"])
    assert changed == {"/admin/people  GET  admin", "/admin/people  GET  public"}
