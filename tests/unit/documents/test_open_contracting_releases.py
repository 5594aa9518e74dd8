"""Releases hold what the standard asks for, the figures exactly, and nothing that is sealed or a person's."""

import dataclasses
import json
from collections.abc import Iterator
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from wpound.catalogue.model import Catalogue
from wpound.core.method import Method
from wpound.core.money import Money
from wpound.core.particulars import ContractKind, Reserved
from wpound.core.supplier_size import SupplierSize
from wpound.documents.notices import (
    AwardNotice,
    ChangeNotice,
    LotNotice,
    Party,
    PublishedDocument,
    PublishedMeasure,
    PublishedPromise,
    TenderNotice,
)
from wpound.documents.open_contracting import EXTENSIONS, Tag, award_release, release_package, tender_release
from wpound.documents.release_fields import write_json

CANARY = "canary-7f3a"
PUBLISHED = datetime(2026, 12, 1, 9, 30, tzinfo=UTC)
AWARDED = datetime(2027, 2, 12, 8, 0, tzinfo=UTC)

# Every field that may leave, one a line. Any other fails the test, whatever it holds: add it only after asking whether
# the public may see it. Names and closed lists: OCDS 1.1.5, its extensions and the United Kingdom's.
MAY_LEAVE = Path(__file__).with_name("may_leave.txt")
REQUIRED = {
    "releases": {"ocid", "id", "date", "tag", "initiationType"},
    "awards": {"id"},
    "documents": {"id"},
    "items": {"id"},
    "lots": {"id"},
    "targets": {"id"},
    "agreedMetrics": {"id"},
    "observations": {"id"},
    "statistics": {"id", "measure", "value"},
}
CLOSED = {
    "status": {"planning", "planned", "active", "pending", "cancelled", "unsuccessful", "complete", "withdrawn"},
    "procurementMethod": {"open", "selective", "limited", "direct"},
    "mainProcurementCategory": {"goods", "works", "services"},
    "weight": {"percentageExact"},
    "threshold": {"minimumScore"},
    "scale": {"micro", "small", "medium", "large"},
    "currency": {"GBP"},
    "initiationType": {"tender"},
}


@pytest.fixture(scope="session")
def measures(catalogue: Catalogue) -> tuple[PublishedMeasure, ...]:
    found = (catalogue.get_measure(code) for code in ("local-jobs", "carbon-fleet", "donations"))
    return tuple(PublishedMeasure(m.code, m.title, m.unit, m.strand) for m in found)


@pytest.fixture(scope="session")
def notice(method: Method, measures: tuple[PublishedMeasure, ...]) -> TenderNotice:
    pack = PublishedDocument(
        "pack", "biddingDocuments", "Tender pack", "https://x.example/p.pdf", "application/pdf", "ab" * 32, PUBLISHED
    )
    return TenderNotice(
        ocid="ocds-abc123-0001",
        title=method.title,
        description="Mowing, planting and care of trees.",
        buyer=Party("buyer-1", "City of Wolverhampton Council", "GB-LAE-WLV", "Civic Centre, WV1 1SH"),
        status="active",
        method=method,
        kind=ContractKind.LIGHT_TOUCH,
        cpv_codes=("77310000-6", "77340000-5"),
        lots=(LotNotice(1, "Parks", Money.from_pounds("300000.10")), LotNotice(2, "Streets")),
        measures=measures,
        opened_at=PUBLISHED,
        questions_until=datetime(2027, 1, 8, 17, tzinfo=UTC),
        closes_at=datetime(2027, 7, 22, 11, tzinfo=UTC),
        starts_on=date(2027, 9, 1),
        ends_on=date(2030, 8, 31),
        value=method.contract_value,
        above_threshold=True,
        reserved=Reserved.LOCAL_AREA,
        reserved_area="County of West Midlands",
        suits_sme=True,
        documents=(pack,),
        changes=(ChangeNotice("change-1", PUBLISHED, "Questions came late.", "A week longer."),),
    )


@pytest.fixture(scope="session")
def award(measures: tuple[PublishedMeasure, ...]) -> AwardNotice:
    jobs, carbon, gifts = measures
    return AwardNotice(
        lot=1,
        title="Parks",
        status="pending",
        decided_at=AWARDED,
        supplier=Party("supplier-9", "Green Spaces Co-operative", "GB-COH-RS007654", "", SupplierSize.SMALL, True),
        value=Money.from_pounds("480000.99"),
        promises=(
            PublishedPromise(jobs, Decimal("2.5"), 2027),
            PublishedPromise(jobs, Decimal("0.1"), 2027),
            PublishedPromise(jobs, Decimal(3), 2028),
            PublishedPromise(carbon, Decimal(12)),
            PublishedPromise(gifts, Decimal("4000.50")),
        ),
        assessed=4,
        assessed_sme=3,
        summaries_sent_at=AWARDED,
        noticed_on=date(2027, 2, 12),
        standstill_ends_on=date(2027, 2, 24),
    )


@pytest.fixture(scope="session")
def package(notice: TenderNotice, award: AwardNotice) -> dict[str, Any]:
    releases = [
        tender_release(notice, Tag.TENDER, PUBLISHED),
        award_release(dataclasses.replace(notice, status="complete"), [award], AWARDED),
    ]
    return release_package(releases, "https://x.example/releases.json", notice.buyer, AWARDED)


def walk(value: Any, name: str = "") -> Iterator[tuple[str, Any]]:
    """Every field with its name and value, entries of a list under the list's name."""
    if isinstance(value, dict):
        for key, item in value.items():
            yield key, item
            yield from walk(item, key)
    elif isinstance(value, list):
        for item in value:
            yield name, item
            yield from walk(item, name)


def read(package: dict[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(write_json(package), parse_float=Decimal)
    return found


def test_the_package_has_the_shape_of_the_standard(package: dict[str, Any]) -> None:
    found = read(package)
    assert {"uri", "publisher", "publishedDate", "releases", "version"} <= found.keys()
    assert found["version"] == "1.1" and found["extensions"] == list(EXTENSIONS)
    for name, item in walk(found):
        if name in REQUIRED and isinstance(item, dict):
            assert item.keys() >= REQUIRED[name], name
        if name in CLOSED and isinstance(item, str):
            assert item in CLOSED[name], (name, item)
        assert item not in ("", [], {}, None), f"{name} is empty"
        if name in {"id", "ocid"}:
            assert item and "#" not in item
    for moment in (item for name, item in walk(found) if name.casefold().endswith("date")):
        assert datetime.fromisoformat(moment).tzinfo is not None


def test_ids_are_unique_and_references_lead_somewhere(package: dict[str, Any]) -> None:
    releases = read(package)["releases"]
    assert len({release["id"] for release in releases}) == len(releases)
    for release in releases:
        parties = {party["id"] for party in release["parties"]}
        assert release["buyer"]["id"] in parties
        lots = {lot["id"] for lot in release["tender"]["lots"]}
        for award in release.get("awards", []):
            assert {supplier["id"] for supplier in award["suppliers"]} <= parties
            assert set(award["relatedLots"]) <= lots
        for name, item in walk(release):
            if isinstance(item, list) and item and all(isinstance(entry, dict) and "id" in entry for entry in item):
                assert len({entry["id"] for entry in item}) == len(item), name


def test_the_tender_tells_its_criteria_lots_and_goals(package: dict[str, Any]) -> None:
    tender = read(package)["releases"][0]["tender"]
    criteria = tender["lots"][0]["awardCriteria"]["criteria"]
    assert sum(criterion["numbers"][0]["number"] for criterion in criteria) == 100
    assert [criterion["name"] for criterion in criteria][:2] == ["Price", "Quality: First three months"]
    assert criteria[1]["numbers"] == [
        {"number": 28, "weight": "percentageExact"},
        {"number": 2, "threshold": "minimumScore"},
    ]
    assert tender["lots"][0]["value"] == {"amount": Decimal("300000.1"), "currency": "GBP"}
    assert "value" not in tender["lots"][1]
    assert tender["eligibilityCriteria"] == "Insurance: Do you hold £5 million of cover?"
    assert tender["items"][0]["classification"] == {"scheme": "CPV", "id": "77310000"}
    assert tender["specialRegime"] == ["lightTouch"]
    assert tender["otherRequirements"] == {"reservedParticipationLocation": {"description": "County of West Midlands"}}
    assert tender["targets"][0]["observations"][0]["measure"] == 6
    assert "environmental.carbonEmissionsReduction" in {entry["goal"] for entry in tender["sustainability"]}
    assert tender["documents"][0]["description"] == f"SHA-256 {'ab' * 32}"
    # In London's time: summer time at the deadline, winter time at publication.
    assert tender["tenderPeriod"] == {"startDate": "2026-12-01T09:30:00+00:00", "endDate": "2027-07-22T12:00:00+01:00"}


def test_the_award_tells_the_winner_the_standstill_and_the_commitments(package: dict[str, Any]) -> None:
    release = read(package)["releases"][1]
    (award,) = release["awards"]
    assert award["value"]["amount"] == Decimal("480000.99")
    assert award["standstillPeriod"] == {
        "startDate": "2027-02-12T00:00:00+00:00",
        "endDate": "2027-02-24T23:59:59+00:00",
    }
    jobs, carbon, gifts = award["agreedMetrics"]
    assert [(entry["id"], entry["measure"]) for entry in jobs["observations"]] == [
        ("2027", Decimal("2.6")),
        ("2028", 3),
    ]
    assert carbon["observations"] == [{"id": "contract", "measure": 12, "unit": {"name": "tCO2e"}}]
    assert gifts["observations"][0]["value"] == {"amount": Decimal("4000.5"), "currency": "GBP"}
    assert release["parties"][1]["identifier"] == {
        "scheme": "GB-COH",
        "id": "RS007654",
        "legalName": "Green Spaces Co-operative",
    }
    assert release["parties"][1]["details"] == {"scale": "small", "vcse": True}
    assert {entry["measure"]: entry["value"] for entry in release["bids"]["statistics"]} == {
        "finalStageBids": 4,
        "smeFinalStageBids": 3,
    }


def test_only_fields_that_may_leave_do(package: dict[str, Any]) -> None:
    assert {name for name, _ in walk(read(package))} - set(MAY_LEAVE.read_text("utf-8").split()) == set()


def carrying(thing: Any) -> Any:
    """The same thing with more on it than may leave, as an object of the store has."""
    more = ("email", "salt", "price_sealed", "answers", "marks", "reasons", "contact_name", "losing_bidders", "content")
    kind = type(f"{type(thing).__name__}OfTheStore", (type(thing),), dict.fromkeys(more, CANARY))
    values = {field.name: getattr(thing, field.name) for field in dataclasses.fields(thing) if field.init}
    return kind(**values)


def test_what_is_no_field_of_a_notice_cannot_leave(notice: TenderNotice, award: AwardNotice) -> None:
    laden = dataclasses.replace(
        award, supplier=carrying(award.supplier), promises=tuple(carrying(promise) for promise in award.promises)
    )
    tender = carrying(
        dataclasses.replace(notice, buyer=carrying(notice.buyer), documents=tuple(map(carrying, notice.documents)))
    )
    releases = [tender_release(tender, Tag.TENDER, PUBLISHED), award_release(tender, [carrying(laden)], AWARDED)]
    written = write_json(
        release_package(releases, "https://x.example/r.json", carrying(notice.buyer), AWARDED)
    ).decode()
    assert CANARY not in written
    assert "Green Spaces Co-operative" in written


def test_the_same_release_is_the_same_bytes(package: dict[str, Any], notice: TenderNotice) -> None:
    assert write_json(package) == write_json(json.loads(write_json(package), parse_float=Decimal))
    assert tender_release(notice, Tag.TENDER, PUBLISHED) == tender_release(notice, Tag.TENDER, PUBLISHED)


def test_a_value_with_vat_is_told_as_such_and_a_moment_without_zone_is_refused(notice: TenderNotice) -> None:
    gross = dataclasses.replace(notice, value_includes_vat=True)
    assert tender_release(gross, Tag.TENDER, PUBLISHED)["tender"]["value"] == {
        "amountGross": Decimal("480000.00"),
        "currency": "GBP",
    }
    with pytest.raises(ValueError, match="time zone"):
        tender_release(notice, Tag.TENDER, PUBLISHED.replace(tzinfo=None))


def test_an_award_on_value_has_pounds_and_no_weightings(notice: TenderNotice) -> None:
    method = Method.from_dict(
        {
            "title": "On value",
            "award": {"method": "award_on_value"},
            "criteria": [
                {"code": "q", "kind": "qualitative", "worth": "50000.00", "scale_max": "5", "title": "Quality"}
            ],
        }
    )
    tender = tender_release(dataclasses.replace(notice, method=method), Tag.TENDER, PUBLISHED)["tender"]
    (criterion,) = tender["lots"][0]["awardCriteria"]["criteria"]
    assert "numbers" not in criterion
    assert criterion["description"].startswith("Worth up to £50,000.00.")
    assert tender["awardCriteria"] == "ratedCriteria"
