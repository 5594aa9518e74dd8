"""A hundred pairs of officers save the same form at once: one of each is let in, the other sees both versions (S3)."""

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from threading import Barrier
from types import ModuleType
from typing import Any

import pytest
from flask import Flask
from itsdangerous import URLSafeTimedSerializer
from sqlalchemy import Engine, func, select

from wpound.app import create_app
from wpound.config import Settings
from wpound.services import edit_tender
from wpound.store.audit import verify_chain
from wpound.store.engine import reading, writing
from wpound.store.models.audit import AuditEvent
from wpound.store.tenders import get_tender

pytestmark = pytest.mark.proof

PAIRS, AT_ONCE = 100, 4
OFFICERS = ("ophelia", "otto")


@dataclass(frozen=True)
class Outcome:
    """What the two of a pair were answered, what each had sent, and what is there in the end."""

    answers: dict[str, tuple[int, str]]
    sent: dict[str, str]
    kept: str


@dataclass
class Office:
    """A hundred drafts on one database, and two officers signed in."""

    app: Flask
    world: ModuleType
    cookies: dict[str, str]
    version: int

    @property
    def token(self) -> str:
        signer = URLSafeTimedSerializer(self.app.secret_key or "", salt="wtf-csrf-token")
        return str(signer.dumps(self.world.RAW_TOKEN))

    def save(self, who: str, ocid: str, description: str) -> tuple[int, str]:
        """Save the particulars of a draft as it was when both had opened it."""
        client = self.app.test_client()
        client.set_cookie(self.app.config["SESSION_COOKIE_NAME"], self.cookies[who])
        form = {"csrf_token": self.token, "version": str(self.version), "title": "Grounds", "description": description}
        response = client.post(f"/buyer/tenders/{ocid}/particulars", data=form)
        return response.status_code, response.get_data(as_text=True)

    def pair(self, number: int) -> Outcome:
        """Both save at the same moment."""
        ocid, start = f"ocds-pair-{number}", Barrier(len(OFFICERS))
        sent = {who: f"What {who} wrote, {number}." for who in OFFICERS}

        def save(who: str) -> tuple[int, str]:
            start.wait()
            return self.save(who, ocid, sent[who])

        with ThreadPoolExecutor(len(OFFICERS)) as both:
            answers = dict(zip(OFFICERS, both.map(save, OFFICERS), strict=True))
        with reading(self.app.extensions["wpound"].engine) as session:
            return Outcome(answers, sent, get_tender(session, ocid).particulars["description"])

    def run(self, pairs: int) -> list[Outcome]:
        with ThreadPoolExecutor(AT_ONCE) as pool:
            return list(pool.map(self.pair, range(pairs)))


def find_faults(outcomes: Sequence[Outcome]) -> list[str]:
    """Every pair of which not exactly one was let in, or with something lost."""
    faults = []
    for number, outcome in enumerate(outcomes):
        statuses = sorted(status for status, _ in outcome.answers.values())
        if statuses != [303, 409]:
            faults.append(f"pair {number}: answered {statuses}")
            continue
        [first, second] = sorted(OFFICERS, key=lambda who: outcome.answers[who][0])
        if outcome.kept != outcome.sent[first]:
            faults.append(f"pair {number}: {outcome.kept!r} is kept")
        shown = outcome.answers[second][1]
        if not all(text in shown for text in outcome.sent.values()):
            faults.append(f"pair {number}: the second does not see both versions")
    return faults


@pytest.fixture
def office(
    engine: Engine, tmp_path: Path, arrange: Callable[..., Any], world_rules: ModuleType
) -> Iterator[Callable[[int], Office]]:
    """Enter so many drafts and give the application over them."""
    url = engine.url.render_as_string(hide_password=False)
    app = create_app(Settings.from_environment({"WPOUND_DATA_DIR": str(tmp_path), "WPOUND_DATABASE_URL": url}))

    def enter(drafts: int) -> Office:
        with writing(engine) as session:
            buying = arrange(session)
            tenders = [buying.draft(ocid=f"ocds-pair-{number}") for number in range(drafts)]
            cookies = {who: world_rules.sign_in(session, buying.officers[who]) for who in OFFICERS}
        return Office(app, world_rules, cookies, tenders[0].version)

    yield enter
    app.extensions["wpound"].engine.dispose()


def test_of_every_pair_one_is_let_in_and_the_other_sees_both_versions(
    office: Callable[[int], Office], engine: Engine
) -> None:
    outcomes = office(PAIRS).run(PAIRS)
    assert len(outcomes) == PAIRS
    assert find_faults(outcomes) == []
    with reading(engine) as session:
        assert verify_chain(session) == []
        saved = select(func.count()).where(AuditEvent.action == "tender.edited")
        assert session.scalar(saved) == PAIRS


def test_a_form_that_is_saved_whatever_its_version_is_found(
    office: Callable[[int], Office], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(edit_tender, "require_version", lambda row, version: None)
    assert find_faults(office(2).run(2)) == [f"pair {number}: answered [303, 303]" for number in range(2)]
