"""Opened bids as those who check and mark them read them: without prices, and without names where these are hidden."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from wpound.catalogue.model import Catalogue
from wpound.config import Settings
from wpound.core.bid_content import BidContent, BidFile
from wpound.core.errors import NotFound, UnknownMeasure
from wpound.core.money import format_number
from wpound.services.access import Person, Policy
from wpound.services.keep_catalogue import get_catalogue
from wpound.services.panel_gate import Reader, require_reader
from wpound.services.reach_tender import reach_tender
from wpound.store.bids import find_bid, list_tender_bids
from wpound.store.marks import list_checks
from wpound.store.models.bids import Bid
from wpound.store.models.tenders import Lot, Tender
from wpound.store.sealed_files import read_sealed_file
from wpound.store.tenders import list_lots


@dataclass(frozen=True, slots=True)
class PromiseText:
    """A quantity promised, in words, and the plan to keep it."""

    title: str
    quantity: str
    year: int | None
    plan: str


@dataclass(frozen=True, slots=True)
class FileText:
    """A file of a bid; where names are hidden it is called by its number, for its own name could tell them."""

    name: str
    media_type: str
    byte_count: int
    sha256: str


@dataclass(frozen=True, slots=True)
class BidText:
    """A bid as its reader sees it; ``excluded_because`` holds the reasons of failed checks, empty for a bid marked."""

    bid_id: int
    name: str
    lot: Lot
    answers: Mapping[str, str]
    promises: Sequence[PromiseText]
    files: Sequence[FileText]
    passes: Mapping[str, bool]
    excluded_because: Sequence[str]


def read_bids(session: Session, tender: Tender, reader: Reader, catalogue: Catalogue) -> list[BidText]:
    """Every bid of a tender for this reader, lot by lot; in the order of their names, which tells nothing."""
    lots = {lot.id: lot for lot in list_lots(session, tender_id=tender.id)}
    bids = list_tender_bids(session, tender_id=tender.id)
    failed = list_failed(session, bids)
    catalogue = catalogue_of(session, tender, catalogue)
    texts = [_read(bid, lots[bid.lot_id], reader, catalogue, failed.get(bid.id, [])) for bid in bids]
    return sorted(texts, key=lambda text: (text.lot.number, len(text.name) if reader.hides_names else 0, text.name))


def get_bid(session: Session, tender: Tender, bid_id: int) -> Bid:
    """The opened bid of that number; raises NotFound where it is of another tender."""
    bid = find_bid(session, bid_id=bid_id, tender_id=tender.id)
    if bid is None:
        raise NotFound("This tender has no such bid.")
    return bid


def list_failed(session: Session, bids: Sequence[Bid]) -> dict[int, list[str]]:
    """Why bids are out, by number: the reason of every check that was not passed."""
    failed: dict[int, list[str]] = {}
    for check in list_checks(session, bid_ids=[bid.id for bid in bids]):
        if not check.passed:
            failed.setdefault(check.bid_id, []).append(check.reason)
    return failed


def catalogue_of(session: Session, tender: Tender, current: Catalogue) -> Catalogue:
    """The catalogue a tender was published under: the current one, or the one kept then."""
    fingerprint = tender.catalogue_fingerprint
    if fingerprint is None or fingerprint == current.fingerprint:
        return current
    return get_catalogue(session, fingerprint)


def get_file(
    session: Session, person: Person, settings: Settings, ocid: str, bid_id: int, sha256: str
) -> tuple[FileText, bytes]:
    """A file of a bid for whoever may read the bid; raises NotFound, and as ``require_reader`` does."""
    tender = reach_tender(session, person, ocid, Policy.TENDER)
    bid = get_bid(session, tender, bid_id)
    reader = require_reader(session, person, tender)
    content = BidContent.from_dict(bid.content)
    for number, file in enumerate(content.files, start=1):
        if file.sha256 == sha256:
            return _file(number, file, reader), read_sealed_file(settings.data_dir / "files", file)
    raise NotFound("This bid has no such file.")


def _read(bid: Bid, lot: Lot, reader: Reader, catalogue: Catalogue, failed: Sequence[str]) -> BidText:
    content = BidContent.from_dict(bid.content)
    return BidText(
        bid_id=bid.id,
        name=reader.name_of(bid),
        lot=lot,
        answers=content.answers,
        promises=[
            PromiseText(
                title=_title(catalogue, promise.measure_code),
                quantity=f"{format_number(promise.quantity, 12)} {promise.unit.label}",
                year=promise.year,
                plan=content.plans.get(promise.measure_code, ""),
            )
            for promise in bid.commitments
        ],
        files=[_file(number, file, reader) for number, file in enumerate(content.files, start=1)],
        passes=bid.passes,
        excluded_because=failed,
    )


def _title(catalogue: Catalogue, code: str) -> str:
    try:
        return catalogue.get_measure(code).title
    except UnknownMeasure:
        return code


def _file(number: int, file: BidFile, reader: Reader) -> FileText:
    ending = file.name.rpartition(".")[2].lower()
    name = f"File {number}.{ending}" if reader.hides_names else file.name
    return FileText(name, file.media_type, file.byte_count, file.sha256)
