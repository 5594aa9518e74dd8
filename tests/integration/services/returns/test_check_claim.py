"""A return is decided line by line: only what was claimed can hold, and never by whoever claimed it."""

import json
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine, select

from wpound.core.delivery import ClaimState, Happening, Side
from wpound.core.delivery import VerificationLevel as Level
from wpound.core.errors import AccessDenied, InputErrors, NotFound, StaleEdit, StateError
from wpound.core.roles import Role
from wpound.documents.return_record import return_record_csv, return_record_json
from wpound.services.access import Grant
from wpound.services.answer_confirmation import Answer, answer_confirmation
from wpound.services.answer_query import answer_query
from wpound.services.approve_line import Approval
from wpound.services.ask_beneficiary import ask_beneficiary
from wpound.services.check_claim import approve_claim, query_claim, reject_claim, suggest_reply_by
from wpound.services.clock import fixed_clock
from wpound.services.correct_claim import Proposal, propose_correction, refuse_correction
from wpound.services.edit_claim import ClaimContent, edit_claim
from wpound.services.export_return import export_return
from wpound.services.show_delivery import show_delivery, total_heads
from wpound.store.audit import list_events
from wpound.store.base import add
from wpound.store.engine import reading, writing
from wpound.store.models.evidence import Confirmation
from wpound.store.models.outbox import OutgoingMail
from wpound.store.models.returns import MessageKind, ReturnStatus, VersionKind
from wpound.store.register import list_delivered
from wpound.store.returns import get_claim, get_return, list_claim_messages, list_claim_versions

WHEN = fixed_clock(datetime(2026, 7, 20, 9, tzinfo=UTC))
ABOUT = {"base_url": "https://sv.example", "clock": WHEN}
CHECKED = Level.OFFICER_CHECKED
# Rules that no database knows of are tried on one.
ONE = pytest.mark.parametrize("engine", ["sqlite"], indirect=True)


def approve(reporting: Any, sent: Any, claim: Any, person: Any = None, **given: Any) -> Any:
    """Approve a line in full by Olga, unless something else is said."""
    version = given.pop("version", get_claim(reporting.session, claim.id).version)
    plain = {"verified": claim.claimed, "level": CHECKED, "checked": "The files, beside the figures"}
    args = (person or reporting.olga, sent.id, claim.id, Approval(**(plain | given)))
    return approve_claim(reporting.session, *args, version=version, **ABOUT)


def query(
    reporting: Any, sent: Any, claim: Any, words: str = "Which school?", reply_by: date = date(2026, 8, 3)
) -> Any:
    args = (reporting.olga, sent.id, claim.id, words, reply_by)
    return query_claim(reporting.session, *args, version=get_claim(reporting.session, claim.id).version, **ABOUT)


def reject(reporting: Any, sent: Any, claim: Any, reason: str = "It was another contract.") -> Any:
    args = (reporting.olga, sent.id, claim.id, reason)
    return reject_claim(reporting.session, *args, version=get_claim(reporting.session, claim.id).version, **ABOUT)


def fields(error: Any) -> set[str]:
    return {one.field for one in error.value.errors}


def mails(reporting: Any, template: str) -> list[OutgoingMail]:
    wanted = select(OutgoingMail).where(OutgoingMail.template == template).order_by(OutgoingMail.recipient)
    return list(reporting.session.scalars(wanted))


def test_a_return_is_verified_with_its_last_line_and_its_supplier_told(reporting: Any) -> None:
    sent = reporting.send()
    jobs, hours, carbon = sent.claims

    approve(reporting, sent, jobs)
    reject(reporting, sent, hours)
    assert get_return(reporting.session, sent.id).status is ReturnStatus.SUBMITTED
    assert mails(reporting, "return_verified") == []
    approve(reporting, sent, carbon, person=reporting.mia, verified=Decimal("2.4"), reason="Two trips are not ours.")

    done = get_return(reporting.session, sent.id)
    assert (done.status, done.verified_by) == (ReturnStatus.VERIFIED, "mia@example.org")
    found = [(c.state, c.claimed, c.verified, c.reason) for c in done.claims]
    assert found == [
        (ClaimState.APPROVED, Decimal("0.375"), Decimal("0.375"), None),
        (ClaimState.REJECTED, Decimal(12), Decimal(0), "It was another contract."),
        (ClaimState.APPROVED, Decimal("2.5"), Decimal("2.4"), "Two trips are not ours."),
    ]
    told = mails(reporting, "return_verified")
    assert [mail.recipient for mail in told] == ["ann@example.org", "ben@example.org"]
    assert "Of 3 lines, 1 was approved for less than you claimed and 1 was rejected." in (told[0].body or "")
    kinds = [one.kind for one in list_claim_versions(reporting.session, claim_ids=[hours.id])]
    assert kinds == [VersionKind.SUBMITTED, VersionKind.REJECTED]
    assert [one.action for one in list_events(reporting.session, object_kind="claim", object_id=carbon.id)] == [
        "claim.approved"
    ]
    assert list_events(reporting.session, object_kind="return", object_id=sent.id)[-1].action == "return.verified"


def test_only_the_queried_line_opens_again(reporting: Any) -> None:
    sent = reporting.send()
    jobs, hours, _ = sent.claims
    query(reporting, sent, hours)

    assert [mail.recipient for mail in mails(reporting, "return_queried")] == ["ann@example.org", "ben@example.org"]
    assert "Answer by 3 August 2026" in (mails(reporting, "return_queried")[0].body or "")
    tools = {"catalogue": reporting.catalogue, "settings": reporting.settings}
    with pytest.raises(StateError, match="locked"):
        edit_claim(reporting.session, reporting.ann, sent.id, jobs.id, ClaimContent(), version=jobs.version, **tools)
    with pytest.raises(StateError, match="when its supplier has answered"):
        approve(reporting, sent, hours)
    reporting.write(sent, "volunteering-hours", amount=Decimal(9))
    answered = answer_query(
        reporting.session,
        reporting.ben,
        sent.id,
        hours.id,
        "Hill School, three afternoons.",
        version=get_claim(reporting.session, hours.id).version,
        catalogue=reporting.catalogue,
    )

    assert (answered.state, answered.claimed, answered.reply_by) == (ClaimState.SUBMITTED, Decimal(9), None)
    thread = list_claim_messages(reporting.session, claim_ids=[hours.id])
    assert [(one.kind, one.text) for one in thread] == [
        (MessageKind.QUERY, "Which school?"),
        (MessageKind.ANSWER, "Hill School, three afternoons."),
    ]
    approve(reporting, sent, answered, verified=Decimal(9))
    figures = [
        (v.kind.value, v.claimed, v.verified) for v in list_claim_versions(reporting.session, claim_ids=[hours.id])
    ]
    assert figures == [
        ("submitted", Decimal(12), None),
        ("queried", Decimal(12), None),
        ("answered", Decimal(9), None),
        ("approved", Decimal(9), Decimal(9)),
    ]


@ONE
def test_nobody_decides_what_they_sent_or_answered(reporting: Any) -> None:
    sent = reporting.send()
    grant = Grant(reporting.buyer.id, "", "", Role.OFFICER, None, None)
    of_both = [
        replace(person, memberships=(*person.memberships, grant), organisation_id=reporting.buyer.id)
        for person in (replace(reporting.ann, email="Ann@Example.org"), reporting.ben)
    ]
    with pytest.raises(StateError, match="another person"):
        approve(reporting, sent, sent.claims[0], person=of_both[0])
    query(reporting, sent, sent.claims[0])
    answer_query(
        reporting.session,
        reporting.ben,
        sent.id,
        sent.claims[0].id,
        "Both still work there.",
        version=get_claim(reporting.session, sent.claims[0].id).version,
        catalogue=reporting.catalogue,
    )
    with pytest.raises(StateError, match="another person"):
        approve(reporting, sent, sent.claims[0], person=of_both[1])
    assert approve(reporting, sent, sent.claims[1], person=of_both[1]), "another line was not theirs"


@ONE
def test_nobody_decides_a_line_whose_figures_they_entered_or_asked_to_correct(reporting: Any) -> None:
    found = reporting.fill(reporting.open())
    reporting.write(found, "volunteering-hours", person=reporting.ben, amount=Decimal(10))
    reporting.write(found, "volunteering-hours", amount=Decimal(12))
    sent = reporting.submit(found)
    grant = Grant(reporting.buyer.id, "", "", Role.OFFICER, None, None)
    both = (*reporting.ben.memberships, grant)
    ben = replace(reporting.ben, email="Ben@Example.org", memberships=both, organisation_id=reporting.buyer.id)
    as_officer = replace(reporting, people=reporting.people | {"olga": ben})
    jobs, hours, carbon = sent.claims
    for decide in (approve, query, reject):
        with pytest.raises(StateError, match="You entered figures of this line"):
            decide(as_officer, sent, hours)
    assert approve(as_officer, sent, jobs) and approve(as_officer, sent, carbon), "other lines were not theirs"
    approve(reporting, sent, hours)

    def propose(person: Any, claim: Any) -> Any:
        args = (reporting.session, person, sent.id, claim.id, Proposal(Decimal("0.25"), "One has left."))
        version = get_claim(reporting.session, claim.id).version
        return propose_correction(*args, side=Side.SUPPLIER, version=version)

    def refuse(person: Any, made: Any) -> Any:
        about = {"version": made.version, **ABOUT}
        return refuse_correction(reporting.session, person, sent.id, made.id, "Both are there.", **about)

    made = propose(reporting.ann, hours)
    with pytest.raises(StateError, match="You entered figures of this line"):
        refuse(ben, made)
    refuse(reporting.olga, propose(reporting.ben, jobs))
    with pytest.raises(StateError, match="proposed a correction of it"):
        refuse(ben, propose(reporting.ann, jobs))


@ONE
def test_an_approval_that_cannot_be_is_refused_at_its_fields(reporting: Any) -> None:
    sent = reporting.send()
    for said, wrong in (
        ({"verified": Decimal("0.3751")}, {"verified"}),
        ({"verified": Decimal("-0.01"), "reason": "Less."}, {"verified"}),
        ({"verified": Decimal("0.37")}, {"reason"}),
        ({"level": Level.DOCUMENTED}, {"level"}),
        ({"level": Level.BENEFICIARY_CONFIRMED}, {"level"}),
        (
            {"verified": Decimal(1), "level": Level.SELF_DECLARED, "checked": "x" * 2001},
            {"verified", "level", "checked"},
        ),
    ):
        with pytest.raises(InputErrors) as error:
            approve(reporting, sent, sent.claims[0], **said)
        assert fields(error) == wrong
    assert get_claim(reporting.session, sent.claims[0].id).state is ClaimState.SUBMITTED


@ONE
def test_words_and_days_that_are_missing_are_refused(reporting: Any) -> None:
    sent = reporting.send()
    today = date(2026, 7, 20)
    with pytest.raises(InputErrors) as error:
        query(reporting, sent, sent.claims[0], " ", today)
    assert fields(error) == {"question", "reply_by"}
    with pytest.raises(InputErrors) as error:
        reject(reporting, sent, sent.claims[0], " ")
    assert fields(error) == {"rejection"}
    assert suggest_reply_by(date(2026, 8, 24)) == date(2026, 9, 8), "the late summer bank holiday is no working day"
    assert suggest_reply_by(date(2099, 1, 1)) is None


@ONE
def test_what_those_who_benefited_say_is_weighed(reporting: Any) -> None:
    sent = reporting.send()
    hours = sent.claims[1]
    said = Confirmation(
        claim_id=hours.id, token_sha256="a", asked_of="Hill School", question="Did it?", asked_by="olga"
    )
    said.expires_on, said.answered_by, said.answered_at = date(2026, 8, 1), "Head", WHEN(reporting.session)
    said.answer = Happening.HAPPENED
    add(reporting.session, said)
    confirmed, why = Level.BENEFICIARY_CONFIRMED, "The register shows it."
    for answer, quantity, level, reason, wrong in (
        (Happening.HAPPENED, None, confirmed, "", set()),
        (Happening.DIFFERS, "10", confirmed, "", {"reason"}),
        (Happening.DIFFERS, "12", confirmed, "", set()),
        (Happening.NEVER_HAPPENED, None, CHECKED, "", {"reason"}),
        (Happening.NEVER_HAPPENED, None, CHECKED, why, set()),
        (Happening.NEVER_HAPPENED, None, confirmed, why, {"level"}),
    ):
        with reporting.session.begin_nested() as undone:
            said.answer, said.quantity = answer, Decimal(quantity) if quantity else None
            reporting.session.flush()
            try:
                found = approve(reporting, sent, hours, level=level, reason=reason).level
                assert (found, wrong) == (level, set())
            except InputErrors as error:
                assert {one.field for one in error.errors} == wrong
            undone.rollback()


@pytest.mark.parametrize("engine", ["postgresql"], indirect=True)
def test_who_confirmed_a_smaller_figure_has_not_confirmed_a_larger_one(engine: Engine, arrange: Any) -> None:
    """Everything is its own transaction, because a row bears the time at which that began; to the second on SQLite."""

    def step(act: Any) -> Any:
        with writing(engine) as session:
            return act(replace(reporting, session=session))

    with writing(engine) as session:
        reporting = arrange(session)
        sent = reporting.send()
        hours = sent.claims[1]
    about = {"asked_of": "Hill School", "email": None, "question": "Did it?"}
    args = (reporting.olga, sent.id, hours.id)
    asked = step(
        lambda now: ask_beneficiary(now.session, *args, **about, settings=reporting.settings, clock=reporting.clock)
    )
    token = str(asked.link).rpartition("/")[2]
    step(
        lambda now: answer_confirmation(
            now.session, token, Answer(Happening.HAPPENED, "Head"), reporting.settings, clock=reporting.clock
        )
    )
    step(lambda now: query(now, sent, hours))
    version = step(lambda now: now.write(sent, "volunteering-hours", amount=Decimal(900))).version
    about = {"version": version, "catalogue": reporting.catalogue}
    step(lambda now: answer_query(now.session, reporting.ann, sent.id, hours.id, "More came.", **about))

    said = {"level": Level.BENEFICIARY_CONFIRMED, "verified": Decimal(900)}
    with pytest.raises(InputErrors) as error:
        step(lambda now: approve(now, sent, hours, **said))
    assert fields(error) == {"reason"}
    assert step(lambda now: approve(now, sent, hours, **said | {"reason": "The lists show it."})).verified == 900


@ONE
def test_people_of_other_contracts_and_roles_are_kept_out(reporting: Any) -> None:
    sent = reporting.send()
    grant = replace(reporting.olga.memberships[0], role=Role.CONTRACT_MANAGER, contract_id=reporting.contract_id + 99)
    manager_of_another = replace(reporting.olga, memberships=(grant,))
    evaluator = replace(reporting.olga, memberships=(replace(grant, role=Role.EVALUATOR, contract_id=None),))
    manager = replace(reporting.mia, memberships=(replace(grant, contract_id=reporting.contract_id),))
    for person, error in (
        (reporting.hugo, NotFound),
        (manager_of_another, NotFound),
        (evaluator, AccessDenied),
        (reporting.ann, AccessDenied),
    ):
        with pytest.raises(error):
            approve(reporting, sent, sent.claims[0], person=person)
        with pytest.raises(error):
            export_return(reporting.session, person, sent.id, reporting.catalogue)
    assert approve(reporting, sent, sent.claims[0], person=manager)


@ONE
def test_the_record_tells_every_decision_with_who_when_and_why(reporting: Any) -> None:
    sent = reporting.send()
    reject(reporting, sent, sent.claims[1], "=It was another contract.")
    record = export_return(reporting.session, reporting.mia, sent.id, reporting.catalogue)
    text = return_record_csv(record).decode("utf-8-sig")
    assert "claim.rejected" in text and "olga@example.org" in text and "'=It was another contract." in text
    told = json.loads(return_record_json(record))
    assert told["sample_seed"] == sent.sample_seed and len(told["looked_at_closely"]) == 1
    assert [one["kind"] for one in told["versions"]] == ["submitted", "submitted", "rejected", "submitted"]
    assert "P-1" not in text and "P-1" not in json.dumps(told), "a payroll number never leaves the supplier's pages"


decisions = st.one_of(
    st.tuples(st.just("approve"), st.decimals(-1, 20, places=4)),
    st.tuples(st.just("reject"), st.none()),
    st.tuples(st.just("query"), st.none()),
)


@ONE
@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(told=st.lists(decisions, min_size=3, max_size=3))
def test_no_more_is_ever_verified_than_claimed_and_heads_are_the_sums_of_lines(
    reporting: Any, told: list[tuple[str, Decimal | None]]
) -> None:
    with reporting.session.begin_nested() as undone:
        sent = reporting.send()
        for claim, (what, figure) in zip(sent.claims, told, strict=True):
            if what == "approve" and figure is not None:
                try:
                    approve(reporting, sent, claim, verified=figure, reason="As found.")
                except InputErrors:
                    assert not 0 <= figure <= claim.claimed
            else:
                {"reject": reject, "query": query}[what](reporting, sent, claim)
        rows = list_delivered(reporting.session, [reporting.contract_id])
        assert all(0 <= row.verified <= row.claimed for row in rows if row.verified is not None)
        lines = show_delivery(reporting.session, reporting.contract, reporting.catalogue, WHEN)
        for line in lines:
            own = [row for row in rows if row.measure_code == line.commitment.measure_code]
            assert line.progress.verified == sum((row.verified or Decimal(0) for row in own), Decimal(0))
            assert line.progress.waiting == sum((row.claimed for row in own if row.verified is None), Decimal(0))
        heads = total_heads(lines, reporting.catalogue)
        assert sum(len(head.lines) for head in heads) == len(lines)
        now = get_return(reporting.session, sent.id)
        decided = all(one.state in (ClaimState.APPROVED, ClaimState.REJECTED) for one in now.claims)
        assert (now.status is ReturnStatus.VERIFIED) == decided
        undone.rollback()


def test_of_two_verifiers_at_once_one_wins(reporting: Any, engine: Engine) -> None:
    sent = reporting.send()
    number, claim_id, version = sent.id, sent.claims[1].id, sent.claims[1].version
    people = (reporting.olga, reporting.mia)
    reporting.session.commit()

    def decide(person: Any) -> str:
        with writing(engine) as session:
            try:
                args = (session, person, number, claim_id)
                reject_claim(*args, f"Said {person.name}.", version=version, **ABOUT)
            except StaleEdit:
                return "stale"
            return "decided"

    with ThreadPoolExecutor(2) as pool:
        found = sorted(pool.map(decide, people))

    assert found == ["decided", "stale"]
    with reading(engine) as session:
        kinds = [one.kind for one in list_claim_versions(session, claim_ids=[claim_id])]
    assert kinds == [VersionKind.SUBMITTED, VersionKind.REJECTED]
