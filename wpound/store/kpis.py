"""KPIs of contracts, their assessments, and the log of remedies."""

from collections.abc import Collection, Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from wpound.core.errors import NotFound
from wpound.store.models.kpis import Assessment, Kpi, KpiRating, Remedy


def list_kpis(session: Session, *, contract_id: int) -> list[Kpi]:
    """The KPIs of a contract by number."""
    return list(session.scalars(select(Kpi).where(Kpi.contract_id == contract_id).order_by(Kpi.number)))


def get_kpi(session: Session, kpi_id: int, *, contract_id: int) -> Kpi:
    """A KPI of a contract; raises NotFound."""
    found = session.scalar(select(Kpi).where(Kpi.id == kpi_id, Kpi.contract_id == contract_id))
    if found is None:
        raise NotFound("The contract has no such KPI.")
    return found


def list_assessments(session: Session, *, contract_id: int) -> list[Assessment]:
    """The assessments of a contract with their corrections, the latest period and number first."""
    wanted = select(Assessment).where(Assessment.contract_id == contract_id)
    return list(session.scalars(wanted.order_by(Assessment.period_start_on.desc(), Assessment.number.desc())))


def get_assessment(session: Session, assessment_id: int, *, contract_id: int) -> Assessment:
    """An assessment of a contract; raises NotFound."""
    wanted = select(Assessment).where(Assessment.id == assessment_id, Assessment.contract_id == contract_id)
    found = session.scalar(wanted)
    if found is None:
        raise NotFound("The contract has no such assessment.")
    return found


def list_ratings(session: Session, assessment_ids: Collection[int]) -> Sequence[tuple[KpiRating, Kpi]]:
    """The ratings of assessments with their KPIs, by number of the KPI."""
    wanted = select(KpiRating, Kpi).join(Kpi, Kpi.id == KpiRating.kpi_id)
    found = session.execute(
        wanted.where(KpiRating.assessment_id.in_(assessment_ids)).order_by(Kpi.number, KpiRating.id)
    )
    return [(rating, kpi) for rating, kpi in found]


def list_remedies(session: Session, *, contract_id: int) -> list[Remedy]:
    """The remedies asked for under a contract, the latest first."""
    return list(session.scalars(select(Remedy).where(Remedy.contract_id == contract_id).order_by(Remedy.number.desc())))


def get_remedy(session: Session, remedy_id: int, *, contract_id: int) -> Remedy:
    """A remedy of a contract; raises NotFound."""
    found = session.scalar(select(Remedy).where(Remedy.id == remedy_id, Remedy.contract_id == contract_id))
    if found is None:
        raise NotFound("The contract has no such remedy.")
    return found
