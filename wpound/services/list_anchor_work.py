"""What waits for an anchor: its spend files, how much of its spend has a place, and where it stands."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from wpound.catalogue.model import City
from wpound.core.league import LeagueRow, LeagueTable
from wpound.core.money import Money
from wpound.services.access import Person, organisation_of
from wpound.services.build_league_table import get_league_table
from wpound.store.league import list_financial_years, undated_spend
from wpound.store.models.spend import FileStatus, SpendFile, SpendIssue
from wpound.store.spend import get_file, list_issues
from wpound.store.workload import FileRow, list_file_rows

FIRST_ROWS = 5
FILE_TITLES = {
    FileStatus.IMPORTING: "Being imported",
    FileStatus.ACCEPTED: "Accepted",
    FileStatus.ACCEPTED_WITH_WARNINGS: "Accepted with warnings",
    FileStatus.REFUSED: "Refused",
}


@dataclass(frozen=True, slots=True)
class AnchorWork:
    """What an anchor is to look at; ``newest_year`` is the last financial year with spend, None where there is none.

    ``table`` is the newest league table published under the city's first definition of local for a year with spend,
    ``year`` its year (the newest where none was published) and ``row`` the anchor's own row; None where there is
    none. ``undated`` is money of lines without a day, which no year counts.
    """

    files: Sequence[FileRow]
    file_count: int
    newest_year: int | None
    year: int | None
    table: LeagueTable | None
    row: LeagueRow | None
    undated: Money | None


def get_anchor_work(session: Session, person: Person, city: City) -> AnchorWork:
    """What waits for the anchor this person acts for."""
    organisation_id = organisation_of(person)
    files, count = list_anchor_files(session, person, FIRST_ROWS)
    years = list_financial_years(session, organisation_ids=[organisation_id])
    newest = years[0] if years else None
    tables = ((year, get_league_table(session, city, city.localities[0].key, year)) for year in years)
    year, table = next(((year, table) for year, table in tables if table), (newest, None))
    key = next(grant.organisation_key for grant in person.current)
    row = next((row for row in table.rows if row.anchor == key), None) if table else None
    undated = undated_spend(session, organisation_ids=[organisation_id]).get(organisation_id)
    return AnchorWork(files, count, newest, year, table, row, undated[0] if undated else None)


def list_anchor_files(session: Session, person: Person, limit: int, offset: int = 0) -> tuple[list[FileRow], int]:
    """The anchor's spend files, the last imported first: so many of them, and how many there are."""
    return list_file_rows(session, organisation_id=organisation_of(person), limit=limit, offset=offset)


def get_anchor_file(session: Session, person: Person, file_id: int) -> SpendFile:
    """One of the anchor's spend files; raises NotFound, also for another anchor's."""
    return get_file(session, file_id, organisation_id=organisation_of(person))


def list_file_issues(session: Session, file: SpendFile, limit: int, offset: int = 0) -> tuple[list[SpendIssue], int]:
    """What was found in a file's rows, in the order it was met: so much of it, and how much there is."""
    return list_issues(session, file.id, limit=limit, offset=offset)
