"""Whatever suppliers claim and verifiers decide: figures of contract, heads and certificate are those of the lines."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from decimal import ROUND_DOWN, Decimal
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from wpound.core.claim_content import NewEntry
from wpound.core.claim_counting import EntryKind
from wpound.core.delivery import ClaimState, Side, VerificationLevel
from wpound.core.errors import InputErrors
from wpound.core.money import Money
from wpound.core.periods import Period
from wpound.services.answer_query import answer_query
from wpound.services.approve_line import Approval
from wpound.services.check_claim import approve_claim, query_claim, reject_claim
from wpound.services.clock import fixed_clock
from wpound.services.correct_claim import Proposal, accept_correction, propose_correction
from wpound.services.gather_delivery import cover_contract, gather_facts
from wpound.services.show_delivery import show_delivery, total_heads
from wpound.store.engine import writing
from wpound.store.models.returns import ReturnStatus
from wpound.store.returns import get_claim, get_return, list_claim_versions

CHECKED_AT = datetime(2026, 8, 3, 9, tzinfo=UTC)
PERIOD = Period(date(2026, 4, 1), date(2026, 6, 30))
MEASURES = ("local-jobs", "volunteering-hours", "carbon-fleet")
WORDS = "Work of the quarter; the baseline is 2025, scope 1, factors of 2025."


@dataclass(frozen=True)
class Decision:
    """What becomes of a line: how much of it holds in hundredths, whether it is queried first or corrected after."""

    holds: int
    is_rejected: bool
    is_queried: bool
    corrected: int | None


decisions = st.builds(Decision, st.integers(0, 100), st.booleans(), st.booleans(), st.none() | st.integers(0, 150))
hours = st.decimals("0.1", "60", places=1)
shares = st.sampled_from([Decimal(100), Decimal(50), Decimal("33.33")])
people = st.lists(st.tuples(hours, shares), max_size=4)
events = st.lists(st.tuples(st.decimals("0", "90", places=2), shares), max_size=3)
amounts = st.tuples(st.decimals("0", "40", places=3), shares)


@pytest.fixture
def scene(sqlite_engine: Engine, arrange: Callable[[Session], Any]) -> Iterator[Any]:
    """A contract with its people, in a transaction that is rolled back at the end."""
    with pytest.raises(_Enough), writing(sqlite_engine) as session:
        yield arrange(session)
        raise _Enough


class _Enough(Exception):
    """Nothing is kept."""


@contextmanager
def undone(session: Session) -> Iterator[None]:
    """Whatever is written meanwhile is taken back."""
    with session.begin_nested() as begun:
        yield
        begun.rollback()


@given(
    people=people, events=events, amount=amounts, decided=st.tuples(decisions, decisions, decisions), last=st.booleans()
)
@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_figures_of_contract_heads_and_certificate_are_those_of_the_lines(
    scene: Any, people: Any, events: Any, amount: Any, decided: Any, last: bool
) -> None:
    with undone(scene.session):
        found = scene.open()
        staff = [person(number, *one) for number, one in enumerate(people)]
        sessions = [event(number, *one) for number, one in enumerate(events)]
        scene.write(found, "local-jobs", narrative=WORDS, **listed(staff))
        scene.write(found, "volunteering-hours", narrative=WORDS, **listed(sessions))
        scene.write(found, "carbon-fleet", narrative=WORDS, amount=amount[0], share=amount[1])
        sent = scene.submit(get_return(scene.session, found.id))
        for number, (measure, decision) in enumerate(zip(MEASURES, decided, strict=True)):
            # The last line may still wait: then it is claimed and not verified.
            if number < 2 or last:
                decide(scene, sent, measure, decision)
        check(scene, sent.id, is_whole=last)


def person(number: int, weekly: Decimal, share: Decimal) -> NewEntry:
    return NewEntry(EntryKind.PERSON, f"P-{number}", hours=weekly, share=share)


def event(number: int, amount: Decimal, share: Decimal) -> NewEntry:
    return NewEntry(EntryKind.EVENT, f"Litter pick {number}", amount=amount, share=share)


def listed(entries: list[NewEntry]) -> dict[str, Any]:
    return {"entries": tuple(entries)} if entries else {"amount": Decimal(0)}


def decide(scene: Any, sent: Any, measure: str, decision: Decision) -> None:
    """Through a query or not, to an approval or a rejection, and on to a correction or not."""
    claim = scene.claim(sent, measure)
    place, clock = (scene.session, scene.olga, sent.id, claim.id), fixed_clock(CHECKED_AT)
    about: dict[str, Any] = {"base_url": "https://example.org", "clock": clock}
    if decision.is_queried:
        query_claim(*place, "Which?", CHECKED_AT.date() + timedelta(days=9), version=claim.version, **about)
        own = (scene.session, scene.ann, sent.id, claim.id)
        answer_query(*own, "These.", version=claim.version, catalogue=scene.catalogue)
    if decision.is_rejected:
        reject_claim(*place, "Not shown.", version=claim.version, **about)
    else:
        with pytest.raises(InputErrors, match="between 0 and"):
            approve_claim(*place, approval(claim.claimed + Decimal("0.0001")), version=claim.version, **about)
        approve_claim(*place, approval(part(claim.claimed, decision.holds)), version=claim.version, **about)
    if decision.corrected is not None:
        proposal = Proposal(part(claim.claimed, decision.corrected), "Counted anew.")
        made = propose_correction(
            scene.session, scene.ann, sent.id, claim.id, proposal, side=Side.SUPPLIER, version=claim.version
        )
        agreed = approval(part(proposal.claimed, decision.holds))
        accept_correction(
            scene.session,
            scene.mia,
            sent.id,
            made.id,
            agreed,
            version=made.version,
            catalogue=scene.catalogue,
            **about,
        )


def part(claimed: Decimal, hundredths: int) -> Decimal:
    return (claimed * hundredths / 100).quantize(Decimal("0.0001"), ROUND_DOWN)


def approval(verified: Decimal) -> Approval:
    return Approval(verified, VerificationLevel.OFFICER_CHECKED, "Less was shown.", "All of it.")


def check(scene: Any, return_id: int, *, is_whole: bool) -> None:
    sent = get_return(scene.session, return_id)
    assert (sent.status is ReturnStatus.VERIFIED) == is_whole
    claims = {measure: get_claim(scene.session, scene.claim(sent, measure).id) for measure in MEASURES}
    for version in list_claim_versions(scene.session, claim_ids=[claim.id for claim in claims.values()]):
        assert version.verified is None or 0 <= version.verified <= version.claimed
    for claim in claims.values():
        assert (claim.verified is None) == (claim.state is ClaimState.SUBMITTED)

    lines = show_delivery(scene.session, scene.contract, scene.catalogue, fixed_clock(CHECKED_AT))
    shown = {line.commitment.measure_code: (line.progress.claimed, line.progress.verified) for line in lines}
    assert shown == {measure: (one.claimed, one.verified or 0) for measure, one in claims.items()}
    heads = total_heads(lines, scene.catalogue)
    assert sorted(id(line) for head in heads for line in head.lines) == sorted(map(id, lines))
    for head in heads:
        for kind, value in head.values.items():
            own = [line for line in head.lines if line.commitment.value_kind is kind and line.pounds(Decimal(1))]
            pounds = sum((line.pounds(line.progress.verified) or Decimal(0) for line in own), Decimal(0))
            assert value.verified == Money.rounded(pounds)

    facts = gather_facts(
        scene.session, scene.catalogue, cover_contract(scene.session, scene.contract), PERIOD, CHECKED_AT.date()
    )
    certified = {line.measure: (line.claimed.amount, line.verified.amount) for line in facts.lines}
    assert certified == shown
