"""A return is opened once, filled in by several people, sent once, and locked; nothing in it is counted twice."""

import re
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from threading import Barrier
from typing import Any

import pytest
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from wpound.core.bids import Commitment as Promise
from wpound.core.claim_content import NewEntry
from wpound.core.claim_counting import EntryKind
from wpound.core.contract_words import ChangeKind
from wpound.core.declarations import Declaration
from wpound.core.delivery import ClaimState, Side
from wpound.core.errors import InputErrors, NotFound, StaleEdit, StateError
from wpound.core.money import Money
from wpound.core.reproportion import Rule
from wpound.services.answer_query import answer_query, write_note
from wpound.services.change_contract import NewTerms, change_contract
from wpound.services.clock import fixed_clock
from wpound.services.open_return import open_return
from wpound.services.show_return import show_own_return
from wpound.services.submit_return import submit_return
from wpound.store.audit import head, list_events
from wpound.store.engine import writing
from wpound.store.models.returns import ClaimVersion, CountedKey, ReturnStatus, SocialValueReturn
from wpound.store.returns import get_return, list_claim_versions

# Where neither locking nor SQL differ between the two.
ON_SQLITE = pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
FAIR = "Careers fair, town hall, 12 May 2026"


def person(reference: str, hours: str = "35", **more: Any) -> NewEntry:
    return NewEntry(EntryKind.PERSON, reference, hours=Decimal(hours), **more)


def event(share: str, reference: str = FAIR) -> NewEntry:
    return NewEntry(EntryKind.EVENT, reference, amount=Decimal(9), share=Decimal(share))


def refused(error: Any) -> dict[str, str]:
    return {one.field: one.message for one in error.value.errors}


def test_a_sent_return_holds_what_was_entered(reporting: Any) -> None:
    before = head(reporting.session)
    sent = reporting.send()
    reporting.session.expire_all()

    assert (sent.status, sent.submitted_by) == (ReturnStatus.SUBMITTED, "ann@example.org")
    assert sent.submitted_at == reporting.clock(reporting.session)
    assert [claim.claimed for claim in sent.claims] == [Decimal("0.375"), Decimal(12), Decimal("2.5")]
    assert {claim.state for claim in sent.claims} == {ClaimState.SUBMITTED}
    assert sent.declarations == ["this_contract_only", "tied_to_commitment", "true_and_complete"]
    assert all(re.fullmatch("[0-9a-f]{64}", str(text)) for text in (sent.evidence_root, sent.sample_seed))
    versions = list_claim_versions(reporting.session, claim_ids=[claim.id for claim in sent.claims])
    assert [(one.number, one.kind, one.made_by) for one in versions] == [(1, "submitted", "ann@example.org")] * 3
    events = list_events(reporting.session, object_kind="return", object_id=sent.id)
    assert [one.action for one in events] == ["return.opened", "return.submitted"]
    assert events[1].seq == before.seq + 2
    # What people are called is nowhere but encrypted in its row.
    assert "P-1" not in str([(one.detail, [v.content for v in versions]) for one in events])


@ON_SQLITE
def test_the_same_return_is_opened_for_everybody_and_only_when_its_quarter_is_over(reporting: Any) -> None:
    found = reporting.open()
    assert reporting.open(reporting.ben).id == found.id
    for day in (date(2026, 5, 1), date(2028, 4, 1)):
        with pytest.raises(NotFound):
            open_return(reporting.session, reporting.ann, reporting.contract_id, day, clock=reporting.clock)
    with pytest.raises(StateError, match="Report it when it is over"):
        open_return(reporting.session, reporting.ann, reporting.contract_id, date(2026, 7, 1), clock=reporting.clock)
    with pytest.raises(NotFound):
        reporting.open(reporting.stranger)


@ON_SQLITE
def test_a_promise_for_a_year_is_reported_in_it_and_while_it_is_not_delivered(reporting: Any) -> None:
    promises = [Promise("carbon-fleet", Decimal(3), year) for year in (2026, 2027)]
    contract_id = reporting.enter("C-2", promises)
    first = reporting.open(contract_id=contract_id)
    assert len(first.claims) == 1
    later = fixed_clock(datetime(2027, 4, 2, tzinfo=UTC))

    def lines(start_on: date) -> int:
        return len(open_return(reporting.session, reporting.ann, contract_id, start_on, clock=later).claims)

    assert lines(date(2027, 1, 1)) == 2
    claim = first.claims[0]
    claim.amount = claim.claimed = Decimal(3)
    claim.narrative = "All of it."
    reporting.session.flush()
    reporting.submit(first)
    assert lines(date(2026, 10, 1)) == 1


@ON_SQLITE
def test_a_promise_that_a_change_replaced_is_reported_as_the_one_that_came_for_it(reporting: Any) -> None:
    contract = reporting.contract
    longer = NewTerms(ChangeKind.EXTENSION, "A year more.", date(2026, 6, 1), Money(100), date(2029, 3, 31), Rule.TIME)
    args = (reporting.session, reporting.olga, contract.id, longer, reporting.catalogue)
    change_contract(*args, version=contract.version)

    found = reporting.open()

    in_force = {one.id for one in reporting.contract.commitments if one.year in (None, 2026)}
    assert {claim.commitment_id for claim in found.claims} == in_force and len(in_force) == 3


@ON_SQLITE
def test_a_line_begun_before_a_change_owes_what_the_contract_says_since(reporting: Any) -> None:
    found = reporting.fill(reporting.open())
    reporting.write(found, "volunteering-hours", amount=Decimal(0), narrative=None)
    contract = reporting.contract
    less = NewTerms(
        ChangeKind.VARIATION, "Half of it.", date(2026, 6, 1), Money.from_pounds("3000000"), contract.end_on, Rule.VALUE
    )
    change_contract(reporting.session, reporting.olga, contract.id, less, reporting.catalogue, version=contract.version)

    with pytest.raises(InputErrors) as error:
        reporting.submit(found)
    [(field, message)] = refused(error).items()
    assert field == f"claims[{found.claims[1].id}]" and "something is due" in message
    page = show_own_return(reporting.session, reporting.ann, found.id, reporting.catalogue, clock=reporting.clock)
    assert [line.due for line in page.lines] == [Decimal("0.5"), 5, Decimal("1.88")]
    carbon = page.lines[2]
    assert (carbon.due_to_date, carbon.promised) == (Decimal("1.88"), Decimal("5.64"))
    assert carbon.change == "replaced by 5.64 tCO2e from 1 June 2026"

    contract = reporting.contract
    end = NewTerms(
        ChangeKind.TERMINATION, "Over.", date(2026, 6, 2), contract.contract_value, date(2026, 6, 15), Rule.TIME
    )
    change_contract(reporting.session, reporting.olga, contract.id, end, reporting.catalogue, version=contract.version)
    page = show_own_return(reporting.session, reporting.ann, found.id, reporting.catalogue, clock=reporting.clock)
    assert all(line.change.endswith("from 2 June 2026") for line in page.lines), "of two changes the last one counts"
    assert [line.due_to_date for line in page.lines] == [line.promised for line in page.lines]


@ON_SQLITE
def test_nothing_has_no_sign(reporting: Any) -> None:
    found = reporting.open()
    reporting.write(found, "volunteering-hours", amount=Decimal("-0.0"))
    reporting.session.expire_all()
    claim = reporting.claim(found, "volunteering-hours")
    assert (str(claim.amount), str(claim.claimed)) == ("0.0", "0")


@ON_SQLITE
def test_what_is_missing_is_said_all_at_once(reporting: Any) -> None:
    found = reporting.open()
    jobs, hours, carbon = [claim.id for claim in found.claims]
    reporting.write(found, "volunteering-hours", amount=Decimal(0), narrative=None)
    reporting.write(found, "carbon-fleet", amount=Decimal(2), narrative=" ")

    with pytest.raises(InputErrors) as error:
        reporting.submit(found, declarations=["true_and_complete"])

    messages = refused(error)
    assert set(messages) == {"declarations", f"claims[{jobs}]", f"claims[{hours}]", f"claims[{carbon}]"}
    assert "enter 0" in messages[f"claims[{jobs}]"] and "Say why" in messages[f"claims[{hours}]"]
    assert get_return(reporting.session, found.id).status is ReturnStatus.DRAFT


@ON_SQLITE
@pytest.mark.parametrize(
    ("content", "fields"),
    [
        ({"amount": Decimal(2)}, {"amount"}),
        ({"amount": Decimal(0), "entries": (person("P-1"),)}, {"amount"}),
        ({"entries": (person("Ada Lovelace"), person("P-1", "169"))}, {"entries[0].reference", "entries[1].hours"}),
        ({"entries": (person("P-1"), person(" p - 1 "))}, {"entries[1].reference"}),
        ({"entries": (event("100"),)}, {"entries[0].kind", "entries[0].hours"}),
        ({"entries": (person("P-1", first_on=date(2026, 7, 1)),)}, {"entries[0].first_on", "entries[0].last_on"}),
        ({"share": Decimal(101), "narrative": "word " * 501}, {"share", "narrative"}),
    ],
)
def test_a_line_that_cannot_be_counted_names_the_field(reporting: Any, content: Any, fields: set[str]) -> None:
    found = reporting.open()
    with pytest.raises(InputErrors) as error:
        reporting.write(found, "local-jobs", **content)
    assert set(refused(error)) == fields
    assert reporting.claim(found, "local-jobs").entries == []


@ON_SQLITE
def test_nobody_overwrites_a_colleague_and_what_is_sent_is_what_was_looked_at(reporting: Any) -> None:
    found = reporting.fill(reporting.open())
    version = found.version
    claim = reporting.claim(found, "volunteering-hours")
    shown = claim.version
    # The same figure in other rows is another claim too.
    reporting.write(found, "local-jobs", reporting.ben, entries=(person("P-3"), person("P-4", "17.5")))
    reporting.write(found, "volunteering-hours", reporting.ben, amount=Decimal(12))

    with pytest.raises(StaleEdit):
        reporting.submit(found, version=version)
    assert reporting.claim(found, "volunteering-hours").version > shown
    with pytest.raises(NotFound):
        reporting.write(found, "volunteering-hours", reporting.stranger, amount=Decimal(1))


@ON_SQLITE
def test_what_was_sent_is_locked_and_sent_once(reporting: Any) -> None:
    sent = reporting.send()
    with pytest.raises(StateError, match="locked"):
        reporting.write(sent, "volunteering-hours", amount=Decimal(99))
    with pytest.raises(StateError, match=r"sent already, by ann@example\.org"):
        reporting.submit(sent, reporting.ben)
    with pytest.raises(StateError):
        answer_query(
            reporting.session, reporting.ann, sent.id, sent.claims[0].id, "x", version=1, catalogue=reporting.catalogue
        )


@ON_SQLITE
def test_only_a_queried_line_opens_and_its_answer_closes_it(reporting: Any) -> None:
    sent = reporting.send()
    root = sent.evidence_root
    claim = reporting.claim(sent, "volunteering-hours")
    claim.state, claim.reason, claim.reply_by = ClaimState.QUERIED, "Whose?", date(2026, 8, 1)
    reporting.session.flush()
    with pytest.raises(StateError, match="locked"):
        reporting.write(sent, "carbon-fleet", amount=Decimal(1))
    claim = reporting.write(sent, "volunteering-hours", reporting.ben, amount=Decimal(10))
    args = (reporting.session, reporting.ben, sent.id, claim.id)

    with pytest.raises(StaleEdit):
        answer_query(*args, "Ours.", version=claim.version - 1, catalogue=reporting.catalogue)
    with pytest.raises(InputErrors):
        answer_query(*args, " ", version=claim.version, catalogue=reporting.catalogue)
    answered = answer_query(*args, "Ours.", version=claim.version, catalogue=reporting.catalogue)

    assert (answered.state, answered.claimed, answered.reply_by) == (ClaimState.SUBMITTED, 10, None)
    kinds = [(one.number, one.kind) for one in list_claim_versions(reporting.session, claim_ids=[claim.id])]
    assert kinds == [(1, "submitted"), (2, "answered")]
    assert get_return(reporting.session, sent.id).evidence_root == root
    for who, side in ((reporting.olga, Side.BUYER), (reporting.ann, Side.SUPPLIER)):
        assert write_note(reporting.session, who, sent.id, claim.id, " Thanks. ", side=side).text == "Thanks."
    with pytest.raises(NotFound):
        write_note(reporting.session, reporting.hugo, sent.id, claim.id, "Hello", side=Side.BUYER)


@ON_SQLITE
def test_a_thing_is_counted_once_over_all_contracts(reporting: Any) -> None:
    contract_id = reporting.enter("C-2")
    mine, other = reporting.open(), reporting.open(contract_id=contract_id)
    for found, share in ((mine, "60"), (other, "50")):
        reporting.fill(found)
        reporting.write(found, "volunteering-hours", entries=(event("100", f"Fair of {found.id}"), event(share)))
        # Half a post each: one whole person.
        reporting.write(found, "local-jobs", entries=(person("P-1", "17.5"),))
    # What was not sent takes nothing.
    reporting.submit(mine)

    with pytest.raises(InputErrors) as error:
        reporting.submit(other)
    hours = reporting.claim(other, "volunteering-hours")
    [(field, message)] = refused(error).items()
    assert field == f"claims[{hours.id}].entries[1]"
    assert message.endswith("40% is left: write 40% or less.") and "C-1" not in message
    # A claim that was rejected gives back what it took.
    claim = reporting.claim(mine, "volunteering-hours")
    claim.state, claim.reason, claim.verified = ClaimState.REJECTED, "Never.", Decimal(0)
    claim.verified_at, claim.verified_by = datetime.now(UTC), "olga@example.org"
    reporting.session.flush()
    assert reporting.submit(other).status is ReturnStatus.SUBMITTED


@ON_SQLITE
def test_people_are_known_by_their_firm_and_events_by_all(reporting: Any) -> None:
    rival = reporting.enter("R-1", firm="Birch Care (Example) Ltd", number="07654321")
    mine, theirs = reporting.open(), reporting.open(reporting.stranger, rival)
    for found, who in ((mine, reporting.ann), (theirs, reporting.stranger)):
        reporting.write(found, "local-jobs", who, entries=(person("12"),))
        reporting.write(found, "volunteering-hours", who, entries=(event("60"),))

    keys = reporting.session.scalars(select(CountedKey)).all()
    assert sorted(key.kind for key in keys) == ["event", "person", "person"]
    assert not {"12", FAIR.upper()} & {key.key for key in keys}


def run_at_once(engine: Engine, acts: list[Callable[[Session], Any]]) -> list[str]:
    """Do things at the same time, each in its own transaction: what came of each."""
    start = Barrier(len(acts))

    def run(act: Callable[[Session], Any]) -> str:
        start.wait()
        try:
            with writing(engine) as session:
                act(session)
        except (StateError, InputErrors) as error:
            return type(error).__name__
        return "done"

    with ThreadPoolExecutor(len(acts)) as threads:
        return sorted(threads.map(run, acts))


def test_two_people_at_once_open_one_return_and_send_it_once(engine: Engine, arrange: Any) -> None:
    with writing(engine) as session:
        reporting = arrange(session)
    place, people = (reporting.contract_id, date(2026, 4, 1)), [reporting.ann, reporting.ben] * 2

    opened = run_at_once(
        engine, [lambda s, who=who: open_return(s, who, *place, clock=reporting.clock) for who in people]
    )
    assert opened == ["done"] * 4
    with writing(engine) as session:
        [number] = session.scalars(select(SocialValueReturn.id)).all()
        version = replace(reporting, session=session).fill(get_return(session, number)).version

    about = {"version": version, "catalogue": reporting.catalogue, "clock": reporting.clock}
    about["declarations"] = list(Declaration)
    sent = run_at_once(engine, [lambda s, who=who: submit_return(s, who, number, **about) for who in people])
    assert sent == ["StateError", "StateError", "StateError", "done"]
    with writing(engine) as session:
        assert len(session.scalars(select(ClaimVersion)).all()) == 3


def test_two_contracts_sent_at_once_do_not_share_out_an_event_twice(engine: Engine, arrange: Any) -> None:
    with writing(engine) as session:
        reporting = arrange(session)
        returns = [reporting.open(), reporting.open(contract_id=reporting.enter("C-2"))]
        for found in returns:
            reporting.fill(found)
            reporting.write(found, "local-jobs", entries=(person(f"P-{found.id}"),))
            # In another order each, so that whoever held one after the other would wait for the other for ever.
            entries = (event("60"), event("60", "School day, 4 June 2026"))
            reporting.write(found, "volunteering-hours", entries=entries[:: 1 if found is returns[0] else -1])
        versions = {found.id: get_return(session, found.id).version for found in returns}

    about = {"catalogue": reporting.catalogue, "clock": reporting.clock, "declarations": list(Declaration)}
    acts = [
        lambda s, number=number: submit_return(s, reporting.ann, number, version=versions[number], **about)
        for number in versions
    ]
    assert run_at_once(engine, acts) == ["InputErrors", "done"]
