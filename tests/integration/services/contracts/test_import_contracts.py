"""Register files: shown first, entered once, nothing overwritten, every row accounted for."""

import json
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from wpound.core.errors import InputError, NotFound, StaleEdit, StateError
from wpound.core.money import Money
from wpound.documents.contracts_register import FIELDS, register_csv, register_json
from wpound.services.import_contracts import enter_import, read_register_file, show_import
from wpound.services.publish_register import publish_register
from wpound.store.contracts import find_contract, list_contract_changes, list_contract_suppliers
from wpound.store.models.contract_links import ContractImport
from wpound.store.models.suppliers import Supplier

if TYPE_CHECKING:
    from conftest import Managing

HEADINGS = (
    "OrganisationLabel,ContractReference,ContractTitle,StartDate,EndDate,ContractValue,SupplierName,"
    "CompaniesHouseRegistrationNumber,ContactName"
)


def write(path: Path, *rows: str) -> Path:
    path.write_text("\n".join([HEADINGS, *rows]), "utf-8")
    return path


def read(managing: "Managing", path: Path, named_as: str = "") -> ContractImport:
    return read_register_file(managing.session, managing.officer, path, path.name, named_as)[0]


def enter(managing: "Managing", file: ContractImport) -> dict[str, int]:
    return enter_import(managing.session, managing.officer, file.id, managing.catalogue, version=file.version)


def test_every_row_is_a_contract_or_is_kept_out_with_its_place(managing: "Managing", tmp_path: Path) -> None:
    name = managing.buyer.name
    path = write(
        tmp_path / "register.csv",
        f"{name},A1,Grass,01/04/2026,31/03/2027,125123.00,Ash Grounds (Example) Ltd,1234567,A Person",
        f"{name},A2,Hedges,2026-04-01,2027-03-31,\"£1,000\",Birch Ltd,,",
        f"{name},A3,Trees,yesterday,31/03/2027,abc,Birch Ltd,,",
        f"{name},A4,Paths,01/04/2026,31/03/2025,5,Birch Ltd,,",
        f"{name},A5,,01/04/2026,31/03/2027,5,Birch Ltd,,",
        "Another Council,A6,Verges,01/04/2026,31/03/2027,5,Birch Ltd,,",
        f"{name},A1,Grass,01/04/2026,31/03/2027,200000.00,Ash Grounds (Example) Ltd,458577871,",
    )  # fmt: skip
    page = show_import(managing.session, managing.officer, read(managing, path).id)

    assert (page.file.row_count, len(page.readings), page.kept_out) == (7, 2, 5)
    told = {(issue.sheet, issue.code, issue.column) for issue in page.issues}
    assert ("Row 4", "date_unreadable", "StartDate") in told
    assert ("Row 4", "value_unreadable", "ContractValue") in told
    assert ("Row 5", "ends_before_start", "EndDate") in told
    assert ("Row 6", "cell_missing", "ContractTitle") in told
    assert ("Row 7", "another_buyer", "OrganisationLabel") in told
    assert ("Row 2", "repeated", "reference") in told
    assert ("Row 8", "company_number_odd", "CompaniesHouseRegistrationNumber") in told
    assert "A Person" not in json.dumps(page.file.records)


def test_the_same_file_twice_is_nothing_new_and_another_value_becomes_a_change(
    managing: "Managing", tmp_path: Path
) -> None:
    row = f"{managing.buyer.name},A1,Grass,01/04/2026,31/03/2027,{{}},Ash Grounds (Example) Ltd,1234567,"
    first = write(tmp_path / "one.csv", row.format("1000.00"))
    file = read(managing, first)
    assert enter(managing, file) == {"entered": 1, "changed": 0, "same": 0}
    again, is_repeated = read_register_file(managing.session, managing.officer, first, "renamed.csv")
    assert (again.id, is_repeated) == (file.id, True)
    with pytest.raises((StateError, StaleEdit)):
        enter(managing, again)

    second = write(tmp_path / "two.csv", row.format("1500.00"))
    assert enter(managing, read(managing, second)) == {"entered": 0, "changed": 1, "same": 0}

    contract = find_contract(managing.session, "A1", organisation_id=managing.buyer.id)
    assert contract is not None
    [change] = list_contract_changes(managing.session, contract_id=contract.id)
    assert (change.value_before, change.value_after) == (Money(100000), Money(150000))
    longer = write(tmp_path / "three.csv", row.replace("31/03/2027", "30/06/2027").format("1500.00"))
    assert enter(managing, read(managing, longer)) == {"entered": 0, "changed": 1, "same": 0}
    assert (contract.contract_value, contract.end_on) == (Money(150000), date(2027, 6, 30))
    assert contract.supplier_id == managing.contract.supplier_id  # known by the company number


def test_a_file_of_another_buyer_is_not_found(managing: "Managing", tmp_path: Path) -> None:
    file = read(managing, write(tmp_path / "a.csv", f"{managing.buyer.name},A1,G,01/04/2026,31/03/2027,1,B,,"))
    with pytest.raises(NotFound):
        show_import(managing.session, managing.stranger, file.id)


@pytest.mark.parametrize("content", ["", "{}", "[{}]", '{"a": ', "Name,Amount\nA,1"])
def test_what_is_no_register_is_refused_in_words(managing: "Managing", tmp_path: Path, content: str) -> None:
    path = tmp_path / "file"
    path.write_text(content, "utf-8")
    with pytest.raises(InputError):
        read(managing, path)


def release(**award: Any) -> dict[str, Any]:
    plain = {
        "id": "award-1",
        "status": "active",
        "value": {"amount": 400, "currency": "GBP"},
        "suppliers": [{"id": "GB-CFS-1", "name": "Ash Grounds (Example) Ltd"}, {"id": "GB-COH-1234567", "name": "B"}],
        "contractPeriod": {"startDate": "2026-04-01T00:00:00Z", "endDate": "2027-03-31T23:59:59Z"},
    }
    return {"ocid": "ocds-b5fd17-1", "id": "1", "buyer": {"name": "Us"}, "awards": [{**plain, **award}]}


def test_an_award_keeps_its_suppliers_and_a_site_number_is_no_identity(managing: "Managing", tmp_path: Path) -> None:
    path = tmp_path / "release.json"
    path.write_text(json.dumps({"releases": [release()], "links": {"next": "https://example.org/more"}}))
    assert enter(managing, read(managing, path, "us"))["entered"] == 1

    contract = find_contract(managing.session, "award-1", organisation_id=managing.buyer.id)
    assert contract is not None
    suppliers = list_contract_suppliers(managing.session, [contract.id])[contract.id]
    assert len(suppliers) == 1  # both names are the firm of that company number and name
    assert contract.contract_value == Money(40000)


@pytest.mark.parametrize(
    "value",
    [
        {"amount": -1, "currency": "GBP"},
        {"amount": 5, "currency": "EUR"},
        {"amount": 5},
        {"amount": "text", "currency": "GBP"},
    ],
)
def test_a_value_that_is_none_keeps_the_award_out(managing: "Managing", tmp_path: Path, value: dict[str, Any]) -> None:
    path = tmp_path / "release.json"
    path.write_text(json.dumps(release(value=value)))
    page = show_import(managing.session, managing.officer, read(managing, path, "us").id)
    assert (len(page.readings), page.kept_out) == (0, 1)


def test_a_number_without_end_is_no_amount(managing: "Managing", tmp_path: Path) -> None:
    path = tmp_path / "release.json"
    path.write_text(json.dumps(release()).replace("400", "1e9999"))
    assert show_import(managing.session, managing.officer, read(managing, path, "us").id).kept_out == 1


def test_open_data_has_the_fields_of_the_schema_and_runs_no_formula(managing: "Managing", tmp_path: Path) -> None:
    row = f"{managing.buyer.name},A1,=HYPERLINK(1),01/04/2026,31/03/2027,5000,Ash,,A Person"
    enter(managing, read(managing, write(tmp_path / "a.csv", row)))
    rows = publish_register(managing.session, managing.buyer.key, "https://example.org")

    text = register_csv(rows).decode("utf-8-sig")
    data = json.loads(register_json(rows))

    assert text.splitlines()[0] == ",".join(FIELDS)
    assert "'=HYPERLINK(1)" in text
    assert "01/04/2026" in text
    assert "5000.00" in text
    assert "A Person" not in text
    assert {one["ContractReference"] for one in data} == {"A1", "C-1"}
    assert next(one for one in data if one["ContractReference"] == "A1")["ContractValue"] == "5000.00"


def test_what_leaves_as_open_data_comes_back_the_same(managing: "Managing", tmp_path: Path) -> None:
    path = tmp_path / "register.csv"
    path.write_bytes(register_csv(publish_register(managing.session, managing.buyer.key, "https://example.org")))
    page = show_import(managing.session, managing.officer, read(managing, path).id)
    assert (page.new, page.changed, page.kept_out) == (0, 0, 0)
    assert len(page.readings) == 1


def test_open_data_names_nobody_even_where_the_file_did(managing: "Managing", tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text(
        f"{HEADINGS},ContactEmail,ContactURL,OtherSupplierID,ServiceCategoryLabel\n"
        f"{managing.buyer.name},A1,Grass,01/04/2026,31/03/2027,5000,Jo Bloggs,,Ann Officer,ann@example.org,"
        "mailto:ann@example.org,UTR-77,Parks\n",
        "utf-8",
    )
    enter(managing, read(managing, path))
    contract = find_contract(managing.session, "A1", organisation_id=managing.buyer.id)
    assert contract is not None
    contract.manager = "manager@example.org"
    managing.session.get_one(Supplier, contract.supplier_id).is_individual = True
    managing.session.flush()

    rows = publish_register(managing.session, managing.buyer.key, "https://example.org")

    for text in (register_csv(rows).decode(), register_json(rows).decode()):
        assert "Individual" in text and "Parks" in text
        assert not any(told in text for told in ("Bloggs", "UTR-77", "Ann", "@"))
