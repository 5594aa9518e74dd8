"""The supplied register files, read whole."""

from collections import Counter
from pathlib import Path

from wpound.ingest.contracts_file import read_contracts_file


def test_every_supplied_release_is_read(shared: Path) -> None:
    files = sorted((shared / "data/contracts/ocds").glob("*.json"))
    buyers = {name for path in files for name in read_contracts_file(path, frozenset())[0].buyers}
    names = frozenset(name.casefold() for name in buyers)
    found = [read_contracts_file(path, names)[0] for path in files]

    contracts = [contract for one in found for contract in one.contracts]
    issues = Counter(issue.code for one in found for issue in one.issues)
    assert len(files) == 256
    assert sum(one.rows for one in found) == len(contracts) == 98
    assert sum(one.kept_out for one in found) == 0
    assert sum(len(contract.suppliers) for contract in contracts) == 187
    assert max(len(contract.suppliers) for contract in contracts) == 35
    assert issues["release_without_id"] == 60
    assert issues["nominal_value"] == 5
    assert issues["several_suppliers"] == 9
    identifiers = {supplier.identifier for contract in contracts for supplier in contract.suppliers} - {None}
    assert all(str(one).startswith("GB-COH-") and len(str(one)) == 15 for one in identifiers)


def test_contracts_of_others_are_left_out(shared: Path) -> None:
    files = sorted((shared / "data/contracts/ocds").glob("EnglishData_*.json"))
    found = [read_contracts_file(path, frozenset({"sandwell metropolitan borough council"}))[0] for path in files]
    assert all(one.rows == len(one.contracts) + one.kept_out for one in found)
    assert sum(one.kept_out for one in found) > 80


def test_shifted_cells_of_the_spreadsheet_are_told(shared: Path) -> None:
    path = shared / "data/contracts/sample_data_of_contract_finder_uk.xlsx"
    buyers, _ = read_contracts_file(path, frozenset())
    found, shape = read_contracts_file(path, frozenset(name.casefold() for name in buyers.buyers))

    issues = Counter(issue.code for issue in found.issues)
    assert shape == "transparency_code"
    assert (found.rows, len(found.contracts), found.kept_out) == (2960, 2949, 11)
    assert issues["shifted_cells"] == 86
