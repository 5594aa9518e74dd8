"""What a person should look at in a return. These are warnings: none refuses a return or changes a figure.

The limits are rules of this house; sources of the others stand in ``docs/method/returns.md``.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from wpound.core.double_counts import Use
from wpound.core.form import write_decimal, write_list

MOST_TIMES_DUE = 3
LEAST_WEEKLY_HOURS = Decimal(16)
_CARBON_WORDS = {
    "the baseline": re.compile(r"\bbaseline", re.I),
    "the scope": re.compile(r"\bscopes?\b", re.I),
    "the year of the factor": re.compile(r"\b20\d\d\b"),
}


@dataclass(frozen=True, slots=True)
class ReturnWarning:
    """Something to look at; ``buyer_only`` where the supplier must not learn of it, as it concerns another one."""

    code: str
    claim_id: int
    message: str
    buyer_only: bool = False


@dataclass(frozen=True, slots=True)
class FileUse:
    """A file behind a claim, by its SHA-256."""

    sha256: str
    claim_id: int
    return_id: int
    supplier_id: int


@dataclass(frozen=True, slots=True)
class CheckedClaim:
    """A claim as warnings see it; all figures in the measure's unit, of the same promise where nothing else is said.

    ``due`` in this quarter, ``promised`` in total, ``delivered_before`` claimed in quarters before, ``last_quarter`` in
    the one before this (None: no return), ``elsewhere`` figures of the same measure in other contracts of the supplier
    this quarter. ``weekly_hours`` are those of its people, for measures that ask for at least 16.
    ``is_plain_carbon`` is carbon claimed as a plain amount, so that only the narrative tells how it was worked out.
    """

    claim_id: int
    claimed: Decimal
    due: Decimal
    promised: Decimal
    delivered_before: Decimal
    last_quarter: Decimal | None = None
    elsewhere: Sequence[Decimal] = ()
    weekly_hours: Sequence[Decimal] = ()
    narrative: str = ""
    is_plain_carbon: bool = False


def check_claim(claim: CheckedClaim) -> Iterator[ReturnWarning]:
    """Every warning about the figures and words of one claim."""
    for code, message in (*_check_figures(claim), *_check_others(claim), *_check_words(claim)):
        yield ReturnWarning(code, claim.claim_id, message)


def _check_figures(claim: CheckedClaim) -> Iterator[tuple[str, str]]:
    due, claimed = write_decimal(claim.due), write_decimal(claim.claimed)
    total = claim.delivered_before + claim.claimed
    if not claim.claimed and claim.due > 0:
        yield "nothing_claimed", f"Nothing is claimed, though {due} is due this quarter."
    if claim.claimed > claim.due * MOST_TIMES_DUE > 0:
        yield "far_above_due", f"{claimed} is claimed, more than {MOST_TIMES_DUE} times the {due} due this quarter."
    if claim.claimed and total > claim.promised:
        promised = write_decimal(claim.promised)
        yield "above_promise", f"With this claim it comes to {write_decimal(total)}, more than the {promised} promised."


def _check_others(claim: CheckedClaim) -> Iterator[tuple[str, str]]:
    figure = write_decimal(claim.claimed)
    if claim.claimed and claim.claimed == claim.last_quarter:
        yield "same_as_before", f"{figure} is exactly what was claimed in the quarter before."
    if claim.claimed and claim.claimed in claim.elsewhere:
        yield "same_elsewhere", f"Exactly {figure} is also claimed for this measure in another contract this quarter."


def _check_words(claim: CheckedClaim) -> Iterator[tuple[str, str]]:
    short = sum(1 for hours in claim.weekly_hours if hours < LEAST_WEEKLY_HOURS)
    if short:
        who = "1 job is" if short == 1 else f"{short} jobs are"
        yield "short_hours", f"{who} for fewer than {LEAST_WEEKLY_HOURS} hours a week, so they may not count."
    missing = [words for words, pattern in _CARBON_WORDS.items() if not pattern.search(claim.narrative)]
    if claim.is_plain_carbon and claim.claimed and missing:
        yield "carbon_words", f"The narrative does not seem to name {write_list(missing)}."


def find_moved_starts(new: Mapping[int, Sequence[Use]], standing: Iterable[Use]) -> list[ReturnWarning]:
    """Warnings for claims (by id) that give a person another first day of employment than earlier ones of the measure.

    A measure that counts the first months only could be claimed for ever by moving that day.
    """
    known: dict[tuple[str, str], set[date | None]] = defaultdict(set)
    for use in standing:
        known[use.key, use.measure_code].add(use.started_on)
    found = []
    for claim_id, uses in new.items():
        moved = sum(1 for use in uses if use.started_on and known[use.key, use.measure_code] - {None, use.started_on})
        if moved:
            who = "One person has" if moved == 1 else f"{moved} people have"
            message = f"{who} another first day of employment here than in earlier claims of this measure."
            found.append(ReturnWarning("start_moved", claim_id, message))
    return found


def find_same_files(files: Sequence[FileUse], others: Iterable[FileUse]) -> list[ReturnWarning]:
    """Warnings for every file of a return that also stands behind another claim: of it, of other returns or suppliers.

    ``others`` are files of all other returns; those of another supplier are for the buyer only. One warning for each
    claim and kind, however many files.
    """
    found: dict[tuple[int, str], int] = defaultdict(int)
    by_hash: dict[str, list[FileUse]] = defaultdict(list)
    for use in (*files, *others):
        by_hash[use.sha256].append(use)
    for mine in files:
        for code in {_kind_of(mine, use) for use in by_hash[mine.sha256] if use.claim_id != mine.claim_id}:
            found[mine.claim_id, code] += 1
    return [
        ReturnWarning(code, claim_id, _SAME_FILE[code].format(_count_files(count)), code == "same_file_supplier")
        for (claim_id, code), count in sorted(found.items())
    ]


def _kind_of(mine: FileUse, other: FileUse) -> str:
    if mine.supplier_id != other.supplier_id:
        return "same_file_supplier"
    return "same_file_claim" if mine.return_id == other.return_id else "same_file_return"


def _count_files(count: int) -> str:
    return "One file" if count == 1 else f"{count} files"


_SAME_FILE = {
    "same_file_claim": "{} of this claim is also evidence of another claim of this return.",
    "same_file_return": "{} of this claim is also evidence in another return of this supplier.",
    "same_file_supplier": "{} of this claim is also evidence of another supplier.",
}
