"""The draft of a contract performance notice (UK9, section 71 of the Procurement Act 2023): HTML, PDF and open data.

The data has the fields of the United Kingdom's extension to OCDS: KPIs as ``agreedMetrics``, their figures as
observations of ``implementation.metrics`` with ``measureClassification``, remedies as ``performanceFailures``.
"""

from dataclasses import dataclass
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any

from wpound.core.money import Money, format_number
from wpound.core.periods import Period
from wpound.core.ratings import Better, Rating
from wpound.documents.notices import Party
from wpound.documents.open_contracting import release_package
from wpound.documents.release_fields import (
    LONDON,
    amount_of,
    known,
    party_of,
    period_of,
    reference_to,
    write_day,
    write_moment,
)
from wpound.documents.render import render_html, render_pdf


@dataclass(frozen=True, slots=True)
class RatedKpi:
    """A KPI with its target and figure in its unit, and its rating; ``measured`` None where nothing was measured."""

    key: str
    title: str
    description: str
    target: Decimal
    unit: str
    measured: Decimal | None
    rating: Rating
    reason: str
    better: Better = Better.HIGHER

    @property
    def aim(self) -> str:
        """The target as people read it: at least it, or at most."""
        return f"{self.better.limit} {format_number(self.target)} {self.unit}"


@dataclass(frozen=True, slots=True)
class Failure:
    """What was not delivered and what followed; no field for a person."""

    key: str
    problem: str
    action: str
    decided_on: date
    amount: Money | None


@dataclass(frozen=True, slots=True)
class PerformanceNotice:
    """What one notice is made from; ``no_kpis_because`` says why there are no KPIs, empty where there are.

    ``corrects_because`` says why an earlier notice of the period is corrected, empty in a first one;
    ``is_superseded`` that this one was corrected itself.
    """

    ocid: str
    reference: str
    title: str
    buyer: Party
    suppliers: tuple[Party, ...]
    value: Money
    life: Period
    period: Period
    number: int
    is_last: bool
    summary: str
    kpis: tuple[RatedKpi, ...]
    failures: tuple[Failure, ...]
    assessed_on: date
    noticed_on: date | None
    no_kpis_because: str = ""
    corrects_because: str = ""
    is_superseded: bool = False


def performance_notice_html(notice: PerformanceNotice) -> str:
    """The notice as HTML."""
    return render_html("performance_notice.html", {"notice": notice})


def performance_notice_pdf(notice: PerformanceNotice) -> bytes:
    """The notice as a PDF/UA-1 file."""
    return render_pdf(performance_notice_html(notice), notice.assessed_on)


def performance_notice_json(notice: PerformanceNotice, uri: str) -> dict[str, Any]:
    """The notice as an OCDS package with one release; the same notice is always the same data."""
    at = datetime.combine(notice.assessed_on, time(12), LONDON)
    parties = [party_of(notice.buyer, ["buyer"]), *(party_of(one, ["supplier"]) for one in notice.suppliers)]
    release = {
        "ocid": notice.ocid,
        "id": f"{notice.ocid}-performance-{notice.period.start_on:%Y%m%d}-{notice.number}",
        "date": write_moment(at),
        "tag": ["contractTermination" if notice.is_last else "implementation"],
        "initiationType": "tender",
        "language": "en",
        "parties": parties,
        "buyer": reference_to(notice.buyer),
        "awards": [{"id": notice.reference, "suppliers": [reference_to(one) for one in notice.suppliers]}],
        "contracts": [_contract(notice)],
    }
    return release_package([release], uri, notice.buyer, at)


def _contract(notice: PerformanceNotice) -> dict[str, Any]:
    period = period_of(write_day(notice.life.start_on), write_day(notice.life.end_on, end=True))
    return known(
        {
            "id": notice.reference,
            "awardID": notice.reference,
            "title": notice.title,
            "status": "terminated" if notice.is_last else "active",
            "value": amount_of(notice.value),
            "period": period,
            "agreedMetrics": [_agreed(kpi) for kpi in notice.kpis],
            "noAgreedMetricsRationale": notice.no_kpis_because,
            "implementation": known(
                {
                    "metrics": [_measured(kpi, notice.period) for kpi in notice.kpis],
                    "performanceFailures": [_failure(one, notice) for one in notice.failures],
                }
            ),
        }
    )


def _agreed(kpi: RatedKpi) -> dict[str, Any]:
    target = {"id": "target", "measure": kpi.target, "unit": {"name": kpi.unit}}
    return known({"id": kpi.key, "title": kpi.title, "description": kpi.description, "observations": [target]})


def _measured(kpi: RatedKpi, period: Period) -> dict[str, Any]:
    observation = {
        "id": f"{kpi.key}-{period.start_on:%Y%m%d}",
        "period": period_of(write_day(period.start_on), write_day(period.end_on, end=True)),
        "measure": kpi.measured,
        "unit": {"name": kpi.unit},
        "measureClassification": {"id": kpi.rating.code, "description": kpi.rating.label},
        "notes": kpi.reason,
    }
    return {"id": kpi.key, "title": kpi.title, "observations": [known(observation)]}


def _failure(failure: Failure, notice: PerformanceNotice) -> dict[str, Any]:
    return known(
        {
            "id": failure.key,
            "description": failure.problem,
            "requirement": failure.action,
            "decisionDate": write_day(failure.decided_on),
            "penaltyType": "contracted" if failure.amount else "",
            "penaltyValue": amount_of(failure.amount),
            "suppliers": [reference_to(one) for one in notice.suppliers],
        }
    )
