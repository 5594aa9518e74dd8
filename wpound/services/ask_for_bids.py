"""What a published tender asks bidders for: which measures can be promised, and for which years."""

from sqlalchemy.orm import Session

from wpound.catalogue.model import Catalogue, Measure
from wpound.core.bid_sheets import BidSheets
from wpound.core.criteria import Kind
from wpound.core.errors import MeasureNotInForce
from wpound.core.figures import kinds_counted
from wpound.core.method import Method
from wpound.core.particulars import Particulars
from wpound.core.valuing import ValueKind
from wpound.services.keep_catalogue import get_catalogue
from wpound.services.read_terms import PublishedTerms
from wpound.store.models.tenders import Lot, Tender


def find_catalogue(session: Session, terms: PublishedTerms, current: Catalogue) -> Catalogue:
    """The catalogue a tender was published under: the one at work, or the one kept then; raises NotFound."""
    if current.fingerprint == terms.catalogue_fingerprint:
        return current
    return get_catalogue(session, terms.catalogue_fingerprint)


def list_measures_asked(terms: PublishedTerms, catalogue: Catalogue) -> tuple[Measure, ...]:
    """The measures that can be promised: those of the criteria in the method's order, then what counts in pounds.

    Where a criterion adds up pounds, every public measure of that kind with a value in force may be promised.
    """
    criteria = [leaf.criterion for leaf in terms.method.tree.leaves]
    named = dict.fromkeys(criterion.measure for criterion in criteria if criterion.kind is Kind.QUANTITY)
    kinds = set[ValueKind]().union(*(kinds_counted(c) for c in criteria if c.kind is Kind.SOCIAL_VALUE))
    free = [
        measure
        for measure in catalogue.public_measures()
        if measure.value_kind in kinds and measure.code not in named and _has_value(measure, terms)
    ]
    return (*(catalogue.get_measure(code) for code in named), *free)


def _has_value(measure: Measure, terms: PublishedTerms) -> bool:
    try:
        measure.value_on(terms.as_of)
    except MeasureNotInForce:
        return False
    return True


def list_years(method: Method, particulars: Particulars) -> tuple[int, ...]:
    """The calendar years a promise may be dated to: those of the contract, where pounds of a year are counted.

    Empty where no criterion counts pounds, or where the start or the length of the contract is not known.
    """
    counts_pounds = any(leaf.criterion.kind is Kind.SOCIAL_VALUE for leaf in method.tree.leaves)
    start_on = particulars.start_on
    if not counts_pounds or start_on is None or not method.years:
        return ()
    months = start_on.month - 1 + int(method.years * 12) - 1
    return tuple(range(start_on.year, start_on.year + months // 12 + 1))


def make_sheets(tender: Tender, lot: Lot, terms: PublishedTerms, catalogue: Catalogue) -> BidSheets:
    """Everything a bid for a lot is asked, in its order: the questions of the pages and the rows of the workbook."""
    years = list_years(terms.method, Particulars.from_dict(tender.particulars))
    return BidSheets(tender.ocid, lot.number, terms.method, list_measures_asked(terms, catalogue), years)
