"""Checks the demonstration's returns as verifiers would, and asks those who benefited, at the dates it was done."""

import os
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

from wpound.core.delivery import Happening, Side, VerificationLevel
from wpound.core.money import round_half_up
from wpound.core.quantities import Unit
from wpound.demo.claims import FICTIONAL
from wpound.demo.contracts import PLACES, UNDECIDED, CaseKind, DemoCase, DemoClaim, DemoReturn
from wpound.demo.load_tenders import clock_of
from wpound.demo.report import Desk
from wpound.services.answer_confirmation import Answer, answer_confirmation
from wpound.services.answer_query import answer_query
from wpound.services.approve_line import Approval
from wpound.services.ask_beneficiary import MOST_DAYS, USUAL_DAYS, ask_beneficiary
from wpound.services.check_claim import approve_claim, query_claim, reject_claim
from wpound.services.correct_claim import Proposal, accept_correction, propose_correction

CHECKED = "The evidence, and one entry in five by telephone."
REDUCED = "The records that were shown are of less."
BENEFICIARY = "Example Community Trust"
QUESTION = "Did this happen, and was it as much as the supplier says?"
# Days: from sending to asking those who benefited and to their answer; from checking to a correction in force.
ASKED, CONFIRMED, CORRECTED = 3, 10, 30
DAYS_TO_REPLY = 14
# The file, in the demonstration's folder, of the link that somebody who benefited is to answer by.
LINK = "beneficiary-link"


def check_return(desk: Desk, quarter: DemoReturn, found: Any) -> None:
    """Decide the lines of a return that was sent, as far as the story goes."""
    is_waiting = all(claim.verified is None for claim in quarter.claims)
    for line, claim in desk.lines(found, quarter):
        case = claim.case if claim else None
        if case is not None and case.kind in UNDECIDED:
            _leave(desk, quarter, found, line, case)
        elif case is not None and case.kind is CaseKind.REJECTED:
            reject_claim(*_place(desk, found, line), case.words, **_about(desk, line, quarter.checked_on))
        elif claim is None:
            if not is_waiting:
                _approve(desk, found, line, quarter.checked_on, Decimal(0), VerificationLevel.OFFICER_CHECKED)
        elif claim.verified is not None:
            _decide(desk, quarter, found, line, claim)


def _leave(desk: Desk, quarter: DemoReturn, found: Any, line: Any, case: DemoCase) -> None:
    """A line that is not decided: somebody is asked about it, or nobody yet."""
    if case.kind is CaseKind.ASKED:
        asked = _ask(desk, found, line, case.who, case.words, None, MOST_DAYS)
        keep_link(desk.settings.data_dir / "demo", asked)
    if case.kind in (CaseKind.QUERIED, CaseKind.ANSWERED):
        reply_by = quarter.checked_on + timedelta(days=DAYS_TO_REPLY)
        query_claim(*_place(desk, found, line), case.words, reply_by, **_about(desk, line, quarter.checked_on))
    if case.kind is CaseKind.ANSWERED:
        place = (desk.session, desk.supplier, found.id, line.id)
        answer_query(*place, case.answer, version=line.version, catalogue=desk.catalogue)


def _decide(desk: Desk, quarter: DemoReturn, found: Any, line: Any, claim: DemoClaim) -> None:
    if claim.level is VerificationLevel.BENEFICIARY_CONFIRMED:
        _confirm(desk, quarter, found, line)
    verified = claim.verified or Decimal(0)
    _approve(desk, found, line, quarter.checked_on, verified, claim.level)
    if claim.case is not None and claim.case.kind is CaseKind.CORRECTED:
        _correct(desk, quarter, found, line, claim, claim.case)


def _approve(desk: Desk, found: Any, line: Any, day: date, verified: Decimal, level: VerificationLevel) -> None:
    reason = REDUCED if verified < line.claimed else ""
    approval = Approval(verified, level, reason, CHECKED)
    approve_claim(*_place(desk, found, line), approval, **_about(desk, line, day))


def _correct(desk: Desk, quarter: DemoReturn, found: Any, line: Any, claim: DemoClaim, case: DemoCase) -> None:
    """The supplier found that less was done, and the verifier puts that in force."""
    unit: Unit = desk.measure_of(claim).unit
    claimed = round_half_up((claim.verified or Decimal(0)) * case.thousandths / 1000, PLACES.get(unit, 0))
    proposal, own = Proposal(claimed, case.words), (desk.session, desk.supplier, found.id, line.id)
    made = propose_correction(*own, proposal, side=Side.SUPPLIER, version=line.version)
    approval = Approval(claimed, claim.level, checked=CHECKED)
    about = _about(desk, made, quarter.checked_on + timedelta(days=CORRECTED))
    accept_correction(desk.session, desk.verifier, found.id, made.id, approval, catalogue=desk.catalogue, **about)


def _confirm(desk: Desk, quarter: DemoReturn, found: Any, line: Any) -> None:
    asked_on = quarter.submitted_on + timedelta(days=ASKED)
    link = _ask(desk, found, line, BENEFICIARY, QUESTION, asked_on, USUAL_DAYS)
    answer = Answer(Happening.HAPPENED, role="Director (example)", comment=f"{FICTIONAL}.")
    clock = clock_of(quarter.submitted_on + timedelta(days=CONFIRMED))
    answer_confirmation(desk.session, token_of(link), answer, desk.settings, clock=clock)


def _ask(desk: Desk, found: Any, line: Any, who: str, question: str, day: date | None, days: int) -> str:
    made = ask_beneficiary(
        *_place(desk, found, line),
        asked_of=who,
        email=None,
        question=question,
        settings=desk.settings,
        days=days,
        clock=clock_of(day),
    )
    return str(made.link)


def _place(desk: Desk, found: Any, line: Any) -> tuple[Any, Any, Any, Any]:
    return desk.session, desk.verifier, found.id, line.id


def _about(desk: Desk, row: Any, day: date) -> dict[str, Any]:
    return {"version": row.version, "base_url": desk.settings.base_url, "clock": clock_of(day)}


def token_of(link: str) -> str:
    """The secret part of a link."""
    return link.rpartition("/")[2]


def keep_link(folder: Path, link: str) -> None:
    """Keep the link, which is nowhere else, in a file that its owner alone can read."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / LINK
    path.unlink(missing_ok=True)
    with os.fdopen(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "w") as file:
        file.write(link)


def read_link(folder: Path) -> str:
    """The link that was kept; nothing where there is none."""
    path = folder / LINK
    return path.read_text() if path.exists() else ""
