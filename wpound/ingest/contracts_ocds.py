"""Contracts from open contracting (OCDS) releases: a bare release, a list of them, or a package; nothing is fetched."""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from wpound.core.errors import InputError, Severity
from wpound.core.money import Money
from wpound.core.periods import Period
from wpound.core.register_files import FileContract, FileSupplier
from wpound.ingest.contracts_file import ContractsFile
from wpound.ingest.suppliers.identifiers import charity_identifier, company_identifier

MOST_POUNDS = Decimal(10) ** 12
COMPANY, CHARITY = ("GB-COH",), ("GB-CHC", "GB-SC", "GB-NIC")
# Only these say that something was bought.
BOUGHT = {"active", "complete", "terminated", "pending", ""}
LOST_BREAK = re.compile(r"(?<=[\w.,;:)])(rn)+(?=[A-Z•*-])")


def read_releases(content: bytes, found: ContractsFile, names: frozenset[str]) -> ContractsFile:
    """The awards and contracts of every release; raises InputError for JSON that holds no releases."""
    for place, release in _releases(_parse(content)):
        buyer = _mapping(release.get("buyer"))
        name = str(buyer.get("name") or "")
        if name:
            found.buyers.add(name)
        if not release.get("id"):
            words = "The release has no id, which the standard asks for; it is known by its process and date."
            found.note("release_without_id", words, place)
        own = name.casefold() in names or str(buyer.get("id") or "").casefold() in names
        for one, award in _bought(release):
            found.rows += 1
            where = f"{place}, {one}"
            if own:
                _take(release, award, where, found)
            else:
                found.keep_out(
                    "another_buyer",
                    f"The buyer is {f'“{name}”' if name else 'not named'}, which is not your organisation.",
                    where,
                    "buyer",
                    name,
                )
    return found


def _parse(content: bytes) -> Any:
    try:
        return json.loads(content, parse_float=Decimal, parse_int=Decimal, parse_constant=Decimal)
    except (ValueError, RecursionError):
        raise InputError("file", "The file is no sound JSON. Fetch it again.") from None


def _releases(data: Any) -> Iterator[tuple[str, Mapping[str, Any]]]:
    listed = data if isinstance(data, list) else [data]
    for package in listed:
        inside = package.get("releases") if isinstance(package, Mapping) else None
        releases = inside if isinstance(inside, list) else [package]
        for number, release in enumerate(releases, start=1):
            if not isinstance(release, Mapping) or not isinstance(release.get("ocid"), str):
                raise InputError("file", "This JSON holds no open contracting releases (there is no ocid).")
            yield f"release {number} ({release['ocid']})", release


def _bought(release: Mapping[str, Any]) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """The contracts of a release and the awards that have none, each with the award it is of."""
    awards = [award for award in _list(release.get("awards")) if str(award.get("status") or "") in BOUGHT]
    contracts = {str(contract.get("awardID")): contract for contract in _list(release.get("contracts"))}
    for number, award in enumerate(awards, start=1):
        contract = contracts.get(str(award.get("id")), {})
        merged = {**award, **{key: contract[key] for key in ("value", "title", "description") if contract.get(key)}}
        if contract.get("period"):
            merged["contractPeriod"] = contract["period"]
        yield f"award {number}", merged


def _take(release: Mapping[str, Any], award: Mapping[str, Any], place: str, found: ContractsFile) -> None:
    tender = _mapping(release.get("tender"))
    value, life = _value(award, place, found), _life(award, tender, place, found)
    suppliers = [_supplier(one, release, place, found) for one in _list(award.get("suppliers"))]
    if not suppliers:
        found.note("supplier_missing", "The award names no supplier.", place, "suppliers", severity=Severity.ERROR)
    if value is None or life is None or not suppliers:
        found.kept_out += 1
        return
    classification = _mapping(tender.get("classification"))
    is_cpv = str(classification.get("scheme") or "") == "CPV"
    details = {
        "description": _text(award.get("description") or tender.get("description")),
        "cpv_code": str(classification.get("id") or "") if is_cpv else "",
        "cpv_label": _text(classification.get("description")) if is_cpv else "",
        "process": _text(tender.get("procurementMethodDetails")),
        "contract_type": "multiple_award" if len(suppliers) > 1 else "",
        "lot": ", ".join(str(lot) for lot in award.get("relatedLots") or ()),
    }
    contract = FileContract(
        place=place,
        reference=str(award.get("id") or f"{release['ocid']}-award"),
        title=_text(award.get("title") or tender.get("title")) or str(release["ocid"]),
        value=value,
        life=life,
        suppliers=tuple(suppliers),
        ocid=str(release["ocid"]),
        details={key: said for key, said in details.items() if said},
        said={"release": str(release.get("id") or f"{release['ocid']}-{release.get('date')}")},
    )
    _caution(contract, found)
    found.contracts.append(contract)


def _caution(contract: FileContract, found: ContractsFile) -> None:
    if contract.is_nominal:
        words = f"A value of {contract.value.format()} is only a stand-in; totals leave it out."
        found.note("nominal_value", words, contract.place, "value")
    if len(contract.suppliers) > 1:
        words = f"One value for {len(contract.suppliers)} suppliers: it is not split between them."
        found.note("several_suppliers", words, contract.place, "suppliers")


def _value(award: Mapping[str, Any], place: str, found: ContractsFile) -> Money | None:
    value = _mapping(award.get("value"))
    amount, currency = value.get("amount", value.get("amountGross")), value.get("currency")
    problem = ""
    if amount is None or currency is None:
        problem = "The award has no value, or a value without a currency."
    elif currency != "GBP":
        problem = f"The value is in {currency}; amounts of different currencies are never added."
    elif not _is_amount(amount):
        problem = "The value is not an amount of money between £0 and a trillion pounds."
    if problem:
        found.note("value_unreadable", problem, place, "value", str(amount)[:40], Severity.ERROR)
        return None
    return Money.rounded(Decimal(amount))


def _is_amount(amount: Any) -> bool:
    try:
        return Decimal(amount).is_finite() and 0 <= Decimal(amount) < MOST_POUNDS
    except (InvalidOperation, TypeError, ValueError):
        return False


def _life(award: Mapping[str, Any], tender: Mapping[str, Any], place: str, found: ContractsFile) -> Period | None:
    period = _mapping(award.get("contractPeriod")) or _mapping(tender.get("contractPeriod"))
    try:
        return Period(*(date.fromisoformat(str(period.get(end) or "")[:10]) for end in ("startDate", "endDate")))
    except ValueError:
        words = "The days of the contract are missing, cannot be read, or end before they start."
        found.note("days_unreadable", words, place, "contractPeriod", severity=Severity.ERROR)
        return None


def _supplier(named: Mapping[str, Any], release: Mapping[str, Any], place: str, found: ContractsFile) -> FileSupplier:
    """A supplier by its company or charity number; an id of the publishing site is no identity."""
    name = _text(named.get("name")) or "Supplier without a name"
    parties = [party for party in _list(release.get("parties")) if party.get("id") == named.get("id")]
    said = [*(_mapping(party.get("identifier")) for party in parties)]
    said += [one for party in parties for one in _list(party.get("additionalIdentifiers"))]
    pairs = [(str(one.get("scheme") or ""), str(one.get("id") or "")) for one in said]
    pairs += [("-".join(str(named.get("id")).split("-")[:2]), str(named.get("id")).split("-", 2)[-1])]
    for scheme, number in pairs:
        identifier = company_identifier(number) if scheme in COMPANY else None
        identifier = identifier or (charity_identifier(number) if scheme in CHARITY else None)
        if identifier:
            return FileSupplier(name, identifier)
        if scheme in COMPANY:
            words = f"{name}: this is no company number, so the supplier is known by its name only."
            found.note("company_number_odd", words, place, "suppliers", number)
    return FileSupplier(name)


def _text(value: Any) -> str:
    """A text on one line; line breaks that were lost on the way (a bare rn) become blanks."""
    return " ".join(LOST_BREAK.sub(" ", str(value or "")).split())


def _mapping(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, Mapping) else {}


def _list(value: Any) -> Sequence[Mapping[str, Any]]:
    return [one for one in value if isinstance(one, Mapping)] if isinstance(value, list) else []
