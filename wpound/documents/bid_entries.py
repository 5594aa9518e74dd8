"""A bid laid out for its workbook: what stands in each cell of a row."""

from decimal import Decimal

from wpound.core.bid_content import BidContent
from wpound.core.bid_sheets import COMPANY, OFFER, BidSheets, Page, split_answer
from wpound.core.errors import InputError, InputErrors
from wpound.core.workbook_cells import MOST_IN_A_CELL
from wpound.documents.form_workbook import NO, YES

# By sheet and code, one entry for each cell of the row.
Entered = dict[tuple[Page, str], list[str | Decimal | None]]


def entries_of(sheets: BidSheets, content: BidContent | None) -> Entered:
    """The entries of a bid, nothing at all without one.

    Raises :class:`InputErrors` for what a workbook cannot hold: an answer longer than its cells, or a promise of a
    measure or year that the tender does not ask for.
    """
    if content is None:
        return {}
    errors: list[InputError] = []
    share = content.company.supply_chain_share
    price, turnover = content.price, content.company.turnover
    facts: dict[str, Decimal | None] = {
        "price": None if price is None else price.pounds,
        "fte": content.fte,
        "headcount": None if content.company.headcount is None else Decimal(content.company.headcount),
        "turnover": None if turnover is None else turnover.pounds,
        "baseline_tco2e": content.company.baseline_tco2e,
        "supply_chain_share": share,
    }
    found: Entered = {(Page.PRICE, fact.code): [facts[fact.code]] for fact in OFFER}
    found |= {(Page.COMPANY, fact.code): [facts[fact.code]] for fact in COMPANY}
    found |= {(Page.CHECKS, code): [YES if passed else NO] for code, passed in content.passes.items()}
    found |= {(Page.PLAN, code): [text] for code, text in content.plans.items()}
    found |= _promises(sheets, content, errors)
    found |= _answers(sheets, content, errors)
    if errors:
        raise InputErrors(errors)
    return found


def _promises(sheets: BidSheets, content: BidContent, errors: list[InputError]) -> Entered:
    """Promises of the same measure and year stand in one cell, added up."""
    found: Entered = {}
    codes = {measure.code for measure in sheets.measures}
    places = {None: 0} | {year: i for i, year in enumerate(sheets.years, start=1)}
    for promise in content.commitments:
        if promise.measure not in codes or promise.year not in places:
            what = f"{promise.measure} in {promise.year}" if promise.measure in codes else promise.measure
            errors.append(
                InputError("commitments", f"The tender has no place for a promise of {what}; change it first.")
            )
            continue
        row = found.setdefault((Page.COMMITMENTS, promise.measure), [None] * len(places))
        before = row[places[promise.year]]
        row[places[promise.year]] = promise.quantity + (before if isinstance(before, Decimal) else 0)
    return found


def _answers(sheets: BidSheets, content: BidContent, errors: list[InputError]) -> Entered:
    found: Entered = {}
    for code, text in content.answers.items():
        pieces = split_answer(text.strip(), sheets.cells_an_answer)
        if pieces is None:
            most = MOST_IN_A_CELL * sheets.cells_an_answer
            message = f"The answer has more than {most:,} characters, which a workbook cannot hold. Shorten it first."
            errors.append(InputError(f"answers.{code}", message))
            continue
        found[Page.STATEMENTS, code] = list(pieces)
    return found
