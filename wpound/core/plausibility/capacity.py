"""Rules that set a bid's promises against what the bidder is and what the contract holds."""

from collections.abc import Iterator
from decimal import Decimal

from wpound.core.bids import Bid
from wpound.core.cautions import yearly_value
from wpound.core.errors import MeasureNotInForce, Severity
from wpound.core.money import Money, divide, format_number
from wpound.core.plausibility.rule import NOTHING, Case, Flag, NotJudged, Rule
from wpound.core.quantities import Unit
from wpound.core.valuing import ValueKind, valued_on

WEEKS_A_YEAR = Decimal(52)
# Reported offers lie between 3% and 16% of the contract (method page, section "Value above the usual band").
USUAL_BAND_TOP = Decimal("0.16")
NO_HEADCOUNT = "the bidder did not state its headcount"
NO_YEARS = "the length of the contract is not known, and the promises name no year"


class FteAboveHeadcount(Rule):
    """More full-time posts in a year than the company has people."""

    code = "fte_above_headcount"
    title = "More posts than people"
    severity = Severity.WARNING
    basis = "One person is at most one full-time post in a year, so posts above the headcount need new people."

    def look(self, case: Case) -> Iterator[Flag | NotJudged]:
        for bid in case.bids:
            promised = case.promised(bid, "local_jobs", Unit.FTE_YEAR)
            if bid.company.headcount is None:
                if promised:
                    yield self.not_judged(bid.bidder, NO_HEADCOUNT)
                continue
            for code, commitments in promised.items():
                posts = case.most_in_a_year(commitments)
                if posts is None:
                    yield self.not_judged(bid.bidder, NO_YEARS)
                elif posts > bid.company.headcount:
                    yield self._ask(bid, case.measures[code].title, code, posts, bid.company.headcount)

    def _ask(self, bid: Bid, title: str, code: str, posts: Decimal, headcount: int) -> Flag:
        facts = f"{format_number(posts)} full-time posts in a year under {title}, and {headcount:,} people employed"
        question = (
            f"You promise {facts}. How many of these posts would be new, how many held by subcontractors' people, and "
            "when would each start?"
        )
        return self.flag(bid.bidder, f"{bid.bidder} promises {facts}.", question, code)


class ApprenticesAboveFte(Rule):
    """More apprentices in a year than posts to place them in."""

    code = "apprentices_above_fte"
    title = "More apprentices than posts"
    severity = Severity.WARNING
    basis = (
        "An apprentice is employed: 52 weeks a year are one of the posts on the contract, or of the company's people."
    )

    def look(self, case: Case) -> Iterator[Flag | NotJudged]:
        for bid in case.bids:
            promised = case.promised(bid, "apprenticeships", Unit.WEEK)
            if not promised:
                continue
            weeks = case.most_in_a_year([commitment for row in promised.values() for commitment in row])
            headcount = bid.company.headcount
            posts = bid.fte if bid.fte is not None or headcount is None else Decimal(headcount)
            if posts is None or weeks is None:
                missing = f"neither posts on the contract nor headcount are stated by {bid.bidder}"
                yield self.not_judged(bid.bidder, missing if posts is None else NO_YEARS)
            elif weeks > posts * WEEKS_A_YEAR:
                places = "posts on the contract" if bid.fte is not None else "people employed"
                facts = f"{format_number(weeks)} apprenticeship weeks in a year, and {format_number(posts)} {places}"
                question = f"You promise {facts}. Who would employ these apprentices, in which posts, and from when?"
                yield self.flag(bid.bidder, f"{bid.bidder} promises {facts}.", question)


class LocalSpendAboveSupplyChain(Rule):
    """More local spend than the part of the price that goes to suppliers, or than the whole price."""

    code = "local_spend_above_supply_chain"
    title = "More local spend than there is to spend"
    severity = Severity.WARNING
    needs_price = True
    basis = (
        "Contract money spent locally comes out of what the bidder spends with suppliers, and never exceeds the price."
    )

    def look(self, case: Case) -> Iterator[Flag | NotJudged]:
        for bid in case.bids:
            promised = case.promised(bid, "local_spend", Unit.GBP)
            share = bid.company.supply_chain_share
            most = bid.price.pounds * (Decimal(1) if share is None else share)
            above = {code: sum((c.quantity for c in row), NOTHING) for code, row in promised.items()}
            above = {code: total for code, total in above.items() if total > most}
            for code, total in above.items():
                yield self._ask(bid, case.measures[code].title, code, total, most)
            if promised and not above and share is None:
                yield self.not_judged(bid.bidder, "the bidder did not state what share of the price goes to suppliers")

    def _ask(self, bid: Bid, title: str, code: str, total: Decimal, most: Decimal) -> Flag:
        share = bid.company.supply_chain_share
        part = (
            "" if share is None else f" of which {format_number(share * 100)}% goes to your suppliers, {_pounds(most)}"
        )
        facts = f"{_pounds(total)} under {title} at a price of {bid.price.format()}{',' if part else ''}{part}"
        question = f"You promise {facts}. Which payments make up this sum, and is any of it counted twice?"
        return self.flag(bid.bidder, f"{bid.bidder} promises {facts.replace('your', 'its')}.", question, code)


class CarbonAboveBaseline(Rule):
    """More carbon saved in a year than the company emits."""

    code = "carbon_above_baseline"
    title = "More carbon saved than emitted"
    severity = Severity.WARNING
    basis = "A saving is made against a footprint, so it cannot be larger than the footprint it is made against."

    def look(self, case: Case) -> Iterator[Flag | NotJudged]:
        for bid in case.bids:
            promised = case.promised(bid, "carbon", Unit.TCO2E)
            if not promised:
                continue
            baseline = bid.company.baseline_tco2e
            saved = case.most_in_a_year([commitment for row in promised.values() for commitment in row])
            if baseline is None or saved is None:
                missing = NO_YEARS if baseline is not None else "the bidder did not state its yearly carbon footprint"
                yield self.not_judged(bid.bidder, missing)
            elif saved > baseline:
                emitted = f"a footprint of {format_number(baseline)} tCO2e a year"
                facts = f"{format_number(saved)} tCO2e saved in a year, against {emitted}"
                question = f"You promise {facts}. Whose emissions would fall, and against which baseline?"
                yield self.flag(bid.bidder, f"{bid.bidder} promises {facts}.", question)


class ContractAboveTurnover(Rule):
    """A contract worth more in a year than the company turns over."""

    code = "contract_above_turnover"
    title = "A contract larger than the company"
    severity = Severity.NOTE
    needs_price = True
    basis = "A company that would more than double its yearly turnover should be able to say how it would grow."

    def look(self, case: Case) -> Iterator[Flag | NotJudged]:
        for bid in case.bids:
            turnover = bid.company.turnover
            if turnover is None or not case.method.years:
                missing = "the bidder did not state its turnover"
                yield self.not_judged(
                    bid.bidder, missing if turnover is None else "the length of the contract is unknown"
                )
                continue
            yearly = yearly_value(bid.price, case.method.years)
            if yearly.pence > turnover.pence:
                facts = f"{yearly.format()} a year from this contract, and {turnover.format()} of turnover a year"
                question = f"The contract would bring you {facts}. How would you take on people and plant, and by when?"
                yield self.flag(bid.bidder, f"{bid.bidder} would have {facts}.", question)


class ValueAboveBand(Rule):
    """Additional social value above the band that offers usually lie in."""

    code = "value_above_band"
    title = "More value than offers usually hold"
    severity = Severity.NOTE
    needs_price = True
    basis = (
        "Offers reported by Social Value Exchange typically lie between 3% and 16% of the contract value. Local spend "
        "and wages are not counted here."
    )

    def look(self, case: Case) -> Iterator[Flag | NotJudged]:
        for bid in case.bids:
            value = _additional_value(case, bid)
            if value > USUAL_BAND_TOP * bid.price.pounds:
                percent = format_number(divide(value * 100, bid.price.pounds), 1)
                facts = f"{_pounds(value)} of social value, {percent}% of the price of {bid.price.format()}"
                question = f"Your promises come to {facts}. Which of them would happen without this contract?"
                yield self.flag(bid.bidder, f"The promises of {bid.bidder} come to {facts}.", question)


def _additional_value(case: Case, bid: Bid) -> Decimal:
    """The additional value of the promises that have one in force; the others can only make it larger."""
    total = NOTHING
    for commitment in bid.commitments:
        measure = case.measures[commitment.measure]
        if measure.value_kind == ValueKind.ADDITIONAL:
            try:
                total += commitment.quantity * measure.value_on(valued_on(commitment.year, case.as_of)).value
            except MeasureNotInForce:
                continue
    return total


def _pounds(amount: Decimal) -> str:
    return Money.rounded(amount).format()
