"""Issue a social value certificate: only what officers verified, signed, sealed and numbered without gaps."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy.orm import Session

from wpound.catalogue.model import Catalogue, City
from wpound.config import Settings
from wpound.core.errors import StateError
from wpound.core.periods import Period
from wpound.documents.certificate import certificate_pdf, load_makers
from wpound.documents.certificate_facts import CertificateFacts
from wpound.documents.credential import make_credential, sign_credential
from wpound.documents.signing import open_keys, seal
from wpound.services.clock import Clock, database_clock, day_of
from wpound.services.gather_delivery import CoveredWork, cover_anchor, cover_contract, cover_supplier, gather_facts
from wpound.services.keep_certificate_keys import keys_url, open_signing_key
from wpound.services.publish_status import lists_url
from wpound.store.audit import append_event
from wpound.store.base import add
from wpound.store.certificates import find_standing, get_certificate, next_number
from wpound.store.engine import now_in
from wpound.store.file_folder import put_file
from wpound.store.files import record_file
from wpound.store.models.certificates import Certificate, CertificateStatus
from wpound.store.models.contracts import Contract
from wpound.store.models.organisations import Organisation


@dataclass(frozen=True, slots=True)
class IssuedCertificate:
    """A certificate as stored, and its sealed file."""

    certificate: Certificate
    pdf: bytes


def get_ready() -> None:
    """Load what makes certificates; call it before the transaction in which one is issued, which others wait for."""
    load_makers()


def issue_certificate(
    session: Session,
    settings: Settings,
    city: City,
    catalogue: Catalogue,
    covered: CoveredWork,
    period: Period,
    *,
    actor: str,
    clock: Clock = database_clock,
) -> IssuedCertificate:
    """Sign, seal and store a certificate of what was verified in a period of whole quarters.

    Raises StateError where nothing was verified in the period, where it is not over, and where a certificate of the
    same work and period stands already. The serial numbers of an issuer and year have no gaps.
    """
    today = day_of(clock(session))
    # The number first: it is held until the end, so that whoever asks for the same waits and then finds this one.
    number = next_number(session, organisation_id=covered.issuer.id, year=today.year)
    standing = find_standing(
        session,
        organisation_id=covered.issuer.id,
        scope=covered.scope,
        contract_id=covered.contract_id,
        supplier_id=covered.supplier_id,
        period=period,
        today=today,
    )
    if standing is not None:
        raise StateError(f"{standing.serial} certifies this already. Re-issue that one if its figures have changed.")
    return _issue(session, settings, city, catalogue, covered, period, number, None, actor, clock)


def reissue_certificate(
    session: Session,
    settings: Settings,
    city: City,
    catalogue: Catalogue,
    serial: str,
    *,
    actor: str,
    clock: Clock = database_clock,
) -> IssuedCertificate:
    """Issue a certificate anew with today's figures: a new number that stands in for the old one, which says so.

    A revoked or expired one can be issued anew too. Raises NotFound, and StateError where another stands in already.
    """
    old = get_certificate(session, serial).certificate
    today = day_of(clock(session))
    number = next_number(session, organisation_id=old.organisation_id, year=today.year)
    # Looked up now that no other can be issued.
    later = get_certificate(session, serial).replaced_by
    if later:
        raise StateError(f"{later} stands in for this certificate already. Re-issue that one.")
    period = Period(old.period_start_on, old.period_end_on)
    covered = _cover_again(session, old)
    return _issue(session, settings, city, catalogue, covered, period, number, old, actor, clock)


def _cover_again(session: Session, old: Certificate) -> CoveredWork:
    issuer = session.get_one(Organisation, old.organisation_id)
    if old.contract_id is not None:
        return cover_contract(session, session.get_one(Contract, old.contract_id))
    return (
        cover_anchor(session, issuer) if old.supplier_id is None else cover_supplier(session, issuer, old.supplier_id)
    )


def _issue(
    session: Session,
    settings: Settings,
    city: City,
    catalogue: Catalogue,
    covered: CoveredWork,
    period: Period,
    number: int,
    replaces: Certificate | None,
    actor: str,
    clock: Clock,
) -> IssuedCertificate:
    today = day_of(clock(session))
    register = f"{_initials(covered.issuer)}-{today.year}"
    facts = gather_facts(
        session,
        catalogue,
        covered,
        period,
        today,
        serial=f"{register}-{number:05d}",
        replaces=replaces.serial if replaces else None,
        base_url=settings.base_url,
    )
    unsigned = make_credential(facts, keys_url(settings), lists_url(settings, register), number)
    credential = sign_credential(unsigned, open_signing_key(session, settings), now_in(session))
    pdf = seal(certificate_pdf(facts, credential), open_keys(settings.data_dir, covered.issuer.name), city.name)
    certificate = _store(session, settings, covered, facts, number, replaces, credential, pdf)
    _audit(session, certificate, facts, actor)
    return IssuedCertificate(certificate, pdf)


def _store(
    session: Session,
    settings: Settings,
    covered: CoveredWork,
    facts: CertificateFacts,
    number: int,
    replaces: Certificate | None,
    credential: dict[str, Any],
    pdf: bytes,
) -> Certificate:
    sha256 = put_file(settings.data_dir / "files", pdf)
    name = f"{facts.serial}.pdf"
    record_file(session, sha256=sha256, media_type="application/pdf", byte_count=len(pdf), original_name=name)
    return add(
        session,
        Certificate(
            organisation_id=covered.issuer.id,
            year=facts.issued_on.year,
            number=number,
            serial=facts.serial,
            scope=covered.scope,
            contract_id=covered.contract_id,
            supplier_id=covered.supplier_id,
            replaces_id=replaces.id if replaces else None,
            period_start_on=facts.period.start_on,
            period_end_on=facts.period.end_on,
            issued_on=facts.issued_on,
            expires_on=facts.expires_on,
            facts=facts.to_dict(),
            facts_sha256=facts.fingerprint,
            credential=credential,
            pdf_sha256=sha256,
            audit_head=facts.audit_head,
            status=CertificateStatus.ISSUED,
        ),
    )


def _audit(session: Session, certificate: Certificate, facts: CertificateFacts, actor: str) -> None:
    append_event(
        session,
        actor=actor,
        action="certificate.reissued" if facts.replaces else "certificate.issued",
        object_kind="certificate",
        object_id=certificate.id,
        detail={
            "serial": certificate.serial,
            "scope": facts.scope.value,
            "contracts": [contract.reference for contract in facts.contracts],
            "replaces": facts.replaces,
            "pdf_sha256": certificate.pdf_sha256,
        },
    )


def _initials(issuer: Organisation) -> str:
    """Letters and number that tell an issuer's serials from every other's."""
    return "".join(word[0] for word in issuer.key.split("-") if word).upper() + str(issuer.id)
