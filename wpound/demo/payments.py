"""Three years of fictional payments by one anchor: long-tailed, noisy, with credit notes, repeats and redactions."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from itertools import accumulate, pairwise
from math import isqrt
from random import Random

from wpound.core.periods import financial_year
from wpound.core.places import Ring
from wpound.demo.accounts import Account
from wpound.demo.suppliers import DemoSupplier
from wpound.demo.words import AnchorShape

FIRST_YEAR = 2023
YEARS = 3
STEADY_SUPPLIERS = 20
REDACTED_LINES_PER_1000 = 14
CREDITS_PER_1000 = 17
REPEATS_PER_1000 = 2


@dataclass(frozen=True, slots=True)
class Payment:
    """One payment row; ``supplier`` is None where the name is redacted, ``name`` is what the anchor has on file."""

    payer: str
    paid_on: date
    pence: int
    name: str
    supplier: DemoSupplier | None
    supplier_number: int
    department: str
    purpose: str
    category: str
    transaction: int = 0


def split(total: int, weights: Sequence[int]) -> list[int]:
    """Split a whole number by whole weights; the parts always add up.

    >>> split(100, [1, 1, 1])
    [33, 33, 34]
    """
    whole = sum(weights)
    marks = [total * reached // whole for reached in accumulate(weights, initial=0)]
    return [after - before for before, after in pairwise(marks)]


@dataclass(frozen=True)
class Ledger:
    """An anchor's accounts and how it spends."""

    chance: Random
    payer: str
    shape: AnchorShape
    accounts: Sequence[Account]

    def pay(self) -> list[Payment]:
        """Every payment over three financial years, in the order of payment, numbered."""
        payments = [payment for year in range(YEARS) for payment in self._pay_year(year)]
        payments.sort(key=lambda payment: (payment.paid_on, payment.supplier_number, payment.pence))
        numbered = (replace(payment, transaction=500_000 + 7 * i) for i, payment in enumerate(payments))
        # A few rows come out twice, exactly alike, as in real ledgers.
        return [row for row in numbered for _ in range(1 + (self.chance.randrange(1000) < REPEATS_PER_1000))]

    def _pay_year(self, year: int) -> Iterator[Payment]:
        budget = self.shape.pounds * 100 * (1000 + self.shape.growth * year) // 1000
        hidden = budget * REDACTED_LINES_PER_1000 // 4000
        weights = [self._weight_in(year, rank, account) for rank, account in enumerate(self.accounts)]
        amounts = split(budget - hidden, weights)
        busyness = sum(isqrt(amount) for amount in amounts)
        for account, amount in zip(self.accounts, amounts, strict=True):
            if amount:
                wanted = self.shape.lines * isqrt(amount) // busyness
                most = amount // (self.shape.floor_pounds * 100 + 100_00)
                yield from self._pay_account(year, account, amount, max(1, min(wanted, most)))
        yield from self._pay_people(year, hidden)

    def _weight_in(self, year: int, rank: int, account: Account) -> int:
        """A firm's weight in a year: drifting to or from the city, up and down, and now and then nothing at all."""
        if rank >= STEADY_SUPPLIERS and not self.chance.randrange(12):
            return 0
        aim = self.shape.rings[Ring.CITY]
        drifted = aim + self.shape.city_drift * year
        in_city = account.supplier.ring is Ring.CITY
        moved = account.weight * drifted // aim if in_city else account.weight * (1000 - drifted) // (1000 - aim)
        return moved * self.chance.randint(800, 1200) // 1000

    def _pay_account(self, year: int, account: Account, amount: int, lines: int) -> Iterator[Payment]:
        firm, trade = account.supplier, account.supplier.trade
        usual, odd = account.spellings
        for part in self._give_credits(self._part(amount, lines)):
            name = usual if self.chance.randrange(5) else odd
            purpose = self.chance.choice(trade.purposes)
            day = self._draw_day(year)
            yield Payment(
                self.payer, day, part, name, firm, account.number, account.department, purpose, trade.category
            )

    def _pay_people(self, year: int, amount: int) -> Iterator[Payment]:
        """Payments to people, whose names are not published."""
        for part in self._part(amount, self.shape.lines * REDACTED_LINES_PER_1000 // 1000):
            department = self.chance.choice(self.shape.departments)
            day = self._draw_day(year)
            yield Payment(self.payer, day, part, "", None, 0, department, "Payment to a person", "Redacted")

    def _part(self, amount: int, lines: int) -> list[int]:
        return split(amount, [self.chance.randint(40, 160) for _ in range(lines)])

    def _give_credits(self, parts: list[int]) -> list[int]:
        """Now and then charge too much and credit the difference; the total stays."""
        for i in range(1, len(parts)):
            if self.chance.randrange(1000) < CREDITS_PER_1000:
                credit = parts[i] // self.chance.randint(2, 9)
                parts[i - 1] += credit
                parts.append(-credit)
        return parts

    def _draw_day(self, year: int) -> date:
        """A working day of the year; a weekend goes back to its Friday, or forward at the start of the year."""
        days = financial_year(FIRST_YEAR + year)
        day = days.start_on + timedelta(days=self.chance.randrange(days.days))
        friday = day - timedelta(days=max(0, day.weekday() - 4))
        return friday if friday in days else day + timedelta(days=7 - day.weekday())
