"""Facts every document test may use."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from wpound.core.bids import Bid
from wpound.core.delivery import CertificateScope, VerificationLevel
from wpound.core.errors import UnknownMeasure
from wpound.core.method import Method
from wpound.core.money import Money
from wpound.core.periods import Period
from wpound.core.quantities import Quantity, Unit
from wpound.core.scoring import score_tender
from wpound.core.valuing import MeasureLike
from wpound.documents.assessment_summary import AssessmentSummary, Winner
from wpound.documents.certificate_facts import CertificateFacts, CertificateLine, CoveredContract
from wpound.documents.credential import make_credential, sign_credential
from wpound.documents.credential_keys import KEYS_PATH, KeyRing, SigningKey, list_keys, open_key
from wpound.documents.signing import open_keys

JOBS = "More local people into good jobs and training"
ECONOMY = "Thriving economy in all parts of the city"
CLIMATE = "Climate action"


def amount(number: str, unit: Unit) -> Quantity:
    return Quantity(Decimal(number), unit)


@pytest.fixture(scope="session")
def facts() -> CertificateFacts:
    """A certificate over three heads: one measure without a money value, one over-delivered, one flow."""
    line = CertificateLine(
        head=JOBS,
        measure="job_long_term_unemployed",
        title="Jobs for people unemployed for a year or more",
        value_kind="additional",
        promised=amount("10", Unit.FTE_YEAR),
        claimed=amount("9", Unit.FTE_YEAR),
        verified=amount("8", Unit.FTE_YEAR),
        level=VerificationLevel.OFFICER_CHECKED,
        unit_value=Decimal("14530.335"),
        value_source="Unit cost database, 2024-25 prices (Open Government Licence).",
    )
    return CertificateFacts(
        serial="CWC-2026-0001",
        issuer="City of Wolverhampton Council",
        replaces=None,
        scope=CertificateScope.CONTRACT,
        holder_name="Bright & Sons <Grounds> Limited",
        holder_identifier="GB-COH-01234567",
        contracts=(
            CoveredContract(
                reference="CWC-24-117",
                title="Grounds maintenance in the north of the city",
                supplier_name="Bright & Sons <Grounds> Limited",
                returns=4,
                method_hash="9f2c4b6e1d" * 6 + "9f2c",
                catalogue_fingerprint="4c1d9a7be0" * 6 + "4c1d",
            ),
        ),
        covers="Every measure promised in the contract, for work done between the two dates.",
        period=Period(date(2025, 4, 1), date(2026, 3, 31)),
        verified_on=date(2026, 4, 20),
        lines=(
            line,
            replace(
                line,
                measure="apprenticeship_weeks",
                title="Weeks of apprenticeship",
                value_kind="none",
                promised=amount("260", Unit.WEEK),
                claimed=amount("260", Unit.WEEK),
                verified=amount("197.5", Unit.WEEK),
                level=VerificationLevel.THIRD_PARTY,
                unit_value=None,
                value_source=None,
            ),
            replace(
                line,
                head=ECONOMY,
                measure="local_supply_chain",
                title="Spending with local suppliers",
                value_kind="flow",
                promised=amount("120000", Unit.GBP),
                claimed=amount("151230.55", Unit.GBP),
                verified=amount("151230.55", Unit.GBP),
                level=VerificationLevel.DOCUMENTED,
                unit_value=Decimal(1),
                value_source="Counted at what was paid, without VAT.",
            ),
            replace(
                line,
                head=CLIMATE,
                measure="carbon_fleet",
                title="Carbon saved by the fleet",
                promised=amount("40", Unit.TCO2E),
                claimed=amount("30", Unit.TCO2E),
                verified=amount("26.25", Unit.TCO2E),
                level=VerificationLevel.OFFICER_CHECKED,
                unit_value=Decimal("280"),
                value_source="Carbon value for 2025, 2022 prices, DESNZ (Open Government Licence).",
            ),
        ),
        limits=(
            "It is not an audit opinion and promises nothing about later periods.",
            "It says nothing about the quality of the contract's other work.",
        ),
        catalogue_edition="2026.1",
        audit_head="77aa01fe3b" * 6 + "77aa",
        issued_on=date(2026, 5, 1),
        expires_on=date(2028, 5, 1),
        verify_url="https://social-value.example.gov.uk/verify/CWC-2026-0001",
        licences=("Contains public sector information licensed under the Open Government Licence v3.0.",),
    )


class NoMeasures:
    """A catalogue that a tender of price and quality never needs."""

    fingerprint = "0" * 64

    def get_measure(self, code: str) -> MeasureLike:
        raise UnknownMeasure(f"There is no measure {code}.")


TENDER = {
    "title": "Grounds maintenance in the north of the city",
    "criteria": [
        {"code": "insured", "kind": "pass_fail", "title": "Insurance in place"},
        {"code": "price", "kind": "price", "weighting": 40, "formula": "lowest_ratio", "title": "Price"},
        {
            "code": "quality",
            "kind": "group",
            "weighting": 60,
            "title": "Quality",
            "criteria": [
                {
                    "code": "mobilisation",
                    "kind": "qualitative",
                    "weighting": 70,
                    "scale_max": "5",
                    "threshold": "2",
                    "title": "Plan for the first three months",
                },
                {
                    "code": "wages",
                    "kind": "qualitative",
                    "weighting": 30,
                    "scale_max": "5",
                    "title": "How people will be paid & trained",
                },
            ],
        },
    ],
}


def _bid(bidder: str, price: str, marks: tuple[str, str], reasons: tuple[str, str] = ("", "")) -> Bid:
    codes = ("mobilisation", "wages")
    return Bid(
        bidder,
        Money.from_pounds(price),
        marks=dict(zip(codes, map(Decimal, marks), strict=True)),
        passes={"insured": True},
        reasons=dict(zip(codes, reasons, strict=True)),
    )


@pytest.fixture(scope="session")
def summary() -> AssessmentSummary:
    """The summary for the bidder in second place; the third was excluded by a threshold."""
    method = Method.from_dict(TENDER)
    bids = [
        _bid(
            "Green Spaces Co-operative",
            "480000",
            ("5", "4"),
            ("Names every site, with a person and a date for each.", "Pays the Real Living Wage and proves it."),
        ),
        _bid(
            "Bright & Sons <Grounds> Limited",
            "450000",
            ("3", "4"),
            ("Sound, but no dates are given for the parks.", "Pays the Real Living Wage; training is described well."),
        ),
        _bid("Cut Price Cutters Limited", "300000", ("1", "1"), ("No plan.", "Says nothing about wages.")),
    ]
    return AssessmentSummary(
        buyer="City of Wolverhampton Council",
        reference="CWC-24-117",
        method=method,
        result=score_tender(method, bids, NoMeasures(), date(2026, 4, 1)),
        bidder="Bright & Sons <Grounds> Limited",
        winner=Winner(
            "Green Spaces Co-operative", "1 Park Lane, Wolverhampton WV1 1AA", "bids@green.example", "GB-COH-RS007654"
        ),
        issued_on=date(2026, 4, 10),
        next_steps=(
            "The award notice is published after this summary was sent to every assessed bidder.",
            "A standstill period of eight working days starts on the day the notice is published.",
        ),
    )


SIGNED_AT = datetime(2026, 5, 1, 9, tzinfo=UTC)


@pytest.fixture(scope="session")
def data_dir(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder with the keys of an issuer."""
    return tmp_path_factory.mktemp("instance")


@pytest.fixture(scope="session")
def signing_key(data_dir: Path) -> SigningKey:
    return open_key(data_dir, SIGNED_AT)


@pytest.fixture(scope="session")
def sign(signing_key: SigningKey) -> Callable[[CertificateFacts], dict[str, Any]]:
    """Facts as signed data."""

    def sign_facts(facts: CertificateFacts) -> dict[str, Any]:
        document = make_credential(facts, f"https://town.example{KEYS_PATH}", "https://town.example/lists", 1)
        return sign_credential(document, signing_key, SIGNED_AT)

    return sign_facts


@pytest.fixture(scope="session")
def credential(sign: Callable[[CertificateFacts], dict[str, Any]], facts: CertificateFacts) -> dict[str, Any]:
    return sign(facts)


@pytest.fixture(scope="session")
def ring(data_dir: Path, signing_key: SigningKey) -> KeyRing:
    """What the issuer publishes."""
    return KeyRing(list_keys(data_dir), (open_keys(data_dir, "City of Wolverhampton Council").root,))
