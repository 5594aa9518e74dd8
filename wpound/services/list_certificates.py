"""Certificates as those who issue them and those who hold them see them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy.orm import Session

from wpound.config import Settings
from wpound.core.delivery import CertificateScope
from wpound.core.errors import NotFound
from wpound.core.periods import Period
from wpound.core.roles import Role
from wpound.documents.certificate_facts import CertificateFacts
from wpound.documents.credential import write_credential
from wpound.services.access import Person, Policy, Target, decide, organisation_of
from wpound.services.clock import day_of
from wpound.services.verify_certificate import Outcome, standing_of
from wpound.store.certificates import FoundCertificate, get_certificate, list_certificates
from wpound.store.engine import now_in
from wpound.store.file_folder import get_file_content
from wpound.store.workload import find_supplier_id

OUTCOME_TITLES = {
    Outcome.VALID: "Valid",
    Outcome.EXPIRED: "Expired",
    Outcome.REVOKED: "Revoked",
    Outcome.SUPERSEDED: "Superseded",
}
SCOPE_TITLES = {
    CertificateScope.CONTRACT: "One contract",
    CertificateScope.SUPPLIER: "All contracts of a supplier",
    CertificateScope.ANCHOR: "All contracts",
}


@dataclass(frozen=True, slots=True)
class CertificateView:
    """A certificate with where it stands now."""

    serial: str
    scope: CertificateScope
    period: Period
    issued_on: date
    expires_on: date
    outcome: Outcome
    replaced_by: str | None
    revoked_at: datetime | None
    revoked_because: str | None
    facts: CertificateFacts
    is_signed: bool

    @property
    def can_be_reissued(self) -> bool:
        """Whether another may be issued in its place."""
        return self.replaced_by is None


def list_buyer_certificates(
    session: Session, person: Person, limit: int, offset: int = 0
) -> tuple[Sequence[CertificateView], int]:
    """What the person's organisation issued (a contract's manager sees that contract's), newest first, and how many."""
    found, count = list_certificates(
        session,
        organisation_id=organisation_of(person),
        contract_ids=_contracts_of(person),
        limit=limit,
        offset=offset,
    )
    return _view_all(session, found), count


def list_supplier_certificates(
    session: Session, person: Person, limit: int, offset: int = 0
) -> tuple[Sequence[CertificateView], int]:
    """What the person's firm holds, from every buyer, newest first, and how many."""
    supplier_id = find_supplier_id(session, organisation_id=organisation_of(person))
    if supplier_id is None:
        return (), 0
    found, count = list_certificates(session, supplier_id=supplier_id, limit=limit, offset=offset)
    return _view_all(session, found), count


def reach_issued(session: Session, person: Person, serial: str) -> FoundCertificate:
    """A certificate of the person's organisation or contract; raises NotFound for any other."""
    found = get_certificate(session, serial)
    certificate = found.certificate
    target = Target(certificate.organisation_id, contract_id=certificate.contract_id)
    decide(Policy.CONTRACT_MANAGER, person, target)
    return found


def reach_held(session: Session, person: Person, serial: str) -> FoundCertificate:
    """A certificate of the person's firm; raises NotFound for any other."""
    decide(Policy.SUPPLIER, person)
    found = get_certificate(session, serial)
    supplier_id = find_supplier_id(session, organisation_id=organisation_of(person))
    if supplier_id is None or found.certificate.supplier_id != supplier_id:
        raise NotFound("There is no such certificate, or it is not yours to see.")
    return found


def view_certificate(session: Session, found: FoundCertificate) -> CertificateView:
    """One certificate as it stands."""
    return _view(found, day_of(now_in(session)))


def read_certificate_file(settings: Settings, found: FoundCertificate, extension: str) -> bytes:
    """The file as it was handed out: ``pdf``, or ``json`` for the signed data.

    Raises NotFound for signed data of a certificate that was issued before there was any.
    """
    certificate = found.certificate
    if extension == "pdf":
        return get_file_content(settings.data_dir / "files", certificate.pdf_sha256)
    if certificate.credential is None:
        raise NotFound("This certificate was issued before certificates were signed as data.")
    return write_credential(certificate.credential)


def _contracts_of(person: Person) -> list[int] | None:
    """The contracts a person looks after, None for all of the organisation's."""
    if person.meets(Policy.OFFICER):
        return None
    named = [grant.contract_id for grant in person.current if grant.role is Role.CONTRACT_MANAGER]
    return None if None in named else [one for one in named if one is not None]


def _view_all(session: Session, found: Sequence[FoundCertificate]) -> list[CertificateView]:
    today = day_of(now_in(session))
    return [_view(one, today) for one in found]


def _view(found: FoundCertificate, today: date) -> CertificateView:
    certificate = found.certificate
    return CertificateView(
        serial=certificate.serial,
        scope=certificate.scope,
        period=Period(certificate.period_start_on, certificate.period_end_on),
        issued_on=certificate.issued_on,
        expires_on=certificate.expires_on,
        outcome=standing_of(certificate.status, found.replaced_by, certificate.expires_on, today),
        replaced_by=found.replaced_by,
        revoked_at=certificate.revoked_at,
        revoked_because=certificate.revoked_because,
        facts=CertificateFacts.from_dict(certificate.facts),
        is_signed=certificate.credential is not None,
    )
