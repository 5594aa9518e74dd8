"""Score a whole tender from a file, with no database."""

from wpound.core.checking import check_bids
from wpound.core.errors import InputErrors
from wpound.core.results import TenderResult
from wpound.core.scoring import score_tender
from wpound.core.tender import Tender, read_tender
from wpound.core.valuing import CatalogueLike
from wpound.ingest.tender_file import read_tender_file


def score_tender_file(content: bytes, catalogue: CatalogueLike) -> TenderResult:
    """Score the tender in a JSON, TOML or XLSX file.

    Raises :class:`InputErrors` with every problem of the file at once, each with its place: the path inside the file
    form, or the sheet and row of a workbook.
    """
    tender = read_whole_tender(content, catalogue)
    return score_tender(tender.method, tender.bids, catalogue, tender.as_of)


def read_whole_tender(content: bytes, catalogue: CatalogueLike) -> Tender:
    """Read a tender that can be scored; raises :class:`InputErrors` as :func:`score_tender_file` does."""
    file = read_tender_file(content)
    tender = read_tender(file.data, file.problems)
    check_bids(tender.method, tender.bids, catalogue, tender.as_of, file.problems)
    try:
        file.problems.raise_if_any()
    except InputErrors as found:
        raise file.locate(found) from None
    return tender
