"""Issue a social value certificate for a contract and a period: only what officers verified, sealed and numbered."""

import calendar
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from sqlalchemy.orm import Session

from wpound.catalogue.model import Catalogue, City, Head
from wpound.config import Settings
from wpound.core.delivery import DueProfile, VerificationLevel
from wpound.core.due_dates import DueDate, due_in
from wpound.core.errors import StateError
from wpound.core.money import round_half_up
from wpound.core.periods import Period
from wpound.core.quantities import Quantity
from wpound.documents.certificate import CertificateFacts, CertificateLine, certificate_pdf
from wpound.documents.signing import open_keys, seal
from wpound.services.clock import Clock, database_clock, day_of
from wpound.store.audit import append_event, head
from wpound.store.base import add
from wpound.store.certificates import next_number
from wpound.store.file_folder import put_file
from wpound.store.files import record_file
from wpound.store.models.certificates import Certificate
from wpound.store.models.contracts import Commitment, Contract
from wpound.store.models.organisations import Organisation
from wpound.store.models.returns import Claim, SocialValueReturn
from wpound.store.models.suppliers import Supplier
from wpound.store.models.tenders import Tender
from wpound.store.returns import list_returns

YEARS_VALID = 2
DUE_PLACES = 2
NOT_FROM_TENDER = "not scored here: the contract did not come from a tender"
SCOPE = (
    "Promises of this contract that were due in the period, spread evenly over the contract's quarters, and what "
    "officers verified of them from the supplier's returns."
)
LIMITS = (
    "It covers this contract and this period only, and says nothing of the supplier's other work.",
    "What was not verified is not counted, even where it may have happened.",
    "It is not an audit opinion and no promise of later delivery.",
)


@dataclass(frozen=True, slots=True)
class IssuedCertificate:
    """A certificate as stored, and its sealed file."""

    certificate: Certificate
    pdf: bytes


def issue_certificate(
    session: Session,
    settings: Settings,
    city: City,
    catalogue: Catalogue,
    contract: Contract,
    period: Period,
    *,
    actor: str,
    clock: Clock = database_clock,
) -> IssuedCertificate:
    """Seal and store a certificate of what was verified of a contract in a period of whole quarters.

    Raises StateError where nothing was verified in the period. The serial numbers of an issuer and year have no gaps.
    """
    issuer = session.get_one(Organisation, contract.organisation_id)
    returns = _submitted(list_returns(session, contract_id=contract.id), period)
    today = day_of(clock(session))
    number = next_number(session, organisation_id=issuer.id, year=today.year)
    serial = f"{_initials(issuer)}-{today.year}-{number:05d}"
    facts = _facts(session, settings, catalogue, contract, period, returns, issuer, serial, today)
    pdf = seal(certificate_pdf(facts), open_keys(settings.data_dir, issuer.name), city.name)
    return IssuedCertificate(_store(session, settings, contract, facts, number, pdf, actor), pdf)


def _submitted(returns: Sequence[SocialValueReturn], period: Period) -> list[SocialValueReturn]:
    return [
        found
        for found in returns
        if found.submitted_at and period.start_on <= found.period_start_on and found.period_end_on <= period.end_on
    ]


def _store(
    session: Session,
    settings: Settings,
    contract: Contract,
    facts: CertificateFacts,
    number: int,
    pdf: bytes,
    actor: str,
) -> Certificate:
    sha256 = put_file(settings.data_dir / "files", pdf)
    name = f"{facts.serial}.pdf"
    record_file(session, sha256=sha256, media_type="application/pdf", byte_count=len(pdf), original_name=name)
    certificate = add(
        session,
        Certificate(
            organisation_id=contract.organisation_id,
            year=facts.issued_on.year,
            number=number,
            serial=facts.serial,
            contract_id=contract.id,
            supplier_id=contract.supplier_id,
            period_start_on=facts.period.start_on,
            period_end_on=facts.period.end_on,
            issued_on=facts.issued_on,
            expires_on=facts.expires_on,
            facts=facts.to_dict(),
            facts_sha256=facts.fingerprint,
            pdf_sha256=sha256,
            audit_head=facts.audit_head,
        ),
    )
    _audit(session, certificate, contract, actor)
    return certificate


def _audit(session: Session, certificate: Certificate, contract: Contract, actor: str) -> None:
    detail = {"serial": certificate.serial, "contract": contract.reference, "pdf_sha256": certificate.pdf_sha256}
    append_event(
        session,
        actor=actor,
        action="certificate.issued",
        object_kind="certificate",
        object_id=certificate.id,
        detail=detail,
    )


def _facts(
    session: Session,
    settings: Settings,
    catalogue: Catalogue,
    contract: Contract,
    period: Period,
    returns: Sequence[SocialValueReturn],
    issuer: Organisation,
    serial: str,
    today: date,
) -> CertificateFacts:
    claims = [claim for found in returns for claim in found.claims]
    verified_at, verified_by = _latest_check(claims)
    supplier = session.get_one(Supplier, contract.supplier_id)
    tender = session.get(Tender, contract.tender_id) if contract.tender_id is not None else None
    chain = head(session)
    return CertificateFacts(
        serial=serial,
        issuer=issuer.name,
        supplier_name=supplier.name,
        supplier_identifier=supplier.identifier or "no identifier on record",
        contract_reference=contract.reference,
        contract_title=contract.title,
        scope=SCOPE,
        period=period,
        return_version=1,
        verified_by=verified_by,
        verified_on=day_of(verified_at),
        lines=tuple(_lines(catalogue, contract, period, claims)),
        limits=LIMITS,
        method_hash=tender.method_hash if tender and tender.method_hash else NOT_FROM_TENDER,
        catalogue_edition=catalogue.edition,
        catalogue_fingerprint=contract.catalogue_fingerprint or catalogue.fingerprint,
        audit_head=f"{chain.seq} {chain.hash}",
        issued_on=today,
        expires_on=_years_later(today, YEARS_VALID),
        verify_url=f"{settings.base_url}/verify/{serial}",
        licences=_licences(catalogue, contract),
    )


def _latest_check(claims: Sequence[Claim]) -> tuple[datetime, str]:
    """When an officer last verified one of the claims, and who it was; raises StateError where nobody did."""
    checks = [(claim.verified_at, claim.verified_by) for claim in claims if claim.verified_at and claim.verified_by]
    if not checks:
        raise StateError("Nothing was verified for this contract in this period, so there is nothing to certify.")
    return max(checks)


def _lines(catalogue: Catalogue, contract: Contract, period: Period, claims: Sequence[Claim]) -> list[CertificateLine]:
    """One line a commitment that was due or claimed in the period, in the order of the contract."""
    life = Period(contract.start_on, contract.end_on)
    lines = []
    for commitment in contract.commitments:
        due = round_half_up(_due_in(commitment, life, period), DUE_PLACES)
        own = [claim for claim in claims if claim.commitment_id == commitment.id]
        if due or own:
            lines.append(_line(catalogue, commitment, due, own))
    return lines


def _due_in(commitment: Commitment, life: Period, period: Period) -> Decimal:
    """What is due in the period by the profile agreed; evenly where none was."""
    milestones = [DueDate.from_dict(entry) for entry in commitment.milestones or ()]
    profile = commitment.due_profile or DueProfile.EVEN
    return due_in(commitment.quantity, life, period, commitment.year, profile, milestones)


def _line(catalogue: Catalogue, commitment: Commitment, due: Decimal, claims: Sequence[Claim]) -> CertificateLine:
    measure = catalogue.get_measure(commitment.measure_code)
    checked = [claim for claim in claims if claim.verified is not None]
    levels = list(VerificationLevel)
    weakest = min((levels.index(claim.level) for claim in checked), default=0)
    return CertificateLine(
        head=_head_title(catalogue, commitment.head),
        measure=commitment.measure_code,
        title=measure.title if commitment.year is None else f"{measure.title}, {commitment.year}",
        value_kind=commitment.value_kind.value,
        promised=Quantity(due, commitment.unit),
        claimed=Quantity(sum((claim.claimed for claim in claims), Decimal(0)), commitment.unit),
        verified=Quantity(sum((claim.verified or Decimal(0) for claim in checked), Decimal(0)), commitment.unit),
        level=levels[weakest],
        unit_value=commitment.unit_value,
        value_source=commitment.value_reference,
    )


def _head_title(catalogue: Catalogue, wanted: Head) -> str:
    plan = catalogue.plan
    titles = {principle.head: principle.title for principle in plan.principles if principle.head}
    titles |= {priority.head: priority.title for priority in plan.priorities if priority.head}
    return titles.get(wanted, wanted.value.capitalize())


def _licences(catalogue: Catalogue, contract: Contract) -> tuple[str, ...]:
    """What the sources of the values used ask to be printed."""
    used = {(c.measure_code, c.value_reference) for c in contract.commitments if c.value_reference}
    references = [
        value.reference
        for code, title in sorted(used)
        for value in catalogue.get_measure(code).values
        if value.reference.title == title
    ]
    return tuple(dict.fromkeys(f"{one.attribution or one.title} ({one.licence})" for one in references))


def _initials(issuer: Organisation) -> str:
    """Letters and number that tell an issuer's serials from every other's."""
    return "".join(word[0] for word in issuer.key.split("-") if word).upper() + str(issuer.id)


def _years_later(day: date, years: int) -> date:
    last = calendar.monthrange(day.year + years, day.month)[1]
    return day.replace(year=day.year + years, day=min(day.day, last))
