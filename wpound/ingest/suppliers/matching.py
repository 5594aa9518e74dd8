"""Finding out which known supplier a payment went to, with the reasons kept.

In this order: identifier in the file, the source's own supplier number, a remembered decision, the name. What is sure
is matched, what is likely goes to a person, the rest is a new supplier. Nothing here keeps state: the same payee and
the same index give the same answer.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from rapidfuzz import fuzz

from wpound.ingest.redaction import find_redaction
from wpound.ingest.suppliers.names import (
    SupplierName,
    forms_conflict,
    is_individual,
    loosen,
    normalise_name,
)

# Scores out of 100; chosen on labelled supplier names, see docs/method/suppliers.md.
AUTOMATIC_FROM = 96
AUTOMATIC_WITH_POSTCODE_FROM = 88
REVIEW_FROM = 80
LOOSE_SCORE = 98
CUT_SCORE = 97
# A shorter name is matched only when it is the very same; a cut one must have kept this much.
SHORTEST_FUZZY = 8
SHORTEST_CUT = 20
MOST_PROPOSALS = 5
MOST_NAMES_OF_ONE_VENDOR = 6
# Words in more names than this find too many candidates to be worth looking under.
COMMON_WORD = 400


class Outcome(StrEnum):
    """What became of a name."""

    AUTOMATIC = "automatic"
    REVIEW = "review"
    NEW = "new"
    WITHHELD = "withheld"


@dataclass(frozen=True, slots=True)
class KnownSupplier:
    """A supplier that payments can be matched to; ``source_numbers`` are (source, number) pairs."""

    key: str
    names: tuple[str, ...]
    identifiers: frozenset[str] = frozenset()
    source_numbers: frozenset[tuple[str, str]] = frozenset()
    postcodes: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Payee:
    """Who a payment line names: scheme-prefixed identifiers and a normalised postcode where the file has them."""

    name: str
    source: str
    source_number: str | None = None
    identifiers: frozenset[str] = frozenset()
    postcode: str | None = None


@dataclass(frozen=True, slots=True)
class Match:
    """The answer: ``key`` of the matched supplier (the best proposal in review), score out of 100 and the reasons.

    ``proposals`` are the suppliers a person should choose from, best first.
    """

    outcome: Outcome
    key: str | None
    score: int
    reasons: tuple[str, ...]
    proposals: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _Spelling:
    supplier: KnownSupplier
    name: SupplierName


class SupplierIndex:
    """Known suppliers, arranged for look-up; ``decisions`` map :func:`decision_key` to a key, None for none of them."""

    def __init__(self, suppliers: Iterable[KnownSupplier], decisions: Mapping[str, str | None] | None = None) -> None:
        self.decisions = decisions or {}
        self.by_identifier: dict[str, list[KnownSupplier]] = {}
        self.by_source_number: dict[tuple[str, str], list[KnownSupplier]] = {}
        self.by_core: dict[str, list[_Spelling]] = {}
        self.by_loose: dict[str, list[_Spelling]] = {}
        self.by_word: dict[str, list[_Spelling]] = {}
        for supplier in suppliers:
            self._add(supplier)

    def _add(self, supplier: KnownSupplier) -> None:
        for identifier in supplier.identifiers:
            self.by_identifier.setdefault(identifier, []).append(supplier)
        for number in supplier.source_numbers:
            self.by_source_number.setdefault(number, []).append(supplier)
        for raw in supplier.names:
            spelling = _Spelling(supplier, normalise_name(raw))
            for core in {spelling.name.core, spelling.name.trading} - {None, ""}:
                self.by_core.setdefault(str(core), []).append(spelling)
            self.by_loose.setdefault(loosen(spelling.name.core), []).append(spelling)
            for block in _blocks(spelling.name.core):
                self.by_word.setdefault(block, []).append(spelling)

    def candidates(self, core: str) -> list[_Spelling]:
        """Spellings that share an uncommon word, or the first letters, with a name."""
        found: dict[int, _Spelling] = {}
        for block in _blocks(core):
            listed = self.by_word.get(block, [])
            if len(listed) <= COMMON_WORD:
                found.update((id(spelling), spelling) for spelling in listed)
        return list(found.values())


def find_sundry_numbers(payees: Iterable[Payee]) -> frozenset[tuple[str, str]]:
    """The (source, number) pairs that stand for sundry or one-off suppliers and are therefore never an identity.

    A number is one when it is printed with more different names than a renamed or misspelt supplier ever has: six in
    the largest published series (spend-files reference, sections 12 and 13).
    """
    names: dict[tuple[str, str], set[str]] = {}
    for payee in payees:
        if payee.source_number:
            names.setdefault((payee.source, payee.source_number), set()).add(loosen(normalise_name(payee.name).core))
    return frozenset(number for number, found in names.items() if len(found) > MOST_NAMES_OF_ONE_VENDOR)


def decision_key(name: str) -> str:
    """What a person's decision about a name is remembered under."""
    told = normalise_name(name)
    return f"{told.core}|{told.form or ''}"


def identify(payee: Payee, index: SupplierIndex) -> Match:
    """Find the supplier a payment went to; redacted names and individuals are never matched.

    An identifier or a source's number that several known suppliers share is no evidence for either of them.
    Source: plan for spend, section 2.
    """
    if find_redaction(payee.name) or is_individual(payee.name):
        return Match(Outcome.WITHHELD, None, 0, ("The name is withheld or is a person's.",))
    for identifier in sorted(payee.identifiers):
        holders = index.by_identifier.get(identifier, [])
        if len(holders) == 1:
            return _sure(holders[0], f"The file gives the identifier {identifier}.")
    numbered = index.by_source_number.get((payee.source, payee.source_number or ""), [])
    if len(numbered) == 1:
        return _sure(numbered[0], f"It has the source's own supplier number {payee.source_number}.")
    key = decision_key(payee.name)
    if key in index.decisions:
        decided = index.decisions[key]
        reason = ("A person decided this name before.",)
        return Match(Outcome.AUTOMATIC if decided else Outcome.NEW, decided, 100, reason)
    return _match_name(payee, normalise_name(payee.name), index)


def _sure(supplier: KnownSupplier, reason: str) -> Match:
    return Match(Outcome.AUTOMATIC, supplier.key, 100, (reason,))


def _match_name(payee: Payee, name: SupplierName, index: SupplierIndex) -> Match:
    if not name.core:
        return Match(Outcome.NEW, None, 0, ("There is no name to go by.",))
    same = index.by_core.get(name.core) or index.by_core.get(name.trading or "", [])
    if same:
        return _settle(payee, name, [(spelling, 100) for spelling in same], "The names are the same.")
    alike = index.by_loose.get(loosen(name.core), [])
    if alike and len(name.core) >= SHORTEST_FUZZY:
        reason = "The names differ only in small words, spaces, plurals or abbreviations."
        return _settle(payee, name, [(spelling, LOOSE_SCORE) for spelling in alike], reason)
    scored = [(spelling, _score(name, spelling.name)) for spelling in index.candidates(name.core)]
    likely = sorted((one for one in scored if one[1] >= REVIEW_FROM), key=lambda one: (-one[1], one[0].supplier.key))
    if likely:
        return _settle(payee, name, likely, f"The names are alike to {likely[0][1]} of 100.")
    return Match(Outcome.NEW, None, 0, ("No known supplier has a name like it.",))


def _settle(payee: Payee, name: SupplierName, scored: list[tuple[_Spelling, int]], reason: str) -> Match:
    """Match to the best if it is sure and alone, or alone at the payee's postcode; leave the rest to a person."""
    best_score = scored[0][1]
    best = {spelling.supplier.key: spelling for spelling, score in scored if score == best_score}
    here = {key: found for key, found in best.items() if payee.postcode in found.supplier.postcodes}
    proposals = tuple(dict.fromkeys(spelling.supplier.key for spelling, _ in scored))[:MOST_PROPOSALS]
    chosen = here or best
    key = min(chosen)
    doubts = _doubts(payee, name, chosen)
    reasons = (reason, *(["The postcode is the same."] if here else []), *doubts)
    enough = AUTOMATIC_WITH_POSTCODE_FROM if here else AUTOMATIC_FROM
    if not doubts and best_score >= enough:
        return Match(Outcome.AUTOMATIC, key, best_score, reasons, proposals)
    return Match(Outcome.REVIEW, key, best_score, reasons, proposals)


def _doubts(payee: Payee, name: SupplierName, chosen: Mapping[str, _Spelling]) -> list[str]:
    """Why a match by name must not be made without a person."""
    doubts = []
    found = min(chosen.values(), key=lambda spelling: spelling.supplier.key)
    if len(chosen) > 1:
        doubts.append(f"{len(chosen)} known suppliers have that name.")
    if forms_conflict(name.form, found.name.form):
        doubts.append(f"One is {name.form}, the other {found.name.form}.")
    schemes = {_scheme(identifier) for identifier in payee.identifiers}
    if schemes & {_scheme(identifier) for identifier in found.supplier.identifiers}:
        doubts.append("Both have an identifier of the same register, and they differ.")
    return doubts


def _scheme(identifier: str) -> str:
    return identifier.rpartition("-")[0]


def _score(name: SupplierName, other: SupplierName) -> int:
    """How alike two names are, out of 100; a cut name is compared with as much of the other as it has."""
    if len(name.core) < SHORTEST_FUZZY:
        return 0
    shorter, longer = sorted((name, other), key=lambda one: len(one.core))
    if shorter.cut and len(shorter.core) >= SHORTEST_CUT and longer.core.startswith(shorter.core):
        return CUT_SCORE
    words = fuzz.token_sort_ratio(name.core, other.core)
    letters = fuzz.ratio(name.core.replace(" ", ""), other.core.replace(" ", ""))
    return int(max(words, letters))


def _blocks(core: str) -> set[str]:
    """What a name can be found under: its words, and its first six letters written together."""
    return {word for word in core.split() if len(word) > 2} | {f"{core.replace(' ', '')[:6]}…"}
