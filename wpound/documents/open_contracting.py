"""Releases in the Open Contracting Data Standard, version 1.1: what a tender and its award tell the public.

A release is built field by field from notices (:mod:`wpound.documents.notices`), which have no place for a sealed bid,
a losing bidder, a mark or a person. Extensions: lots, award criteria breakdown, metrics, bid statistics, party scale,
sustainability and the United Kingdom's own. Amounts are exact decimals; ``release_fields.write_json`` writes them so.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any

from wpound.catalogue.model import Strand
from wpound.core.criteria import Criterion, Formula, Kind, Per
from wpound.core.form import write_decimal
from wpound.core.method import AwardMethod, Method
from wpound.core.method_words import explain_award, explain_price, explain_quantity, explain_ties, heading_path
from wpound.core.particulars import ContractKind, Reserved
from wpound.core.quantities import Unit
from wpound.core.weighting import Leaf
from wpound.documents.notices import (
    AwardNotice,
    ChangeNotice,
    LotNotice,
    Party,
    PublishedMeasure,
    PublishedPromise,
    TenderNotice,
)
from wpound.documents.release_fields import (
    amount_of,
    document_of,
    known,
    observation_of,
    party_of,
    period_of,
    reference_to,
    split_identifier,
    write_day,
    write_moment,
    year_of,
)

VERSION = "1.1"
LICENCE = "https://www.nationalarchives.gov.uk/doc/open-government-licence/version/3/"
_REGISTRY = "https://raw.githubusercontent.com"
_OFFICIAL = f"{_REGISTRY}/open-contracting-extensions/ocds_{{}}_extension/master/extension.json"
EXTENSIONS = (
    *(
        _OFFICIAL.format(name)
        for name in (
            "awardCriteria",
            "bid",
            "lots",
            "metrics",
            "otherRequirements",
            "partyDetails_scale",
            "suitability",
            "sustainability",
        )
    ),
    f"{_REGISTRY}/cabinetoffice/ocds_uk_extension/master/extension.json",
)
# Codes of the extension's open list; a strand that none of them names well takes the broad code.
GOALS = {
    Strand.LOCAL_SPEND: "economic.localEconomyPromotion",
    Strand.LOCAL_JOBS: "social.disadvantagedEmploymentOpportunities",
    Strand.APPRENTICESHIPS: "economic.formalEmploymentPromotion",
    Strand.CARBON: "environmental.carbonEmissionsReduction",
    Strand.SKILLS: "social",
    Strand.WORKFORCE: "social.laborRightsPromotion",
    Strand.COMMUNITY: "social",
    Strand.ENVIRONMENT: "environmental",
}
CATEGORIES = {
    ContractKind.WORKS: "works",
    ContractKind.GOODS: "goods",
    ContractKind.SERVICES: "services",
    ContractKind.LIGHT_TOUCH: "services",
    ContractKind.CONCESSION: "services",
}
SPECIAL_REGIMES = {ContractKind.LIGHT_TOUCH: ["lightTouch"], ContractKind.CONCESSION: ["concession"]}


class Tag(StrEnum):
    """What a release announces."""

    TENDER = "tender"
    AMENDMENT = "tenderAmendment"
    UPDATE = "tenderUpdate"
    CANCELLATION = "tenderCancellation"
    AWARD = "award"
    AWARD_CANCELLATION = "awardCancellation"


def tender_release(notice: TenderNotice, tag: Tag, published_at: datetime) -> dict[str, Any]:
    """A release that announces a tender, its change or its cancellation."""
    release = _release(notice, tag, published_at)
    return release | {"parties": [party_of(notice.buyer, ["buyer"])], "tender": _tender(notice)}


def award_release(
    notice: TenderNotice, awards: Sequence[AwardNotice], published_at: datetime, tag: Tag = Tag.AWARD
) -> dict[str, Any]:
    """A release that announces the award of one or more lots; the tender stands in it as it ended."""
    suppliers = {award.supplier.id: award.supplier for award in awards}
    release = _release(notice, tag, published_at)
    release["parties"] = [party_of(notice.buyer, ["buyer"]), *(party_of(s, ["supplier"]) for s in suppliers.values())]
    release["tender"] = _tender(notice)
    release["awards"] = [_award(notice, award) for award in awards]
    statistics = [entry for award in awards for entry in _statistics(award)]
    return release | ({"bids": {"statistics": statistics}} if statistics else {})


def release_package(
    releases: Sequence[Mapping[str, Any]], uri: str, publisher: Party, published_at: datetime
) -> dict[str, Any]:
    """Releases in the package that the standard asks for; ``uri`` is where it can be fetched."""
    scheme, number = split_identifier(publisher.identifier)
    named = {"name": publisher.name, "scheme": scheme, "uid": number}
    return {
        "uri": uri,
        "version": VERSION,
        "extensions": list(EXTENSIONS),
        "publishedDate": write_moment(published_at),
        "publisher": known(named),
        "license": LICENCE,
        "releases": [dict(release) for release in releases],
    }


def _release(notice: TenderNotice, tag: Tag, published_at: datetime) -> dict[str, Any]:
    stamp = published_at.astimezone(UTC).strftime("%Y%m%dT%H%M%SZ")
    return {
        "ocid": notice.ocid,
        "id": f"{notice.ocid}-{tag.value}-{stamp}",
        "date": write_moment(published_at),
        "tag": [tag.value],
        "initiationType": "tender",
        "language": "en",
        "buyer": reference_to(notice.buyer),
    }


def _tender(notice: TenderNotice) -> dict[str, Any]:
    sustainability = _sustainability(notice.measures)
    return known(
        {
            "id": notice.ocid,
            "title": notice.title,
            "description": notice.description,
            "status": notice.status,
            "procuringEntity": reference_to(notice.buyer),
            "items": _items(notice),
            "value": amount_of(notice.value, notice.value_includes_vat),
            "aboveThreshold": notice.above_threshold,
            "procurementMethod": "open",
            "procurementMethodDetails": notice.reserved.label,
            "mainProcurementCategory": CATEGORIES[notice.kind],
            "specialRegime": SPECIAL_REGIMES.get(notice.kind, []),
            "otherRequirements": _reservation(notice),
            "awardCriteria": _kind_of_criteria(notice.method),
            "awardCriteriaDetails": f"{explain_award(notice.method)} {explain_ties(notice.method)}",
            "eligibilityCriteria": _eligibility(notice.method),
            "submissionMethod": ["electronicSubmission"],
            "suitability": known({"sme": notice.suits_sme, "vcse": notice.suits_vcse}),
            "tenderPeriod": period_of(write_moment(notice.opened_at), write_moment(notice.closes_at)),
            "enquiryPeriod": _enquiry_period(notice),
            "contractPeriod": period_of(write_day(notice.starts_on), write_day(notice.ends_on, end=True)),
            "hasSustainability": True if sustainability else None,
            "sustainability": sustainability,
            "targets": list(_targets(notice)),
            "lots": [_lot(notice, lot) for lot in notice.lots],
            "documents": [document_of(document) for document in notice.documents],
            "amendments": [_amendment(change) for change in notice.changes],
        }
    )


def _kind_of_criteria(method: Method) -> str:
    kinds = {leaf.criterion.kind for leaf in method.tree.leaves} - {Kind.PASS_FAIL}
    if kinds == {Kind.PRICE}:
        return "priceOnly"
    return "qualityOnly" if method.award is AwardMethod.WEIGHTED and Kind.PRICE not in kinds else "ratedCriteria"


def _items(notice: TenderNotice) -> list[dict[str, Any]]:
    """One item a lot; the check digit of a CPV code is not part of it."""
    codes = [{"scheme": "CPV", "id": code.partition("-")[0]} for code in notice.cpv_codes]
    if not codes:
        return []
    about = known({"classification": codes[0], "additionalClassifications": codes[1:]})
    return [
        {"id": str(lot.number), "description": lot.title, "relatedLot": str(lot.number), **about} for lot in notice.lots
    ]


def _reservation(notice: TenderNotice) -> dict[str, Any]:
    if notice.reserved is Reserved.NONE:
        return {}
    where = notice.reserved_area if notice.reserved is Reserved.LOCAL_AREA else "United Kingdom"
    return {"reservedParticipationLocation": {"description": where}}


def _enquiry_period(notice: TenderNotice) -> dict[str, Any]:
    if notice.questions_until is None:
        return {}
    return period_of(write_moment(notice.opened_at), write_moment(notice.questions_until))


def _eligibility(method: Method) -> str:
    checks = [leaf.criterion for leaf in method.tree.leaves if leaf.criterion.kind is Kind.PASS_FAIL]
    return "\n".join(f"{check.heading}: {check.question}" if check.question else check.heading for check in checks)


def _sustainability(measures: Sequence[PublishedMeasure]) -> list[dict[str, Any]]:
    """One entry for each goal the measures pursue, with their titles."""
    goals: dict[str, list[str]] = {}
    for measure in measures:
        goals.setdefault(GOALS[measure.strand], []).append(measure.title)
    return [
        {"goal": goal, "strategies": ["awardCriteria"], "description": "; ".join(titles)}
        for goal, titles in goals.items()
    ]


def _lot(notice: TenderNotice, lot: LotNotice) -> dict[str, Any]:
    return known(
        {
            "id": str(lot.number),
            "title": lot.title,
            "status": notice.status,
            "value": amount_of(lot.value, notice.value_includes_vat),
            "contractPeriod": period_of(write_day(notice.starts_on), write_day(notice.ends_on, end=True)),
            "awardCriteria": {
                "weightingDescription": explain_award(notice.method),
                "criteria": list(_award_criteria(notice)),
            },
        }
    )


def _award_criteria(notice: TenderNotice) -> Iterator[dict[str, Any]]:
    """The leaves that carry marks, each with its part of the whole in per cent."""
    method = notice.method
    units = {measure.code: measure.unit for measure in notice.measures}
    for leaf in method.tree.leaves:
        criterion = leaf.criterion
        if criterion.kind is Kind.PASS_FAIL:
            continue
        yield known(
            {
                "type": "price" if criterion.kind is Kind.PRICE else "quality",
                "name": ": ".join(heading_path(method.criteria, criterion.code)),
                "description": _how_marked(criterion, units.get(criterion.measure, Unit.GBP)),
                "numbers": _numbers(method, leaf),
            }
        )


def _numbers(method: Method, leaf: Leaf) -> list[dict[str, Any]]:
    """The weighting; an award on value has none, since each criterion is worth pounds."""
    if method.award is AwardMethod.AWARD_ON_VALUE:
        return []
    numbers: list[dict[str, Any]] = [{"number": leaf.available, "weight": "percentageExact"}]
    if leaf.criterion.kind is Kind.QUALITATIVE and leaf.criterion.threshold is not None:
        numbers.append({"number": leaf.criterion.threshold, "threshold": "minimumScore"})
    return numbers


def _how_marked(criterion: Criterion, unit: Unit) -> str:
    worth = "" if criterion.worth is None else f"Worth up to {criterion.worth.format()}. "
    if criterion.kind is Kind.PRICE:
        return worth + explain_price(criterion)
    if criterion.kind is Kind.QUALITATIVE:
        return (
            f"{worth}{criterion.question} Marked from 0 to {write_decimal(criterion.scale_max or Decimal(0))}.".strip()
        )
    return worth + explain_quantity(criterion, unit)


def _targets(notice: TenderNotice) -> Iterator[dict[str, Any]]:
    """What the buyer asks for: the target of each measure that is marked against one for the whole contract."""
    measures = {measure.code: measure for measure in notice.measures}
    for leaf in notice.method.tree.leaves:
        criterion, measure = leaf.criterion, measures.get(leaf.criterion.measure)
        fixed = criterion.formula is Formula.TARGET and criterion.per is Per.CONTRACT
        if measure is not None and fixed and criterion.target is not None:
            period = period_of(write_day(notice.starts_on), write_day(notice.ends_on, end=True))
            yield {
                "id": criterion.code,
                "title": measure.title,
                "description": explain_quantity(criterion, measure.unit),
                "observations": [observation_of("target", criterion.target, measure.unit, period)],
            }


def _amendment(change: ChangeNotice) -> dict[str, Any]:
    return {
        "id": change.key,
        "date": write_moment(change.published_at),
        "rationale": change.rationale,
        "description": change.description,
    }


def _award(notice: TenderNotice, award: AwardNotice) -> dict[str, Any]:
    sent = award.summaries_sent_at
    return known(
        {
            "id": f"{notice.ocid}-award-{award.lot}",
            "title": award.title,
            "status": award.status,
            "date": write_moment(award.decided_at),
            "value": amount_of(award.value, notice.value_includes_vat),
            "suppliers": [reference_to(award.supplier)],
            "relatedLots": [str(award.lot)],
            "aboveThreshold": notice.above_threshold,
            "mainProcurementCategory": CATEGORIES[notice.kind],
            "assessmentSummariesDateSent": None if sent is None else write_moment(sent),
            "standstillPeriod": period_of(write_day(award.noticed_on), write_day(award.standstill_ends_on, end=True)),
            "contractPeriod": period_of(write_day(award.starts_on), write_day(award.ends_on, end=True)),
            "agreedMetrics": _agreed_metrics(award.promises),
            "documents": [document_of(document) for document in award.documents],
        }
    )


def _agreed_metrics(promises: Sequence[PublishedPromise]) -> list[dict[str, Any]]:
    """The commitments: one metric a measure, one observation a year; promises of the same year are added up."""
    totals: dict[str, dict[int | None, Decimal]] = {}
    measures = {promise.measure.code: promise.measure for promise in promises}
    for promise in promises:
        years = totals.setdefault(promise.measure.code, {})
        years[promise.year] = years.get(promise.year, Decimal(0)) + promise.quantity
    return [
        {
            "id": code,
            "title": measures[code].title,
            "description": "Promised by the supplier and part of the contract.",
            "observations": [
                observation_of(str(year or "contract"), quantity, measures[code].unit, year_of(year))
                for year, quantity in years.items()
            ],
        }
        for code, years in totals.items()
    ]


def _statistics(award: AwardNotice) -> Iterator[dict[str, Any]]:
    """How many bids there were in the final stage; who they were of is not published."""
    counts = {
        "finalStageBids": award.assessed,
        "smeFinalStageBids": award.assessed_sme,
        "vcseFinalStageBids": award.assessed_vcse,
    }
    for measure, count in counts.items():
        if count is not None:
            yield {"id": f"{measure}-{award.lot}", "measure": measure, "value": count, "relatedLot": str(award.lot)}
