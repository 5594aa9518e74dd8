"""A league report and a certificate as the services would hand them over; loaded by path here and by the journeys."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

from wpound.catalogue.model import City
from wpound.core.delivery import CertificateScope, VerificationLevel
from wpound.core.league import LeagueEntry, build_league
from wpound.core.local_spend import RingSpend, build_ring_table, measure_local_share
from wpound.core.periods import Period, financial_year
from wpound.core.places import Ring
from wpound.core.quantities import Quantity, Unit
from wpound.documents.certificate_facts import CertificateFacts, CertificateLine, CoveredContract
from wpound.documents.league_report import LeagueReport

SERIAL = "CWC-2026-0001"
# Anchor, pounds paid in the city, elsewhere in the country, and where nobody knows; the last is mostly unknown.
PAID = (
    ("council", "City of Example Council", 148_000_000, 251_000_000, 21_000_000),
    ("trust", "The Royal Example Hospitals NHS Trust", 61_230_000, 160_000_000, 40_000_000),
    ("homes", "Example Homes", 4_000_000, 10_000_000, 29_000_000),
)


def league_report(city: City, rule_key: str, year: int) -> LeagueReport:
    """Three anchors, of which one has too little known to be ranked."""
    rule, period = city.locality(rule_key), financial_year(year)
    spend = {key: _rings(*pounds) for key, _, *pounds in PAID}
    entries = [
        LeagueEntry(
            key, name, "council", measure_local_share(spend[key], rule.local_ring), period, "over £500, net of VAT"
        )
        for key, name, *_ in PAID
    ]
    return LeagueReport(
        publisher=city.council,
        table=build_league(entries, rule.title, period),
        rings={key: build_ring_table(rows) for key, rows in spend.items()},
        ring_titles={ring: rule.ring_titles.get(ring, ring.value) for ring in Ring},
        definition_note="The trading address counts first.",
        made_on=date(2026, 5, 1),
        licences=("Contains public sector information licensed under the Open Government Licence v3.0.",),
    )


def _rings(city: int, elsewhere: int, unknown: int) -> list[RingSpend]:
    return [
        RingSpend(Ring.CITY, Ring.CITY, Ring.CITY, city * 100, 900),
        RingSpend(Ring.UK, Ring.UK, Ring.UK, elsewhere * 100, 1200),
        RingSpend(Ring.UNKNOWN, Ring.WARD, Ring.OVERSEAS, unknown * 100, 300),
    ]


def certificate_facts() -> CertificateFacts:
    """A certificate over two measures, one of them delivered beyond the promise."""
    line = CertificateLine(
        head="Good jobs",
        measure="long-term-unemployed-jobs",
        title="Long-term unemployed into work",
        value_kind="additional",
        promised=Quantity(Decimal(10), Unit.FTE_YEAR),
        claimed=Quantity(Decimal(9), Unit.FTE_YEAR),
        verified=Quantity(Decimal(8), Unit.FTE_YEAR),
        level=VerificationLevel.OFFICER_CHECKED,
        unit_value=Decimal(14530),
        value_source="Unit Cost Database v1.4",
    )
    spend = [Quantity(Decimal(pounds), Unit.GBP) for pounds in ("120000", "151230.55")]
    flow = replace(
        line,
        measure="local-direct-spend",
        title="Local direct spend",
        value_kind="flow",
        promised=spend[0],
        claimed=spend[1],
        verified=spend[1],
    )
    contract = CoveredContract(
        reference="CWC-24-117",
        title="Grounds maintenance in the north of the city",
        supplier_name="Bright & Sons <Grounds> Limited",
        returns=4,
        method_hash="9f2c4b6e" * 8,
        catalogue_fingerprint="4c1d9a7b" * 8,
    )
    return CertificateFacts(
        serial=SERIAL,
        issuer="City of Example Council",
        replaces=None,
        scope=CertificateScope.CONTRACT,
        holder_name="Bright & Sons <Grounds> Limited",
        holder_identifier="GB-COH-ZZ000001",
        contracts=(contract,),
        covers="Every measure promised in the contract.",
        period=Period(date(2025, 4, 1), date(2026, 3, 31)),
        verified_on=date(2026, 4, 20),
        lines=(line, flow),
        limits=("It promises nothing about later periods.",),
        catalogue_edition="2026-11",
        audit_head="77aa01fe" * 8,
        issued_on=date(2026, 5, 1),
        expires_on=date(2028, 5, 1),
        verify_url=f"https://example.org/verify/{SERIAL}",
        licences=(),
    )
