"""What a bid asks of whoever writes it, so that an officer sees it before small firms do. Information only."""

from dataclasses import dataclass
from decimal import ROUND_CEILING, Decimal

from wpound.core.criteria import Kind
from wpound.core.method import Method

# Working assumptions of this program, not published figures: words thought through and written in an hour, words of an
# answer without a limit, and hours to work out one promise and its plan.
WORDS_AN_HOUR = 250
WORDS_WITHOUT_LIMIT = 750
HOURS_A_PROMISE = 2


@dataclass(frozen=True, slots=True)
class BidEffort:
    """Questions answered in words (at most so many ``words`` in all), promises to plan for, and the hours they take.

    ``has_limits`` is whether every question says how long its answer may be.
    """

    questions: int
    words: int
    promises: int
    hours: int
    has_limits: bool


def estimate_effort(method: Method) -> BidEffort:
    """How much there is to write under a method; whole hours, rounded up.

    >>> from wpound.core.criteria import Criterion
    >>> question = Criterion("q", Kind.QUALITATIVE, 100, scale_max=Decimal(5), word_limit=600)
    >>> estimate_effort(Method("M", (question,))).hours
    3
    """
    leaves = [leaf.criterion for leaf in method.tree.leaves]
    limits = [leaf.word_limit for leaf in leaves if leaf.kind is Kind.QUALITATIVE]
    words = sum(WORDS_WITHOUT_LIMIT if limit is None else limit for limit in limits)
    promises = len({leaf.measure for leaf in leaves if leaf.kind is Kind.QUANTITY})
    written = (Decimal(words) / WORDS_AN_HOUR).to_integral_value(rounding=ROUND_CEILING)
    return BidEffort(len(limits), words, promises, int(written) + promises * HOURS_A_PROMISE, None not in limits)
