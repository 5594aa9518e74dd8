"""Load a full postcode table, so that places are certain where sectors leave them open."""

from collections.abc import Iterator
from itertools import chain
from pathlib import Path

from sqlalchemy.orm import Session

from wpound.core.errors import InputError
from wpound.ingest.geography.postcode_tables import PostcodeRow, read_postcode_table
from wpound.store.audit import append_event
from wpound.store.models.places import PostcodeTable
from wpound.store.places import PostcodeValues, load_postcodes


def load_postcode_table(session: Session, path: Path, *, actor: str, vintage: str | None = None) -> PostcodeTable:
    """Load an edition of ONSPD, NSPL, the ONS look-up or Code-Point Open under its file name.

    Postcodes without a district are left out. Raises InputError where the file is no such table or holds nothing, and
    StateError where an edition of that name is loaded already.
    """
    rows = read_postcode_table(path, vintage)
    first = next(rows, None)
    if first is None:
        raise InputError("file", f"{path.name} has the columns of a postcode table but no postcodes.")
    table = load_postcodes(session, title=path.name, vintage=first.vintage, rows=_values(chain([first], rows)))
    append_event(
        session,
        actor=actor,
        action="postcode_table.loaded",
        object_kind="postcode_table",
        object_id=table.id,
        detail={"title": table.title, "vintage": table.vintage},
    )
    return table


def _values(rows: Iterator[PostcodeRow]) -> Iterator[PostcodeValues]:
    for row in rows:
        if row.district_code is not None:
            yield row.postcode, row.district_code, row.ward_code, row.lsoa_code, row.introduced, row.terminated
