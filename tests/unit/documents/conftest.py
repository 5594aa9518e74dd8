"""Facts every document test may use."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from wpound.core.delivery import VerificationLevel
from wpound.core.periods import Period
from wpound.core.quantities import Quantity, Unit
from wpound.documents.certificate import CertificateFacts, CertificateLine

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
        supplier_name="Bright & Sons <Grounds> Limited",
        supplier_identifier="GB-COH-01234567",
        contract_reference="CWC-24-117",
        contract_title="Grounds maintenance in the north of the city",
        scope="Every measure promised in the contract, for work done between the two dates.",
        period=Period(date(2025, 4, 1), date(2026, 3, 31)),
        return_version=2,
        verified_by="by a contract manager of the council who did not enter the return",
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
        method_hash="9f2c4b6e1d" * 6 + "9f2c",
        catalogue_edition="2026.1",
        catalogue_fingerprint="4c1d9a7be0" * 6 + "4c1d",
        audit_head="77aa01fe3b" * 6 + "77aa",
        issued_on=date(2026, 5, 1),
        expires_on=date(2028, 5, 1),
        verify_url="https://social-value.example.gov.uk/verify/CWC-2026-0001",
        licences=("Contains public sector information licensed under the Open Government Licence v3.0.",),
    )
