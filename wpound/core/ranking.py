"""Ranks from recorded scores, and the stated rules for ties."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import groupby, pairwise

from wpound.core.criteria import Kind
from wpound.core.method import SETTLED_PLACES, TIE_RULES, Method
from wpound.core.money import round_half_up
from wpound.core.results import Caution, Tie
from wpound.core.weighting import Tree

_KINDS = {"quality": {Kind.QUALITATIVE}, "social_value": {kind for kind in Kind if kind.is_promised}}


@dataclass(frozen=True, slots=True)
class Contender:
    """A bid in the running: its recorded score and one number a tie rule, of which the lower is placed first."""

    bidder: str
    score: Decimal
    tie_keys: tuple[Decimal, ...]


@dataclass(frozen=True, slots=True)
class Ranking:
    """Ranks by bidder, in rank order (equal ones by name), the ties that remain and those that a rule broke."""

    ranks: dict[str, int]
    ties: tuple[Tie, ...]
    broken: tuple[Caution, ...]


def tie_keys(rules: Sequence[str], tree: Tree, price: Decimal, shares: Sequence[Decimal]) -> tuple[Decimal, ...]:
    """One number for each tie rule, the lower the better; shares are in the order of the tree's leaves."""
    return tuple(price if rule == "price" else _tie_key(rule, tree, shares) for rule in rules)


def _tie_key(rule: str, tree: Tree, shares: Sequence[Decimal]) -> Decimal:
    scored = Decimal(0)
    for i in _decided_by(rule, tree):
        scored += tree.leaves[i].available * shares[i]
    return -round_half_up(scored, SETTLED_PLACES)


def _decided_by(rule: str, tree: Tree) -> Sequence[int]:
    """The leaves whose marks a rule compares."""
    for group in tree.groups:
        if group.criterion.code == rule:
            return range(group.first, group.last)
    named = [i for i, leaf in enumerate(tree.leaves) if leaf.criterion.code == rule]
    return named or [i for i, leaf in enumerate(tree.leaves) if leaf.criterion.kind in _KINDS.get(rule, ())]


def rank_bids(method: Method, contenders: Sequence[Contender]) -> Ranking:
    """Rank on the recorded score, then by the tie rules in order; what is still level shares the rank (1, 1, 3)."""
    sign = 1 if method.award.lowest_wins else -1

    def place(contender: Contender) -> tuple[Decimal, tuple[Decimal, ...]]:
        return sign * contender.score, contender.tie_keys

    ordered = sorted(contenders, key=lambda contender: (place(contender), contender.bidder))
    ranks: dict[str, int] = {}
    ties = []
    for _, level in groupby(ordered, key=place):
        together = list(level)
        rank = len(ranks) + 1
        ranks.update((contender.bidder, rank) for contender in together)
        if len(together) > 1:
            ties.append(Tie(rank, together[0].score, tuple(contender.bidder for contender in together)))
    return Ranking(ranks, tuple(ties), tuple(_broken(method, ordered)))


def _broken(method: Method, ordered: Sequence[Contender]) -> list[Caution]:
    """One caution for each neighbouring pair with the same recorded score that a rule set apart."""
    found = []
    for first, second in pairwise(ordered):
        if first.score != second.score:
            continue
        for rule, better, worse in zip(method.ties, first.tie_keys, second.tie_keys, strict=True):
            if better != worse:
                how = _preference(method, rule)
                pair = f"{first.bidder} and {second.bidder} both come to {first.score}"
                found.append(Caution("tie_broken", f"{pair}; {first.bidder} is placed first for {how}."))
                break
    return found


def _preference(method: Method, rule: str) -> str:
    title = next((node.criterion.heading for node in method.tree.nodes if node.criterion.code == rule), "")
    return f"the higher marks for {title}" if title and rule != "price" else TIE_RULES[rule]
