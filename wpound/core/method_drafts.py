"""A method while it is drawn up: changes to its file form, which may be unfinished, and what is still missing.

Every change gives a new form and leaves the one it was given alone. A criterion is named by its code, which no two
share; what a criterion holds is read and checked by the page that changes it (:func:`read_alone`).
"""

from collections.abc import Iterator, Mapping, Sequence
from copy import deepcopy
from dataclasses import dataclass
from typing import Any

from wpound.core.criteria import MOST_LEVELS, Criterion, Kind, read_criterion
from wpound.core.errors import InputError, NotFound, RuleError
from wpound.core.form import Form, Problems
from wpound.core.method import AwardMethod, Method, check_method, read_settings

MethodForm = dict[str, Any]
OUT_OF_MARKS = {Kind.PASS_FAIL.value}


@dataclass(frozen=True, slots=True)
class Placed:
    """A criterion of a form and where it stands: its group's code (empty at the top), and its place among its level."""

    form: Mapping[str, Any]
    under: str
    level: int
    place: int
    count: int

    @property
    def code(self) -> str:
        """The code that names the criterion."""
        return str(self.form["code"])


def read_draft(form: Mapping[str, Any]) -> tuple[Method, list[InputError]]:
    """The method as far as it goes, harmless stand-ins for what is missing, and everything wrong with it."""
    problems = Problems()
    top = Form(form, "", problems)
    method = Method(**read_settings(top))
    top.close()
    check_method(method, problems)
    return method, list(problems)


def read_alone(criterion: Mapping[str, Any], *, has_worth: bool = False) -> Criterion:
    """One criterion without those below it; raises :class:`InputErrors`, by the name of the setting."""
    problems = Problems()
    form = {**criterion, "criteria": [{"code": "stand-in", "kind": Kind.PASS_FAIL.value}]}
    is_group = criterion.get("kind") == Kind.GROUP.value
    read = read_criterion(Form(form if is_group else criterion, "", problems), has_worth)
    problems.raise_if_any()
    return read


def walk(form: Mapping[str, Any]) -> Iterator[Placed]:
    """Every criterion from the top down, each group before what is in it."""
    yield from _walk(form.get("criteria", ()), "", 1)


def _walk(criteria: Sequence[Mapping[str, Any]], under: str, level: int) -> Iterator[Placed]:
    for place, criterion in enumerate(criteria):
        yield Placed(criterion, under, level, place, len(criteria))
        yield from _walk(criterion.get("criteria", ()), str(criterion["code"]), level + 1)


def find_criterion(form: Mapping[str, Any], code: str) -> Placed:
    """The criterion of that code; raises :class:`NotFound`."""
    for placed in walk(form):
        if placed.code == code:
            return placed
    raise NotFound(f"This method has no criterion {code!r}.")


def has_worth(form: Mapping[str, Any], under: str) -> bool:
    """Whether pounds take the place of weightings at a level: at the top of an award on value."""
    award = form.get("award", {}).get("method")
    return not under and award == AwardMethod.AWARD_ON_VALUE.value


def add_criterion(form: Mapping[str, Any], criterion: Mapping[str, Any], *, under: str = "") -> MethodForm:
    """Put a criterion last in a group (at the top where none is named).

    Raises :class:`InputError` for a code that is taken and :class:`RuleError` where groups would be nested too deeply.
    """
    changed = _copy(form)
    if any(placed.code == criterion["code"] for placed in walk(form)):
        raise InputError("code", f"There is already a criterion {criterion['code']}; give this one another code.")
    level = 1 if not under else find_criterion(form, under).level + 1
    if level > MOST_LEVELS:
        raise RuleError(f"Criteria may be nested at most {MOST_LEVELS} levels deep.")
    _siblings(changed, under).append(deepcopy(dict(criterion)))
    return changed


def replace_criterion(form: Mapping[str, Any], code: str, criterion: Mapping[str, Any]) -> MethodForm:
    """Put other settings in place of a criterion's; a group keeps what is in it, and rules for ties follow a new code.

    Raises :class:`NotFound`, and :class:`InputError` where another criterion has the new code already.
    """
    placed, changed = find_criterion(form, code), _copy(form)
    if any(other.code == criterion["code"] for other in walk(form) if other.code != code):
        raise InputError("code", f"There is already a criterion {criterion['code']}; give this one another code.")
    kept = {"criteria": deepcopy(placed.form.get("criteria", []))} if placed.form["kind"] == Kind.GROUP.value else {}
    _siblings(changed, placed.under)[placed.place] = deepcopy(dict(criterion)) | kept
    if "ties" in changed:
        changed["ties"] = [criterion["code"] if rule == code else rule for rule in changed["ties"]]
    return changed


def remove_criterion(form: Mapping[str, Any], code: str) -> MethodForm:
    """Take a criterion out with everything in it, and the rules for ties that name any of them."""
    placed, changed = find_criterion(form, code), _copy(form)
    del _siblings(changed, placed.under)[placed.place]
    gone = {code, *(inner.code for inner in _walk(placed.form.get("criteria", ()), code, 1))}
    if "ties" in changed:
        changed["ties"] = [rule for rule in changed["ties"] if rule not in gone]
    return changed


def move_criterion(form: Mapping[str, Any], code: str, *, up: bool) -> MethodForm:
    """Exchange a criterion with its neighbour in the same group; at the end of the group nothing changes."""
    placed, changed = find_criterion(form, code), _copy(form)
    level = _siblings(changed, placed.under)
    other = placed.place + (-1 if up else 1)
    if 0 <= other < len(level):
        level[placed.place], level[other] = level[other], level[placed.place]
    return changed


def weigh_criteria(form: Mapping[str, Any], weightings: Mapping[str, int]) -> MethodForm:
    """Give criteria other weightings in whole percent, by code; the others keep theirs."""
    changed = _copy(form)
    for placed in walk(changed):
        if placed.code in weightings:
            placed.form["weighting"] = weightings[placed.code]  # type: ignore[index]  # a copy of our own
    return changed


def set_award(form: Mapping[str, Any], award: AwardMethod) -> MethodForm:
    """Choose the award method; what top-level criteria carry in the other way of counting is dropped."""
    changed = _copy(form) | {"award": {"method": award.value}}
    dropped = "weighting" if award is AwardMethod.AWARD_ON_VALUE else "worth"
    for criterion in changed["criteria"]:
        criterion.pop(dropped, None)
    return changed


@dataclass(frozen=True, slots=True)
class LevelSum:
    """What the criteria of one group, or of the top level, add up to in percent: each part with its code and words."""

    under: str
    parts: tuple[tuple[str, str, int], ...]

    @property
    def total(self) -> int:
        """The sum, which should be 100."""
        return sum(percent for _, _, percent in self.parts)


def level_sums(form: Mapping[str, Any]) -> dict[str, LevelSum]:
    """The sum of every level that carries percents, by the code of its group (empty for the top)."""
    parts: dict[str, list[tuple[str, str, int]]] = {}
    for placed in walk(form):
        if placed.form["kind"] not in OUT_OF_MARKS and not has_worth(form, placed.under):
            weighting = placed.form.get("weighting", 0)
            parts.setdefault(placed.under, []).append((placed.code, heading_of(placed.form), int(weighting)))
    return {under: LevelSum(under, tuple(found)) for under, found in parts.items()}


def heading_of(criterion: Mapping[str, Any]) -> str:
    """The title, or the code in words where no title was given."""
    return str(criterion.get("title") or str(criterion["code"]).replace("_", " ").capitalize())


def codes_by_path(form: Mapping[str, Any]) -> dict[str, str]:
    """The code of every criterion by its place in the file form, such as ``criteria[0].criteria[1]``."""
    return dict(_paths(form.get("criteria", ()), ""))


def _paths(criteria: Sequence[Mapping[str, Any]], prefix: str) -> Iterator[tuple[str, str]]:
    for i, criterion in enumerate(criteria):
        path = f"{prefix}criteria[{i}]"
        yield path, str(criterion["code"])
        yield from _paths(criterion.get("criteria", ()), f"{path}.")


def _copy(form: Mapping[str, Any]) -> MethodForm:
    return {"criteria": []} | deepcopy(dict(form))


def _siblings(form: MethodForm, under: str) -> list[MethodForm]:
    """The list a criterion of a group stands in, to be changed."""
    if not under:
        criteria: list[MethodForm] = form["criteria"]
        return criteria
    group = find_criterion(form, under).form
    if group["kind"] != Kind.GROUP.value:
        raise NotFound(f"{heading_of(group)} is no group, so nothing can be put in it.")
    inner: list[MethodForm] = group.setdefault("criteria", [])  # type: ignore[attr-defined]  # a copy of our own
    return inner
