"""A return laid out for its workbook: for its own supplier, with what the supplier calls people, events and items."""

from collections.abc import Iterator

from sqlalchemy.orm import Session

from wpound.catalogue.model import Catalogue
from wpound.config import Settings
from wpound.core.claim_content import ClaimContent, NewEntry
from wpound.core.delivery import Side
from wpound.core.periods import format_day
from wpound.core.return_sheets import ReturnLine, ReturnSheets
from wpound.services.access import Person
from wpound.services.count_keys import open_pseudonyms
from wpound.services.edit_claim import OPEN_STATES
from wpound.services.show_claim import ClaimLine
from wpound.services.show_return import ReturnPage, gather_return
from wpound.store.models.contracts import Contract
from wpound.store.models.returns import SocialValueReturn


def lay_out_return(
    session: Session,
    person: Person,
    found: SocialValueReturn,
    contract: Contract,
    catalogue: Catalogue,
    settings: Settings,
) -> tuple[ReturnPage, ReturnSheets]:
    """The return as its supplier sees it, with every reference read, and the sheets of its workbook."""
    pseudonyms = open_pseudonyms(settings)
    reading = {claim.id: pseudonyms for claim in found.claims}
    page = gather_return(session, person, found, contract, catalogue, Side.SUPPLIER, pseudonyms=reading)
    factors = {code: f"{factor.activity}, {factor.unit}" for code, factor in page.rules.factor_set.factors.items()}
    return page, ReturnSheets(found.id, contract.reference, page.period, tuple(map(_line, page.lines)), factors)


def _line(line: ClaimLine) -> ReturnLine:
    # A line that names something whose reference was erased cannot be written anew: it would lose that.
    is_erased = any(entry.reference is None for entry in line.entries)
    return ReturnLine(
        claim_id=line.claim.id,
        title=line.title,
        unit=line.commitment.unit,
        counting=line.rule.counting,
        how_to_count=line.rule.measure.how_to_count if line.rule.measure else "",
        promised=line.promised,
        due=line.due,
        carried=(line.before.standing, line.before.verified),
        counted=line.claimed,
        state=_state(line),
        is_open=line.claim.state in OPEN_STATES and not is_erased,
        content=ClaimContent(line.figures.amount, line.figures.share, line.figures.narrative, tuple(_entries(line))),
    )


def _state(line: ClaimLine) -> str:
    if line.correction:
        return f"{line.status}. {line.correction}"
    if line.claim.reply_by is None:
        return line.status
    return f"{line.status}: {line.claim.reason} Answer by {format_day(line.claim.reply_by)}."


def _entries(line: ClaimLine) -> Iterator[NewEntry]:
    for entry in line.entries:
        row = entry.row
        if entry.reference is not None:
            yield NewEntry(
                kind=row.kind,
                reference=entry.reference,
                first_on=row.first_on,
                last_on=row.last_on,
                started_on=row.started_on,
                hours=row.hours,
                attendees=row.attendees,
                amount=row.amount,
                factor=row.factor,
                share=row.share,
            )
