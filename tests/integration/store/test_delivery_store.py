"""Contracts, returns and certificates: from a promise to a number that is never skipped."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date
from decimal import Decimal

import pytest
from sqlalchemy import Engine, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from wpound.core.delivery import ClaimState, VerificationLevel
from wpound.core.errors import NotFound, StateError
from wpound.core.periods import Period, financial_year
from wpound.store import certificates, contracts, returns
from wpound.store.base import add
from wpound.store.engine import lock, now_in, reading, writing
from wpound.store.models.certificates import Certificate
from wpound.store.models.contracts import Commitment, Contract
from wpound.store.models.organisations import Organisation
from wpound.store.models.returns import Claim, ReturnStatus, SocialValueReturn
from wpound.store.models.suppliers import Supplier

YEAR = financial_year(2026)
QUARTER = {"period_start_on": date(2026, 4, 1), "period_end_on": date(2026, 6, 30), "due_on": date(2026, 7, 28)}


@pytest.fixture
def contract(session: Session, make) -> Contract:
    return make.contract(session, make.organisation(session), make.supplier(session))


def promise(session: Session, contract: Contract, **values) -> Commitment:
    plain = {"measure_code": "jobs", "head": "jobs", "quantity": Decimal(4), "unit": "fte_year", "value_kind": "none"}
    return add(session, Commitment(contract_id=contract.id, **(plain | values)))


def report(session: Session, contract: Contract, **values) -> SocialValueReturn:
    return add(session, SocialValueReturn(contract_id=contract.id, **(QUARTER | values)))


def test_contracts_come_with_their_promises(session: Session, contract: Contract) -> None:
    promise(session, contract, year=2026)
    session.expire_all()

    found = contracts.get_contract(session, "C1", organisation_id=contract.organisation_id)
    assert [one.measure_code for one in found.commitments] == ["jobs"]
    assert contracts.list_contracts(session, organisation_id=contract.organisation_id) == [contract]
    with pytest.raises(NotFound):
        contracts.get_contract(session, "C1", organisation_id=contract.organisation_id + 1)


@pytest.mark.parametrize(
    ("values", "rule"),
    [
        ({"unit_value": Decimal("12.50")}, "value_has_"),
        ({"unit_value": Decimal(1), "value_reference": "DESNZ", "value_kind": "none"}, "value_has_kind"),
        ({"value_reference": "DESNZ", "value_kind": "additional"}, "value_has_reference"),
    ],
)
def test_a_value_has_a_reference_and_a_total_it_belongs_to(session: Session, contract, values, rule: str) -> None:
    with pytest.raises(IntegrityError, match=rule), session.begin_nested():
        promise(session, contract, **values)


def test_one_return_a_contract_and_period(session: Session, contract: Contract) -> None:
    report(session, contract)
    with pytest.raises(StateError, match="already"), session.begin_nested():
        report(session, contract)


def test_whoever_submits_does_not_verify(session: Session, contract: Contract) -> None:
    now = now_in(session)
    whole = {"status": ReturnStatus.VERIFIED, "submitted_at": now, "submitted_by": "ann", "verified_at": now}
    with pytest.raises(IntegrityError, match="two_people"), session.begin_nested():
        report(session, contract, **whole, verified_by="ann")
    assert report(session, contract, **whole, verified_by="bob").verified_by == "bob"


def test_a_claim_is_verified_only_by_somebody_who_checked(session: Session, contract: Contract) -> None:
    claimed = {"return_id": report(session, contract).id, "commitment_id": promise(session, contract).id}
    now = now_in(session)
    approved = {"state": ClaimState.APPROVED, "verified": Decimal(1)}
    for values, rule in (
        (approved | {"level": VerificationLevel.OFFICER_CHECKED}, "verified_by_somebody"),
        (approved | {"verified_at": now, "verified_by": "bob"}, "verified_was_checked"),
        ({"verified": Decimal(1), "verified_at": now, "verified_by": "bob"}, "decided_or_not"),
        ({"state": ClaimState.QUERIED, "reply_by": date(2026, 8, 1)}, "refused_with_reason"),
        ({"state": ClaimState.QUERIED, "reason": "Which school?"}, "queried_until_a_day"),
    ):
        with pytest.raises(IntegrityError, match=rule), session.begin_nested():
            add(session, Claim(**claimed, claimed=Decimal(2), **values))


def test_verified_nothing_and_not_verified_are_two_things(session: Session, contract: Contract) -> None:
    jobs, weeks = promise(session, contract), promise(session, contract, measure_code="weeks", unit="week")
    made = report(session, contract)
    checked = {
        "state": ClaimState.APPROVED,
        "level": VerificationLevel.OFFICER_CHECKED,
        "verified_at": now_in(session),
        "verified_by": "bob",
    }
    add(session, Claim(return_id=made.id, commitment_id=jobs.id, claimed=Decimal(2), verified=Decimal(0), **checked))
    add(session, Claim(return_id=made.id, commitment_id=weeks.id, claimed=Decimal(9)))
    session.expire_all()

    (found,) = returns.list_returns(session, contract_id=contract.id)
    assert [claim.verified for claim in found.claims] == [Decimal(0), None]
    buyer = contract.organisation_id
    assert returns.list_verified(session, organisation_ids=[buyer], period=YEAR) == {buyer: [("jobs", Decimal(0))]}
    earlier = Period(date(2025, 4, 1), date(2026, 3, 31))
    assert returns.list_verified(session, organisation_ids=[buyer], period=earlier) == {buyer: []}


def test_certificates_are_found_by_serial_and_by_file(session: Session, make) -> None:
    issued = make.certificate(session, make.organisation(session), make.supplier(session))

    assert certificates.get_certificate(session, issued.serial).certificate is issued
    for found in (
        certificates.find_entry(session, issued.serial),
        certificates.find_entry_of_file(session, issued.pdf_sha256),
    ):
        assert found is not None and (found.serial, found.expires_on) == (issued.serial, issued.expires_on)
        assert (found.facts, found.credential) == ('{"serial":"SV-2026-0001"}', None)
    assert certificates.find_entry(session, "SV-0") is None
    listed, count = certificates.list_certificates(session, organisation_id=issued.organisation_id)
    assert ([one.certificate for one in listed], count) == ([issued], 1)
    with pytest.raises(NotFound, match="serial number"):
        certificates.get_certificate(session, "SV-0")


def test_one_that_replaces_another_is_told_beside_it_and_only_one_can(session: Session, make) -> None:
    old = make.certificate(session, make.organisation(session), make.supplier(session))
    body, firm = session.get_one(Organisation, old.organisation_id), session.get_one(Supplier, old.supplier_id)
    newer = {"replaces_id": old.id, "number": 2, "serial": "SV-2026-0002", "pdf_sha256": "2" * 64}
    make.certificate(session, body, firm, **newer)

    listed, _ = certificates.list_certificates(session, organisation_id=old.organisation_id)
    assert [(one.certificate.serial, one.replaced_by) for one in listed] == [
        ("SV-2026-0002", None),
        ("SV-2026-0001", "SV-2026-0002"),
    ]
    with pytest.raises(StateError), session.begin_nested():
        make.certificate(session, body, firm, **newer | {"number": 3, "serial": "SV-2026-0003", "pdf_sha256": "3"})


def test_a_list_of_nobody_s_certificates_is_refused(session: Session) -> None:
    with pytest.raises(ValueError, match="say whose"):
        certificates.list_certificates(session)


def test_numbers_have_no_gaps_when_many_issue_at_once_and_some_fail(engine: Engine, make) -> None:
    with writing(engine) as session:
        council, firm = make.organisation(session).id, make.supplier(session).id

    def issue(attempt: int) -> None:
        with writing(engine) as session:
            lock(session, Organisation, council)
            number = certificates.next_number(session, organisation_id=council, year=2026)
            make.certificate(
                session,
                session.get_one(Organisation, council),
                session.get_one(Supplier, firm),
                number=number,
                serial=f"SV-2026-{number:04d}",
                pdf_sha256=f"{attempt:064d}",
            )
            if attempt % 3 == 0:
                raise StateError("The seal failed.")

    with ThreadPoolExecutor(8) as people:
        failed = [
            job.exception() for job in [people.submit(issue, attempt) for attempt in range(24)] if job.exception()
        ]

    with reading(engine) as session:
        numbers = list(session.scalars(select(Certificate.number).order_by(Certificate.number)))
    assert {type(error) for error in failed} == {StateError}
    assert numbers == list(range(1, 17))
