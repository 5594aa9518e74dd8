"""The law's duties on key performance indicators: who has to set them, and when they are assessed next.

Sections 52 and 71 of the Procurement Act 2023. Figures are dated rows of the catalogue and include VAT.
"""

from dataclasses import dataclass
from datetime import date, timedelta

from wpound.core.duties import LEAST_KPIS, NO_KPIS, LegalFigure, ThresholdsLike
from wpound.core.errors import RuleError
from wpound.core.money import Money
from wpound.core.particulars import ContractKind
from wpound.core.periods import Period, first_months, format_day
from wpound.core.valuing import ReferenceLike


@dataclass(frozen=True, slots=True)
class KpiDuty:
    """Whether a contract has to have KPIs; ``missing`` is how many are still to be set."""

    applies: bool
    missing: int
    words: str
    reference: ReferenceLike | None = None


def find_kpi_duty(
    value: Money, kind: ContractKind | None, is_framework: bool, start_on: date, kpis: int, thresholds: ThresholdsLike
) -> KpiDuty:
    """The duty of section 52 for a contract of this value from the day it starts; ``kpis`` is how many there are.

    The value counts as it stands: whether it includes VAT is for the officer, and the words say which figure it was
    compared with. A contract from before the Act has no such duty.
    """
    try:
        figure = thresholds.figure_on(LegalFigure.KPIS, start_on)
    except RuleError:
        return KpiDuty(False, 0, "This contract began before the Procurement Act 2023, so the law asks for no KPIs.")
    limit = Money.rounded(figure.value)
    if value <= limit:
        words = f"The law asks for KPIs above {limit.format()} including VAT; this contract is not above it."
        return KpiDuty(False, 0, words, figure.reference)
    exempt = "a framework" if is_framework else NO_KPIS.get(kind) if kind else None
    if exempt:
        return KpiDuty(False, 0, f"Above {limit.format()}, but {exempt} needs no KPIs.", figure.reference)
    missing = max(LEAST_KPIS - kpis, 0)
    words = (
        f"Above {limit.format()}: the law asks for at least {LEAST_KPIS} published KPIs, "
        "unless none would suit this contract."
    )
    return KpiDuty(True, missing, words, figure.reference)


@dataclass(frozen=True, slots=True)
class DueAssessment:
    """The period performance is assessed for next, and the day by which the law wants it assessed and published."""

    period: Period
    is_last: bool

    @property
    def due_on(self) -> date:
        """The last day of the period: at least once in every 12 months, and at the end."""
        return self.period.end_on

    def is_due(self, today: date) -> bool:
        """Whether the day has come; a contract at exactly 12 months is due."""
        return today >= self.due_on

    @property
    def words(self) -> str:
        """The duty as people read it."""
        why = "when the contract ends" if self.is_last else "12 months after the start or the last assessment"
        return f"For {self.period.format()}, due on {format_day(self.due_on)}, {why}."


def next_assessment(life: Period, assessed_until: date | None) -> DueAssessment | None:
    """What is to be assessed next; ``life`` ends with the contract, early where it was terminated.

    Twelve months from the start or from the last assessment, cut off by the end; None once all of it was assessed.

    >>> due = next_assessment(Period(date(2026, 2, 1), date(2027, 6, 30)), None)
    >>> due.due_on, due.is_last
    (datetime.date(2027, 1, 31), False)
    >>> next_assessment(Period(date(2026, 2, 1), date(2027, 6, 30)), due.due_on).due_on
    datetime.date(2027, 6, 30)
    """
    start_on = life.start_on if assessed_until is None else assessed_until + timedelta(days=1)
    if start_on > life.end_on:
        return None
    end_on = first_months(start_on, 12).end_on
    return DueAssessment(Period(start_on, min(end_on, life.end_on)), end_on >= life.end_on)
