"""Make what bidders are given of a published tender: the pack and the empty workbook, always as the tender stands."""

from collections.abc import Iterator
from datetime import date, timedelta

from sqlalchemy.orm import Session

from wpound.catalogue.loader import load_thresholds
from wpound.catalogue.model import Catalogue, Measure
from wpound.core.criteria import Kind
from wpound.core.duties import Duty, list_duties
from wpound.core.errors import MeasureNotInForce, RuleError
from wpound.core.particulars import Particulars
from wpound.core.periods import format_day
from wpound.documents.bid_template import BidTemplate, bid_template_xlsx
from wpound.documents.tender_pack import KeyDate, PackChange, PackLot, TenderPack
from wpound.services.ask_for_bids import find_catalogue, list_measures_asked, make_sheets
from wpound.services.clock import day_of, format_deadline, format_moment
from wpound.services.read_terms import PublishedTerms, read_terms
from wpound.store.clarifications import list_changes
from wpound.store.models.clarifications import ChangeKind
from wpound.store.models.organisations import Organisation
from wpound.store.models.tenders import Lot, Tender
from wpound.store.tenders import list_lots


def make_tender_pack(session: Session, tender: Tender, catalogue: Catalogue, *, base_url: str) -> TenderPack:
    """Everything the pack of a published tender says, under the catalogue it was published with.

    ``catalogue`` is the one at work. Raises StateError for a tender that was never published, NotFound where its
    catalogue is not kept.
    """
    terms, particulars = read_terms(tender), Particulars.from_dict(tender.particulars)
    used = find_catalogue(session, terms, catalogue)
    measures, texts = list_measures_asked(terms, used), used.plan.texts()
    published_on = _published_on(tender, terms)
    lots = list_lots(session, tender_id=tender.id)
    return TenderPack(
        buyer=session.get_one(Organisation, tender.organisation_id).name,
        reference=tender.ocid,
        method=terms.method,
        particulars=particulars,
        lots=tuple(PackLot(lot.number, lot.title, lot.contract_value) for lot in lots),
        measures=measures,
        plan=used.plan.title,
        priorities=tuple(texts[key] for key in particulars.priorities if key in texts),
        duties=_duties(terms, particulars, published_on),
        dates=tuple(_dates(terms, particulars, published_on)),
        url=f"{base_url}/tenders/{tender.ocid}",
        amendment=tender.amendment,
        catalogue_edition=used.edition,
        catalogue_fingerprint=used.fingerprint,
        published_on=published_on,
        licences=_licences(terms, measures),
        changes=tuple(_changes(session, tender)),
    )


def make_bid_template(session: Session, tender: Tender, lot: Lot, catalogue: Catalogue) -> bytes:
    """The empty workbook in which a bid for a lot can be written; raises as :func:`make_tender_pack` does."""
    terms = read_terms(tender)
    used = find_catalogue(session, terms, catalogue)
    is_divided = len(list_lots(session, tender_id=tender.id)) > 1
    template = BidTemplate(
        buyer=session.get_one(Organisation, tender.organisation_id).name,
        title=tender.title,
        lot=f"{lot.number}: {lot.title}" if is_divided else "",
        closes=format_moment(terms.deadline_at),
        made_on=_published_on(tender, terms),
        sheets=make_sheets(tender, lot, terms, used),
    )
    return bid_template_xlsx(template)


def contract_ends_on(terms: PublishedTerms, particulars: Particulars) -> date | None:
    """The last day of the contract as announced, None where its start or its length in whole months is not known."""
    start_on, years = particulars.start_on, terms.method.years
    if start_on is None or years is None or years * 12 % 1:
        return None
    months = start_on.year * 12 + start_on.month - 1 + int(years * 12)
    # A contract from the last day of a month ends with the month, however many days that has.
    after = date(months // 12, months % 12 + 1, 1) + timedelta(days=start_on.day - 1)
    first_of_next = date((months + 1) // 12, (months + 1) % 12 + 1, 1)
    return min(after, first_of_next) - timedelta(days=1)


def _published_on(tender: Tender, terms: PublishedTerms) -> date:
    return day_of(tender.published_at) if tender.published_at else terms.as_of


def _dates(terms: PublishedTerms, particulars: Particulars, published_on: date) -> Iterator[KeyDate]:
    yield KeyDate("Published", format_day(published_on))
    yield KeyDate("Bids close, and the last moment to ask a question", format_deadline(terms.deadline_at))
    if particulars.start_on is not None:
        yield KeyDate("Contract starts, expected", format_day(particulars.start_on))
    ends_on = contract_ends_on(terms, particulars)
    if ends_on is not None:
        yield KeyDate("Contract ends, expected", format_day(ends_on))
    yield KeyDate("Money values of measures are those of", format_day(terms.as_of))


def _duties(terms: PublishedTerms, particulars: Particulars, day: date) -> tuple[Duty, ...]:
    """The duties; none for a tender from before the Act that they stand in."""
    method = terms.method
    try:
        return list_duties(particulars, method.contract_value, method.years, load_thresholds(), day)
    except RuleError:
        return ()


def _licences(terms: PublishedTerms, measures: tuple[Measure, ...]) -> tuple[str, ...]:
    """What the sources of printed figures ask to be said; no figure is printed where nothing counts in pounds."""
    if all(leaf.criterion.kind is not Kind.SOCIAL_VALUE for leaf in terms.method.tree.leaves):
        return ()
    return tuple(dict.fromkeys(said for measure in measures for said in _attribution(measure, terms.as_of)))


def _attribution(measure: Measure, day: date) -> Iterator[str]:
    if measure.licensed:
        return
    try:
        reference = measure.value_on(day).reference
    except MeasureNotInForce:
        return
    yield reference.attribution or reference.licence


def _changes(session: Session, tender: Tender) -> Iterator[PackChange]:
    for change in reversed(list_changes(session, tender_id=tender.id)):
        if change.agreed and change.decided_at is not None:
            is_amendment = change.kind is ChangeKind.AMENDMENT
            yield PackChange(change.number, day_of(change.decided_at), is_amendment, change.words)
