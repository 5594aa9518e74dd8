"""Weightings: whole percents that total 100 at every level of the criteria tree, and what each leaf is worth."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise
from types import MappingProxyType

from wpound.core.criteria import Criterion, Kind
from wpound.core.form import Problems

WHOLE = Decimal(100)
NOTHING_CHANGED: Mapping[str, Decimal] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Leaf:
    """A marked criterion, its place in the method and the marks (or pounds) available to it."""

    criterion: Criterion
    path: str
    available: Decimal


@dataclass(frozen=True, slots=True)
class Group:
    """A group; its leaves are ``leaves[first:last]`` of the tree."""

    criterion: Criterion
    path: str
    available: Decimal
    first: int
    last: int


@dataclass(frozen=True, slots=True)
class Tree:
    """The criteria laid out flat, in the order of the method.

    ``available`` is everything that can be scored: 100, or the pounds of an award on value; ``marks`` what each leaf
    carries of it.
    """

    leaves: tuple[Leaf, ...]
    groups: tuple[Group, ...]
    available: Decimal
    marks: tuple[Decimal, ...]

    @property
    def nodes(self) -> tuple[Leaf | Group, ...]:
        """Every leaf, then every group."""
        return (*self.leaves, *self.groups)


def lay_out(criteria: Sequence[Criterion], changed: Mapping[str, Decimal] = NOTHING_CHANGED) -> Tree:
    """Pass the weightings down: a leaf has its own weighting times its ancestors', over 100 for each level.

    Source: the method's file form. Exact: a product of whole percents, never a division. ``changed`` holds, by code,
    other weightings in percent (or other pounds where a criterion is worth pounds), to ask what if.
    """
    leaves: list[Leaf] = []
    groups: list[Group] = []

    def walk(level: Sequence[Criterion], prefix: str, available: Decimal) -> None:
        for i, criterion in enumerate(level):
            path = f"{prefix}criteria[{i}]"
            if criterion.worth is not None:
                marks = changed.get(criterion.code, criterion.worth.pounds)
            else:
                marks = available * changed.get(criterion.code, criterion.weighting) * Decimal("0.01")
            if criterion.kind is Kind.GROUP:
                first = len(leaves)
                place = len(groups)
                walk(criterion.criteria, f"{path}.", marks)
                groups.insert(place, Group(criterion, path, marks, first, len(leaves)))
            else:
                leaves.append(Leaf(criterion, path, marks))

    walk(criteria, "", WHOLE)
    marks = tuple(leaf.available for leaf in leaves)
    return Tree(tuple(leaves), tuple(groups), sum(marks, Decimal(0)), marks)


def check_weightings(criteria: Sequence[Criterion], problems: Problems, prefix: str = "") -> None:
    """Record a problem on every weighting of a level that does not total 100."""
    marked = [(i, c) for i, c in enumerate(criteria) if c.kind is not Kind.PASS_FAIL]
    places = [f"{prefix}criteria[{i}].weighting" for i, _ in marked]
    broken = any(f"{prefix}criteria[{i}].kind" in problems for i in range(len(criteria)))
    if not marked and criteria and not broken:
        problems.add(f"{prefix}criteria", "needs at least one criterion that carries marks")
    total = sum(c.weighting for _, c in marked)
    known = not broken and not any(place in problems for place in places)
    if known and marked and total != 100 and all(c.worth is None for _, c in marked):
        for place in places:
            problems.add(place, f"the weightings of this level total {total}, not 100")
    for i, criterion in marked:
        if criterion.kind is Kind.GROUP:
            check_weightings(criterion.criteria, problems, f"{prefix}criteria[{i}].")


def check_codes(tree: Tree, problems: Problems) -> None:
    """Record a problem where two criteria carry the same code."""
    nodes = [(n.criterion.code, n.path) for n in tree.nodes]
    for (code, path), (other, _) in pairwise(sorted(nodes, reverse=True)):
        if code and code == other:
            problems.add(f"{path}.code", f"the code {code!r} is used twice; every criterion needs its own")
