"""Feedback for a bidder: what earned marks, what was missing, and how far the next point was.

Sentences are put together from the facts of the score and nothing else; each names the score line it speaks of. The
evaluators' own reasons stand in the assessment summary and are not repeated here.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal, localcontext
from enum import StrEnum
from typing import Any

from wpound.core.criteria import Kind
from wpound.core.errors import NotFound
from wpound.core.form import write_decimal
from wpound.core.marking import EXACT
from wpound.core.method import AwardMethod, Method
from wpound.core.money import Money, format_number
from wpound.core.next_point import NextPoint, find_next_point
from wpound.core.results import BidResult, TenderResult
from wpound.core.trace import ScoreLine

NOTHING = Decimal(0)


class About(StrEnum):
    """What a sentence tells."""

    EARNED = "earned"
    MISSING = "missing"
    NEXT_POINT = "next_point"


@dataclass(frozen=True, slots=True)
class Sentence:
    """One sentence about one score line; ``marks`` are those earned, missing or to be gained (None: not worked out)."""

    about: About
    criterion: str
    words: str
    marks: Decimal | None = None

    def to_dict(self) -> dict[str, Any]:
        """Plain JSON, decimals as text."""
        return {
            "about": self.about.value,
            "criterion": self.criterion,
            "words": self.words,
            "marks": None if self.marks is None else write_decimal(self.marks),
        }


@dataclass(frozen=True, slots=True)
class Feedback:
    """The sentences for one bid; ``behind`` is how far its recorded score is from first place, None where excluded."""

    bidder: str
    is_winner: bool
    behind: Decimal | None
    sentences: tuple[Sentence, ...]

    def about(self, what: About) -> tuple[Sentence, ...]:
        """The sentences of one sort; next points with the most to gain first."""
        return tuple(sentence for sentence in self.sentences if sentence.about is what)

    def to_dict(self) -> dict[str, Any]:
        """Plain JSON, decimals as text."""
        return {
            "bidder": self.bidder,
            "is_winner": self.is_winner,
            "behind": None if self.behind is None else write_decimal(self.behind),
            "sentences": [sentence.to_dict() for sentence in self.sentences],
        }


def give_feedback(method: Method, result: TenderResult, bidder: str) -> Feedback:
    """Feedback on one bid of a scored tender; a bid that did not win always has at least one next point.

    ``method`` is the one the result was made with. Raises :class:`NotFound` for a bidder that is not in the result.
    """
    bid = next((bid for bid in result.bids if bid.bidder == bidder), None)
    if bid is None:
        raise NotFound(f"{bidder} has no bid in this result.")
    criteria = {leaf.criterion.code: leaf.criterion for leaf in method.tree.leaves}
    with localcontext(EXACT):
        marked = [sentence for line in bid.lines for sentence in _marked(line)]
        points = [(line, find_next_point(criteria.get(line.criterion), line)) for line in bid.lines]
        nexts = [_next(line, point) for line, point in points if point is not None]
    nexts.sort(key=lambda sentence: -(sentence.marks or NOTHING))
    is_winner = bid.rank == 1
    if not nexts and not is_winner:
        nexts = [_level(bid, method.award)]
    best = result.bids[0].score
    behind = None if bid.score is None or best is None else abs(best - bid.score)
    return Feedback(bidder, is_winner, behind, (*marked, *nexts))


def _marked(line: ScoreLine) -> Iterator[Sentence]:
    if line.kind is Kind.PASS_FAIL:
        if line.inputs["passed"]:
            yield Sentence(About.EARNED, line.criterion, f"{line.title}: passed.")
        else:
            yield Sentence(About.MISSING, line.criterion, f"{line.title}: not passed, so the bid was excluded.")
        return
    if line.share is None or line.contribution is None:
        return
    earned, available = abs(line.contribution), line.available
    missing = available - earned
    if earned:
        words = f"{line.title}: {_figure(earned, line)} of {_figure(available, line)} {_unit(available, line)}."
        yield Sentence(About.EARNED, line.criterion, words, earned)
    if missing:
        words = f"{_figure(missing, line)} {_unit(missing, line)} not earned" if earned else "nothing was earned"
        yield Sentence(About.MISSING, line.criterion, f"{line.title}: {words}.", missing)


def _figure(marks: Decimal, line: ScoreLine) -> str:
    return Money.rounded(marks).format() if line.in_pounds else format_number(marks)


def _unit(marks: Decimal, line: ScoreLine) -> str:
    if line.in_pounds:
        return "off the price"
    return "mark" if format_number(marks) == "1" else "marks"


def _next(line: ScoreLine, point: NextPoint) -> Sentence:
    gained = None if point.share is None else point.share * line.available
    gain = "" if gained is None else f" That would have earned {_figure(gained, line)} more {_unit(gained, line)}."
    return Sentence(About.NEXT_POINT, line.criterion, f"{line.title}: {point.words}{gain}", gained)


def _level(bid: BidResult, award: AwardMethod) -> Sentence:
    """What stood in the way of a bid that lost although no line has a next point."""
    line = max(bid.lines, key=lambda line: line.available)
    if bid.excluded_because is not None:
        words = f"the bid was excluded ({bid.excluded_because}), and more marks there would have kept it in."
    elif award is AwardMethod.PRICE_PER_QUALITY_POINT:
        words = "full marks, as under every other criterion, so a lower price was the next step."
    else:
        words = "nothing more to gain here or elsewhere: the bids were level, and the rule for ties decided."
    return Sentence(About.NEXT_POINT, line.criterion, f"{line.title}: {words}")
