"""Reminders go to those who can do something about it, once when it begins and on Mondays, and only where wanted."""

import re
from collections.abc import Callable
from datetime import UTC, date, datetime
from decimal import Decimal
from itertools import pairwise

import pytest
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from wpound.catalogue.model import Head
from wpound.config import Settings
from wpound.core.delivery import ClaimState, Side
from wpound.core.money import Money
from wpound.core.quantities import Unit
from wpound.core.valuing import ValueKind
from wpound.services.access import Role, find_person
from wpound.services.change_roles import grant_role
from wpound.services.choose_reminders import choose_reminders
from wpound.services.queue_job import queue_job
from wpound.services.reminder_window import window_of
from wpound.services.run_job import run_job
from wpound.services.send_reminders import send_reminders
from wpound.store.accounts import get_user
from wpound.store.base import add
from wpound.store.engine import reading, writing
from wpound.store.models.accounts import User
from wpound.store.models.contracts import Commitment, Contract
from wpound.store.models.jobs import JobKind, JobState
from wpound.store.models.organisations import Organisation
from wpound.store.models.outbox import MailKind, OutgoingMail
from wpound.store.models.returns import (
    Claim,
    ClaimCorrection,
    ClaimMessage,
    ClaimVersion,
    MessageKind,
    ReturnStatus,
    SocialValueReturn,
    VersionKind,
)
from wpound.store.models.suppliers import Supplier, SupplierSize
from wpound.store.models.tenders import Tender, TenderStage

MONDAY, TUESDAY, WEDNESDAY = "2026-06-01", "2026-06-02", "2026-06-03"
NOT_OF_RETURNS = (MailKind.BIDS_TO_OPEN, MailKind.RETURN_TO_VERIFY)
MONDAY_NOON = datetime(2026, 6, 1, 11, 0, tzinfo=UTC)
FIRM = "GB-COH-01234567"


@pytest.fixture
def council(engine: Engine) -> int:
    """A council whose tender closed on Monday noon and to which a return was sent then; gives its number."""
    with writing(engine) as session:
        council = add(session, Organisation(key="council", name="Example Council", is_public_body=True))
        add(session, Organisation(key="firm", name="Green Ltd", identifier=FIRM, is_public_body=False))
        contract = add(session, contract_of(session, council))
        add(session, tender_of(council))
        add(session, return_of(contract))
        return council.id


def tender_of(council: Organisation) -> Tender:
    return Tender(
        organisation_id=council.id,
        ocid="ocds-1",
        title="School meals",
        stage=TenderStage.PUBLISHED,
        deadline_at=MONDAY_NOON,
        method={},
        method_hash="0",
        catalogue_fingerprint="0",
        as_of=date(2026, 5, 1),
    )


def contract_of(session: Session, council: Organisation) -> Contract:
    supplier = add(
        session,
        Supplier(name="Green Ltd", identifier=FIRM, size=SupplierSize.SMALL, source="test", seen_on=date(2026, 1, 1)),
    )
    return Contract(
        organisation_id=council.id,
        supplier_id=supplier.id,
        reference="C1",
        title="Grounds care",
        contract_value=Money(100),
        start_on=date(2026, 1, 1),
        end_on=date(2026, 12, 31),
        commitments=[
            Commitment(
                measure_code="local-jobs",
                head=Head.JOBS,
                quantity=Decimal(8),
                unit=Unit.FTE_YEAR,
                value_kind=ValueKind.NONE,
                remedy="A plan to catch up within a month.",
            )
        ],
    )


def return_of(contract: Contract) -> SocialValueReturn:
    return SocialValueReturn(
        contract_id=contract.id,
        period_start_on=date(2026, 1, 1),
        period_end_on=date(2026, 3, 31),
        due_on=date(2026, 4, 28),
        status=ReturnStatus.SUBMITTED,
        submitted_at=MONDAY_NOON,
        submitted_by="green@example.org",
        claims=[Claim(commitment_id=contract.commitments[0].id, claimed=Decimal(1), state=ClaimState.SUBMITTED)],
    )


@pytest.fixture
def join(engine: Engine, council: int) -> Callable[..., None]:
    """Make a person with a role."""

    def make(name: str, role: Role, organisation: str = "council") -> None:
        with writing(engine) as session:
            user = add(
                session, User(email=f"{name}@example.org", name=name, fs_uniquifier=name, fs_webauthn_user_handle=name)
            )
            place = session.scalars(select(Organisation).where(Organisation.key == organisation)).one()
            about = {}
            if role is Role.CONTRACT_MANAGER:
                about["contract_id"] = session.scalars(select(Contract.id)).one()
            if role is Role.EVALUATOR:
                about["tender_id"] = session.scalars(select(Tender.id)).one()
            grant_role(session, user, place, role, actor="test", **about)

    return make


@pytest.fixture
def remind(engine: Engine, settings: Settings) -> Callable[[str], dict[tuple[str, MailKind], OutgoingMail]]:
    """Do a day's job; gives the mails it wrote by receiver and kind."""

    def run(day: str) -> dict[tuple[str, MailKind], OutgoingMail]:
        with writing(engine) as session:
            before = set(session.scalars(select(OutgoingMail.id)))
            job = queue_job(session, JobKind.SEND_REMINDERS, f"reminders-{day}", {"day": day})
        run_job(engine, settings, {JobKind.SEND_REMINDERS: send_reminders}, job.id, job.attempt)
        with reading(engine) as session:
            assert session.get_one(type(job), job.id).state is JobState.DONE
            written = [mail for mail in session.scalars(select(OutgoingMail)) if mail.id not in before]
            assert len({(mail.recipient, mail.kind) for mail in written}) == len(written)
            return {(mail.recipient, mail.kind): mail for mail in written}

    return run


def test_officers_are_told_of_bids_to_open_and_managers_of_returns_to_verify(join, remind) -> None:
    join("officer", Role.OFFICER)
    join("manager", Role.CONTRACT_MANAGER)
    join("evaluator", Role.EVALUATOR)
    join("admin", Role.ADMIN)

    mails = remind(TUESDAY)

    assert set(mails) == {
        ("officer@example.org", MailKind.BIDS_TO_OPEN),
        ("officer@example.org", MailKind.RETURN_TO_VERIFY),
        ("manager@example.org", MailKind.RETURN_TO_VERIFY),
    }
    bids = mails["officer@example.org", MailKind.BIDS_TO_OPEN]
    assert bids.subject == "Bids can be opened: School meals"
    assert "School meals (deadline 12:00 on 1 June 2026)" in bids.body
    assert "http://127.0.0.1:5000/account/reminders" in bids.body
    returned = mails["manager@example.org", MailKind.RETURN_TO_VERIFY]
    assert "Grounds care, 1 January 2026 to 31 March 2026" in returned.body


def test_what_waits_is_told_once_and_again_on_monday(join, remind) -> None:
    join("officer", Role.OFFICER)

    assert len(remind(MONDAY)) == 0  # it began at noon, after the morning's mails
    assert len(remind(TUESDAY)) == 2
    assert len(remind(WEDNESDAY)) == 0
    assert len(remind("2026-06-08")) == 2


def test_a_day_done_is_not_done_again(join, remind) -> None:
    join("officer", Role.OFFICER)

    assert len(remind(TUESDAY)) == 2
    assert len(remind(TUESDAY)) == 0


def test_a_supplier_is_told_of_a_quarter_that_is_over_and_not_reported(join, remind) -> None:
    join("green", Role.SUPPLIER, "firm")

    assert remind("2026-06-30") == {}
    [mail] = remind("2026-07-01").values()

    assert mail.subject == "A return is due: Grounds care"
    assert "Grounds care, 1 April 2026 to 30 June 2026: by 28 July 2026\n" in mail.body


def test_a_return_that_does_not_come_is_told_by_the_ladder(join, remind) -> None:
    join("green", Role.SUPPLIER, "firm")
    join("manager", Role.CONTRACT_MANAGER)
    join("officer", Role.OFFICER)

    def told(day: str) -> set[tuple[str, MailKind]]:
        return {(to.partition("@")[0], kind) for to, kind in remind(day) if kind not in NOT_OF_RETURNS}

    assert told("2026-07-21") == {("green", MailKind.RETURN_DUE)}, "a week before"
    assert told("2026-07-22") == set()
    assert told("2026-07-28") == {("green", MailKind.RETURN_DUE)}, "the last day"
    assert told("2026-07-29") == {("green", MailKind.RETURN_OVERDUE), ("manager", MailKind.RETURN_MISSING)}
    assert told("2026-08-10") == {("green", MailKind.RETURN_OVERDUE), ("manager", MailKind.RETURN_MISSING)}, "a Monday"
    escalated = {("manager", MailKind.RETURN_ESCALATED), ("officer", MailKind.RETURN_ESCALATED)}
    assert told("2026-08-11") == {("green", MailKind.RETURN_OVERDUE)} | escalated
    assert told("2026-08-12") == set()


def test_the_mail_of_a_return_2_weeks_late_names_the_remedies_of_what_was_due(join, remind) -> None:
    join("officer", Role.OFFICER)

    body = remind("2026-08-11")["officer@example.org", MailKind.RETURN_ESCALATED].body

    assert "Grounds care, Green Ltd, 1 April 2026 to 30 June 2026: was due on 28 July 2026" in body
    assert ": A plan to catch up within a month." in body
    assert re.search(r"/buyer/contracts/\d+#remedies$", body, re.MULTILINE)


def test_a_query_is_told_on_mondays_on_its_last_day_and_once_that_is_over(engine: Engine, join, remind) -> None:
    join("green", Role.SUPPLIER, "firm")
    with writing(engine) as session:
        claim = session.scalars(select(Claim)).one()
        claim.state, claim.reason, claim.reply_by = ClaimState.QUERIED, "Which jobs?", date(2026, 6, 11)
        asked = {"kind": MessageKind.QUERY, "text": "Which jobs?", "reply_by": claim.reply_by}
        said = {"side": Side.BUYER, "written_by": "officer@example.org", "created_at": MONDAY_NOON}
        add(session, ClaimMessage(claim_id=claim.id, **asked, **said))

    told = {day: remind(f"2026-06-{day:02}") for day in (2, 3, 8, 10, 11, 12)}

    assert [day for day, mails in told.items() if mails] == [8, 11, 12], "it was mailed when it was asked"
    [mail] = told[8].values()
    assert mail.subject == "A query about your return: Grounds care"
    assert "1 line, answer by the end of 11 June 2026" in mail.body
    assert "Which jobs" not in mail.body


def test_a_duty_is_told_once_even_to_whoever_switched_it_off(engine: Engine, join, remind) -> None:
    join("green", Role.SUPPLIER, "firm")
    with writing(engine) as session:
        person = find_person(session, get_user(session, "green@example.org").id)
        assert person is not None
        choose_reminders(session, person, [])

    assert remind("2026-07-28") == {}
    assert set(remind("2026-07-29")) == {("green@example.org", MailKind.RETURN_OVERDUE)}
    assert remind("2026-08-03") == {}, "a Monday"


def test_answers_and_corrections_are_told_to_those_who_verify(engine: Engine, join, remind) -> None:
    join("officer", Role.OFFICER)
    join("manager", Role.CONTRACT_MANAGER)
    with writing(engine) as session:
        claim = session.scalars(select(Claim)).one()
        figures = {"claim_id": claim.id, "number": 1, "claimed": Decimal(2), "created_at": MONDAY_NOON}
        made = {"kind": VersionKind.ANSWERED, "level": claim.level, "content": {}, "made_by": "green@example.org"}
        add(session, ClaimVersion(**figures, **made))
        proposed = {"reason": "Counted anew", "proposed_side": Side.BUYER, "proposed_by": "officer@example.org"}
        add(session, ClaimCorrection(**figures, **proposed))

    told = {(to.partition("@")[0], kind) for to, kind in remind(TUESDAY)}

    assert {("officer", MailKind.QUERY_ANSWERED), ("manager", MailKind.QUERY_ANSWERED)} <= told
    decides = {to for to, kind in told if kind is MailKind.CORRECTION_TO_DECIDE}
    assert decides == {"manager"}, "nobody decides what they proposed"


def test_nobody_is_reminded_of_what_they_switched_off(engine: Engine, join, remind) -> None:
    join("officer", Role.OFFICER)
    with writing(engine) as session:
        person = find_person(session, get_user(session, "officer@example.org").id)
        assert person is not None
        choose_reminders(session, person, [MailKind.RETURN_TO_VERIFY])

    assert set(remind(TUESDAY)) == {("officer@example.org", MailKind.RETURN_TO_VERIFY)}


def test_a_disabled_account_is_reminded_of_nothing(engine: Engine, join, remind) -> None:
    join("officer", Role.OFFICER)
    with writing(engine) as session:
        get_user(session, "officer@example.org").active = False

    assert remind(TUESDAY) == {}


def test_a_buyers_people_hear_nothing_of_another_buyers(engine: Engine, join, remind) -> None:
    with writing(engine) as session:
        add(session, Organisation(key="college", name="Example College", is_public_body=True))
    join("other", Role.OFFICER, "college")

    assert remind(TUESDAY) == {}


def test_the_windows_of_the_working_days_leave_no_moment_out() -> None:
    days = [window_of(date(2026, 6, number)) for number in range(1, 6)]

    assert all(before.until == after.since for before, after in pairwise(days))
