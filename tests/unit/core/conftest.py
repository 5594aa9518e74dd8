"""What tests of scoring share: the packaged catalogue, and a short way to score a tender in its file form."""

from collections.abc import Callable, Mapping
from typing import Any

import pytest

from wpound.catalogue.loader import load_catalogue
from wpound.core.checking import check_bids
from wpound.core.form import Problems
from wpound.core.scoring import CatalogueLike, TenderResult, score_tender
from wpound.core.tender import read_tender

Score = Callable[[Mapping[str, Any]], TenderResult]


@pytest.fixture(scope="session")
def catalogue() -> CatalogueLike:
    return load_catalogue()


@pytest.fixture(scope="session")
def score(catalogue: CatalogueLike) -> Score:
    """Score a tender given in its file form; raises every problem it has."""

    def run(data: Mapping[str, Any]) -> TenderResult:
        problems = Problems()
        tender = read_tender({"title": "Test", "as_of": "2026-06-01"} | dict(data), problems)
        if problems:
            check_bids(tender.method, tender.bids, catalogue, tender.as_of, problems)
        problems.raise_if_any()
        return score_tender(tender.method, tender.bids, catalogue, tender.as_of)

    return run
