"""Find out who was paid: match the payees of an organisation's files to known suppliers."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from sqlalchemy.orm import Session

from wpound.ingest.suppliers.matching import (
    KnownSupplier,
    Match,
    Outcome,
    SupplierIndex,
    decision_key,
    find_sundry_numbers,
    identify,
)
from wpound.ingest.suppliers.matching import Payee as NamedPayee
from wpound.store.models.suppliers import DecidedBy, Payee, Supplier, SupplierDecision
from wpound.store.suppliers import (
    Decision,
    add_candidate,
    decide,
    list_candidate_pairs,
    list_decisions,
    list_payees,
    list_suppliers,
)


@dataclass(frozen=True, slots=True)
class Identified:
    """How many payees were matched, left to a person, without any known supplier alike, and withheld."""

    automatic: int = 0
    review: int = 0
    new: int = 0
    withheld: int = 0


def identify_payees(session: Session, *, organisation_id: int, actor: str) -> Identified:
    """Match every payee of an organisation that is not matched yet.

    What is sure is decided and remembered with its reasons; what is likely goes into the queue for a person. A payee
    like no known supplier stays a supplier of its own kind: itself. A decision that a person undid is not taken again.
    """
    payees = list_payees(session, organisation_id=organisation_id)
    open_payees = [payee for payee in payees if payee.supplier_id is None]
    if not open_payees:
        return Identified()
    suppliers = {str(supplier.id): supplier for supplier in list_suppliers(session)}
    decisions = list_decisions(session, organisation_id=organisation_id)
    index = SupplierIndex(_known(suppliers.values(), payees), _remembered(decisions, payees))
    named = {payee.id: _named(payee) for payee in payees}
    sundry = find_sundry_numbers(named.values())
    matches = {payee.id: identify(_without(named[payee.id], sundry), index) for payee in open_payees}
    undone = {(decision.payee_id, decision.supplier_id) for decision in decisions if decision.undone_at is not None}
    _decide(session, matches, suppliers, undone, actor)
    _queue(session, matches, undone | list_candidate_pairs(session, organisation_id=organisation_id))
    counted = [match.outcome for match in matches.values()]
    return Identified(*(counted.count(outcome) for outcome in Outcome))


def _without(payee: NamedPayee, sundry: Collection[tuple[str, str]]) -> NamedPayee:
    """The payee without a number that stands for many, such as one-off payments."""
    return replace(payee, source_number=None) if (payee.source, payee.source_number) in sundry else payee


def _named(payee: Payee) -> NamedPayee:
    return NamedPayee(
        name=payee.name,
        source=str(payee.organisation_id),
        source_number=payee.supplier_number or None,
        identifiers=frozenset(filter(None, [payee.identifier])),
        postcode=payee.postcode or None,
    )


def _known(suppliers: Iterable[Supplier], payees: Sequence[Payee]) -> list[KnownSupplier]:
    """Suppliers with every spelling and number under which this organisation's payees were matched to them."""
    spellings: dict[int, list[Payee]] = {}
    for payee in payees:
        if payee.supplier_id is not None:
            spellings.setdefault(payee.supplier_id, []).append(payee)
    known = []
    for supplier in suppliers:
        own = spellings.get(supplier.id, [])
        numbers = frozenset((str(p.organisation_id), p.supplier_number) for p in own if p.supplier_number)
        known.append(
            KnownSupplier(
                key=str(supplier.id),
                names=tuple(dict.fromkeys([supplier.name, *(payee.name for payee in own)])),
                identifiers=frozenset(filter(None, [supplier.identifier])),
                source_numbers=numbers,
                postcodes=frozenset(address.postcode for address in supplier.addresses if address.postcode),
            )
        )
    return known


def _remembered(decisions: Sequence[SupplierDecision], payees: Sequence[Payee]) -> dict[str, str | None]:
    """What people decided of a name and still stands, under the name's key."""
    names = {payee.id: payee.name for payee in payees}
    return {
        decision_key(names[decision.payee_id]): str(decision.supplier_id)
        for decision in decisions
        if decision.decided_by is DecidedBy.PERSON and decision.undone_at is None
    }


def _decide(
    session: Session,
    matches: dict[int, Match],
    suppliers: dict[str, Supplier],
    undone: set[tuple[int, int]],
    actor: str,
) -> None:
    decisions = {}
    for payee_id, match in matches.items():
        if match.outcome is not Outcome.AUTOMATIC or match.key is None or (payee_id, int(match.key)) in undone:
            continue
        supplier = suppliers[match.key]
        decisions[payee_id] = Decision(
            supplier_id=supplier.id,
            decided_by=DecidedBy.AUTOMATIC,
            score=Decimal(match.score).scaleb(-2),
            reasons=match.reasons,
            is_transfer=bool(supplier.is_public_body),
        )
    decide(session, decisions, actor=actor)


def _queue(session: Session, matches: dict[int, Match], settled: set[tuple[int, int]]) -> None:
    """Put likenesses into the queue, but for pairs that wait there already or that a person undid."""
    for payee_id, match in matches.items():
        if match.outcome is Outcome.REVIEW:
            for key in match.proposals:
                if (payee_id, int(key)) not in settled:
                    score = Decimal(match.score).scaleb(-2)
                    add_candidate(session, payee_id=payee_id, supplier_id=int(key), score=score, reasons=match.reasons)
