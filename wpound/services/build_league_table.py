"""Draw up the league table of a city's anchors, publish it as it stands, and read what was published."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal

from sqlalchemy.orm import Session

from wpound.catalogue.model import Catalogue, City, Measure, Strand
from wpound.core.bootstrap import SupplierSpend
from wpound.core.composite import VerifiedDelivery
from wpound.core.errors import StateError
from wpound.core.league import LeagueEntry, LeagueRules, LeagueTable, build_league
from wpound.core.local_spend import RingSpend, RingTable, build_ring_table, measure_local_share
from wpound.core.periods import Period, financial_year
from wpound.core.places import LocalityRule, Ring
from wpound.core.quantities import Unit
from wpound.documents.league_report import LeagueReport
from wpound.services.clock import day_of
from wpound.store.audit import append_event
from wpound.store.league import (
    SupplierSpendRow,
    find_snapshot,
    list_financial_years,
    ring_spend,
    spend_fingerprint,
    supplier_spend,
)
from wpound.store.league_snapshots import rings_of, save_snapshot, table_of
from wpound.store.models.league import LeagueSnapshot
from wpound.store.models.organisations import Organisation
from wpound.store.models.spend import SpendSource
from wpound.store.organisations import list_anchors
from wpound.store.returns import list_verified
from wpound.store.spend import list_sources

# All local people in work; the measures for groups count some of the same people once more.
LOCAL_JOBS = frozenset({"local-jobs", "local-supply-chain-jobs"})
LICENCES = (
    "Contains OS data © Crown copyright and database right.",
    "Contains Royal Mail data © Royal Mail copyright and database right.",
    "Source: Office for National Statistics licensed under the Open Government Licence v3.0.",
)


def publish_league_table(
    session: Session,
    city: City,
    catalogue: Catalogue,
    rule_key: str,
    year: int,
    *,
    actor: str,
    rules: LeagueRules | None = None,
) -> LeagueSnapshot:
    """Draw up the table of a financial year under one definition of local and keep it for ever.

    A table that says what the newest one says, of the same spend, is not published twice: the one there is is given.
    Raises NotFound for a definition the city does not have, StateError for a year without spend.
    """
    rule, period, rules = city.locality(rule_key), financial_year(year), rules or LeagueRules()
    anchors = list_anchors(session, city_key=city.key)
    ids = [anchor.id for anchor in anchors]
    fingerprint = spend_fingerprint(session, organisation_ids=ids, period=period, rule_key=rule.key)
    table = draw_up_table(session, catalogue, anchors, rule, period, rules)
    if not table.rows:
        raise StateError(f"No spend was read for {period.format()}, so there is no league table to publish.")
    standing = find_snapshot(session, city_key=city.key, rule_key=rule.key, period=period)
    # Spend is not all of it: deliveries are verified, weightings and floors set anew, between two publications.
    if standing is not None and standing.spend_fingerprint == fingerprint and table_of(standing) == table:
        return standing
    snapshot = save_snapshot(
        session,
        table,
        _ring_tables(session, anchors, rule, period),
        city_key=city.key,
        rule_key=rule.key,
        organisation_ids={anchor.key: anchor.id for anchor in anchors},
        spend_fingerprint=fingerprint,
        created_by=actor,
    )
    _audit(session, snapshot, actor)
    return snapshot


def _audit(session: Session, snapshot: LeagueSnapshot, actor: str) -> None:
    detail = {
        "definition": snapshot.rule_key,
        "from": snapshot.period_start_on.isoformat(),
        "spend_fingerprint": snapshot.spend_fingerprint,
    }
    append_event(
        session,
        actor=actor,
        action="league_table.published",
        object_kind="league_table",
        object_id=snapshot.id,
        detail=detail,
    )


def draw_up_table(
    session: Session,
    catalogue: Catalogue,
    anchors: Sequence[Organisation],
    rule: LocalityRule,
    period: Period,
    rules: LeagueRules,
) -> LeagueTable:
    """The table as the spend stands now, from the roll-ups; nothing is stored."""
    ids = [anchor.id for anchor in anchors]
    rings = ring_spend(session, organisation_ids=ids, period=period, rule_key=rule.key)
    year_before = financial_year(period.start_on.year - 1)
    before = ring_spend(session, organisation_ids=ids, period=year_before, rule_key=rule.key)
    paid = supplier_spend(session, organisation_ids=ids, period=period, rule_key=rule.key)
    sources = list_sources(session, organisation_ids=ids)
    delivered = list_verified(session, organisation_ids=ids, period=period)
    entries = [
        LeagueEntry(
            anchor=anchor.key,
            name=anchor.name,
            kind=anchor.anchor_kind.value if anchor.anchor_kind else "",
            share=measure_local_share(rings[anchor.id], rule.local_ring),
            period=period,
            basis=_basis(sources[anchor.id]),
            previous=measure_local_share(before[anchor.id], rule.local_ring) if before[anchor.id] else None,
            population=anchor.population,
            suppliers=_suppliers(paid[anchor.id], rule),
            delivery=_delivery(delivered[anchor.id], catalogue),
        )
        for anchor in anchors
        if rings[anchor.id]
    ]
    return build_league(entries, rule.title, period, rules)


def get_league_table(session: Session, city: City, rule_key: str, year: int) -> LeagueTable | None:
    """The newest published table of a financial year under one definition of local, None where there is none."""
    snapshot = find_snapshot(session, city_key=city.key, rule_key=rule_key, period=financial_year(year))
    return table_of(snapshot) if snapshot else None


def get_league_report(session: Session, city: City, rule_key: str, year: int) -> LeagueReport | None:
    """The newest published table with what its downloads need; None where there is none."""
    snapshot = find_snapshot(session, city_key=city.key, rule_key=rule_key, period=financial_year(year))
    if snapshot is None:
        return None
    rule = city.locality(rule_key)
    titles = {ring: rule.ring_titles[ring] for ring in Ring if ring in rule.ring_titles}
    return LeagueReport(
        publisher=city.programme,
        table=table_of(snapshot),
        rings={key: _only(table, titles) for key, table in rings_of(snapshot).items()},
        ring_titles=titles,
        definition_note=_definition_note(rule),
        made_on=day_of(snapshot.created_at),
        licences=LICENCES,
    )


def list_league_years(session: Session, city: City) -> list[int]:
    """The financial years with spend of any anchor, newest first."""
    ids = [anchor.id for anchor in list_anchors(session, city_key=city.key)]
    return list_financial_years(session, organisation_ids=ids)


def _ring_tables(
    session: Session, anchors: Sequence[Organisation], rule: LocalityRule, period: Period
) -> dict[str, RingTable]:
    """Where each anchor's money went, by anchor key."""
    found = ring_spend(session, organisation_ids=[anchor.id for anchor in anchors], period=period, rule_key=rule.key)
    return {anchor.key: build_ring_table(found[anchor.id]) for anchor in anchors if found[anchor.id]}


def _only(table: RingTable, titles: Mapping[Ring, str]) -> RingTable:
    """The rings the city has a name for; one without (wards, where no definition names any) holds nothing."""
    return replace(table, rings=tuple(row for row in table.rings if row.ring in titles))


def _basis(sources: Sequence[SpendSource]) -> str:
    """How an anchor's sources publish, in words: with or without VAT, and from what amount."""
    found = [
        source.basis.label + (f", payments over {source.threshold.format()}" if source.threshold else "")
        for source in sources
    ]
    return "; ".join(dict.fromkeys(found)) or "not stated"


def _suppliers(rows: Sequence[SupplierSpendRow], rule: LocalityRule) -> list[SupplierSpend]:
    """One net row a supplier (or unidentified payee), transfers left out, for concentration and the bootstrap."""
    grouped: dict[tuple[int | None, int | None], list[RingSpend]] = {}
    for row in rows:
        if not row.is_transfer:
            spend = RingSpend(row.ring, row.nearest, row.farthest, row.pence, row.lines)
            grouped.setdefault((row.supplier_id, row.payee_id), []).append(spend)
    shares = (measure_local_share(found, rule.local_ring) for found in grouped.values())
    return [SupplierSpend(one.total.pence, one.local_low.pence, one.local_high.pence) for one in shares]


def _delivery(verified: Sequence[tuple[str, Decimal]], catalogue: Catalogue) -> VerifiedDelivery:
    """What officers verified, by head; None where nothing of the kind was verified, which is not 0."""

    def total(counts: Callable[[Measure], bool]) -> Decimal | None:
        amounts = [
            amount for code, amount in verified if code in catalogue.measures and counts(catalogue.measures[code])
        ]
        return sum(amounts, Decimal(0)) if amounts else None

    return VerifiedDelivery(
        fte_years=total(lambda measure: measure.code in LOCAL_JOBS),
        apprenticeship_weeks=total(lambda m: m.strand is Strand.APPRENTICESHIPS and m.unit is Unit.WEEK),
        tco2e=total(lambda m: m.strand is Strand.CARBON and m.unit is Unit.TCO2E),
    )


def _definition_note(rule: LocalityRule) -> str:
    """Which addresses count and as of when, in words."""
    kinds = [f"{kind.value} address" for kind in rule.address_kinds]
    first, others = kinds[0], kinds[1:]
    otherwise = f", and where it is not known the {' or else the '.join(others)}" if others else ""
    return (
        f"Local is decided by the supplier's {first}{otherwise}. Area codes are those of {rule.area_vintage}. "
        f"Payments to other public bodies are left out. In use since {rule.valid_from.year}."
    )
