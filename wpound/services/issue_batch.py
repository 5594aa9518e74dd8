"""Certificates for every contract of a buyer and a financial year, in the background."""

from functools import partial

from sqlalchemy.orm import Session

from wpound.catalogue.loader import load_city
from wpound.core.errors import InputError
from wpound.core.periods import Period, financial_year, format_financial_year
from wpound.services.access import Person, Policy, Target, decide, organisation_of
from wpound.services.clock import Clock, database_clock, day_of
from wpound.services.gather_delivery import cover_contract
from wpound.services.issue_certificate import Desk, Wanted, issue_certificate
from wpound.services.open_catalogue import open_catalogue
from wpound.services.queue_job import queue_job
from wpound.services.run_job import Work
from wpound.store.certificates import list_certified
from wpound.store.contracts import list_contracts
from wpound.store.engine import now_in, reading
from wpound.store.models.contracts import Contract
from wpound.store.models.jobs import Job, JobKind
from wpound.store.returns import list_submitted


def ask_for_batch(session: Session, person: Person, year: int, clock: Clock = database_clock) -> Job:
    """Queue the certificates of the financial year that starts in ``year``; asked twice in a minute it is one job.

    Raises InputError where the year is not over.
    """
    organisation_id = organisation_of(person)
    decide(Policy.CONTRACT_MANAGER, person, Target(organisation_id))
    if financial_year(year).end_on >= day_of(clock(session)):
        raise InputError("year", f"{format_financial_year(year)} is not over yet. Choose a year that is.")
    return queue_job(
        session,
        JobKind.ISSUE_CERTIFICATES,
        f"certificates-{organisation_id}-{year}-{now_in(session):%Y%m%d%H%M}",
        {"organisation": organisation_id, "year": year, "actor": person.email},
        asked_by_id=person.user_id,
    )


def issue_batch(work: Work) -> None:
    """Issue what is missing, each certificate in a transaction of its own together with the progress it makes.

    A worker that dies leaves no half certificate and no gap; whoever goes on finds what is there and issues the rest.
    A contract whose certificate was revoked is left alone: a person re-issues that one, or does not.
    """
    organisation_id, period = int(work.arguments["organisation"]), financial_year(int(work.arguments["year"]))
    city, catalogue = load_city(work.settings.city), open_catalogue(work.settings)
    desk = Desk(work.settings, city, catalogue, str(work.arguments["actor"]))
    with reading(work.engine) as session:
        verified = _list_verified(session, organisation_id, period)
        certified = list_certified(session, organisation_id=organisation_id, period=period)
    missing = [number for number in verified if number not in certified]
    work.report(len(verified) - len(missing), len(verified))
    for done, number in enumerate(missing, len(verified) - len(missing) + 1):
        order = partial(_order, number=number, period=period)
        try:
            issue_certificate(work.engine, desk, order, partial(work.progressing, done, len(verified)))
        except _Certified:
            work.report(done, len(verified))
    with work.completing(f"{len(missing)} certificates issued; {len(verified) - len(missing)} were there already."):
        pass


class _Certified(Exception):
    """Issued by hand since the job looked."""


def _order(session: Session, number: int, period: Period) -> Wanted:
    contract = session.get_one(Contract, number)
    if number in list_certified(session, organisation_id=contract.organisation_id, period=period):
        raise _Certified
    return Wanted(cover_contract(session, contract), period)


def _list_verified(session: Session, organisation_id: int, period: Period) -> list[int]:
    """The numbers of the contracts under which something was verified in the period, in order of reference."""
    contracts = list_contracts(session, organisation_id=organisation_id)
    returns = list_submitted(session, contract_ids=[one.id for one in contracts], period=period)
    verified = {
        number
        for number, each in returns.items()
        if any(claim.verified_at is not None for one in each for claim in one.claims)
    }
    return [one.id for one in sorted(contracts, key=lambda one: one.reference) if one.id in verified]
