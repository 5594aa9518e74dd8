"""Those who benefited are asked by a link that works once; what they say moves no figure, and nothing of them stays."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from threading import Barrier, Thread
from typing import Any

import pytest
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from wpound.core.delivery import Happening
from wpound.core.errors import AccessDenied, InputErrors, NotFound, StateError
from wpound.core.retention import RetentionClass, keep_until
from wpound.services.answer_confirmation import Answer, answer_confirmation, view_question
from wpound.services.ask_beneficiary import (
    MOST_OPEN,
    ConfirmationState,
    ask_beneficiary,
    erase_expired,
    show_confirmations,
    withdraw_confirmation,
)
from wpound.services.clock import fixed_clock
from wpound.services.deliver_mail import deliver_mail
from wpound.services.run_job import run_job
from wpound.store.audit import list_events
from wpound.store.base import Base
from wpound.store.confirmations import list_confirmations
from wpound.store.engine import reading, writing
from wpound.store.models.jobs import Job, JobKind
from wpound.store.models.outbox import OutgoingMail
from wpound.store.models.returns import Claim

ASKED_AT = datetime(2026, 7, 13, 9, tzinfo=UTC)
LAST_DAY = date(2026, 8, 10)
SCHOOL, EMAIL = "Ashmore Park School", "office@ashmore.example"
YES = Answer(Happening.HAPPENED, "Head teacher")
LESS = Answer(Happening.DIFFERS, "Head teacher", Decimal("7.5"), "They left at noon.")
AskIt = Callable[..., Any]
# Where nothing is locked and no SQL differs.
one_database = pytest.mark.parametrize("engine", ["sqlite"], indirect=True)


@pytest.fixture
def claim(reporting: Any) -> Claim:
    """Twelve hours of volunteering, sent to the council."""
    return reporting.claim(reporting.send(), "volunteering-hours")  # type: ignore[no-any-return]


@pytest.fixture
def ask(reporting: Any, claim: Claim) -> AskIt:
    """Ask about the claim, as Olga does unless told otherwise; printed, unless an address is given."""

    def ask_one(who: str = "olga", **about: Any) -> Any:
        about = {"asked_of": SCHOOL, "email": None, "question": "Did they come?", **about}
        about |= {"settings": reporting.settings, "clock": fixed_clock(ASKED_AT)}
        return ask_beneficiary(reporting.session, getattr(reporting, who), claim.return_id, claim.id, **about)

    return ask_one


def token_of(link: str) -> str:
    return link.rpartition("/confirm/")[2].split()[0]


def the_mail(session: Session, template: str = "confirmation_request") -> OutgoingMail:
    return session.scalars(select(OutgoingMail).where(OutgoingMail.template == template)).one()


def look(reporting: Any, token: str, at: datetime = ASKED_AT) -> Any:
    return view_question(reporting.session, token, reporting.catalogue, reporting.settings, clock=fixed_clock(at))


def answer(reporting: Any, token: str, said: Answer = YES, at: datetime = ASKED_AT) -> None:
    answer_confirmation(reporting.session, token, said, reporting.settings, clock=fixed_clock(at))


def test_an_answer_is_taken_once_told_and_changes_no_figure(reporting: Any, claim: Claim, ask: AskIt) -> None:
    session, before = reporting.session, (claim.claimed, claim.verified, claim.level, claim.state, claim.version)
    assert ask(email=EMAIL).link is None, "a link that is mailed is shown to nobody"
    mail = the_mail(session)
    assert mail.recipient == EMAIL and mail.body is not None and "until the end of 10 August 2026" in mail.body
    token = token_of(mail.body)

    seen = look(reporting, token)
    assert (seen.asked_of, seen.claim.suppliers, seen.claim.quantity.format()) == (
        SCHOOL,
        "Ash Grounds (Example) Ltd",
        "12 hours",
    )
    answer(reporting, token, LESS)

    [row] = list_confirmations(session, claim_ids=[claim.id])
    assert (row.answer, row.quantity, row.comment) == (Happening.DIFFERS, Decimal("7.5"), "They left at noon.")
    assert (row.answered_by, row.email) == ("Head teacher", None)
    assert (mail.recipient, mail.body) == ("", None), "the outbox forgets the address too"
    told = the_mail(session, "confirmation_answered")
    assert told.recipient == reporting.olga.email and told.body is not None
    assert f"/buyer/returns/{claim.return_id}/claims/{claim.id}/confirmation" in told.body
    session.refresh(claim)
    assert (claim.claimed, claim.verified, claim.level, claim.state, claim.version) == before
    for use in (look, answer):
        with pytest.raises(NotFound):
            use(reporting, token)
    asked, answered = list_events(session, object_kind="claim", object_id=claim.id)[-2:]
    assert (asked.action, answered.action) == ("confirmation.asked", "confirmation.answered")
    assert answered.detail == {"confirmation": row.id, "answer": "differs", "quantity": "7.5"}
    assert not any(word in str([asked.detail, answered.detail]) for word in (token, EMAIL, "noon", "Head"))


@one_database
def test_the_page_shows_the_claim_as_it_was_asked_about(reporting: Any, claim: Claim, ask: AskIt) -> None:
    token = token_of(ask().link)
    claim.claimed = Decimal(9)
    reporting.session.flush()
    assert look(reporting, token).claim.quantity.format() == "12 hours"


@one_database
@pytest.mark.parametrize(
    ("said", "fields"),
    [
        (Answer(Happening.HAPPENED, " "), ["role"]),
        (Answer(Happening.DIFFERS, "Head"), ["quantity", "comment"]),
        (Answer(Happening.DIFFERS, "Head", Decimal(0), "None."), ["quantity"]),
        (Answer(Happening.NEVER_HAPPENED, "Head"), ["comment"]),
        (Answer(Happening.HAPPENED, "jo@school.example", None, "ask jo@school.example"), ["role", "comment"]),
    ],
)
def test_an_answer_that_says_too_little_or_too_much_uses_nothing_up(
    reporting: Any, ask: AskIt, said: Answer, fields: list[str]
) -> None:
    token = token_of(ask().link)
    with pytest.raises(InputErrors) as refused:
        answer(reporting, token, said)
    assert [error.field for error in refused.value.errors] == fields
    answer(reporting, token)


def test_a_link_runs_out_after_its_last_day_and_loses_its_address(reporting: Any, claim: Claim, ask: AskIt) -> None:
    session = reporting.session
    ask(email=EMAIL)
    mail = the_mail(session)
    token = token_of(str(mail.body))
    late = datetime.combine(LAST_DAY, datetime.min.time(), UTC)
    assert erase_expired(session, LAST_DAY, 3) == 0
    assert look(reporting, token, late).expires_on == LAST_DAY

    assert erase_expired(session, LAST_DAY + timedelta(days=1), 3) == 1
    with pytest.raises(NotFound):
        look(reporting, token, late + timedelta(days=1))
    with pytest.raises(NotFound):
        answer(reporting, token, at=late + timedelta(days=1))
    session.expire_all()
    [row] = list_confirmations(session, claim_ids=[claim.id])
    assert (row.email, mail.recipient, mail.body) == (None, "", None)
    assert mail.sent_at is not None, "what had not gone out by then stays here"


@one_database
def test_what_was_said_is_deleted_when_its_time_has_passed(reporting: Any, claim: Claim, ask: AskIt) -> None:
    session, token = reporting.session, token_of(ask().link)
    kept_until = look(reporting, token).kept_until
    assert kept_until == keep_until(RetentionClass.PERSONAL, reporting.contract.end_on)
    answer(reporting, token, LESS)
    erase_expired(session, kept_until, 3)
    assert len(list_confirmations(session, claim_ids=[claim.id])) == 1
    erase_expired(session, kept_until + timedelta(days=1), 3)
    assert list_confirmations(session, claim_ids=[claim.id]) == []


@one_database
def test_a_link_that_is_withdrawn_leads_nowhere_and_one_that_is_answered_stays(
    reporting: Any, claim: Claim, ask: AskIt
) -> None:
    session, place = reporting.session, (claim.return_id, claim.id)
    ask(email=EMAIL)
    mail, clock = the_mail(session), fixed_clock(ASKED_AT)
    token = token_of(str(mail.body))
    [row] = list_confirmations(session, claim_ids=[claim.id])
    withdraw_confirmation(session, reporting.mia, *place, row.id, clock=clock)
    assert (mail.recipient, mail.body) == ("", None)
    with pytest.raises(NotFound):
        answer(reporting, token)
    assert list_events(session, object_kind="claim", object_id=claim.id)[-1].action == "confirmation.withdrawn"

    answer(reporting, token_of(ask().link))
    [row] = list_confirmations(session, claim_ids=[claim.id])
    with pytest.raises(StateError):
        withdraw_confirmation(session, reporting.olga, *place, row.id, clock=clock)


@one_database
def test_few_links_wait_at_once_and_nothing_is_asked_about_nothing(reporting: Any, claim: Claim, ask: AskIt) -> None:
    links = [ask().link for _ in range(MOST_OPEN)]
    with pytest.raises(StateError):
        ask()
    answer(reporting, token_of(links[0]))
    ask()
    page = show_confirmations(
        reporting.session, reporting.olga, claim.return_id, claim.id, reporting.catalogue, clock=fixed_clock(ASKED_AT)
    )
    assert [one.state for one in page.asked].count(ConfirmationState.WAITING) == page.waiting == MOST_OPEN
    assert not page.is_open
    claim.claimed = Decimal(0)
    reporting.session.flush()
    with pytest.raises(StateError):
        ask()


@one_database
def test_words_that_cannot_be_sent_are_said_all_at_once(ask: AskIt) -> None:
    with pytest.raises(InputErrors) as refused:
        ask(asked_of=" ", question="Write to jo@school.example", days=91)
    assert [error.field for error in refused.value.errors] == ["asked_of", "question", "days"]


@one_database
@pytest.mark.parametrize(("who", "refusal"), [("hugo", NotFound), ("ann", AccessDenied), ("stranger", AccessDenied)])
def test_only_those_who_check_the_return_ask_look_and_withdraw(
    reporting: Any, claim: Claim, ask: AskIt, who: str, refusal: type[Exception]
) -> None:
    ask()
    [row] = list_confirmations(reporting.session, claim_ids=[claim.id])
    place = (reporting.session, getattr(reporting, who), claim.return_id, claim.id)
    with pytest.raises(refusal):
        ask(who)
    with pytest.raises(refusal):
        show_confirmations(*place, reporting.catalogue)
    with pytest.raises(refusal):
        withdraw_confirmation(*place, row.id)


def test_of_two_answers_at_the_same_moment_one_is_taken(engine: Engine, reporting: Any, ask: AskIt) -> None:
    token, settings = token_of(ask().link), reporting.settings
    reporting.session.commit()
    start, told = Barrier(2), []

    def send(said: Answer) -> None:
        start.wait()
        try:
            with writing(engine) as session:
                answer_confirmation(session, token, said, settings, clock=fixed_clock(ASKED_AT))
            told.append("taken")
        except NotFound:
            told.append("gone")

    threads = [Thread(target=send, args=(said,)) for said in (YES, LESS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(told) == ["gone", "taken"]
    with reading(engine) as session:
        assert len(session.scalars(select(OutgoingMail.template)).all()) == 1, "told once"


def test_no_token_and_no_address_is_left_in_any_table(
    engine: Engine, reporting: Any, claim: Claim, caplog: pytest.LogCaptureFixture
) -> None:
    """Neither the token nor its address, once the mail is out and answered: not in the trail, the outbox or a log."""
    sent: list[Any] = []
    about = {"asked_of": SCHOOL, "email": EMAIL, "question": "Did they come?", "settings": reporting.settings}
    ask_beneficiary(reporting.session, reporting.olga, claim.return_id, claim.id, **about)
    reporting.session.commit()

    class Post:
        def deliver(self, message: Any) -> None:
            sent.append(message)

    handlers = {JobKind.DELIVER_MAIL: lambda work: deliver_mail(work, Post())}
    with reading(engine) as session:
        jobs = [(job.id, job.attempt) for job in session.scalars(select(Job)) if job.kind is JobKind.DELIVER_MAIL]
    for number, attempt in jobs:
        run_job(engine, reporting.settings, handlers, number, attempt)
    [message] = [one for one in sent if one.recipient == EMAIL]
    token = token_of(message.body)
    assert len(token) >= 43 and token not in everything(engine)
    with writing(engine) as session:
        answer_confirmation(session, token, YES, reporting.settings)
    text = everything(engine)
    assert token not in text and EMAIL not in text and "Ashmore" in text
    assert token not in caplog.text and EMAIL not in caplog.text


def everything(engine: Engine) -> str:
    with engine.connect() as connection:
        return "\n".join(str(row) for table in Base.metadata.sorted_tables for row in connection.execute(select(table)))
