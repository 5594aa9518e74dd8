"""Fields of an open contracting release that stand in many places: moments, values, parties, documents, quantities."""

import json
from collections.abc import Mapping
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from wpound.core.form import write_decimal
from wpound.core.money import Money
from wpound.core.quantities import Unit
from wpound.core.supplier_size import SupplierSize
from wpound.documents.notices import Party, PublishedDocument

LONDON = ZoneInfo("Europe/London")


def write_json(package: Mapping[str, Any]) -> bytes:
    """The JSON of a release or package in UTF-8: amounts as exact numbers, the same content always the same bytes.

    >>> write_json({"amount": Decimal("1250.50"), "title": "Café"}).decode()
    '{"amount":1250.5,"title":"Café"}'
    """
    return _write(package).encode()


def _write(value: Any) -> str:
    if isinstance(value, Decimal):
        return write_decimal(value)
    if isinstance(value, Mapping):
        return f"{{{','.join(f'{_write(key)}:{_write(item)}' for key, item in value.items())}}}"
    if isinstance(value, list):
        return f"[{','.join(map(_write, value))}]"
    return json.dumps(value, ensure_ascii=False, allow_nan=False)


def write_moment(at: datetime) -> str:
    """A moment in London's time, to the second; raises ValueError without a time zone."""
    if at.tzinfo is None:
        raise ValueError("a published moment needs a time zone")
    return at.astimezone(LONDON).isoformat(timespec="seconds")


def write_day(day: date | None, end: bool = False) -> str | None:
    """The first or the last second of a day in London."""
    if day is None:
        return None
    return write_moment(datetime.combine(day, time(23, 59, 59) if end else time(), LONDON))


def known(fields: Mapping[str, Any]) -> dict[str, Any]:
    """The fields that say something: an empty field is not published."""
    return {name: value for name, value in fields.items() if value not in (None, "", [], {})}


def split_identifier(identifier: str | None) -> tuple[str | None, str | None]:
    """Scheme and number: the scheme is the first two parts, as org-id.guide has it."""
    if identifier is None:
        return None, None
    country, _, rest = identifier.partition("-")
    register, _, number = rest.partition("-")
    # One that names no register is published as it is.
    return (f"{country}-{register}", number) if number else (None, identifier)


def party_of(party: Party, roles: list[str]) -> dict[str, Any]:
    """An organisation in full, once in a release."""
    scheme, number = split_identifier(party.identifier)
    identifier = known({"scheme": scheme, "id": number, "legalName": party.name})
    details = known({"scale": "" if party.size is SupplierSize.UNKNOWN else party.size.value, "vcse": party.vcse})
    address = known({"streetAddress": party.address, "countryName": "United Kingdom" if party.address else ""})
    named = {"id": party.id, "name": party.name, "identifier": identifier, "address": address, "roles": roles}
    return known(named | {"details": details})


def reference_to(party: Party) -> dict[str, str]:
    """An organisation by its id and name."""
    return {"id": party.id, "name": party.name}


def amount_of(value: Money | None, includes_vat: bool | None = None) -> dict[str, Any]:
    """A value; one that includes tax stands in the United Kingdom's own field for that."""
    if value is None:
        return {}
    return {"amountGross" if includes_vat else "amount": value.pounds, "currency": "GBP"}


def period_of(start: str | None, end: str | None) -> dict[str, Any]:
    """A period from what is known of its ends."""
    return known({"startDate": start, "endDate": end})


def document_of(document: PublishedDocument) -> dict[str, Any]:
    """A document; the standard has no field for a fingerprint, so it stands in the description."""
    return {
        "id": document.key,
        "documentType": document.kind,
        "title": document.title,
        "description": f"SHA-256 {document.sha256}",
        "url": document.url,
        "datePublished": write_moment(document.published_at),
        "format": document.media_type,
        "language": "en",
    }


def observation_of(key: str, quantity: Decimal, unit: Unit, period: Mapping[str, Any]) -> dict[str, Any]:
    """A quantity in its unit; pounds are a value."""
    if unit is Unit.GBP:
        counted: dict[str, Any] = {"value": {"amount": quantity, "currency": "GBP"}}
    else:
        counted = {"measure": quantity, "unit": {"name": unit.label}}
    return known({"id": key, "period": dict(period)}) | counted


def year_of(year: int | None) -> dict[str, Any]:
    """The period of a calendar year."""
    return {} if year is None else period_of(write_day(date(year, 1, 1)), write_day(date(year, 12, 31), end=True))
