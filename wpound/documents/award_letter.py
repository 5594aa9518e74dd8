"""The letter to each bidder that goes with its assessment summary: the decision, standstill and what comes next.

Sections 50 and 51 of the Procurement Act 2023 ask for the summary and the standstill; the letter says both in plain
words. It is not yet a contract.
"""

from dataclasses import dataclass
from datetime import date

from wpound.core.errors import InputError
from wpound.core.quantities import Quantity
from wpound.core.working_days import STANDSTILL_DAYS
from wpound.documents.render import render_html, render_pdf


@dataclass(frozen=True, slots=True)
class PromisedLine:
    """One promise of the winner, as it becomes part of the contract; ``year`` None where it is not tied to one."""

    title: str
    quantity: Quantity
    year: int | None = None


@dataclass(frozen=True, slots=True)
class AwardLetter:
    """What one letter is made from.

    ``lot`` is empty where the tender is one lot. ``notice_on`` and ``standstill_ends_on`` are None before the day of
    the notice is settled; ``has_standstill`` is False where the law asks for none and none is kept. ``promises`` are
    printed for the winner alone. ``place`` and ``assessed`` are the bid's place among the tenders assessed.
    """

    buyer: str
    reference: str
    title: str
    lot: str
    bidder: str
    winner: str
    place: int | None
    assessed: int
    issued_on: date
    signed_by: str
    contact_email: str
    has_standstill: bool = True
    notice_on: date | None = None
    standstill_ends_on: date | None = None
    promises: tuple[PromisedLine, ...] = ()

    @property
    def is_winner(self) -> bool:
        """Whether the letter goes to the bidder the contract is to be awarded to."""
        return self.bidder == self.winner


def award_letter_pdf(letter: AwardLetter) -> bytes:
    """The letter as a PDF/UA-1 file; raises as :func:`award_letter_html` does."""
    return render_pdf(award_letter_html(letter), letter.issued_on)


def award_letter_html(letter: AwardLetter) -> str:
    """The letter as HTML.

    Raises :class:`InputError` where one of the two days of standstill is given without the other, or promises are to
    be printed for a bidder who did not win.
    """
    if (letter.notice_on is None) is not (letter.standstill_ends_on is None):
        raise InputError("standstill_ends_on", "Give the day of the notice and the end of standstill together.")
    if letter.promises and not letter.is_winner:
        raise InputError("promises", f"{letter.bidder} did not win, so its letter lists no promises.")
    return render_html("award_letter.html", {"letter": letter, "standstill_days": STANDSTILL_DAYS})
