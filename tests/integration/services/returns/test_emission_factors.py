"""A return is counted with the emission factors of its time: not those of the award, and none that come later."""

import json
from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest

from wpound.catalogue.fingerprint import fingerprint_of
from wpound.catalogue.model import Catalogue
from wpound.core.claim_content import NewEntry
from wpound.core.claim_counting import EntryKind
from wpound.core.periods import Period
from wpound.documents.return_record import return_record_json
from wpound.services.check_claim import query_claim
from wpound.services.clock import fixed_clock
from wpound.services.export_return import export_return
from wpound.services.show_return import show_buyers_return, show_own_return

DIESEL = NewEntry(EntryKind.ASSET, "Van 7, DX26 ABC", amount=Decimal(1000), factor="diesel-litre")
AUTUMN = fixed_clock(datetime(2026, 10, 10, 9, tzinfo=UTC))
SUMMER_QUARTER = Period(date(2026, 7, 1), date(2026, 9, 30))


def set_of_2026(catalogue: Catalogue) -> Catalogue:
    """The same catalogue with factors of another year, each half as large."""
    halved = {code: replace(one, kg_co2e=one.kg_co2e / 2) for code, one in catalogue.factors.factors.items()}
    factors = replace(catalogue.factors, year=2026, title="Factors of 2026", factors=halved)
    parts = (catalogue.edition, catalogue.plan, catalogue.measures.values(), factors)
    return replace(catalogue, factors=factors, fingerprint=fingerprint_of(*parts))


@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
def test_factors_published_later_count_in_later_returns_alone(reporting: Any) -> None:
    found = reporting.fill(reporting.open())
    assert found.factors_fingerprint is None, "nothing in it uses a factor"
    reporting.write(found, "carbon-fleet", entries=(DIESEL,))
    sent = reporting.submit(found)
    claim = reporting.claim(sent, "carbon-fleet")
    reply_by, about = date(2026, 8, 1), {"version": claim.version, "base_url": "", "clock": reporting.clock}
    query_claim(reporting.session, reporting.olga, sent.id, claim.id, "Which van?", reply_by, **about)

    later = replace(reporting, catalogue=set_of_2026(reporting.catalogue), clock=AUTUMN)
    again = later.write(sent, "carbon-fleet", entries=(DIESEL,), narrative="The van of the parks team.")
    assert again.claimed == Decimal("2.5708"), "1,000 litres at 2.57082 kg, as it was sent"
    line = show_own_return(later.session, later.ann, sent.id, later.catalogue, clock=AUTUMN).line(claim.id)
    assert "2.57082 kg CO2e" in line.entries[0].working
    assert line.factor_source == "UK Government conversion factors 2025"
    told = json.loads(return_record_json(export_return(later.session, later.olga, sent.id, later.catalogue)))
    assert told["factors_fingerprint"] == reporting.catalogue.fingerprint

    autumn = later.open(period=SUMMER_QUARTER)
    later.fill(autumn)
    counted = later.write(autumn, "carbon-fleet", entries=(DIESEL,)).claimed
    assert counted == Decimal("1.2854"), "half as much, though the award was under the factors of 2025"
    submitted = later.submit(autumn)
    page = show_buyers_return(reporting.session, reporting.olga, submitted.id, reporting.catalogue, clock=AUTUMN)
    assert page.line(later.claim(submitted, "carbon-fleet").id).factor_source == "Factors of 2026"
