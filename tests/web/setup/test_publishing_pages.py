"""Two officers publish a tender; documents are handed out as they came; opening keys are made once understood."""

from datetime import timedelta
from io import BytesIO
from typing import Any

import pytest
from sqlalchemy import select

from wpound.core.errors import InputError, TryLater
from wpound.services import check_passphrase
from wpound.services.check_passphrase import KNOWN_FOR
from wpound.store import sealing
from wpound.store.engine import now_in, reading, writing
from wpound.store.models.audit import AuditEvent
from wpound.store.models.outbox import OutgoingMail
from wpound.store.models.seals import OpeningAct

DEADLINE = {
    "deadline_on__day": "31",
    "deadline_on__month": "3",
    "deadline_on__year": "2098",
    "deadline_at": "12:00",
}


def errors_of(page: Any) -> list[str]:
    return [" ".join("".join(item.itertext()).split()) for item in page.all(".//div[@role='alert']//li")]


@pytest.fixture
def sent(complete: Any, ophelia: Any) -> str:
    """A tender that Ophelia sent for approval; its address."""
    tender: str = complete()
    ophelia.send(f"{tender}/approval", **DEADLINE)
    return tender


def test_a_draft_with_gaps_cannot_be_sent(begin: Any, ophelia: Any) -> None:
    tender = begin()
    page = ophelia.get(f"{tender}/approval")
    assert "Give at least one CPV code, so that suppliers can find the tender." in page.text
    assert not page.all(".//main//form")


@pytest.mark.parametrize(
    ("day", "at", "said"),
    [
        (("29", "3", "2099"), "01:30", "does not exist: on 29 March 2099 clocks go forward past 01:30"),
        (("25", "10", "2099"), "1:30am", "comes twice: on 25 October 2099 clocks go back past 01:30"),
        (("29", "3", "2099"), "noon", "must be a time, like 17:00 or 5pm"),
        (("29", "3", "2020"), "12:00", "has passed already"),
    ],
)
def test_a_deadline_is_a_moment_that_is_still_to_come(
    complete: Any, ophelia: Any, day: tuple[str, str, str], at: str, said: str
) -> None:
    tender = complete()
    parts = dict(zip(("deadline_on__day", "deadline_on__month", "deadline_on__year"), day, strict=True))
    page = ophelia.send(f"{tender}/approval", 400, **parts, deadline_at=at)
    assert said in " ".join(errors_of(page))


def test_a_draft_that_was_sent_can_only_be_looked_at(sent: str, ophelia: Any, otto: Any) -> None:
    page = ophelia.get(sent)
    assert "Another officer has to approve this tender." in page.text
    assert "What is bought" not in page.links()
    for path in ("particulars", "criteria", "criteria/price", "rules", "lots", "priorities", "measures", "warnings"):
        ophelia.get(f"{sent}/{path}", 409)
    ophelia.get(f"{sent}/approve", 409)
    assert "ophelia@example.org asks for your approval." in otto.get(sent).text


def test_the_second_officer_sees_everything_and_publishes(sent: str, ophelia: Any, otto: Any) -> None:
    page = otto.get(f"{sent}/approve")
    for words in ("Grass, hedges and litter in parks.", "12:00 on 31 March 2098", "Local people in work", "Standstill"):
        assert words in page.text
    [method] = [row for row in page.all(".//dd") if row.get("class", "").endswith("app-code")][:1]
    refused = otto.send(f"{sent}/approve", 400, openers=["1"])
    assert set(errors_of(refused)) == {
        "Confirm that you have read everything and approve it",
        "Select at least 2 openers",
    }
    published = otto.send(f"{sent}/approve", openers=["1", "2"], has_read="y")
    assert "The tender is published." in published.text
    assert "".join(method.itertext()).strip() in published.text
    assert "Openers Ophelia, Otto" in published.text
    ophelia.get(f"{sent}/approval", 409)
    pack = ophelia.get(f"{sent}/pack")
    assert pack.links()["The pack (PDF)"].endswith("/pack.pdf")


def test_whoever_approves_another_version_is_told(sent: str, ophelia: Any, otto: Any, browse: Any) -> None:
    opened = otto.fields(f"{sent}/approve")
    ophelia.send(f"{sent}/approval/back", reason="A typing mistake.")
    ophelia.send(f"{sent}/particulars", description="Hedges alone.")
    ophelia.send(f"{sent}/approval", **DEADLINE)
    page = otto.post(f"{sent}/approve", opened, 409, openers=["1", "2"], has_read="y")
    assert page.heading == "Somebody else saved this first"
    assert "Hedges alone." in browse("olga").get(f"{sent}/approve").text


def test_sending_back_needs_a_reason(sent: str, otto: Any) -> None:
    assert errors_of(otto.send(f"{sent}/approval/back", 400)) == ["Enter what is to be changed"]
    page = otto.send(f"{sent}/approval/back", reason="The price counts too much.")
    assert "The draft can be changed again." in page.text


def test_documents_are_handed_out_to_be_saved(begin: Any, ophelia: Any) -> None:
    tender = begin()
    file = (BytesIO(b"%PDF-1.7 words"), "../Our spec.PDF")
    page = ophelia.send(f"{tender}/documents", title="Specification", file=file)
    response = ophelia.raw(page.links()["Specification"])
    assert response.get_data() == b"%PDF-1.7 words"
    assert response.headers["Content-Disposition"] == 'attachment; filename="Our spec.pdf"'
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    refused = ophelia.send(f"{tender}/documents", 400, title="Page", file=(BytesIO(b"<html>"), "page.html"))
    assert "is not of a kind that is taken" in errors_of(refused)[0]
    gone = ophelia.send(page.links()["Take out Specification"])
    assert "There are no documents yet." in gone.text


def test_a_document_is_scanned_before_it_is_kept(council: Any, begin: Any, ophelia: Any, scanner: Any) -> None:
    address, sent = f"{begin()}/documents", b"%PDF-1.7 words"
    for why, status in ((TryLater("Try again in a few minutes."), 503), (InputError("file", "It holds malware."), 400)):
        seen = scanner(council, why)
        refused = ophelia.send(address, status, title="Specification", file=(BytesIO(sent), "a.pdf"))
        assert errors_of(refused) == [why.message] and sent in seen
        assert "There are no documents yet." in refused.text


def test_an_opening_key_is_made_by_whoever_knows_what_forgetting_means(browse: Any) -> None:
    olga, address = browse("olga"), "/account/opening-key"
    words = "seven grey herons fly"
    page = olga.send(address, 400, passphrase="short", again="short", knows="y")
    assert "15 characters or more" in errors_of(page)[0]
    page = olga.send(address, 400, passphrase=words, again=words + "!")
    assert set(errors_of(page)) == {
        "The two passphrases are not the same",
        "Confirm that you understand that nobody can find or replace the passphrase",
    }
    assert words not in page.text
    page = olga.send(address, passphrase=words, again=words, knows="y")
    assert "You made your opening key at" in page.text


def test_a_person_is_told_of_a_key_made_in_their_name(browse: Any, council: Any) -> None:
    """Somebody at an unlocked screen could otherwise become an opener in the person's place."""
    words = "seven grey herons fly"
    browse("olga").send("/account/opening-key", passphrase=words, again=words, knows="y")
    with reading(council.extensions["wpound"].engine) as session:
        [mail] = session.scalars(select(OutgoingMail))
    assert (mail.recipient, mail.template) == ("olga@example.org", "opening_key_made")
    assert "If it was not you" in mail.body and words not in mail.body


def test_no_bid_waits_while_a_passphrase_is_stretched(
    browse: Any, council: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    engine, make = council.extensions["wpound"].engine, sealing.make_opening_key

    def write_meanwhile(*given: Any, **named: Any) -> Any:
        with writing(engine) as session:
            now_in(session)
        return make(*given, **named)

    monkeypatch.setattr(sealing, "make_opening_key", write_meanwhile)
    words = "seven grey herons fly"
    page = browse("olga").send("/account/opening-key", passphrase=words, again=words, knows="y")
    assert "You made your opening key at" in page.text


def test_an_opener_is_reminded_to_check_their_passphrase_and_nothing_is_opened(
    sent: str, ophelia: Any, otto: Any, council: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    engine, address = council.extensions["wpound"].engine, "/account/opening-key/check"
    otto.send(f"{sent}/approve", openers=["1", "2"], has_read="y")
    assert "passphrase to check" not in ophelia.get("/buyer").text
    fortnight = KNOWN_FOR
    monkeypatch.setattr(check_passphrase, "KNOWN_FOR", timedelta(0))
    assert ophelia.get("/buyer").links()["1 opening passphrase to check"] == address
    page = ophelia.get(address)
    told = ("Check now", "Grounds maintenance", "Closes", "When the key was made")
    assert [words for words in told if words in page.text] == list(told)

    unwrap = sealing.unwrap_opening_key

    def write_meanwhile(*given: Any) -> bytes:
        with writing(engine) as session:
            now_in(session)
        return unwrap(*given)

    monkeypatch.setattr(sealing, "unwrap_opening_key", write_meanwhile)
    refused = ophelia.send(address, 400, passphrase="the passphrase of otto")
    assert "does not open your key" in errors_of(refused)[0] and "the passphrase of otto" not in refused.text
    page = ophelia.send(address, passphrase="the passphrase of ophelia")
    assert "This passphrase opens the key you made" in page.text and "When the key was made" not in page.text
    monkeypatch.setattr(check_passphrase, "KNOWN_FOR", fortnight)
    assert "passphrase to check" not in ophelia.get("/buyer").text

    with reading(engine) as session:
        [checked] = session.scalars(select(AuditEvent).where(AuditEvent.action == "opening_key.checked"))
        assert (checked.actor, checked.detail) == ("ophelia@example.org", {})
        assert session.scalars(select(OpeningAct)).all() == []
    opening = otto.get(f"{sent}/opening").text
    assert opening.count("Passphrase last checked") == 2 and opening.count("Check your passphrase") == 1


def test_an_older_key_is_checked_for_as_long_as_a_tender_needs_it(sent: str, ophelia: Any, otto: Any) -> None:
    address, words = "/account/opening-key", "seven grey herons fly"
    otto.send(f"{sent}/approve", openers=["1", "2"], has_read="y")
    for name in ("again", "and again"):
        ophelia.send(address, passphrase=f"{words} {name}", again=f"{words} {name}", knows="y")
    page = ophelia.get(f"{address}/check")
    assert len(page.find("main").findall(".//dl")) == 2 and page.text.count("Grounds maintenance") == 1
    assert "does not open" in ophelia.send(f"{address}/check", 400, passphrase=f"{words} again").text
    for passphrase in (f"{words} and again", "the passphrase of ophelia"):
        assert "This passphrase opens" in ophelia.send(f"{address}/check", passphrase=passphrase).text


def test_checks_of_a_passphrase_are_counted_as_openings_are(ophelia: Any) -> None:
    for _ in range(10):
        ophelia.send("/account/opening-key/check", 400, passphrase="not the passphrase")
    page = ophelia.send("/account/opening-key/check", 400, passphrase="the passphrase of ophelia")
    assert "too many attempts" in errors_of(page)[0]
