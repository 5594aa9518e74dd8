"""Fictional contracts with their promises, and four quarters of returns that go well, badly and early."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from enum import StrEnum
from typing import Any

from wpound.catalogue.model import Anchor, Catalogue, City, Measure
from wpound.core.delivery import VerificationLevel
from wpound.core.due_dates import due_in
from wpound.core.money import Money, round_half_up
from wpound.core.periods import Period, financial_year, quarters
from wpound.core.places import Ring
from wpound.core.quantities import Unit
from wpound.demo.suppliers import DemoSupplier
from wpound.demo.tenders import DemoTender, FirmPicker, buyer_of
from wpound.demo.words import load_data

RETURNS_YEAR = 2025
DAYS_TO_SUBMIT = 21
DAYS_TO_CHECK = 45
PLACES = {Unit.FTE_YEAR: 2, Unit.GBP: 2, Unit.TCO2E: 1, Unit.TONNE: 1}


@dataclass(frozen=True)
class DemoCommitment:
    """A promise for one calendar year or, without one, for the whole contract; ``delivery`` names how it goes."""

    measure: Measure
    quantity: Decimal
    delivery: str
    year: int | None = None


class CaseKind(StrEnum):
    """What is special about a line."""

    WAITING = "waiting"
    ASKED = "asked"
    QUERIED = "queried"
    ANSWERED = "answered"
    REJECTED = "rejected"
    CORRECTED = "corrected"


UNDECIDED = (CaseKind.WAITING, CaseKind.ASKED, CaseKind.QUERIED, CaseKind.ANSWERED)


@dataclass(frozen=True)
class DemoCase:
    """What happened to a line beside an approval, in whose words; ``who`` is asked, ``thousandths`` stay of it."""

    kind: CaseKind
    words: str = ""
    answer: str = ""
    who: str = ""
    thousandths: int = 1000


@dataclass(frozen=True)
class DemoClaim:
    """A claim towards the commitment of that place in the contract's list; ``verified`` is None while unchecked.

    ``case`` says what is special about it; ``has_report`` whether the report of a training day lies behind it.
    """

    commitment: int
    claimed: Decimal
    verified: Decimal | None
    level: VerificationLevel
    case: DemoCase | None = None
    has_report: bool = False


@dataclass(frozen=True)
class DemoReturn:
    """A quarter's return, the day it came in and the day an officer looked at it."""

    period: Period
    submitted_on: date
    checked_on: date
    claims: Sequence[DemoClaim]


@dataclass(frozen=True)
class DemoContract:
    """A contract; ``tender`` is the key of the tender it was awarded under, where there was one.

    ``has_files`` says whether lists lie behind the lines of its returns.
    """

    reference: str
    title: str
    buyer: Anchor
    supplier: DemoSupplier
    value: Money
    life: Period
    commitments: Sequence[DemoCommitment]
    returns: Sequence[DemoReturn]
    tender: str | None = None
    has_files: bool = False


def make_contracts(
    city: City, catalogue: Catalogue, firms: FirmPicker, tenders: Sequence[DemoTender], winners: Mapping[str, str]
) -> list[DemoContract]:
    """Twelve contracts; ``winners`` gives the winning bidder of each awarded tender by the tender's key."""
    data = load_data("contracts.toml")
    awarded = {tender.key: _award(tender, winners[tender.key]) for tender in tenders if tender.key in winners}
    contracts = []
    for entry in data["contracts"]:
        terms = _terms_from_tender(entry, awarded) if "tender" in entry else _terms(entry, city, firms)
        contracts.append(_make_contract(terms, catalogue, data["deliveries"]))
    return contracts


def _award(tender: DemoTender, winner: str) -> dict[str, Any]:
    bid = next(bid for bid in tender.form["bids"] if bid["bidder"] == winner)
    return {
        "tender": tender.key,
        "title": tender.form["title"],
        "buyer": tender.buyer,
        "supplier": next(firm for firm in tender.bidders if firm.name == winner),
        "value": Money.from_pounds(bid["price"]),
        "life": tender.life,
        "commitments": bid["commitments"],
    }


def _terms_from_tender(entry: Mapping[str, Any], awarded: Mapping[str, Mapping[str, Any]]) -> dict[str, Any]:
    terms = {**awarded[entry["tender"]], "has_files": entry["has_files"]}
    ways = entry["deliveries"]
    promises = [promise | {"delivery": ways[i % len(ways)]} for i, promise in enumerate(terms["commitments"])]
    return terms | {"reference": entry["reference"], "commitments": promises}


def _terms(entry: Mapping[str, Any], city: City, firms: FirmPicker) -> dict[str, Any]:
    terms = dict(entry)
    terms["supplier"] = firms.pick(terms.pop("trade"), Ring(terms.pop("ring")), terms.pop("noun"))
    terms["life"] = Period(terms.pop("start_on"), terms.pop("end_on"))
    return terms | {"buyer": buyer_of(city, entry["buyer"]), "value": Money.from_pounds(entry["value"])}


def _make_contract(
    terms: dict[str, Any], catalogue: Catalogue, deliveries: Mapping[str, Mapping[str, Any]]
) -> DemoContract:
    commitments = [
        DemoCommitment(
            measure=catalogue.get_measure(promise["measure"]),
            quantity=Decimal(promise["quantity"]),
            delivery=promise["delivery"],
            year=promise.get("year"),
        )
        for promise in terms.pop("commitments")
    ]
    marks = Marks.of(terms["reference"])
    returns = [
        _make_return(commitments, terms["life"], quarter, number, deliveries, marks)
        for number, quarter in enumerate(quarters(financial_year(RETURNS_YEAR)))
    ]
    return DemoContract(commitments=commitments, returns=returns, **terms)


@dataclass(frozen=True)
class Marks:
    """What the data single out under one contract, by quarter from 0 and measure (None: every line)."""

    cases: Mapping[tuple[int, str | None], DemoCase]
    reports: Collection[tuple[int, str]]

    @classmethod
    def of(cls, reference: str) -> "Marks":
        """Those of a contract."""
        data = load_data("contracts.toml")
        cases, reports = {}, []
        for entry in data["cases"]:
            said = dict(entry)
            if said.pop("reference") == reference:
                place = said.pop("quarter") - 1, said.pop("measure", None)
                cases[place] = DemoCase(CaseKind(said.pop("kind")), **said)
        for entry in data["reports"]:
            if entry["reference"] == reference:
                reports.append((entry["quarter"] - 1, entry["measure"]))
        return cls(cases, reports)

    def case(self, number: int, measure: str) -> DemoCase | None:
        """What is special about a line."""
        return self.cases.get((number, measure)) or self.cases.get((number, None))


def _make_return(
    commitments: Sequence[DemoCommitment],
    life: Period,
    quarter: Period,
    number: int,
    deliveries: Mapping[str, Mapping[str, Any]],
    marks: Marks,
) -> DemoReturn:
    claims = []
    for place, commitment in enumerate(commitments):
        due = due_in(commitment.quantity, life, quarter, commitment.year)
        if due:
            claims.append(_make_claim(place, commitment, due, number, deliveries[commitment.delivery], marks))
    return DemoReturn(
        period=quarter,
        submitted_on=quarter.end_on + timedelta(days=DAYS_TO_SUBMIT),
        checked_on=quarter.end_on + timedelta(days=DAYS_TO_CHECK),
        claims=claims,
    )


def _make_claim(
    place: int, commitment: DemoCommitment, due: Decimal, number: int, delivery: Mapping[str, Any], marks: Marks
) -> DemoClaim:
    measure = commitment.measure
    places = PLACES.get(measure.unit, 0)
    claimed = round_half_up(due * delivery["claimed"][number] / 1000, places)
    case, accepted = marks.case(number, measure.code), delivery["verified"][number : number + 1]
    verified = round_half_up(claimed * accepted[0] / 1000, places) if accepted else None
    level = VerificationLevel(delivery["levels"][number])
    if case and case.kind in UNDECIDED:
        verified, level = None, VerificationLevel.DOCUMENTED
    elif case and case.kind is CaseKind.REJECTED:
        verified, level = Decimal(0), VerificationLevel.OFFICER_CHECKED
    return DemoClaim(place, claimed, verified, level, case, (number, measure.code) in marks.reports)
