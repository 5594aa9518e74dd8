"""What a tender and its awards tell the public as open data (OCDS): built from stored facts, named one by one."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from wpound.catalogue.model import Catalogue, Measure
from wpound.core.errors import StateError
from wpound.core.particulars import ContractKind, Particulars
from wpound.core.supplier_size import SupplierSize
from wpound.documents.notices import (
    AwardNotice,
    ChangeNotice,
    LotNotice,
    Party,
    PublishedMeasure,
    PublishedPromise,
    TenderNotice,
)
from wpound.documents.open_contracting import Tag, award_release, release_package, tender_release
from wpound.services.ask_for_bids import find_catalogue, list_measures_asked
from wpound.services.find_lot import FoundLot
from wpound.services.make_tender_pack import contract_ends_on
from wpound.services.read_terms import read_terms
from wpound.services.recommend_award import get_award
from wpound.store.audit import list_events
from wpound.store.bids import list_bids
from wpound.store.clarifications import list_changes
from wpound.store.models.awards import Award
from wpound.store.models.bids import Bid
from wpound.store.models.contracts import Contract
from wpound.store.models.organisations import Organisation
from wpound.store.models.suppliers import Supplier
from wpound.store.models.tenders import Tender, TenderStage
from wpound.store.suppliers import get_supplier
from wpound.store.tenders import list_lots

# The codes of the standard for where a tender stands.
STATUSES = {
    TenderStage.PUBLISHED: "active",
    TenderStage.CLOSED: "active",
    TenderStage.EVALUATION: "active",
    TenderStage.AWARDED: "complete",
    TenderStage.CANCELLED: "cancelled",
}


def build_tender_release(session: Session, tender: Tender, catalogue: Catalogue, base_url: str) -> dict[str, Any]:
    """The tender as it stands, as a package with one release; nothing in it tells of a bid.

    ``catalogue`` is the one at work. Raises StateError before publication.
    """
    notice, published_at = tell_tender(session, tender, catalogue), _published_at(tender)
    changes = [change.published_at for change in notice.changes]
    tag = Tag.CANCELLATION if tender.stage is TenderStage.CANCELLED else Tag.AMENDMENT if changes else Tag.TENDER
    released_at = max([published_at, *changes])
    release = tender_release(notice, tag, released_at)
    return release_package([release], f"{base_url}/tenders/{tender.ocid}/release.json", notice.buyer, released_at)


def build_award_release(session: Session, found: FoundLot, catalogue: Catalogue, base_url: str) -> dict[str, Any]:
    """The award of a lot as a package with one release; of the bidders who did not win there is a count and no more.

    Raises StateError before the summaries are out, which the law wants first.
    """
    award, tender = get_award(session, found.lot), found.tender
    if award.summaries_issued_at is None:
        raise StateError("The award is published once the assessment summaries are out.")
    notice = tell_tender(session, tender, catalogue)
    released_at = award.summaries_issued_at
    release = award_release(notice, [_tell_award(session, found, award, catalogue)], released_at)
    address = f"{base_url}/tenders/{tender.ocid}/lots/{found.lot.number}/award.json"
    return release_package([release], address, notice.buyer, released_at)


def tell_tender(session: Session, tender: Tender, catalogue: Catalogue) -> TenderNotice:
    """Everything the public is told of a tender; raises StateError before publication."""
    terms, particulars = read_terms(tender), Particulars.from_dict(tender.particulars)
    measures = list_measures_asked(terms, find_catalogue(session, terms, catalogue))
    return TenderNotice(
        ocid=tender.ocid,
        title=tender.title,
        description=particulars.description,
        buyer=_buyer(session.get_one(Organisation, tender.organisation_id)),
        status=STATUSES[tender.stage],
        method=terms.method,
        kind=particulars.kind or ContractKind.SERVICES,
        cpv_codes=particulars.cpv_codes,
        lots=tuple(
            LotNotice(lot.number, lot.title, lot.contract_value) for lot in list_lots(session, tender_id=tender.id)
        ),
        measures=tuple(map(_measure, measures)),
        opened_at=_published_at(tender),
        questions_until=None,
        closes_at=terms.deadline_at,
        starts_on=particulars.start_on,
        ends_on=contract_ends_on(terms, particulars),
        value=terms.method.contract_value,
        value_includes_vat=particulars.value_includes_vat,
        reserved=particulars.reserved,
        reserved_area=particulars.reserved_area,
        changes=tuple(_changes(session, tender)),
    )


def _published_at(tender: Tender) -> datetime:
    if tender.published_at is None:
        raise StateError("This tender has not been published.")
    return tender.published_at


def _changes(session: Session, tender: Tender) -> Iterator[ChangeNotice]:
    for change in list_changes(session, tender_id=tender.id):
        if change.agreed and change.decided_at is not None:
            yield ChangeNotice(str(change.number), change.decided_at, change.reason, change.words)
    for event in list_events(session, object_kind="tender", object_id=tender.id):
        if event.action == "tender.cancelled":
            yield ChangeNotice(
                "cancellation", event.at, str(event.detail["reason"]), "The tender has ended without award."
            )


def _tell_award(session: Session, found: FoundLot, award: Award, catalogue: Catalogue) -> AwardNotice:
    bids = list_bids(session, lot_id=found.lot.id)
    winner = next(bid for bid in bids if bid.id == award.bid_id)
    bidders = {bid.id: get_supplier(session, bid.supplier_id) for bid in bids}
    contract = session.get(Contract, award.contract_id) if award.contract_id else None
    if winner.price is None or award.approved_at is None:
        raise StateError("The award is not approved yet.")
    sizes = [bidder.size for bidder in bidders.values()]
    kinds = [bidder.is_vcse for bidder in bidders.values()]
    used = find_catalogue(session, read_terms(found.tender), catalogue)
    return AwardNotice(
        lot=found.lot.number,
        title=found.lot.title,
        status="active" if contract else "pending",
        decided_at=award.approved_at,
        supplier=_supplier(bidders[winner.id], award.winner_address),
        value=winner.price,
        promises=tuple(_promises(winner, used)),
        assessed=len(bids),
        assessed_sme=None if SupplierSize.UNKNOWN in sizes else sum(size.is_sme for size in sizes),
        assessed_vcse=None if None in kinds else sum(bool(kind) for kind in kinds),
        summaries_sent_at=award.summaries_issued_at,
        noticed_on=award.noticed_on,
        standstill_ends_on=award.standstill_ends_on,
        starts_on=contract.start_on if contract else None,
        ends_on=contract.end_on if contract else None,
    )


def _promises(winner: Bid, catalogue: Catalogue) -> Iterator[PublishedPromise]:
    for promise in winner.commitments:
        if promise.quantity:
            yield PublishedPromise(
                _measure(catalogue.get_measure(promise.measure_code)), promise.quantity, promise.year
            )


def _measure(measure: Measure) -> PublishedMeasure:
    return PublishedMeasure(measure.code, measure.title, measure.unit, measure.strand)


def _buyer(buyer: Organisation) -> Party:
    return Party(key=buyer.key, name=buyer.name, identifier=buyer.identifier)


def _supplier(supplier: Supplier, address: str) -> Party:
    return Party(
        key=f"supplier-{supplier.id}",
        name=supplier.name,
        identifier=supplier.identifier,
        address=address,
        size=supplier.size,
        vcse=supplier.is_vcse,
    )
