"""Issue a social value certificate: only what officers verified, signed, sealed and numbered without gaps.

To draw and seal one takes seconds in which nobody should have to wait. So it is drafted from what a reading session
sees, and stored where it would say the same once nobody else can write. Where it would not, it is drafted again.
"""

from collections.abc import Callable
from contextlib import AbstractContextManager, suppress
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import partial
from typing import Any

from sqlalchemy import Engine
from sqlalchemy.orm import Session

from wpound.catalogue.model import Catalogue, City
from wpound.config import Settings
from wpound.core.errors import StateError
from wpound.core.periods import Period
from wpound.documents.certificate import certificate_pdf
from wpound.documents.certificate_facts import CertificateFacts
from wpound.documents.credential import make_credential, sign_credential
from wpound.documents.credential_keys import PublicKey, SigningKey
from wpound.documents.signing import open_keys, seal
from wpound.services.clock import Clock, database_clock, day_of
from wpound.services.gather_delivery import CoveredWork, cover_anchor, cover_contract, cover_supplier, gather_facts
from wpound.services.keep_certificate_keys import keys_url, open_signing_key
from wpound.services.publish_status import lists_url
from wpound.store.audit import append_event
from wpound.store.base import add
from wpound.store.certificates import FoundCertificate, find_standing, next_number
from wpound.store.engine import lock, now_in, reading, writing
from wpound.store.file_folder import put_file
from wpound.store.files import record_file
from wpound.store.models.certificates import Certificate, CertificateStatus
from wpound.store.models.contracts import Contract
from wpound.store.models.organisations import Organisation

# Where so many drafts were overtaken by other certificates of the issuer, the next is made while everybody waits.
MOST_DRAFTS = 3


@dataclass(frozen=True, slots=True)
class Desk:
    """Where a certificate is made and by whom."""

    settings: Settings
    city: City
    catalogue: Catalogue
    actor: str
    clock: Clock = database_clock


@dataclass(frozen=True, slots=True)
class Wanted:
    """What to certify: work and a period of whole quarters, and the certificate that the new one stands in for."""

    covered: CoveredWork
    period: Period
    replaces: Certificate | None = None


@dataclass(frozen=True, slots=True)
class IssuedCertificate:
    """A certificate as stored, and its sealed file."""

    certificate: Certificate
    pdf: bytes


Order = Callable[[Session], Wanted]
Begin = Callable[[], AbstractContextManager[Session]]


@dataclass(frozen=True, slots=True)
class _Plan:
    """What the next certificate would say, and where in the register it would stand."""

    wanted: Wanted
    number: int
    register: str
    facts: CertificateFacts


@dataclass(frozen=True, slots=True)
class _Draft:
    """A certificate drawn, signed and sealed, that is not in the register yet."""

    facts: CertificateFacts
    key: PublicKey
    credential: dict[str, Any]
    pdf: bytes


class _Overtaken(Exception):
    """The draft is not what a certificate would say now."""


def issue_certificate(engine: Engine, desk: Desk, order: Order, begin: Begin | None = None) -> IssuedCertificate:
    """Draft, sign and seal a certificate while others write; then store it, if it is what one would say at that moment.

    ``order`` says, from the session it is given, what is wanted, and refuses what may not be: it is asked for each
    draft and again under the lock. ``begin`` opens the transaction that the certificate is stored in (None: one of its
    own). The serial numbers of an issuer and year have no gaps.

    Raises StateError where nothing was verified in the period, where it is not over, and where a certificate of the
    same work and period stands already; and what ``order`` raises.
    """
    begin = begin or partial(writing, engine)
    for _ in range(MOST_DRAFTS):
        with reading(engine) as session:
            plan = _plan(session, desk, order(session))
        # The first key is told in the audit trail.
        with writing(engine) as session:
            key, at = open_signing_key(session, desk.settings), now_in(session)
        draft = _draft(desk, plan, key, at)
        with suppress(_Overtaken), begin() as session:
            # Whoever asks for the same waits here, and then finds this one.
            lock(session, Organisation, plan.wanted.covered.issuer.id)
            now = _plan(session, desk, order(session))
            _require_same(draft, now, open_signing_key(session, desk.settings))
            return _store(session, desk, now, draft)
    with begin() as session:
        lock(session, Organisation, plan.wanted.covered.issuer.id)
        return issue_within(session, desk, order(session))


def issue_within(session: Session, desk: Desk, wanted: Wanted) -> IssuedCertificate:
    """Draft and store a certificate in a transaction that is open already, and that everybody else waits for.

    Raises StateError as :func:`issue_certificate` does.
    """
    lock(session, Organisation, wanted.covered.issuer.id)
    plan = _plan(session, desk, wanted)
    draft = _draft(desk, plan, open_signing_key(session, desk.settings), now_in(session))
    return _store(session, desk, plan, draft)


def renew(session: Session, found: FoundCertificate) -> Wanted:
    """What to certify so that a certificate is issued anew with today's figures; the new one stands in for it.

    A revoked or expired one can be issued anew too. Raises StateError where another stands in already.
    """
    if found.replaced_by:
        raise StateError(f"{found.replaced_by} stands in for this certificate already. Re-issue that one.")
    old = found.certificate
    return Wanted(_cover_again(session, old), Period(old.period_start_on, old.period_end_on), old)


def _cover_again(session: Session, old: Certificate) -> CoveredWork:
    issuer = session.get_one(Organisation, old.organisation_id)
    if old.contract_id is not None:
        return cover_contract(session, session.get_one(Contract, old.contract_id))
    return (
        cover_anchor(session, issuer) if old.supplier_id is None else cover_supplier(session, issuer, old.supplier_id)
    )


def _plan(session: Session, desk: Desk, wanted: Wanted) -> _Plan:
    """The next certificate of the issuer as things stand."""
    covered, today = wanted.covered, day_of(desk.clock(session))
    if wanted.replaces is None:
        _require_none_standing(session, wanted, today)
    number = next_number(session, organisation_id=covered.issuer.id, year=today.year)
    register = f"{_initials(covered.issuer)}-{today.year}"
    facts = gather_facts(
        session,
        desk.catalogue,
        covered,
        wanted.period,
        today,
        serial=f"{register}-{number:05d}",
        replaces=wanted.replaces.serial if wanted.replaces else None,
        base_url=desk.settings.base_url,
    )
    return _Plan(wanted, number, register, facts)


def _require_none_standing(session: Session, wanted: Wanted, today: date) -> None:
    covered = wanted.covered
    standing = find_standing(
        session,
        organisation_id=covered.issuer.id,
        scope=covered.scope,
        contract_id=covered.contract_id,
        supplier_id=covered.supplier_id,
        period=wanted.period,
        today=today,
    )
    if standing is not None:
        raise StateError(f"{standing.serial} certifies this already. Re-issue that one if its figures have changed.")


def _draft(desk: Desk, plan: _Plan, key: SigningKey, at: datetime) -> _Draft:
    """The slow part: the page, the signature and the seal."""
    settings, facts = desk.settings, plan.facts
    unsigned = make_credential(facts, keys_url(settings), lists_url(settings, plan.register), plan.number)
    credential = sign_credential(unsigned, key, at)
    pdf = seal(certificate_pdf(facts, credential), open_keys(settings.data_dir, facts.issuer), desk.city.name)
    return _Draft(facts, key.public, credential, pdf)


def _require_same(draft: _Draft, now: _Plan, key: SigningKey) -> None:
    """Refuse a draft whose facts or key are not those of this moment; the audit trail may have grown since."""
    same = replace(now.facts, audit_head=draft.facts.audit_head)
    if same.fingerprint != draft.facts.fingerprint or key.public != draft.key:
        raise _Overtaken


def _store(session: Session, desk: Desk, plan: _Plan, draft: _Draft) -> IssuedCertificate:
    covered, replaces, facts = plan.wanted.covered, plan.wanted.replaces, draft.facts
    sha256 = put_file(desk.settings.data_dir / "files", draft.pdf)
    name = f"{facts.serial}.pdf"
    record_file(session, sha256=sha256, media_type="application/pdf", byte_count=len(draft.pdf), original_name=name)
    certificate = add(
        session,
        Certificate(
            organisation_id=covered.issuer.id,
            year=facts.issued_on.year,
            number=plan.number,
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
            credential=draft.credential,
            pdf_sha256=sha256,
            audit_head=facts.audit_head,
            status=CertificateStatus.ISSUED,
        ),
    )
    _audit(session, certificate, facts, desk.actor)
    return IssuedCertificate(certificate, draft.pdf)


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
