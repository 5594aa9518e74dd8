"""A hundred times two officers send the same form of an agreed mark at the same moment (test S1).

Each time one is taken and the other is shown both versions; nothing anybody wrote is lost without a word.
"""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from secrets import token_hex
from threading import Barrier
from typing import Any

import pytest
from flask.json.tag import TaggedJSONSerializer
from itsdangerous import URLSafeTimedSerializer
from sqlalchemy import Engine

from wpound.app import create_app
from wpound.config import Settings
from wpound.core.roles import Role
from wpound.services.access import find_person
from wpound.services.change_roles import grant_role
from wpound.services.create_person import create_person
from wpound.services.declare_interest import declare_interest
from wpound.services.keep_sign_in import SignInLimits, begin_sign_in
from wpound.services.record_marks import finish_sheet, record_mark
from wpound.services.seat_panel import seat_evaluator
from wpound.store.accounts import get_user
from wpound.store.engine import reading, writing
from wpound.store.marks import find_agreed_mark, list_versions

pytestmark = pytest.mark.proof

PAIRS = 100
OCID, TOKEN = "ocds-test-1", "the same in every session"
LIMITS = SignInLimits(idle=timedelta(hours=1), absolute=timedelta(hours=1))


@pytest.fixture
def bid_id(engine: Engine, arrange: Callable[..., Any]) -> int:
    """A bid that one evaluator has marked, so that a mark can be agreed."""
    with writing(engine) as session:
        buying = arrange(session)
        tender, [bid] = buying.opened(("Ash",))
        user = create_person(session, email="eva@example.org", name="Eva", password="purple monkey dish", actor="test")
        grant_role(session, user, buying.buyer, Role.EVALUATOR, actor="test", tender_id=tender.id)
        officer, eva = (find_person(session, one.id) for one in (buying.officers["ophelia"], user))
        assert officer is not None and eva is not None
        seat_evaluator(session, officer, OCID, user.id)
        declare_interest(session, eva, OCID, has_interest=False, statement=None)
        record_mark(session, eva, OCID, bid.id, "plan", mark=Decimal(4), reason="Good.", version=0)
        finish_sheet(session, eva, OCID)
    return int(bid.id)


@pytest.fixture
def app(engine: Engine, tmp_path: Path) -> Any:
    """The application over that database."""
    url = engine.url.render_as_string(hide_password=False)
    made = create_app(Settings.from_environment({"WPOUND_DATA_DIR": str(tmp_path), "WPOUND_DATABASE_URL": url}))
    yield made
    made.extensions["wpound"].engine.dispose()


def sign_in(app: Any, engine: Engine, email: str) -> Any:
    """A browser in which an officer is signed in."""
    key = token_hex(32)
    with writing(engine) as session:
        uniquifier = get_user(session, email).fs_uniquifier
        data = TaggedJSONSerializer().dumps({"_user_id": uniquifier, "_fresh": True, "csrf_token": TOKEN})
        begin_sign_in(session, key, data=data, uniquifier=uniquifier, limits=LIMITS, address="", agent="")
    client = app.test_client()
    client.set_cookie(app.config["SESSION_COOKIE_NAME"], key)
    return client


def test_of_two_officers_who_save_the_same_mark_one_is_shown_both_versions(
    app: Any, engine: Engine, bid_id: int
) -> None:
    address = f"/buyer/tenders/{OCID}/moderation/bids/{bid_id}/plan"
    token = URLSafeTimedSerializer(app.secret_key, salt="wtf-csrf-token").dumps(TOKEN)
    clients = {name: sign_in(app, engine, f"{name}@example.org") for name in ("ophelia", "otto")}
    together = Barrier(2)

    def save(name: str, version: int) -> tuple[int, str]:
        words = {"mark": "4", "reason": f"{name} writes this after version {version}.", "present": "Eva"}
        together.wait()
        response = clients[name].post(address, data=words | {"version": str(version), "csrf_token": token})
        return response.status_code, response.get_data(as_text=True)

    with ThreadPoolExecutor(2) as pool:
        for version in range(PAIRS):
            answers = [future.result() for future in [pool.submit(save, name, version) for name in clients]]
            assert sorted(status for status, _ in answers) == [303, 409], (version, [text for _, text in answers])
            refused = next(text for status, text in answers if status == 409)
            assert all(f"{name} writes this after version {version}." in refused for name in clients)
    with reading(engine) as session:
        mark = find_agreed_mark(session, bid_id=bid_id, criterion="plan")
        kept = [one for one in list_versions(session, bid_id=bid_id, criterion="plan") if one.kind == "consensus"]
    assert mark is not None and mark.version == PAIRS
    assert len({one.reason for one in kept}) == len(kept) == PAIRS
