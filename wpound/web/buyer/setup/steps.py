"""The steps of a tender from set-up to hand-over, each led to where its page is there and open to the person."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Protocol

from flask import current_app, url_for

from wpound.services.access import Person
from wpound.services.check_draft import DraftState, Part
from wpound.services.trace_progress import Progress, State
from wpound.web.access import Policy

SET_UP = frozenset({"draft"})
# A draft that is with a second officer can be looked at, not changed.
SENT = frozenset({"sent"})
SINCE_PUBLISHED = frozenset({"published", "closed", "evaluation", "awarded", "cancelled"})
SINCE_OPENED = frozenset({"evaluation", "awarded"})
# How the state of a part of a draft ends, after a number of things.
MISSING = " missing"
BEFORE_AWARD = (SET_UP | SENT | SINCE_PUBLISHED) - {"awarded", "cancelled"}
OPTIONAL = frozenset({"buyer.lots", "buyer.documents", "buyer.simulation"})


class Lot(Protocol):
    """A lot by its number, called by its title."""

    number: int
    title: str


@dataclass(frozen=True, slots=True)
class Step:
    """One page of a tender: its words, its endpoint and the stages in which there is something to do or see there."""

    title: str
    endpoint: str
    stages: frozenset[str]
    part: Part | None = None


STEPS: dict[str, tuple[Step, ...]] = {
    "Set up": (
        Step("What is bought", "buyer.particulars", SET_UP, Part.PARTICULARS),
        Step("Lots", "buyer.lots", SET_UP),
        Step("Priorities of the plan", "buyer.priorities", SET_UP, Part.PRIORITIES),
        Step("Criteria and weightings", "buyer.criteria", SET_UP, Part.CRITERIA),
        Step("How the winner is found", "buyer.rules", SET_UP, Part.RULES),
        Step("Warnings and reasons", "buyer.warnings", SET_UP, Part.WARNINGS),
        Step("Documents for bidders", "buyer.documents", SET_UP | SENT),
        Step("Try it with dummy bids", "buyer.simulation", SET_UP | SENT),
        Step("Approval and publication", "buyer.approval", SET_UP | SENT),
    ),
    "Out to tender": (
        Step("Tender pack", "buyer.pack", SINCE_PUBLISHED),
        Step("Questions and answers", "buyer.clarifications", SINCE_PUBLISHED),
        Step("Changes and extensions", "buyer.changes", SINCE_PUBLISHED),
    ),
    "Evaluation": (
        Step("Opening of bids", "buyer.opening", SINCE_PUBLISHED - {"cancelled"}),
        Step("Panel", "buyer.panel", SINCE_PUBLISHED - {"cancelled"}),
        Step("Your interests", "buyer.declaration", SINCE_OPENED),
        Step("Pass or fail checks", "buyer.checks", SINCE_OPENED),
        Step("Questions to bidders", "buyer.bid_questions", SINCE_OPENED),
        Step("Your marks", "buyer.marking", SINCE_OPENED),
        Step("Moderation", "buyer.moderation", SINCE_OPENED),
    ),
    "Result": (
        Step("Ranking", "buyer.result", SINCE_OPENED),
        Step("How firm the result is", "buyer.robustness", SINCE_OPENED),
        Step("Award", "buyer.award", SINCE_OPENED),
        Step("Hand-over to the contract", "buyer.handover", SINCE_OPENED),
    ),
    "End": (Step("Cancel the tender", "buyer.cancel_tender", BEFORE_AWARD),),
}


@dataclass(frozen=True, slots=True)
class Lead:
    """A step as it is shown: where it leads, and its state in words (None: it has none)."""

    title: str
    href: str
    state: str | None

    @property
    def is_to_do(self) -> bool:
        """Whether somebody can and has to do something there now."""
        return self.state == State.TO_DO or (self.state or "").endswith(MISSING)


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a tender stands for a person: its stage and lots, what its draft misses, how far it is since.

    ``draft`` is None once it cannot be changed; ``is_sender`` says whether the person sent it for approval.
    """

    stage: str
    lots: Sequence[Lot]
    draft: DraftState | None
    progress: Progress
    is_sender: bool


def list_steps(person: Person, ocid: str, standing: Standing) -> dict[str, list[Lead]]:
    """The steps open to the person at this stage, by heading; a page for each lot stands once for each."""
    found = {
        heading: [
            lead for step in steps if standing.stage in step.stages for lead in _leads(step, person, ocid, standing)
        ]
        for heading, steps in STEPS.items()
    }
    return {heading: leads for heading, leads in found.items() if leads}


def find_next(steps: dict[str, list[Lead]]) -> Lead | None:
    """The first step on which something is to be done now, or None."""
    return next((lead for leads in steps.values() for lead in leads if lead.is_to_do), None)


def _leads(step: Step, person: Person, ocid: str, standing: Standing) -> Iterator[Lead]:
    arguments = _arguments_of(step.endpoint, person)
    if arguments is None or (step.endpoint == "buyer.moderation" and not standing.progress.leads):
        return
    page, lots = step.endpoint.removeprefix("buyer."), standing.lots
    if arguments == {"ocid"}:
        yield Lead(
            step.title,
            url_for(step.endpoint, ocid=ocid),
            _draft_state(step, standing) or standing.progress.state_of(page),
        )
    elif arguments == {"ocid", "lot"}:
        for lot in lots:
            title = step.title if len(lots) == 1 else f"{step.title}, lot {lot.number}: {lot.title}"
            href = url_for(step.endpoint, ocid=ocid, lot=lot.number)
            yield Lead(title, href, standing.progress.state_of(page, lot.number))


def _draft_state(step: Step, standing: Standing) -> str | None:
    """The state of a step of the set-up."""
    if standing.stage not in SET_UP | SENT:
        return None
    draft, is_approval = standing.draft, step.endpoint == "buyer.approval"
    if step.endpoint in OPTIONAL:
        return State.OPTIONAL
    if draft is None:
        return (State.NOT_YET if standing.is_sender else State.TO_DO) if is_approval else None
    if is_approval:
        return State.NOT_YET if draft.gaps else State.TO_DO
    if step.part is None:
        return None
    missing = len(draft.gaps_of(step.part))
    return f"{missing}{MISSING}" if missing else State.DONE


def _arguments_of(endpoint: str, person: Person) -> set[str] | None:
    """What the address of a page asks for; None where there is no such page, or it is not for this person."""
    view = current_app.view_functions.get(endpoint)
    if view is None or not person.meets(getattr(view, "access_policy", Policy.ADMIN)):
        return None
    return min((rule.arguments for rule in current_app.url_map.iter_rules(endpoint)), key=len)
