"""The steps of a tender from set-up to hand-over, each led to where its page is there and open to the person."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from flask import current_app, url_for

from wpound.services.access import Person
from wpound.services.check_draft import DraftState, Part
from wpound.web.access import Policy

SET_UP = frozenset({"draft"})
# A draft that is with a second officer can be looked at, not changed.
SENT = frozenset({"sent"})
TAKING_BIDS = frozenset({"published"})
SINCE_PUBLISHED = frozenset({"published", "closed", "evaluation", "awarded", "cancelled"})
SINCE_CLOSED = frozenset({"closed", "evaluation", "awarded"})
SINCE_OPENED = frozenset({"evaluation", "awarded"})


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
        Step("Pass or fail checks", "buyer.checks", SINCE_OPENED),
        Step("Questions to bidders", "buyer.bid_questions", SINCE_OPENED),
        Step("Marking", "buyer.marking", SINCE_OPENED),
        Step("Moderation", "buyer.moderation", SINCE_OPENED),
    ),
    "Result": (
        Step("Ranking", "buyer.result", SINCE_OPENED),
        Step("How firm the result is", "buyer.robustness", SINCE_OPENED),
        Step("Award", "buyer.award", SINCE_OPENED),
        Step("Hand-over to the contract", "buyer.handover", SINCE_OPENED),
    ),
    "End": (Step("Cancel the tender", "buyer.cancel_tender", SET_UP | SENT | TAKING_BIDS | SINCE_CLOSED),),
}


@dataclass(frozen=True, slots=True)
class Lead:
    """A step as it is shown: where it leads, and how many things are missing there (None: nothing to be missing)."""

    title: str
    href: str
    missing: int | None


@dataclass(frozen=True, slots=True)
class LotName:
    """A lot by its number, called by its title."""

    number: int
    title: str


def list_steps(
    person: Person, ocid: str, stage: str, lots: Sequence[LotName], state: DraftState | None
) -> dict[str, list[Lead]]:
    """The steps open to the person at this stage, by heading; a page for each lot stands once for each."""
    found = {
        heading: [lead for step in steps if stage in step.stages for lead in _leads(step, person, ocid, lots, state)]
        for heading, steps in STEPS.items()
    }
    return {heading: leads for heading, leads in found.items() if leads}


def _leads(step: Step, person: Person, ocid: str, lots: Sequence[LotName], state: DraftState | None) -> Iterator[Lead]:
    arguments = _arguments_of(step.endpoint, person)
    if arguments is None:
        return
    missing = len(state.gaps_of(step.part)) if state and step.part else None
    if arguments == {"ocid"}:
        yield Lead(step.title, url_for(step.endpoint, ocid=ocid), missing)
    elif arguments == {"ocid", "lot"}:
        for lot in lots:
            title = step.title if len(lots) == 1 else f"{step.title}, lot {lot.number}: {lot.title}"
            yield Lead(title, url_for(step.endpoint, ocid=ocid, lot=lot.number), missing)


def _arguments_of(endpoint: str, person: Person) -> set[str] | None:
    """What the address of a page asks for; None where there is no such page, or it is not for this person."""
    view = current_app.view_functions.get(endpoint)
    if view is None or not person.meets(getattr(view, "access_policy", Policy.ADMIN)):
        return None
    return min((rule.arguments for rule in current_app.url_map.iter_rules(endpoint)), key=len)
