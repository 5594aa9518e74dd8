"""Postcode tables: load an edition, look postcodes up in the newest that has them."""

from collections.abc import Iterable, Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from wpound.core.places import Area
from wpound.store.base import add
from wpound.store.bulk import chunks, insert_rows
from wpound.store.models.places import Postcode, PostcodeTable

PostcodeValues = tuple[str, str, str | None, str | None, str | None, str | None]


def load_postcodes(session: Session, *, title: str, vintage: str, rows: Iterable[PostcodeValues]) -> PostcodeTable:
    """Load an edition from (postcode, district, ward, lsoa, introduced, terminated); raises StateError if it is there.

    Postcodes are written with one space before the last three characters; editions stand side by side.
    """
    table = add(session, PostcodeTable(title=title, vintage=vintage))
    columns = ("table_id", "postcode", "district_code", "ward_code", "lsoa_code", "introduced", "terminated")
    insert_rows(session, "postcodes", columns, ((table.id, *row) for row in rows))
    return table


def find_areas(session: Session, postcodes: Sequence[str]) -> dict[str, Area]:
    """The area of each postcode that any loaded edition has, from the edition loaded last, with its vintage."""
    found: dict[str, Area] = {}
    for chunk in chunks(postcodes):
        wanted = (
            select(
                Postcode.postcode, Postcode.district_code, Postcode.ward_code, Postcode.lsoa_code, PostcodeTable.vintage
            )
            .join(PostcodeTable, PostcodeTable.id == Postcode.table_id)
            .where(Postcode.postcode.in_(chunk))
            .order_by(Postcode.postcode, Postcode.table_id)
        )
        for postcode, district, ward, lsoa, vintage in session.execute(wanted):
            found[postcode] = Area(district, vintage, ward, lsoa)
    return found
