"""What was promised, claimed and verified of one contract or of many in a period: what a certificate says."""

import calendar
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from sqlalchemy.orm import Session

from wpound.catalogue.model import Catalogue
from wpound.core.delivery import CertificateScope, ClaimState, VerificationLevel
from wpound.core.errors import StateError
from wpound.core.money import round_half_up
from wpound.core.periods import Period, quarter_of
from wpound.core.quantities import Quantity, Unit
from wpound.documents.certificate_facts import CertificateFacts, CertificateLine, CoveredContract
from wpound.services.clock import day_of
from wpound.services.settled_dates import DUE_PLACES, due_of
from wpound.store.audit import head
from wpound.store.certified_work import list_commitments_of, list_method_hashes, name_suppliers
from wpound.store.contracts import list_contracts
from wpound.store.models.contracts import Commitment, Contract
from wpound.store.models.organisations import Organisation
from wpound.store.models.returns import Claim, SocialValueReturn
from wpound.store.models.suppliers import Supplier
from wpound.store.returns import list_stated, list_submitted

YEARS_VALID = 2
NO_IDENTIFIER = "no identifier on record"
NOTHING = Decimal(0)
LEVELS = list(VerificationLevel)
COVERS = {
    CertificateScope.CONTRACT: "Promises of this contract",
    CertificateScope.SUPPLIER: "Promises of every contract the supplier has with {issuer}",
    CertificateScope.ANCHOR: "Promises of every contract of {issuer}",
}
DUE = (
    " that fell due in the period (evenly over the quarters of a contract, unless its hand-over agreed otherwise), and "
    "what officers verified of them from the returns of the period."
)
ONLY = {
    CertificateScope.CONTRACT: "It covers this contract and this period only, and nothing else the supplier does.",
    CertificateScope.SUPPLIER: "It covers work for this buyer in this period only, and nothing else the supplier does.",
    CertificateScope.ANCHOR: "It covers contracts with promises in this period only, and nothing else the buyer does.",
}
LIMITS = (
    "What was not verified is not counted, even where it may have happened.",
    "It is not an audit opinion and no promise of later delivery.",
)


@dataclass(frozen=True, slots=True)
class CoveredWork:
    """What a certificate is to speak for; ``supplier`` is None where it is all of the issuer's contracts."""

    scope: CertificateScope
    issuer: Organisation
    contracts: Sequence[Contract]
    supplier: Supplier | None

    @property
    def contract_id(self) -> int | None:
        """The one contract, None where the scope is another."""
        return self.contracts[0].id if self.scope is CertificateScope.CONTRACT else None

    @property
    def supplier_id(self) -> int | None:
        """The supplier, None where the scope is all contracts."""
        return self.supplier.id if self.supplier else None


def cover_contract(session: Session, contract: Contract) -> CoveredWork:
    """One contract of a buyer."""
    issuer = session.get_one(Organisation, contract.organisation_id)
    return CoveredWork(CertificateScope.CONTRACT, issuer, [contract], session.get_one(Supplier, contract.supplier_id))


def cover_supplier(session: Session, issuer: Organisation, supplier_id: int) -> CoveredWork:
    """Every contract a supplier has with a buyer; raises StateError where it has none."""
    contracts = [one for one in list_contracts(session, organisation_id=issuer.id) if one.supplier_id == supplier_id]
    if not contracts:
        raise StateError("This supplier has no contract here, so there is nothing to certify.")
    return CoveredWork(CertificateScope.SUPPLIER, issuer, contracts, session.get_one(Supplier, supplier_id))


def cover_anchor(session: Session, issuer: Organisation) -> CoveredWork:
    """Every contract of a buyer."""
    contracts = list_contracts(session, organisation_id=issuer.id)
    return CoveredWork(CertificateScope.ANCHOR, issuer, contracts, None)


def gather_facts(
    session: Session,
    catalogue: Catalogue,
    covered: CoveredWork,
    period: Period,
    today: date,
    *,
    serial: str = "",
    replaces: str | None = None,
    base_url: str = "",
) -> CertificateFacts:
    """The facts of a certificate of whole quarters; without a serial number they are what it would say.

    Raises StateError for a period that does not begin and end with a quarter or is not over, and where nothing was
    verified in it.
    """
    _require_quarters(period, today)
    returns = list_submitted(session, contract_ids=[one.id for one in covered.contracts], period=period)
    lines, with_lines = _gather_lines(session, catalogue, covered.contracts, period, returns)
    holder = covered.supplier or covered.issuer
    return CertificateFacts(
        serial=serial,
        replaces=replaces,
        issuer=covered.issuer.name,
        scope=covered.scope,
        holder_name=holder.name,
        holder_identifier=holder.identifier or NO_IDENTIFIER,
        contracts=tuple(_describe(session, catalogue, with_lines, returns)),
        covers=COVERS[covered.scope].format(issuer=covered.issuer.name) + DUE,
        period=period,
        verified_on=_last_check(claim for each in returns.values() for one in each for claim in one.claims),
        lines=tuple(lines),
        limits=(ONLY[covered.scope], *LIMITS),
        catalogue_edition=catalogue.edition,
        audit_head=_print_head(session),
        issued_on=today,
        expires_on=_years_later(today, YEARS_VALID),
        verify_url=f"{base_url}/verify/{serial}",
        licences=_licences(catalogue, lines),
    )


def _print_head(session: Session) -> str:
    """The end of the audit chain before this certificate."""
    chain = head(session)
    return f"{chain.seq} {chain.hash}"


def _require_quarters(period: Period, today: date) -> None:
    if quarter_of(period.start_on).start_on != period.start_on or quarter_of(period.end_on).end_on != period.end_on:
        raise StateError("A certificate covers whole quarters. Choose the first day of one and the last day of one.")
    if period.end_on >= today:
        raise StateError("The period is not over yet. Certify it when it is.")


def _last_check(claims: Iterable[Claim]) -> date:
    """The day an officer last verified one of the claims; raises StateError where nobody did."""
    checks = [claim.verified_at for claim in claims if claim.verified_at]
    if not checks:
        raise StateError("Nothing was verified in this period, so there is nothing to certify.")
    return day_of(max(checks))


Key = tuple[str, int | None, Decimal | None, str | None, int | None]


def _gather_lines(
    session: Session,
    catalogue: Catalogue,
    contracts: Sequence[Contract],
    period: Period,
    returns: Mapping[int, Sequence[SocialValueReturn]],
) -> tuple[list[CertificateLine], list[Contract]]:
    """One line for each measure, year and value of a unit that was due or claimed; and the contracts that have any.

    Promises that a change took out of a contract are not due any more; what was claimed for them still counts.
    """
    claims: dict[int, list[Claim]] = {}
    for claim in (claim for each in returns.values() for one in each for claim in one.claims):
        claims.setdefault(claim.commitment_id, []).append(claim)
    stated = list_stated(session, [claim for own in claims.values() for claim in own])
    by_contract = list_commitments_of(session, contract_ids=[one.id for one in contracts])
    groups: dict[Key, list[tuple[Commitment, Decimal]]] = {}
    with_lines = []
    for contract in contracts:
        life = Period(contract.start_on, contract.end_on)
        parts = [(one, _due_in(one, life, period)) for one in by_contract.get(contract.id, ())]
        counted = [(one, due) for one, due in parts if due or one.id in claims]
        for one, due in counted:
            groups.setdefault(_key(one), []).append((one, due))
        with_lines += [contract] if counted else []
    return [_line(catalogue, group, claims, stated) for group in groups.values()], with_lines


def _due_in(commitment: Commitment, life: Period, period: Period) -> Decimal:
    """What is due in the period by the profile agreed; evenly where none was."""
    if commitment.ended_with_id is not None:
        return NOTHING
    return round_half_up(due_of(commitment, life, period), DUE_PLACES)


def _key(commitment: Commitment) -> Key:
    """Promises of one key add up; shares of different contracts are no amounts and stay apart."""
    apart = commitment.contract_id if commitment.unit is Unit.PERCENT else None
    return commitment.measure_code, commitment.year, commitment.unit_value, commitment.value_reference, apart


def _line(
    catalogue: Catalogue,
    group: Sequence[tuple[Commitment, Decimal]],
    claims: Mapping[int, Sequence[Claim]],
    stated: Mapping[int, Decimal],
) -> CertificateLine:
    first = group[0][0]
    measure = catalogue.get_measure(first.measure_code)
    own = [claim for commitment, _ in group for claim in claims.get(commitment.id, ())]
    # Of what was rejected nothing counts, so how it was proved says nothing of what does.
    approved = [claim for claim in own if claim.state is ClaimState.APPROVED]
    return CertificateLine(
        head=catalogue.plan.head_title(first.head),
        measure=first.measure_code,
        title=measure.title if first.year is None else f"{measure.title}, {first.year}",
        value_kind=first.value_kind.value,
        promised=Quantity(sum((due for _, due in group), NOTHING), first.unit),
        claimed=Quantity(sum((stated[claim.id] for claim in own), NOTHING), first.unit),
        verified=Quantity(sum((claim.verified or NOTHING for claim in approved), NOTHING), first.unit),
        level=LEVELS[min((LEVELS.index(claim.level) for claim in approved), default=0)],
        unit_value=first.unit_value,
        value_source=first.value_reference,
    )


def _describe(
    session: Session,
    catalogue: Catalogue,
    contracts: Sequence[Contract],
    returns: Mapping[int, Sequence[SocialValueReturn]],
) -> list[CoveredContract]:
    names = name_suppliers(session, {contract.supplier_id for contract in contracts})
    methods = list_method_hashes(session, {contract.tender_id for contract in contracts if contract.tender_id})
    return [
        CoveredContract(
            reference=contract.reference,
            title=contract.title,
            supplier_name=names[contract.supplier_id],
            returns=len(returns.get(contract.id, ())),
            method_hash=methods.get(contract.tender_id) if contract.tender_id else None,
            catalogue_fingerprint=contract.catalogue_fingerprint or catalogue.fingerprint,
        )
        for contract in contracts
    ]


def _licences(catalogue: Catalogue, lines: Sequence[CertificateLine]) -> tuple[str, ...]:
    """What the sources of the values used ask to be printed."""
    used = {(line.measure, line.value_source) for line in lines if line.value_source}
    references = [
        value.reference
        for code, title in sorted(used)
        for value in catalogue.get_measure(code).values
        if value.reference.title == title
    ]
    return tuple(dict.fromkeys(f"{one.attribution or one.title} ({one.licence})" for one in references))


def _years_later(day: date, years: int) -> date:
    last = calendar.monthrange(day.year + years, day.month)[1]
    return day.replace(year=day.year + years, day=min(day.day, last))
