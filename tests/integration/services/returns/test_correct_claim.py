"""A decided line is corrected by two people, and its old figures hold everywhere until then."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import select

from wpound.catalogue.model import City
from wpound.core.delivery import ClaimState, Side
from wpound.core.delivery import VerificationLevel as Level
from wpound.core.errors import InputErrors, NotFound, StaleEdit, StateError
from wpound.core.periods import Period
from wpound.services import issue_certificate as issue_certificate_module
from wpound.services.approve_line import Approval
from wpound.services.check_claim import approve_claim, reject_claim
from wpound.services.clock import fixed_clock
from wpound.services.correct_claim import (
    Proposal,
    accept_correction,
    list_outdated,
    propose_correction,
    refuse_correction,
)
from wpound.services.draw_return_sample import drawn_lines
from wpound.services.gather_delivery import cover_contract, gather_facts
from wpound.services.issue_certificate import Desk, Wanted, issue_certificate
from wpound.store.audit import list_events
from wpound.store.engine import reading, writing
from wpound.store.models.certificates import Certificate
from wpound.store.models.outbox import OutgoingMail
from wpound.store.models.returns import Claim, VersionKind
from wpound.store.returns import get_claim, get_return, list_claim_versions, list_corrections

QUARTER = Period(date(2026, 4, 1), date(2026, 6, 30))
WHEN = fixed_clock(datetime(2026, 7, 20, 9, tzinfo=UTC))
ABOUT = {"base_url": "https://sv.example", "clock": WHEN}
ONE = pytest.mark.parametrize("engine", ["sqlite"], indirect=True)


@pytest.fixture
def decided(reporting: Any) -> Any:
    """A return whose second line was approved for 12 hours."""
    sent = reporting.send()
    jobs, hours, carbon = sent.claims
    for claim in (jobs, hours):
        approval = Approval(claim.claimed, Level.OFFICER_CHECKED, checked="The files.")
        approve_claim(reporting.session, reporting.olga, sent.id, claim.id, approval, version=claim.version, **ABOUT)
    reject_claim(
        reporting.session, reporting.olga, sent.id, carbon.id, "Another fleet.", version=carbon.version, **ABOUT
    )
    return get_return(reporting.session, sent.id)


def propose(reporting: Any, sent: Any, claim: Claim, claimed: str = "10", person: Any = None, **more: Any) -> Any:
    side = more.pop("side", Side.SUPPLIER)
    version = more.pop("version", get_claim(reporting.session, claim.id).version)
    proposal = Proposal(Decimal(claimed), more.pop("reason", "Two hours were counted twice."), **more)
    args = (person or reporting.ben, sent.id, claim.id, proposal)
    return propose_correction(reporting.session, *args, side=side, version=version)


def accept(reporting: Any, sent: Any, made: Any, verified: str, person: Any = None, **more: Any) -> Any:
    approval = Approval(Decimal(verified), more.pop("level", Level.THIRD_PARTY), more.pop("reason", ""))
    approval = replace(approval, checked=more.pop("checked", "The files."))
    args = (person or reporting.olga, sent.id, made.id, approval)
    return accept_correction(
        reporting.session, *args, version=more.pop("version", made.version), catalogue=reporting.catalogue, **ABOUT
    )


def certified(reporting: Any) -> dict[str, tuple[Decimal, Decimal]]:
    """What a certificate of the quarter says now, by measure."""
    covered = cover_contract(reporting.session, reporting.contract)
    facts = gather_facts(reporting.session, reporting.catalogue, covered, QUARTER, date(2026, 7, 20))
    return {line.measure: (line.claimed.amount, line.verified.amount) for line in facts.lines}


def stored(reporting: Any, sent: Any) -> dict[str, tuple[Decimal, Decimal]]:
    codes = {one.id: one.measure_code for one in reporting.contract.commitments}
    claims = get_return(reporting.session, sent.id).claims
    return {codes[one.commitment_id]: (one.claimed, one.verified or Decimal(0)) for one in claims}


def test_old_figures_hold_until_somebody_else_accepts_the_new_ones(reporting: Any, decided: Any) -> None:
    hours = decided.claims[1]
    made = propose(reporting, decided, hours, narrative="Three afternoons at Hill School.")
    assert certified(reporting)["volunteering-hours"] == (Decimal(12), Decimal(12))
    with pytest.raises(StateError, match="waits already"):
        propose(reporting, decided, hours, "9")

    with pytest.raises(InputErrors, match="between 0 and what was claimed, 10"):
        accept(reporting, decided, made, "11")
    with pytest.raises(InputErrors, match="Give a reason"):
        accept(reporting, decided, made, "9")
    now = accept(reporting, decided, made, "10")

    assert (now.state, now.claimed, now.verified, now.level) == (ClaimState.APPROVED, 10, 10, Level.THIRD_PARTY)
    assert now.narrative == "Three afternoons at Hill School."
    assert certified(reporting) == stored(reporting, decided)
    assert certified(reporting)["volunteering-hours"] == (Decimal(10), Decimal(10))
    versions = list_claim_versions(reporting.session, claim_ids=[hours.id])
    assert [(one.kind, one.claimed, one.verified) for one in versions] == [
        (VersionKind.SUBMITTED, Decimal(12), None),
        (VersionKind.APPROVED, Decimal(12), Decimal(12)),
        (VersionKind.CORRECTED, Decimal(10), Decimal(10)),
    ]
    (correction,) = list_corrections(reporting.session, claim_ids=[hours.id])
    assert (correction.accepted, correction.decided_by, correction.verified) == (True, "olga@example.org", 10)
    actions = [one.action for one in list_events(reporting.session, object_kind="claim", object_id=hours.id)]
    assert actions == ["claim.approved", "claim.correction_proposed", "claim.corrected"]
    mails = select(OutgoingMail.recipient).where(OutgoingMail.template == "claim_corrected")
    assert sorted(reporting.session.scalars(mails)) == ["ann@example.org", "ben@example.org"]


@ONE
def test_a_refused_correction_changes_nothing_and_another_can_follow(reporting: Any, decided: Any) -> None:
    hours = decided.claims[1]
    before = stored(reporting, decided)
    made = propose(reporting, decided, hours)
    session, args = reporting.session, (reporting.olga, decided.id, made.id)
    with pytest.raises(InputErrors, match="Say why the correction is refused"):
        refuse_correction(session, *args, " ", version=made.version, **ABOUT)
    refuse_correction(session, *args, "The register shows 12.", version=made.version, **ABOUT)

    assert stored(reporting, decided) == before
    with pytest.raises(StateError, match="decided already"):
        refuse_correction(session, *args, "Again.", version=made.version, **ABOUT)
    assert propose(reporting, decided, hours, "11").number == 2


@ONE
def test_who_may_propose_and_who_may_decide(reporting: Any, decided: Any) -> None:
    hours = decided.claims[1]
    for person, side in ((reporting.stranger, Side.SUPPLIER), (reporting.hugo, Side.BUYER)):
        with pytest.raises(NotFound):
            propose(reporting, decided, hours, person=person, side=side)
    for more, field in (
        ({"claimed": "-1"}, "claimed"),
        ({"reason": " "}, "reason"),
        ({"narrative": "x" * 2001}, "narrative"),
    ):
        with pytest.raises(InputErrors, match=field):
            propose(reporting, decided, hours, **more)
    with pytest.raises(StaleEdit):
        propose(reporting, decided, hours, version=hours.version - 1)

    made = propose(reporting, decided, hours, person=reporting.olga, side=Side.BUYER)
    with pytest.raises(StateError, match="another person"):
        accept(reporting, decided, made, "10")
    with pytest.raises(NotFound):
        accept(reporting, decided, made, "10", person=reporting.hugo)
    with pytest.raises(StaleEdit):
        accept(reporting, decided, made, "10", person=reporting.mia, version=made.version - 1)
    assert accept(reporting, decided, made, "10", person=reporting.mia).verified == 10


@ONE
def test_a_line_that_waits_is_not_corrected(reporting: Any) -> None:
    sent = reporting.send()
    with pytest.raises(StateError, match="approved or rejected"):
        propose(reporting, sent, sent.claims[1])


@ONE
def test_a_rejected_line_comes_back_by_a_correction_unless_it_is_counted_elsewhere(reporting: Any) -> None:
    sent = reporting.send()
    jobs, hours, _ = sent.claims
    for claim in (jobs, hours):
        reject_claim(reporting.session, reporting.olga, sent.id, claim.id, "Not ours.", version=claim.version, **ABOUT)
    other = reporting.open(contract_id=reporting.enter("C-2"))
    reporting.submit(reporting.fill(other))

    made = propose(reporting, sent, hours)
    assert accept(reporting, sent, made, "10").state is ClaimState.APPROVED
    made = propose(reporting, sent, jobs, "0.375")
    with pytest.raises(StateError, match="counted elsewhere since it was rejected"):
        accept(reporting, sent, made, "0.375")


@ONE
def test_certificates_that_state_old_figures_are_named_and_stay_as_they_are(
    reporting: Any, decided: Any, city: City, engine: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    # What its pages look like is another test's matter.
    monkeypatch.setattr(issue_certificate_module, "certificate_pdf", lambda facts, credential: facts.serial.encode())
    monkeypatch.setattr(issue_certificate_module, "seal", lambda pdf, keys, location: pdf)
    session, contract = reporting.session, reporting.contract
    assert list_outdated(session, decided, contract) == []
    session.commit()
    desk = Desk(reporting.settings, city, reporting.catalogue, "olga@example.org", WHEN)
    issued = issue_certificate(
        engine, desk, lambda opened: Wanted(cover_contract(opened, contract), QUARTER)
    ).certificate
    facts = issued.facts

    def correct(opened: Any, claimed: str, at: datetime) -> list[str]:
        about = {"base_url": "", "clock": fixed_clock(at)}
        hours = get_claim(opened, decided.claims[1].id)
        proposal = Proposal(Decimal(claimed), "Counted twice.")
        made = propose_correction(
            opened, reporting.ann, decided.id, hours.id, proposal, side=Side.SUPPLIER, version=hours.version
        )
        approval = Approval(Decimal(claimed), Level.OFFICER_CHECKED)
        args = (opened, reporting.mia, decided.id, made.id, approval)
        accept_correction(*args, version=made.version, catalogue=reporting.catalogue, **about)
        return [one.serial for one in list_outdated(opened, get_return(opened, decided.id), contract)]

    with writing(engine) as opened:
        assert correct(opened, "11", issued.created_at - timedelta(hours=1)) == []
        assert correct(opened, "10", issued.created_at + timedelta(hours=1)) == [issued.serial]
    with reading(engine) as opened:
        assert opened.get_one(Certificate, issued.id).facts == facts


@ONE
def test_a_drawn_line_is_looked_at_as_closely_when_it_is_corrected(reporting: Any, decided: Any) -> None:
    for claim in decided.claims:
        is_drawn = claim.id in drawn_lines(decided)
        made = propose(reporting, decided, claim, "0")
        try:
            accept(reporting, decided, made, "0", checked=" ")
            told = set()
        except InputErrors as error:
            told = {one.field for one in error.errors}
        assert told == ({"checked"} if is_drawn else set())
