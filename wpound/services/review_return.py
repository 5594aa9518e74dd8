"""A return as those who verify it see it, and the list of those to verify."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from sqlalchemy.orm import Session

from wpound.catalogue.model import Catalogue
from wpound.core.delivery import ClaimState, Side
from wpound.services.access import Person
from wpound.services.approve_line import is_own
from wpound.services.check_claim import DECIDED, suggest_reply_by
from wpound.services.clock import Clock, database_clock, day_of
from wpound.services.correct_claim import list_outdated
from wpound.services.draw_return_sample import drawn_lines
from wpound.services.expect_reports import ExpectedReport
from wpound.services.find_duplicates import Duplicate, find_duplicates
from wpound.services.list_buyer_work import list_overdue, looked_after
from wpound.services.reach_return import find_claim, reach_return
from wpound.services.show_claim import ClaimLine
from wpound.services.show_return import ReturnPage, show_buyers_return
from wpound.store.confirmations import list_confirmations
from wpound.store.models.certificates import Certificate
from wpound.store.models.evidence import Confirmation
from wpound.store.models.returns import ReturnStatus
from wpound.store.workload import ReturnRow, list_return_rows


class ReturnFilter(StrEnum):
    """Which returns a list shows."""

    TO_VERIFY = "submitted"
    QUERIED = "queried"
    OVERDUE = "overdue"
    VERIFIED = "verified"


FILTER_TITLES = {
    ReturnFilter.TO_VERIFY: "To verify",
    ReturnFilter.QUERIED: "With a query to the supplier",
    ReturnFilter.OVERDUE: "Overdue, not sent",
    ReturnFilter.VERIFIED: "Verified",
}
_STATUSES = {
    None: (ReturnStatus.SUBMITTED, ReturnStatus.VERIFIED),
    ReturnFilter.TO_VERIFY: (ReturnStatus.SUBMITTED,),
    ReturnFilter.QUERIED: (ReturnStatus.SUBMITTED,),
    ReturnFilter.VERIFIED: (ReturnStatus.VERIFIED,),
}


@dataclass(frozen=True, slots=True)
class Review:
    """A return with what helps to verify it, by claim: why a line was drawn, and what those who benefited were asked.

    ``outdated`` are the certificates that state figures from before a correction.
    """

    page: ReturnPage
    drawn: Mapping[int, str]
    confirmations: Mapping[int, Sequence[Confirmation]]
    outdated: Sequence[Certificate]

    @property
    def decided(self) -> int:
        """How many lines are approved or rejected."""
        return sum(line.claim.state in DECIDED for line in self.page.lines)

    def next_line(self, after: int) -> ClaimLine | None:
        """The line to decide next after a claim, from the top again at the end; None where none waits."""
        numbers = [line.claim.id for line in self.page.lines]
        place = numbers.index(after) + 1
        ordered = [*self.page.lines[place:], *self.page.lines[:place]]
        return next((line for line in ordered if line.claim.state is ClaimState.SUBMITTED), None)


@dataclass(frozen=True, slots=True)
class ClaimReview:
    """One line of a return with the other places of its files, and the day by which a query could be answered.

    ``is_own`` where the person acted for its supplier, so that somebody else decides.
    """

    review: Review
    line: ClaimLine
    duplicates: Mapping[int, Duplicate]
    reply_by: date | None
    is_own: bool


def review_return(
    session: Session, person: Person, return_id: int, catalogue: Catalogue, *, clock: Clock = database_clock
) -> Review:
    """A return for somebody who may verify it; raises NotFound for any other."""
    page = show_buyers_return(session, person, return_id, catalogue, clock=clock)
    asked: dict[int, list[Confirmation]] = {}
    for one in list_confirmations(session, claim_ids=[line.claim.id for line in page.lines]):
        asked.setdefault(one.claim_id, []).append(one)
    return Review(
        page,
        drawn_lines(page.found),
        asked,
        list_outdated(session, page.found, page.contract),
    )


def review_claim(
    session: Session,
    person: Person,
    return_id: int,
    claim_id: int,
    catalogue: Catalogue,
    *,
    clock: Clock = database_clock,
) -> ClaimReview:
    """One line of it; raises NotFound as the return does."""
    sent, _ = reach_return(session, person, return_id)
    claim = find_claim(session, sent, claim_id)
    review = review_return(session, person, return_id, catalogue, clock=clock)
    line = review.page.line(claim_id)
    duplicates = find_duplicates(session, person, Side.BUYER, line.files, review.page.rules.catalogue)
    reply_by = suggest_reply_by(day_of(clock(session)))
    return ClaimReview(review, line, duplicates, reply_by, is_own(session, sent, claim, person))


def list_reviews(
    session: Session, person: Person, wanted: ReturnFilter | None, limit: int, offset: int = 0
) -> tuple[list[ReturnRow], int]:
    """The returns sent under the contracts this person looks after: so many of them, and how many there are."""
    return list_return_rows(
        session,
        looked_after(person),
        statuses=_STATUSES[wanted],
        limit=limit,
        offset=offset,
        with_query=wanted is ReturnFilter.QUERIED,
    )


def list_late(
    session: Session, person: Person, limit: int, offset: int = 0, *, clock: Clock = database_clock
) -> tuple[list[ExpectedReport], int]:
    """The returns that should have been sent by now: so many of them, the longest overdue first, and how many."""
    late = list_overdue(session, person, day_of(clock(session)))
    return late[offset : offset + limit], len(late)
