"""An assessment as a contract performance notice: what may leave, field by field."""

from sqlalchemy.orm import Session

from wpound.core.periods import Period
from wpound.documents.notices import Party
from wpound.documents.performance_notice import Failure, PerformanceNotice, RatedKpi
from wpound.services.access import Person
from wpound.services.assess_contract import find_correcting, list_correction_reasons
from wpound.services.reach_contract import life_of, reach_contract
from wpound.services.show_contract import find_duty
from wpound.store.contracts import list_contract_suppliers
from wpound.store.kpis import get_assessment, list_ratings, list_remedies
from wpound.store.models.kpis import Kpi, KpiRating
from wpound.store.models.organisations import Organisation
from wpound.store.models.suppliers import Supplier
from wpound.store.models.tenders import Tender


def tell_performance(session: Session, person: Person, contract_id: int, assessment_id: int) -> PerformanceNotice:
    """The notice of one assessment, with the remedies decided in its period; raises NotFound for another's."""
    contract = reach_contract(session, person, contract_id)
    assessment = get_assessment(session, assessment_id, contract_id=contract.id)
    period = Period(assessment.period_start_on, assessment.period_end_on)
    buyer = session.get_one(Organisation, contract.organisation_id)
    tender = session.get(Tender, contract.tender_id) if contract.tender_id else None
    kpis = tuple(_kpi(rating, kpi) for rating, kpi in list_ratings(session, [assessment.id]))
    remedies = [one for one in list_remedies(session, contract_id=contract.id) if one.raised_on in period]
    return PerformanceNotice(
        ocid=contract.ocid or f"{buyer.key}-{contract.reference}",
        reference=contract.reference,
        title=contract.title,
        buyer=Party(key=buyer.key, name=buyer.name, identifier=buyer.identifier),
        suppliers=tuple(map(_supplier, list_contract_suppliers(session, [contract.id])[contract.id])),
        value=contract.contract_value,
        life=life_of(contract),
        period=period,
        number=assessment.number,
        is_last=period.end_on >= contract.end_on,
        summary=assessment.summary,
        kpis=kpis,
        failures=tuple(
            Failure(f"remedy-{one.number}", one.problem, one.action, one.raised_on, one.amount) for one in remedies
        ),
        assessed_on=assessment.assessed_on,
        noticed_on=assessment.noticed_on,
        is_superseded=find_correcting(session, contract, assessment.id).last.id != assessment.id,
        corrects_because=list_correction_reasons(session, contract).get(assessment.id, ""),
        no_kpis_because="" if kpis else find_duty(contract, tender, 0).words,
    )


def _supplier(supplier: Supplier) -> Party:
    return Party(
        key=f"supplier-{supplier.id}",
        name=supplier.name,
        identifier=supplier.identifier,
        size=supplier.size,
        vcse=supplier.is_vcse,
    )


def _kpi(rating: KpiRating, kpi: Kpi) -> RatedKpi:
    return RatedKpi(
        key=f"kpi-{kpi.number}",
        title=kpi.title,
        description=kpi.description,
        target=rating.target,
        unit=kpi.unit,
        measured=rating.measured,
        rating=rating.rating,
        reason=rating.reason,
        better=kpi.better,
    )
