"""Reading an anchor's own vendor list."""

from datetime import date
from pathlib import Path

import pytest

from wpound.core.errors import InputError, Severity
from wpound.core.places import AddressKind
from wpound.ingest.suppliers.register import RegisterAddress, read_register

HEADER = (
    "supplier_name,company_number,charity_number,size,vcse,public_body,sic,group,registered_postcode,invoice_postcode,"
    "trading_postcode,source,date"
)


def write(tmp_path: Path, *lines: str, encoding: str = "utf-8") -> Path:
    path = tmp_path / "register.csv"
    path.write_text("\n".join(lines) + "\n", encoding=encoding)
    return path


def test_everything_a_vendor_list_says(tmp_path):
    path = write(
        tmp_path,
        HEADER,
        "Acme Ltd,574816,200719,Small,yes,no,81300,Acme Group,b1 1aa,WV11RP,WV2 4AA,Vendor list,2026-04-30",
    )
    register = read_register(path)
    (entry,) = register.entries
    assert (register.rows, register.issues) == (1, ())
    assert entry.identifiers == ("GB-COH-00574816", "GB-CHC-200719")
    assert entry.addresses == (
        RegisterAddress(AddressKind.REGISTERED, "B1 1AA", None),
        RegisterAddress(AddressKind.INVOICE, "WV1 1RP", None),
        RegisterAddress(AddressKind.TRADING, "WV2 4AA", None),
    )
    assert (entry.size, entry.is_vcse, entry.is_public_body) == ("small", True, False)
    assert (entry.sic, entry.group, entry.source, entry.seen_on) == (
        "81300",
        "Acme Group",
        "Vendor list",
        date(2026, 4, 30),
    )


def test_what_is_not_said_is_unknown_and_not_no(tmp_path):
    path = write(tmp_path, "Vendor Name,Post Code", "Caf\u00e9 Nero,", encoding="cp1252")
    (entry,) = read_register(path, "Vendor list", date(2026, 4, 1)).entries
    assert entry.name == "Caf\u00e9 Nero"
    assert (entry.size, entry.is_vcse, entry.is_public_body, entry.addresses) == (None, None, None, ())


def test_rows_about_one_supplier_become_one_entry_with_all_addresses(tmp_path):
    path = write(
        tmp_path,
        "Supplier ID,Supplier,Postcode,Company No,VCSE",
        "7,Acme Ltd,WV1 1RP,1,yes",
        "7,Acme (Bilston),WV14 0AA,,no",
        "8,Other,,,",
    )
    register = read_register(path, "List", date(2026, 4, 1))
    acme, other = register.entries
    assert [address.postcode for address in acme.addresses] == ["WV1 1RP", "WV14 0AA"]
    assert (acme.other_names, acme.supplier_number, acme.is_vcse) == (("Acme (Bilston)",), "7", True)
    assert other.line == 4
    (issue,) = register.issues
    assert (issue.code, issue.line, issue.column) == ("register_disagrees", 3, "is_vcse")


def test_an_address_abroad_has_a_country_and_no_postcode(tmp_path):
    path = write(tmp_path, "Supplier,Postcode,Country", "Dublin Ltd,D02 X285,IE", "Home Ltd,WV1 1RP,GB", "Odd,,Eire")
    register = read_register(path, "List", date(2026, 4, 1))
    abroad, home, odd = register.entries
    assert abroad.addresses == (RegisterAddress(AddressKind.INVOICE, None, "IE"),)
    assert home.addresses == (RegisterAddress(AddressKind.INVOICE, "WV1 1RP", None),)
    assert odd.addresses == ()
    assert [issue.code for issue in register.issues] == ["country_odd"]


def test_problems_of_a_row_become_issues_and_the_supplier_is_kept(tmp_path):
    path = write(
        tmp_path,
        "Supplier,Postcode,Company Number,Size,VCSE",
        "Acme,WV1,123456789,enormous,perhaps",
        ",WV1 1RP,,,",
    )
    register = read_register(path, "List", date(2026, 4, 1))
    assert [entry.name for entry in register.entries] == ["Acme"]
    assert [(issue.code, issue.line) for issue in register.issues] == [
        ("company_number_odd", 2),
        ("postcode_odd", 2),
        ("size_odd", 2),
        ("flag_odd", 2),
        ("supplier_name_missing", 3),
    ]
    assert register.issues[-1].severity is Severity.ERROR
    assert register.rows == 2


def test_a_mistyped_postcode_is_asked_about_and_never_put_right(tmp_path):
    register = read_register(write(tmp_path, "Supplier,Postcode", "Acme,WV1O 1AA"), "List", date(2026, 4, 1))
    assert register.entries[0].addresses == ()
    assert register.issues[0].message.endswith("Is WV10 1AA meant?")


def test_a_file_that_is_no_register_is_refused(tmp_path):
    with pytest.raises(InputError, match="no column is headed supplier name"):
        read_register(write(tmp_path, "Date,Amount", "1,2"), "List", date(2026, 4, 1))
    with pytest.raises(InputError, match="does not say where it is from"):
        read_register(write(tmp_path, "Supplier", "Acme"))
    with pytest.raises(InputError, match="has no date"):
        read_register(write(tmp_path, "Supplier", "Acme"), "List")
    with pytest.raises(InputError, match="30/04/2026 is not a date"):
        read_register(write(tmp_path, "Supplier,Date", "Acme,30/04/2026"), "List")
