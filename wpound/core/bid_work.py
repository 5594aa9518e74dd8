"""A bid in the making: what is written so far, what was handed in last, and a workbook waiting to be taken over.

All of it is the bidder's alone until the deadline and lies encrypted until then.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Self

from wpound.core.bid_content import BidContent
from wpound.core.bid_sheets import BidSheets
from wpound.core.errors import InputError

# The parts of a bid that people write apart from one another, each on a page of its own; an answer is one by itself.
COMPANY, PRICE, CHECKS, PROMISES, PLANS, FILES = "company", "price", "checks", "promises", "plans", "files"


def answer_part(criterion: str) -> str:
    """The name of the part that holds the answer to one question.

    >>> answer_part("wages")
    'answer:wages'
    """
    return f"answer:{criterion}"


def only_asked(sheets: BidSheets, content: BidContent) -> BidContent:
    """The content without what belongs to nothing that is asked, such as the plan of a promise that was taken back."""
    measures = {measure.code for measure in sheets.measures}
    commitments = tuple(one for one in content.commitments if one.quantity and one.measure in measures)
    promised = {one.measure for one in commitments}
    questions, checks = {one.code for one in sheets.questions}, {one.code for one in sheets.checks}
    return replace(
        content,
        commitments=commitments,
        answers={code: text for code, text in content.answers.items() if code in questions},
        passes={code: passed for code, passed in content.passes.items() if code in checks},
        plans={code: text for code, text in content.plans.items() if code in promised},
    )


@dataclass(frozen=True, slots=True)
class WaitingWorkbook:
    """What was read from a workbook and not taken over yet: the content it would give, and what could not be read."""

    content: BidContent
    problems: tuple[InputError, ...]
    sent_by: str

    def to_dict(self) -> dict[str, Any]:
        """The stored form."""
        problems = [[problem.field, problem.message] for problem in self.problems]
        return {"content": self.content.to_dict(), "problems": problems, "sent_by": self.sent_by}

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Self:
        """Read the stored form."""
        problems = tuple(InputError(place, message) for place, message in data["problems"])
        return cls(BidContent.from_dict(data["content"]), problems, data["sent_by"])


@dataclass(frozen=True, slots=True)
class BidWork:
    """``submitted`` is the bid that is in, None where none is; ``saved`` is the version each part was last saved at.

    Two people may therefore work on two parts at once: a part is stale only where that very part was saved since.
    """

    content: BidContent
    submitted: BidContent | None = None
    saved: Mapping[str, int] = field(default_factory=dict)
    workbook: WaitingWorkbook | None = None

    @property
    def is_changed(self) -> bool:
        """Whether something was written since the bid was handed in."""
        return self.submitted is not None and self.submitted.content_hash != self.content.content_hash

    def is_stale(self, part: str, version: int) -> bool:
        """Whether a part was saved after the version a person was shown."""
        return self.saved.get(part, 0) > version

    def save(self, part: str, content: BidContent, version: int) -> Self:
        """The work with a part saved at a version."""
        return replace(self, content=content, saved={**self.saved, part: version})

    def to_dict(self) -> dict[str, Any]:
        """The stored form."""
        found: dict[str, Any] = {"content": self.content.to_dict(), "saved": dict(self.saved)}
        if self.submitted is not None:
            found["submitted"] = self.submitted.to_dict()
        if self.workbook is not None:
            found["workbook"] = self.workbook.to_dict()
        return found

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Self:
        """Read the stored form; raises :class:`InputErrors` where a content in it cannot be read."""
        submitted, workbook = data.get("submitted"), data.get("workbook")
        return cls(
            content=BidContent.from_dict(data["content"]),
            submitted=None if submitted is None else BidContent.from_dict(submitted),
            saved=data["saved"],
            workbook=None if workbook is None else WaitingWorkbook.from_dict(workbook),
        )
