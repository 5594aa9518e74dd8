"""What pages share is read and made once, and is never somebody else's or out of date for it."""

from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import event

from wpound.services.access import Policy, Role
from wpound.services.change_roles import remove_role
from wpound.store.engine import IDLE, writing
from wpound.store.memberships import list_memberships
from wpound.web.access import requires


def count_transactions(engine: Any, act: Callable[[], Any]) -> int:
    begun: list[str] = []

    def note(statement: str) -> None:
        begun.extend([statement] if statement.startswith("BEGIN") else [])

    def watch(connection: Any, record: Any, proxy: Any) -> None:
        connection.set_trace_callback(note)

    # The driver's own: a reading begins there. Those that wait to read again are not checked out once more.
    engine.dispose()
    event.listen(engine, "checkout", watch)
    act()
    event.remove(engine, "checkout", watch)
    return len(begun)


def in_use(engine: Any) -> int:
    """Connections that are neither in the pool nor waiting to read again."""
    return engine.pool.checkedout() - len(engine.get_execution_options()[IDLE])


def test_a_page_is_read_in_the_transaction_in_which_its_person_was_found(
    world: Flask, join: Callable[..., int], browser_of: Callable[[str], FlaskClient]
) -> None:
    join("Ada", council=Role.OFFICER)
    client, engine = browser_of("Ada"), world.extensions["wpound"].engine
    assert client.get("/buyer/tenders").status_code == 200
    assert count_transactions(engine, lambda: client.get("/buyer/tenders")) == 1
    assert in_use(engine) == 0


def test_no_request_keeps_its_connection_however_it_ends(
    world: Flask, join: Callable[..., int], browser_of: Callable[[str], FlaskClient], monkeypatch: pytest.MonkeyPatch
) -> None:
    @requires(Policy.OFFICER)
    def fail() -> str:
        raise RuntimeError("planted")

    join("Ada", council=Role.OFFICER)
    client, engine = browser_of("Ada"), world.extensions["wpound"].engine
    monkeypatch.setitem(world.view_functions, "buyer.returns", fail)
    answers = {"/": 200, "/nowhere": 404, "/admin": 403, "/buyer/tenders?page=9": 404, "/buyer/returns": 500}
    for address, status in answers.items():
        assert client.get(address).status_code == status
        assert in_use(engine) == 0, address
    assert client.head("/buyer/tenders").status_code == 200
    assert client.post("/buyer/tenders").status_code == 405
    assert in_use(engine) == 0


def test_the_navigation_follows_the_roles_of_the_moment(
    world: Flask, join: Callable[..., int], browser_of: Callable[[str], FlaskClient]
) -> None:
    number = join("Ada", council=Role.OFFICER)
    join("Ben", council=Role.ADMIN)
    officer, admin = browser_of("Ada"), browser_of("Ben")
    tenders = 'href="/buyer/tenders"'
    assert tenders in officer.get("/plan").text
    assert tenders not in admin.get("/plan").text
    assert tenders not in world.test_client().get("/plan").text
    with writing(world.extensions["wpound"].engine) as session:
        for membership in list_memberships(session, user_id=number):
            remove_role(session, membership, membership.organisation, actor="test")
    assert tenders not in officer.get("/plan").text


def test_addresses_made_for_one_root_are_not_given_under_another(client: FlaskClient) -> None:
    plain = client.get("/accessibility").text
    below = client.get("/accessibility", environ_overrides={"SCRIPT_NAME": "/council"}).text
    for address in ("/plan", "/accessibility", "/static/"):
        assert f'="{address}' in plain and f'="/council{address}' not in plain
        assert f'="/council{address}' in below and f'="{address}' not in below
