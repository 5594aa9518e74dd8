"""What the law asks of a tender, by its kind, value and day: for officers to read before they approve it.

Information, not legal advice: each authority checks its own rules. Figures are dated rows of the catalogue and include
VAT, as the Procurement Act 2023 does; nothing here is a constant except the addresses of the law.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Protocol

from wpound.core.cautions import CARBON_PLAN_ABOVE, yearly_value
from wpound.core.money import Money, format_number
from wpound.core.particulars import ContractKind, Particulars, Reserved
from wpound.core.periods import format_day
from wpound.core.valuing import ReferenceLike
from wpound.core.working_days import STANDSTILL_DAYS


class LegalFigure(StrEnum):
    """A figure that the law sets and changes; pounds including VAT, the VAT rate as a share."""

    WORKS = "works"
    GOODS_AND_SERVICES = "goods_and_services"
    LIGHT_TOUCH = "light_touch"
    CONCESSION = "concession"
    KPIS = "kpis"
    PUBLISHED_CONTRACT = "published_contract"
    NOTICE = "notice"
    VAT_RATE = "vat_rate"


class DatedFigureLike(Protocol):
    """A figure in force, from which day, and where it stands."""

    @property
    def value(self) -> Decimal: ...
    @property
    def valid_from(self) -> date: ...
    @property
    def reference(self) -> ReferenceLike: ...


class ThresholdsLike(Protocol):
    """The dated figures of the law."""

    def figure_on(self, figure: LegalFigure, day: date) -> DatedFigureLike:
        """The figure in force on a day; raises ``RuleError`` where none is known."""
        ...


@dataclass(frozen=True, slots=True)
class Statute:
    """A provision of the law and its address."""

    title: str
    url: str


@dataclass(frozen=True, slots=True)
class Duty:
    """One thing the law asks, or a fact that is missing to tell; ``code`` is stable, ``words`` are for the officer."""

    code: str
    title: str
    words: str
    reference: ReferenceLike


class Reach(StrEnum):
    """Whether a value reaches the threshold; unsure where that hangs on VAT nobody has spoken of."""

    ABOVE = "above"
    BELOW = "below"
    UNSURE = "unsure"


@dataclass(frozen=True, slots=True)
class EstimatedValue:
    """The contract value including VAT: one amount, or the least and the most it can be where its basis is unknown."""

    low: Money
    high: Money
    basis: str

    def reaches(self, limit: Money) -> Reach:
        """Whether the value is the limit or more, as a threshold asks."""
        if self.low >= limit:
            return Reach.ABOVE
        return Reach.UNSURE if self.high >= limit else Reach.BELOW


def estimate_value(contract_value: Money, includes_vat: bool | None, vat_rate: Decimal) -> EstimatedValue:
    """The value including VAT. One without VAT is taken at the standard rate; one of unknown basis lies between.

    >>> estimate_value(Money.from_pounds(200_000), False, Decimal("0.2")).high.format()
    '£240,000.00'
    """
    taxed = contract_value.times(1 + vat_rate)
    if includes_vat:
        return EstimatedValue(contract_value, contract_value, f"{contract_value.format()} including VAT")
    percent = format_number(vat_rate * 100)
    if includes_vat is False:
        basis = f"{taxed.format()} with VAT at the standard rate of {percent}%"
        return EstimatedValue(taxed, taxed, basis)
    basis = f"between {contract_value.format()} and {taxed.format()}, because nobody has said whether VAT is in it"
    return EstimatedValue(contract_value, taxed, basis)


def list_duties(
    particulars: Particulars, contract_value: Money | None, years: Decimal | None, thresholds: ThresholdsLike, on: date
) -> tuple[Duty, ...]:
    """Every duty on a tender published on a day, in the order in which they fall due.

    ``contract_value`` is on the basis the particulars name. What is missing to tell is itself the first entry, and
    duties that hang on it are listed as conditional. Raises ``RuleError`` for a day before the Act was in force.
    """
    if particulars.kind is None or contract_value is None:
        missing = "what is bought" if particulars.kind is None else "the contract value"
        words = f"Say {missing} first: the threshold, and with it most duties, depends on it."
        return (Duty("value_or_kind_missing", "Kind and value", words, _act("section 4", 4)),)
    rate = thresholds.figure_on(LegalFigure.VAT_RATE, on).value
    value = estimate_value(contract_value, particulars.value_includes_vat, rate)
    return tuple(_Duties(particulars, particulars.kind, value, years, thresholds, on).all())


_THRESHOLD = {
    ContractKind.WORKS: LegalFigure.WORKS,
    ContractKind.GOODS: LegalFigure.GOODS_AND_SERVICES,
    ContractKind.SERVICES: LegalFigure.GOODS_AND_SERVICES,
    ContractKind.LIGHT_TOUCH: LegalFigure.LIGHT_TOUCH,
    ContractKind.CONCESSION: LegalFigure.CONCESSION,
}
LEAST_KPIS = 3
NO_KPIS = {ContractKind.LIGHT_TOUCH: "a light touch contract", ContractKind.CONCESSION: "a concession"}


def _act(part: str, section: int) -> Statute:
    return Statute(f"Procurement Act 2023, {part}", f"https://www.legislation.gov.uk/ukpga/2023/54/section/{section}")


SECTION_17 = Statute("Local Government Act 1988, section 17", "https://www.legislation.gov.uk/ukpga/1988/9/section/17")
ORDER_2026 = Statute(
    "Local Government (Exclusion of Non-commercial Considerations) (England) Order 2026, SI 2026/94",
    "https://www.legislation.gov.uk/uksi/2026/94/made",
)
SOCIAL_VALUE_ACT = Statute(
    "Public Services (Social Value) Act 2012, section 1", "https://www.legislation.gov.uk/ukpga/2012/3/section/1"
)
PPN_006 = Statute(
    "PPN 006, Carbon Reduction Plans",
    "https://www.gov.uk/government/publications/ppn-006-taking-account-of-carbon-reduction-plans-in-the-procurement-of-major-government-contracts",
)


@dataclass(frozen=True, slots=True)
class _Duties:
    """One tender's facts, and the duties that follow from them."""

    particulars: Particulars
    kind: ContractKind
    value: EstimatedValue
    years: Decimal | None
    thresholds: ThresholdsLike
    on: date

    def all(self) -> Iterator[Duty]:
        threshold = self.thresholds.figure_on(_THRESHOLD[self.kind], self.on)
        reach = self.value.reaches(Money.from_pounds(threshold.value))
        yield self._about_threshold(reach, threshold)
        if reach is not Reach.ABOVE and self.kind is not ContractKind.CONCESSION:
            yield from self._notice()
        yield from self._location(reach)
        if self.kind in {ContractKind.SERVICES, ContractKind.LIGHT_TOUCH} and reach is not Reach.BELOW:
            yield self._when(reach, "social_value_act", "Social value", _SOCIAL_VALUE, SOCIAL_VALUE_ACT)
        yield from self._carbon_plan()
        if reach is Reach.BELOW:
            yield Duty("conflicts_below", "Conflicts of interest", _CONFLICTS_BELOW, _act("section 81", 81))
            return
        yield self._when(reach, "conflicts_assessment", "Conflicts of interest", _CONFLICTS, _act("section 83", 83))
        yield from self._kpis(reach)
        yield self._when(reach, "assessment_summaries", "Assessment summaries", _SUMMARIES, _act("section 50", 50))
        yield self._when(reach, "standstill", "Standstill", self._standstill(), _act("section 51", 51))
        yield from self._contract_details(reach)

    def _when(self, reach: Reach, code: str, title: str, words: str, reference: ReferenceLike) -> Duty:
        """A duty of contracts above the threshold, conditional where it is not sure that this is one."""
        prefix = "If the value reaches the threshold: " if reach is Reach.UNSURE else ""
        return Duty(code, title, prefix + words, reference)

    def _about_threshold(self, reach: Reach, threshold: DatedFigureLike) -> Duty:
        limit = Money.from_pounds(threshold.value).format_short()
        what = f"The value is {self.value.basis}. The threshold is {limit} including VAT"
        since = f"(in force from {format_day(threshold.valid_from)})"
        if reach is Reach.ABOVE:
            words = f"{what} {since}. The Act applies in full: publish a tender notice and follow the duties below."
            return Duty("above_threshold", "At or above the threshold", words, threshold.reference)
        if reach is Reach.BELOW:
            words = f"{what} {since}. The contract is below the threshold, so most of the Act does not apply."
            return Duty("below_threshold", "Below the threshold", words, threshold.reference)
        words = f"{what} {since}. Say whether the value includes VAT: it decides which side this contract is on."
        return Duty("vat_basis_unknown", "Threshold not known", words, threshold.reference)

    def _notice(self) -> Iterator[Duty]:
        limit = self.thresholds.figure_on(LegalFigure.NOTICE, self.on)
        if self.value.reaches(Money.from_pounds(limit.value)) is not Reach.BELOW:
            amount = Money.from_pounds(limit.value).format_short()
            words = (
                f"From {amount} including VAT a below-threshold tender notice comes before any other advert, and a "
                "contract details notice after the contract is signed."
            )
            yield Duty("below_threshold_notice", "Below-threshold notice", words, limit.reference)

    def _location(self, reach: Reach) -> Iterator[Duty]:
        if self.particulars.reserved is Reserved.NONE:
            yield Duty("no_location", "Where suppliers are", _NO_LOCATION, SECTION_17)
        elif reach is Reach.ABOVE:
            yield Duty("reservation_unlawful", "Reservation not allowed", _UNLAWFUL, SECTION_17)
        else:
            words = _RESERVED_WORDS if reach is Reach.BELOW else f"{_SETTLE_VAT} {_RESERVED_WORDS}"
            yield Duty("reservation", "Reserved competition", words, ORDER_2026)

    def _carbon_plan(self) -> Iterator[Duty]:
        if self.value.high <= CARBON_PLAN_ABOVE:
            return
        if self.years is None:
            yield Duty("carbon_plan", "Carbon Reduction Plan", _CARBON_NO_YEARS, PPN_006)
        elif (yearly := yearly_value(self.value.high, self.years)) > CARBON_PLAN_ABOVE:
            amount = f"{'Up to ' if self.value.low != self.value.high else ''}{yearly.format()} a year including VAT"
            yield Duty("carbon_plan", "Carbon Reduction Plan", f"{amount}. {_CARBON}", PPN_006)

    def _kpis(self, reach: Reach) -> Iterator[Duty]:
        limit = self.thresholds.figure_on(LegalFigure.KPIS, self.on)
        if self.value.high <= Money.from_pounds(limit.value):
            return
        above = self._above(limit)
        exempt = "a framework" if self.particulars.is_framework else NO_KPIS.get(self.kind)
        if exempt:
            words = f"{above}, but {exempt} need not have key performance indicators."
            yield Duty("kpis_exempt", "Key performance indicators", words, limit.reference)
        else:
            wanted = f"at least {LEAST_KPIS} key performance indicators are set and published"
            words = f"{above}: {wanted}, unless they are not suitable."
            yield self._when(reach, "kpis", "Key performance indicators", words, limit.reference)

    def _above(self, limit: DatedFigureLike) -> str:
        amount = Money.from_pounds(limit.value)
        may = "Worth" if self.value.low > amount else "If VAT makes it worth"
        return f"{may} more than {amount.format_short()}"

    def _standstill(self) -> str:
        if self.kind is ContractKind.LIGHT_TOUCH:
            return f"{_STANDSTILL} Light touch contracts may be signed without one; keeping it is the safer way."
        return _STANDSTILL

    def _contract_details(self, reach: Reach) -> Iterator[Duty]:
        limit = self.thresholds.figure_on(LegalFigure.PUBLISHED_CONTRACT, self.on)
        words = _DETAILS
        if self.value.high > Money.from_pounds(limit.value):
            words = f"{_DETAILS} {self._above(limit)}: a copy of the contract is published as well."
        yield self._when(reach, "contract_details_notice", "Contract details notice", words, limit.reference)


_NO_LOCATION = (
    "Marks never depend on where a supplier is: for councils that is a non-commercial matter. Mark what it promises to "
    "do in the area."
)
_UNLAWFUL = (
    "A competition at or above the threshold cannot be reserved to suppliers from the UK or an area. Remove the "
    "reservation before this tender is approved."
)
_SETTLE_VAT = "Settle first whether the value includes VAT, because at or above the threshold this is not allowed."
_RESERVED_WORDS = (
    "An English council may reserve a contract below the threshold to suppliers from the UK or its area, if it decides "
    "so before tenders are invited and the advert says so. Suppliers need substantive operations there."
)
_SOCIAL_VALUE = (
    "Consider before the tender is published how the service can improve the economic, social and environmental "
    "wellbeing of the area, and whether to consult on it."
)
_CARBON = (
    "Central government must ask for a Carbon Reduction Plan; a council may make it a pass or fail question, the same "
    "for every bidder."
)
_CARBON_NO_YEARS = (
    "Give the length of the contract: above £5 million a year including VAT central government must ask for a Carbon "
    "Reduction Plan, and a council may."
)
_CONFLICTS = (
    "A conflicts assessment of everyone who influences the decision must be written before the notice is published and "
    "kept under review. Every evaluator declares interests before seeing a bid."
)
_CONFLICTS_BELOW = (
    "The written assessment is not required below the threshold. Every evaluator still declares interests here before "
    "seeing a bid."
)
_SUMMARIES = (
    "Every assessed bidder has its scores with a reason for each criterion, and the winner's, before the award notice "
    "is published."
)
_STANDSTILL = (
    f"The contract is signed no earlier than {STANDSTILL_DAYS} working days after the award notice; the last day is "
    "worked out for you."
)
_DETAILS = "A contract details notice is published after the contract is signed."
