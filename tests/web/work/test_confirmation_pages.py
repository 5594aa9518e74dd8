"""A school answers one question through a link: it needs nothing, learns nothing else, and leaves nothing behind."""

import logging
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from html import unescape
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import Engine, select

from wpound.core.claim_counting import EntryKind
from wpound.core.delivery import Side
from wpound.core.money import Money
from wpound.services.access import Role
from wpound.services.limit_attempts import ANSWERS_FROM
from wpound.store.base import Base, add
from wpound.store.engine import reading, writing
from wpound.store.models.accounts import User
from wpound.store.models.contracts import Contract
from wpound.store.models.evidence import Confirmation, Evidence
from wpound.store.models.returns import ClaimEntry, ClaimMessage, CountedKey, MessageKind
from wpound.store.returns import get_return

ROOT = Path(__file__).parents[3]
SCHOOL, QUESTION = "Ashmore Park School", "Did two people from the firm start work with you?"
YES = {"happening": "happened", "role": "Head teacher"}
GONE = "This link cannot be used any more"


@dataclass
class Line:
    """A line of a sent return, and the browser of an officer who checks it."""

    engine: Engine
    officer: FlaskClient
    address: str
    claim_id: int


@pytest.fixture
def line(town: Any, act_as: Callable[..., FlaskClient]) -> Line:
    """8.5 FTE-years claimed under one of two contracts of a council, with all that belongs to it."""
    contracts = [town.enter_contract("council", name, date(2025, 4, 1)) for name in ("ROADS-17", "PARKS-23")]
    returns = [town.enter_return(number, date(2026, 4, 1)) for number in contracts]
    with writing(town.engine) as session:
        keys = {"fs_uniquifier": "a", "fs_webauthn_user_handle": "a"}
        add(session, User(id=1, email="evaluator@example.org", name="Ada Example", **keys))
        for number in contracts:
            session.get_one(Contract, number).contract_value = Money(123_456_700)
        claim, other = (get_return(session, number).claims[0] for number in returns)
        claim.narrative, other.narrative, other.claimed = (
            "Two of them live in Bilston.",
            "Nobody came.",
            Decimal("77.25"),
        )
        key = add(session, CountedKey(kind=EntryKind.PERSON, key="c0ffee" * 8))
        about = {"claim_id": claim.id, "number": 1, "kind": EntryKind.PERSON, "key_id": key.id}
        add(session, ClaimEntry(**about, sealed_reference=b"EMP-0042", hours=Decimal(35), counted=Decimal("0.25")))
        about = {"claim_id": claim.id, "side": Side.BUYER, "kind": MessageKind.NOTE, "written_by": "o@example.org"}
        add(session, ClaimMessage(**about, text="Looks rather high."))
        file = {"sha256": "deadbeef" * 8, "name": "payroll.pdf", "media_type": "application/pdf", "byte_count": 1}
        file |= {"description": "Payroll of May", "has_personal_data": True, "added_by": "f@example.org"}
        add(session, Evidence(claim_id=claim.id, **file))
        asked = Confirmation(claim_id=claim.id, token_sha256="feed" * 16, asked_of="Bushbury Trust", question="Really?")
        asked.email, asked.asked_by, asked.expires_on = "trust@example.org", "o@example.org", date(2099, 3, 31)
        add(session, asked)
        claim_id = claim.id
    officer = act_as("council", Role.OFFICER)
    return Line(town.engine, officer, f"/buyer/returns/{returns[0]}/claims/{claim_id}/confirmation", claim_id)


@pytest.fixture
def ask(line: Line, fetch: Callable[..., Any]) -> Callable[..., str]:
    """Ask the school without an address: the path of the link that is shown once."""

    def ask_school() -> str:
        data = {**token_of(line.officer, line.address), "asked_of": SCHOOL, "question": QUESTION, "days": "28"}
        page = fetch(line.officer, line.address, method="POST", data=data)
        [link] = re.findall(r"http://127.0.0.1:5000(/confirm/\S+)", page.text)
        assert page.headers["Cache-Control"] == "private, no-store"
        assert "QR code" in page.text
        return str(link)

    return ask_school


def token_of(client: FlaskClient, address: str) -> dict[str, str]:
    page = client.get(address).get_data(as_text=True)
    return {"csrf_token": re.search(r'name="csrf_token"[^>]*value="([^"]+)"', page)[1]}  # type: ignore[index]


def test_a_link_is_opened_as_often_as_one_likes_and_answered_once(
    town: Any, line: Line, ask: Callable[..., str], fetch: Callable[..., Any], caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.INFO):
        path, school = ask(), town.app.test_client()
        for _ in range(3):
            page = fetch(school, path)
        assert page.headers["Cache-Control"] == "private, no-store"
        metas = {e.get("name"): e.get("content") for e in page.all(".//meta")}
        assert (metas["robots"], metas["referrer"]) == ("noindex", "no-referrer")
        assert QUESTION in page.text and "until 31 March 2033" in page.text.replace("\N{NO-BREAK SPACE}", " ")

        form = token_of(school, path)
        refused = fetch(school, path, 400, method="POST", data=form)
        assert "Choose what happened" in refused.text and "Enter your role" in refused.text
        # Over https, from a page that tells no referrer.
        answered = school.post(path, data=form | YES, base_url="https://localhost")
        assert (answered.status_code, answered.headers["Location"]) == (303, "/confirm/answered")
        assert "Your answer has arrived" in fetch(school, "/confirm/answered").text
        again = fetch(school, path, 404, method="POST", data=form | YES)
    assert GONE in again.text
    assert path.rpartition("/")[2] not in caplog.text and "/confirm/<token>" in caplog.text
    shown = fetch(line.officer, line.address)
    assert f"{SCHOOL} Answered It happened as claimed" in shown.text and "Head teacher" in shown.text


def test_every_link_that_is_worth_nothing_gets_the_same_page(
    town: Any, line: Line, ask: Callable[..., str], fetch: Callable[..., Any]
) -> None:
    school, used, expired, withdrawn = town.app.test_client(), ask(), ask(), ask()
    school.post(used, data=token_of(school, used) | YES)
    with writing(line.engine) as session:
        rows = session.scalars(select(Confirmation).where(Confirmation.asked_of == SCHOOL).order_by(Confirmation.id))
        _, late, last = rows.all()
        late.expires_on = date.today() - timedelta(days=2)  # noqa: DTZ011 (a day and a night past, wherever it is)
        number = last.id
    page = fetch(line.officer, line.address)
    [leave] = [href for href in page.links().values() if href.endswith(f"/{number}/withdraw")]
    assert "stops working at once" in fetch(line.officer, leave).text
    assert line.officer.post(leave, data=token_of(line.officer, leave)).status_code == 303
    assert f"The link for {SCHOOL} no longer works." in fetch(line.officer, line.address).text

    answers = [school.get(path) for path in (used, expired, withdrawn, "/confirm/never-was", "/confirm/%00%FF")]
    assert [answer.status_code for answer in answers[:4]] == [404] * 4
    bodies = [answer.get_data() for answer in answers[:4]]
    assert len(set(bodies)) == 1 and GONE.encode() in bodies[0]
    assert answers[4].status_code == 404


def test_the_page_of_a_link_tells_nothing_but_its_own_claim(
    town: Any, line: Line, ask: Callable[..., str], fetch: Callable[..., Any]
) -> None:
    page = fetch(town.app.test_client(), ask())
    measure = town.app.extensions["wpound"].catalogue.measures["local-jobs"]
    own = {SCHOOL, QUESTION, "Joinery (Example) Ltd", "Example council", measure.title, measure.how_to_count}
    own |= {"8.5 FTE-years", "1 April 2026 to 30 June 2026"}
    for text in own:
        assert text in page.text
    words = [ROOT / "templates" / name for name in ("base.html", "public/confirmation.html")]
    words += [ROOT / "wpound" / "web" / "public" / "forms_confirmation.py"]
    harmless = " ".join([*own, *(path.read_text("utf-8") for path in words)])
    shown = unescape(town.app.test_client().get(ask()).get_data(as_text=True))
    shown = re.sub(r'name="csrf_token"[^>]*>', "", shown)
    there = {text for text in list_texts(line.engine) if text not in harmless}
    told = sorted(text for text in there if re.search(rf"(?<!\w){re.escape(text)}(?!\w)", shown))
    assert told == []
    compared = {"ROADS-17", "PARKS-23", "£1,234,567.00", "77.25", "EMP-0042", "trust@example.org", "Ada Example"}
    assert compared <= there, "what the page was compared with"


def list_texts(engine: Engine) -> Iterator[str]:
    """Every text and figure of every table, from three signs on."""
    with engine.connect() as connection:
        for table in Base.metadata.sorted_tables:
            for row in connection.execute(select(table)):
                for value in row:
                    text = value.decode() if isinstance(value, bytes) else value
                    text = value.format() if isinstance(value, Money) else text
                    if isinstance(text, str | Decimal) and len(str(text)) > 2:
                        yield str(text)


def test_a_mailed_link_is_not_shown_and_a_wrong_form_keeps_what_was_typed(
    line: Line, fetch: Callable[..., Any]
) -> None:
    form = {**token_of(line.officer, line.address), "question": QUESTION, "days": "0", "email": "nobody"}
    page = fetch(line.officer, line.address, 400, method="POST", data=form)
    assert page.title.startswith("Error:") and QUESTION in page.text
    form |= {"asked_of": SCHOOL, "email": "head@school.example", "days": "7"}
    response = line.officer.post(line.address, data=form)
    assert (response.status_code, response.headers["Location"]) == (303, line.address)
    page = fetch(line.officer, line.address)
    assert f"A link is on its way to {SCHOOL}." in page.text
    assert "head@school.example" not in page.text, "whoever asked knows it, and nobody else has to"


def test_answers_from_one_network_are_counted(
    town: Any, ask: Callable[..., str], fetch: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    school, path = town.app.test_client(), ask()
    form = token_of(school, path)
    for _ in range(ANSWERS_FROM.most):
        assert school.post("/confirm/guess", data=form).status_code == 404
    fetch(school, path, 429, method="POST", data=form | YES)
    assert fetch(school, path).heading == "Can you confirm this?", "looking is not counted"


def test_a_foreign_verifier_and_a_supplier_see_nothing(line: Line, act_as: Callable[..., FlaskClient]) -> None:
    with reading(line.engine) as session:
        [asked] = session.scalars(select(Confirmation.id))
    for organisation, role, status in (("hospital", Role.OFFICER, 404), ("firm", Role.SUPPLIER, 403)):
        client = act_as(organisation, role)
        assert client.get(line.address).status_code == status
        assert client.get(f"{line.address}/{asked}/withdraw").status_code == status
