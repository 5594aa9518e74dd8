"""Rate the KPIs of a contract for a period, at least every 12 months and at its end (section 71 of the Act)."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from sqlalchemy.orm import Session

from wpound.core.errors import InputError, InputErrors, StaleEdit, StateError
from wpound.core.kpis import DueAssessment, next_assessment
from wpound.core.money import divide, round_half_up
from wpound.core.periods import Period, format_day
from wpound.core.ratings import Rating, RatingThresholds, rate, share_reached
from wpound.services.access import Person
from wpound.services.clock import Clock, database_clock, day_of
from wpound.services.reach_contract import hold_contract, life_of
from wpound.services.settled_dates import due_of
from wpound.store.audit import append_event, list_events
from wpound.store.base import add
from wpound.store.engine import lock
from wpound.store.kpis import get_assessment, list_assessments, list_kpis, list_ratings
from wpound.store.models.contracts import Contract
from wpound.store.models.kpis import Assessment, Kpi, KpiRating
from wpound.store.register import list_delivered_in

LONGEST_SUMMARY = 3000
LONGEST_REASON = 1000
CORRECTED = "contract.assessment_corrected"
PLACES = 2
WHOLE = Decimal(100)


@dataclass(frozen=True, slots=True)
class ProposedRating:
    """A KPI with the figure our own records give for it, where they do, and the rating that follows."""

    kpi: Kpi
    measured: Decimal | None
    rating: Rating


@dataclass(frozen=True, slots=True)
class Correcting:
    """The assessment to correct, what it said of each KPI by the KPI's id, and the last day a notice of it came out."""

    last: Assessment
    given: Mapping[int, KpiRating]
    noticed_on: date | None


@dataclass(frozen=True, slots=True)
class GivenRating:
    """What an officer says of one KPI; where the rating is not the one the thresholds give, the reason is asked."""

    measured: Decimal | None
    rating: Rating | None
    reason: str = ""


def find_assessment(session: Session, contract: Contract, period_start_on: date | None = None) -> DueAssessment:
    """The period to assess next, or that of an assessment to correct; raises StateError where there is nothing."""
    made = list_assessments(session, contract_id=contract.id)
    for one in made:
        if one.period_start_on == period_start_on:
            return DueAssessment(Period(one.period_start_on, one.period_end_on), one.period_end_on >= contract.end_on)
    found = next_assessment(life_of(contract), max((one.period_end_on for one in made), default=None))
    if found is None:
        raise StateError("This contract has been assessed to its end. Correct the last assessment instead.")
    return found


def find_correcting(session: Session, contract: Contract, assessment_id: int) -> Correcting:
    """What a correction of this assessment starts from: the last one of its period; raises NotFound."""
    start_on = get_assessment(session, assessment_id, contract_id=contract.id).period_start_on
    same = [one for one in list_assessments(session, contract_id=contract.id) if one.period_start_on == start_on]
    given = {rating.kpi_id: rating for rating, _ in list_ratings(session, [same[0].id])}
    return Correcting(same[0], given, max((one.noticed_on for one in same if one.noticed_on), default=None))


def list_correction_reasons(session: Session, contract: Contract) -> dict[int, str]:
    """Why assessments were corrected, by the id of the correction."""
    events = list_events(session, object_kind="contract", object_id=contract.id)
    return {one.detail["assessment"]: str(one.detail["reason"]) for one in events if one.action == CORRECTED}


def find_assessment_version(session: Session, contract: Contract) -> int:
    """What a page for assessing is made from, as a number that grows with every KPI set and every assessment made."""
    kpis, made = list_kpis(session, contract_id=contract.id), list_assessments(session, contract_id=contract.id)
    return sum(kpi.version for kpi in kpis) + len(made)


def propose_ratings(session: Session, contract: Contract, period: Period) -> list[ProposedRating]:
    """Every KPI with what our records measured: of a promise, what was verified of what was due, in per cent."""
    thresholds = RatingThresholds.from_dict(contract.thresholds)
    verified = list_delivered_in(session, contract_id=contract.id, period=period)
    proposed = []
    for kpi in list_kpis(session, contract_id=contract.id):
        measured = _share_kept(contract, kpi, period, verified) if kpi.measure_code else None
        proposed.append(
            ProposedRating(kpi, measured, rate(share_reached(kpi.target, measured, kpi.better), thresholds))
        )
    return proposed


def assess_contract(
    session: Session,
    person: Person,
    contract_id: int,
    ratings: Mapping[int, GivenRating],
    *,
    summary: str,
    period_start_on: date | None = None,
    because: str = "",
    version: int | None = None,
    clock: Clock = database_clock,
) -> Assessment:
    """Enter an assessment with a rating for every KPI; one for a period assessed before is a correction beside it.

    A correction says ``because`` of what it is made; the one before it stays. Raises StaleEdit unless its page was made
    at the ``version`` there is now (None: whatever it is), StateError before the period is over, and InputErrors for
    what is missing, by ``reason-<number of the KPI>``.
    """
    contract = hold_contract(session, person, contract_id)
    if version is not None and version != find_assessment_version(session, contract):
        raise StaleEdit
    due, today = find_assessment(session, contract, period_start_on), day_of(clock(session))
    if not due.is_due(today):
        raise StateError(f"The period ends on {format_day(due.due_on)}. Assess it then.")
    kpis = list_kpis(session, contract_id=contract.id)
    thresholds = RatingThresholds.from_dict(contract.thresholds)
    entered = [_rating(kpi, ratings.get(kpi.id), thresholds) for kpi in kpis]
    assessment = _begin(session, contract, due.period, thresholds)
    errors = [*_problems(kpis, entered, summary), *_reason_problems(assessment, because)]
    if errors:
        raise InputErrors(errors)
    assessment.summary, assessment.assessed_on, assessment.assessed_by = summary.strip(), today, person.email
    add(session, assessment)
    for rating in entered:
        if isinstance(rating, KpiRating):
            rating.assessment_id = assessment.id
            add(session, rating)
    correction = {"assessment": assessment.id, "reason": because.strip()} if assessment.number > 1 else {}
    _audit(session, person, contract, assessment, CORRECTED if correction else "contract.assessed", correction)
    return assessment


def _begin(session: Session, contract: Contract, period: Period, thresholds: RatingThresholds) -> Assessment:
    made = list_assessments(session, contract_id=contract.id)
    return Assessment(
        contract_id=contract.id,
        period_start_on=period.start_on,
        period_end_on=period.end_on,
        number=sum(one.period_start_on == period.start_on for one in made) + 1,
        thresholds=thresholds.to_dict(),
    )


def note_notice(
    session: Session,
    person: Person,
    contract_id: int,
    assessment_id: int,
    noticed_on: date,
    clock: Clock = database_clock,
) -> Assessment:
    """Put on record the day on which the contract performance notice was published, once.

    Raises StateError where it is on record already, InputErrors for a day before the assessment or after today.
    """
    contract = hold_contract(session, person, contract_id)
    assessment = lock(session, Assessment, get_assessment(session, assessment_id, contract_id=contract.id).id)
    if assessment.noticed_on is not None:
        raise StateError(f"The notice was published on {format_day(assessment.noticed_on)}.")
    if not assessment.assessed_on <= noticed_on <= day_of(clock(session)):
        raise InputErrors([InputError("noticed_on", "Choose a day between the assessment and today.")])
    assessment.noticed_on, assessment.noticed_by = noticed_on, person.email
    session.flush()
    _audit(session, person, contract, assessment, "contract.performance_noticed")
    return assessment


def _share_kept(
    contract: Contract, kpi: Kpi, period: Period, verified: Sequence[tuple[str, Decimal]]
) -> Decimal | None:
    """Verified of due in the period, in per cent with two decimals; None where nothing was due."""
    own = [one for one in contract.commitments if one.measure_code == kpi.measure_code]
    due = sum((due_of(one, life_of(contract), period) for one in own), Decimal(0))
    if not due:
        return None
    found = sum((quantity for measure, quantity in verified if measure == kpi.measure_code), Decimal(0))
    return round_half_up(divide(found * WHOLE, due), PLACES)


def _rating(kpi: Kpi, given: GivenRating | None, thresholds: RatingThresholds) -> KpiRating | InputError:
    measured = given.measured if given else None
    proposed = rate(share_reached(kpi.target, measured, kpi.better), thresholds)
    rating = (given.rating if given else None) or proposed
    reason = given.reason.strip() if given else ""
    if not reason and (rating is not proposed or rating is Rating.OTHER):
        why = "Nothing was measured" if measured is None else f"By the thresholds this is {proposed.label}"
        return InputError(f"reason-{kpi.number}", f"KPI {kpi.number}: {why}, so say why it is rated {rating.label}.")
    return KpiRating(
        kpi_id=kpi.id, target=kpi.target, measured=measured, proposed=proposed, rating=rating, reason=reason
    )


def _problems(kpis: Sequence[Kpi], entered: Sequence[object], summary: str) -> Iterator[InputError]:
    if not kpis:
        yield InputError("summary", "Set the KPIs of the contract first.")
    if not summary.strip():
        yield InputError("summary", "Say in a few sentences how the contract was performed.")
    if len(summary) > LONGEST_SUMMARY:
        yield InputError("summary", f"Use at most {LONGEST_SUMMARY:,} characters.")
    yield from (one for one in entered if isinstance(one, InputError))


def _reason_problems(assessment: Assessment, because: str) -> Iterator[InputError]:
    if assessment.number > 1 and not 0 < len(because.strip()) <= LONGEST_REASON:
        said = f"Say why the assessment is corrected, in at most {LONGEST_REASON:,} characters."
        yield InputError("because", said)


def _audit(
    session: Session,
    person: Person,
    contract: Contract,
    assessment: Assessment,
    action: str,
    more: Mapping[str, object] | None = None,
) -> None:
    append_event(
        session,
        actor=person.email,
        action=action,
        object_kind="contract",
        object_id=contract.id,
        detail={
            "reference": contract.reference,
            "period": Period(assessment.period_start_on, assessment.period_end_on).format(),
            "number": assessment.number,
            **(more or {}),
        },
    )
