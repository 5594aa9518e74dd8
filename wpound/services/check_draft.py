"""How far a draft is: what is missing before it can be sent for approval, what to think about, what the law asks."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from wpound.catalogue.loader import load_thresholds
from wpound.catalogue.model import Catalogue
from wpound.catalogue.priorities import list_priority_problems
from wpound.core.cautions import method_warnings
from wpound.core.duties import Duty, list_duties
from wpound.core.errors import InputError, InputErrors, RuleError, UnknownMeasure
from wpound.core.method import Method
from wpound.core.method_drafts import codes_by_path, find_criterion, heading_of, read_draft
from wpound.core.particulars import ANSWERED_IN_WRITING, Particulars
from wpound.core.results import Caution
from wpound.services.check_offer import check_method
from wpound.store.models.tenders import Tender


class Part(StrEnum):
    """A part of the set-up, each with a page of its own."""

    PARTICULARS = "particulars"
    PRIORITIES = "priorities"
    CRITERIA = "criteria"
    RULES = "rules"
    WARNINGS = "warnings"


@dataclass(frozen=True, slots=True)
class Gap:
    """Something that keeps a draft from being sent: on which page, in words, and about which criterion if any."""

    part: Part
    message: str
    criterion: str = ""


@dataclass(frozen=True, slots=True)
class Warned:
    """A warning about the method, whether it needs a written reason, and the reason given."""

    caution: Caution
    needs_reason: bool
    reason: str


@dataclass(frozen=True, slots=True)
class DraftState:
    """A draft as far as it goes; ``is_whole_method`` says whether the method can be scored with."""

    method: Method
    particulars: Particulars
    is_whole_method: bool
    gaps: tuple[Gap, ...]
    warnings: tuple[Warned, ...]
    duties: tuple[Duty, ...]

    def gaps_of(self, part: Part) -> list[Gap]:
        """What is missing on one page."""
        return [gap for gap in self.gaps if gap.part is part]


def check_draft(tender: Tender, catalogue: Catalogue, day: date) -> DraftState:
    """Look a tender over as it would be published on a day; nothing is raised for what is missing."""
    form = tender.method or {}
    method, problems = read_draft(form)
    particulars = Particulars.from_dict(tender.particulars)
    gaps = list(_particulars_gaps(particulars, method)) + list(_method_gaps(form, problems))
    if not problems:
        gaps += _catalogue_gaps(form, method, catalogue, day)
    cautions = () if problems else (*method_warnings(method), *_off_priorities(particulars, method, catalogue))
    warnings = [_warn(caution, particulars) for caution in cautions]
    gaps += [
        Gap(Part.WARNINGS, f"Say in writing why you go on. {warned.caution.message}")
        for warned in warnings
        if warned.needs_reason and not warned.reason
    ]
    return DraftState(
        method=method,
        particulars=particulars,
        is_whole_method=not problems,
        gaps=tuple(gaps),
        warnings=tuple(warnings),
        duties=_duties(particulars, method, day),
    )


def _duties(particulars: Particulars, method: Method, day: date) -> tuple[Duty, ...]:
    """The duties; none for a tender from before the Act that they stand in."""
    try:
        return list_duties(particulars, method.contract_value, method.years, load_thresholds(), day)
    except RuleError:
        return ()


def _warn(caution: Caution, particulars: Particulars) -> Warned:
    reason = particulars.warning_reasons.get(caution.code, "")
    return Warned(caution, caution.code in ANSWERED_IN_WRITING, reason)


def _particulars_gaps(particulars: Particulars, method: Method) -> Iterator[Gap]:
    if method.contract_value is None:
        yield Gap(Part.PARTICULARS, "Give the contract value: duties and warnings depend on it.")
    if method.years is None:
        yield Gap(Part.PARTICULARS, "Give the length of the contract in years.")
    for error in particulars.problems_before_publication():
        part = Part.PRIORITIES if error.field == "priorities" else Part.PARTICULARS
        yield Gap(part, _sentence(error.message))


_RULES = ("ties", "rounding", "award", "threshold", "additionality")


def _method_gaps(form: Mapping[str, Any], problems: list[InputError]) -> Iterator[Gap]:
    """Problems of the method in words; a level that does not add up is told once."""
    codes, told = codes_by_path(form), set()
    for problem in problems:
        path, _, setting = problem.field.rpartition(".")
        level = path.rpartition("criteria[")[0]
        if setting == "weighting" and problem.message.startswith("the weightings"):
            if level in told:
                continue
            told.add(level)
            under = codes.get(level.rstrip("."), "")
            where = heading_of(find_criterion(form, under).form) if under else "Top level"
            yield Gap(Part.CRITERIA, f"{where}: {problem.message}.", under)
        elif not problem.field.startswith("criteria"):
            part = Part.RULES if problem.field.startswith(_RULES) else Part.PARTICULARS
            yield Gap(part, _sentence(problem.message if problem.field != "title" else "give the tender a title"))
        else:
            yield _criterion_gap(form, codes, problem)


def _criterion_gap(form: Mapping[str, Any], codes: Mapping[str, str], problem: InputError) -> Gap:
    """A problem of one criterion, or of what is in it, under its heading."""
    path = problem.field
    while path and path not in codes:
        path = path.rpartition(".")[0]
    if not path:
        return Gap(Part.CRITERIA, "Add at least one criterion that carries marks.")
    criterion = find_criterion(form, codes[path]).form
    setting = problem.field[len(path) :].strip(".").split("[")[0].replace("_", " ")
    said = "needs at least one criterion in it" if setting == "criteria" else f"{setting} {problem.message}"
    return Gap(Part.CRITERIA, f"{heading_of(criterion)}: {said.strip()}.", codes[path])


def _catalogue_gaps(form: Mapping[str, Any], method: Method, catalogue: Catalogue, day: date) -> Iterator[Gap]:
    """What the catalogue cannot count on the day."""
    try:
        check_method(method, catalogue, day)
    except InputErrors as found:
        codes = codes_by_path(form)
        for error in found.errors:
            yield _criterion_gap(form, codes, error)
    except UnknownMeasure as error:
        yield Gap(Part.CRITERIA, _sentence(error.message))


def _off_priorities(particulars: Particulars, method: Method, catalogue: Catalogue) -> Iterator[Caution]:
    """Priorities that are not the plan's, and measures that serve none of those chosen: a buyer may have reasons."""
    for problem in list_priority_problems(particulars, method, catalogue):
        yield Caution("off_priorities", _sentence(problem.message))


def _sentence(message: str) -> str:
    return f"{message[:1].upper()}{message[1:].rstrip('.')}."
