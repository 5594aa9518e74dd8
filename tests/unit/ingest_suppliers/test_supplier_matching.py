"""Who was paid: the order of evidence, doubts that go to a person, and measured precision and recall."""

import csv
import gzip
from collections import Counter, defaultdict

import pytest

from wpound.ingest.suppliers.identifiers import company_identifier
from wpound.ingest.suppliers.matching import (
    KnownSupplier,
    Match,
    Outcome,
    Payee,
    SupplierIndex,
    decision_key,
    find_sundry_numbers,
    identify,
)

ACME = KnownSupplier(
    "acme",
    ("Acme Grounds Maintenance Ltd", "Green Hands"),
    identifiers=frozenset({"GB-COH-00000001"}),
    source_numbers=frozenset({("council", "4711")}),
    postcodes=frozenset({"WV1 1RP"}),
)
SUTTON = KnownSupplier("sutton", ("Age UK Sutton",), identifiers=frozenset({"GB-COH-04175500"}))
NORTH = KnownSupplier("north", ("Park House Nursing Home",), postcodes=frozenset({"WV6 8AA"}))
SOUTH = KnownSupplier("south", ("Park House Nursing Home Ltd",), postcodes=frozenset({"DY1 1AA"}))
KNOWN = [ACME, SUTTON, NORTH, SOUTH]


def match(name: str, **told: object) -> Match:
    return identify(Payee(name, "council", **told), SupplierIndex(KNOWN))  # type: ignore[arg-type]


def test_an_identifier_goes_before_any_name():
    found = match("Something else altogether", identifiers=frozenset({"GB-COH-00000001"}))
    assert (found.outcome, found.key) == (Outcome.AUTOMATIC, "acme")
    assert found.reasons == ("The file gives the identifier GB-COH-00000001.",)


def test_the_sources_own_number_goes_before_a_changed_name():
    assert match("NEW OWNER PLC", source_number="4711").key == "acme"
    elsewhere = identify(Payee("NEW OWNER PLC", "university", source_number="4711"), SupplierIndex(KNOWN))
    assert elsewhere.outcome is Outcome.NEW


def test_a_remembered_decision_goes_before_matching_also_when_it_was_no():
    decisions = {decision_key("A C M E Grounds"): "acme", decision_key("AGE UK SUTTON"): None}
    index = SupplierIndex(KNOWN, decisions)
    assert identify(Payee("ACME GROUNDS", "council"), index).key == "acme"
    assert identify(Payee("Age UK Sutton", "council"), index).outcome is Outcome.NEW


@pytest.mark.parametrize(
    "name",
    [
        "ACME GROUNDS MAINTENANCE",
        "Acme Grounds Maintenance Limited",
        "ACME GROUNDS MAINTENANCE LTD *USE 67346*",
        "GREEN HANDS",
        "J SMITH T/A GREEN HANDS",
        "ACME GROUND MAINTENANCE CO",
        "ACME GROUNDS MAINTENANC LTD",
    ],
)
def test_the_same_name_in_other_clothes_is_automatic(name):
    found = match(name)
    assert (found.outcome, found.key) == (Outcome.AUTOMATIC, "acme")
    assert found.reasons


def test_a_cut_name_matches_as_a_beginning():
    full = KnownSupplier("college", ("Royal College of Paediatrics and Child Health",))
    cut = identify(Payee("ROYAL COLLEGE OF PAEDIATRICS AND", "council"), SupplierIndex([full]))
    assert (cut.outcome, cut.key) == (Outcome.AUTOMATIC, "college")


def test_two_firms_of_one_name_go_to_a_person_unless_the_postcode_tells_them_apart():
    found = match("PARK HOUSE NURSING HOME")
    assert (found.outcome, found.proposals) == (Outcome.REVIEW, ("north", "south"))
    assert "2 known suppliers have that name." in found.reasons
    here = match("PARK HOUSE NURSING HOME", postcode="DY1 1AA")
    assert (here.outcome, here.key) == (Outcome.AUTOMATIC, "south")
    assert "The postcode is the same." in here.reasons


def test_alike_is_not_the_same():
    assert match("AGE UK BOLTON").outcome is Outcome.NEW
    assert match("ACME GROUNDS MAINTENANCE SERVICES").outcome is Outcome.REVIEW
    assert match("ACME GROUNDS MAINTENANCE PLC").outcome is Outcome.REVIEW


def test_another_identifier_of_the_same_register_is_a_doubt():
    found = match("AGE UK SUTTON", identifiers=frozenset({"GB-COH-09999999"}))
    assert found.outcome is Outcome.REVIEW
    assert any("identifier of the same register" in reason for reason in found.reasons)


@pytest.mark.parametrize("name", ["REDACTED UNDER DP ACT", "Personal Expense, Name Witheld", "MRS J SMITH"])
def test_withheld_names_and_people_are_never_matched(name):
    everyone = KnownSupplier("x", (name,))
    found = identify(Payee(name, "council"), SupplierIndex([everyone]))
    assert (found.outcome, found.key) == (Outcome.WITHHELD, None)


def test_a_firm_called_redactive_is_matched():
    firm = KnownSupplier("r", ("Redactive Publishing Limited",))
    assert identify(Payee("REDACTIVE PUBLISHING LTD", "council"), SupplierIndex([firm])).key == "r"


def test_a_blank_name_is_new():
    assert match("***").outcome is Outcome.NEW


def test_a_number_or_identifier_two_suppliers_share_is_no_evidence():
    group = frozenset({"GB-VAT-1"})
    shared_number = frozenset({("council", "9")})
    two = [KnownSupplier(key, (f"{key} Limited",), group, shared_number) for key in ("Northern", "Southern")]
    found = identify(Payee("Somebody Else", "council", "9", group), SupplierIndex(two))
    assert found.outcome is Outcome.NEW


def test_a_sundry_number_is_told_by_its_many_names():
    sundry = [Payee(f"ONE OFF PAYEE NUMBER {place}", "council", "99999") for place in range(7)]
    renamed = [Payee(name, "council", "4711") for name in ("K J T GROUP", "KJT GROUP LTD", "IDVERDE", "IDVERDE LTD")]
    assert find_sundry_numbers([*sundry, *renamed]) == {("council", "99999")}


# --- measured on labelled files --------------------------------------------------------------------------------------

UNSETTLED = {"6", "7", "8", "11", "12", "13"}


def real_number(text: str) -> str | None:
    return None if text == "-1" else company_identifier(text)


@pytest.fixture(scope="module")
def audited_index(shared) -> SupplierIndex:
    """The companies of the audit among ten thousand large employers."""
    names: dict[str, set[str]] = defaultdict(set)
    with (shared / "data/suppliers/nhs_supplier_audit.csv").open(encoding="ascii", newline="") as text:
        for row in csv.DictReader(text):
            number = real_number(row["companynumber"])
            if number and row["companyname"]:
                names[number].add(row["companyname"])
    with gzip.open(shared / "data/suppliers/large_employers.csv.gz", "rt", encoding="utf-8", newline="") as text:
        for row in csv.DictReader(text):
            number = company_identifier(row["CompanyNumber"])
            if number:
                names[number].add(row["EmployerName"])
    return SupplierIndex(
        KnownSupplier(number, tuple(sorted(spellings)), frozenset({number})) for number, spellings in names.items()
    )


def test_precision_and_recall_on_the_hand_checked_audit(shared, audited_index):
    tally: Counter[str] = Counter()
    with (shared / "data/suppliers/nhs_supplier_audit.csv").open(encoding="ascii", newline="") as text:
        rows = list(csv.DictReader(text))
    for row in rows:
        truth = real_number(row["companynumber"])
        if row["matchcodeCH"].split()[0] in UNSETTLED or (truth is None and row["companynumber"] != "-1"):
            continue
        found = identify(Payee(row["supplier"], "audit"), audited_index)
        tally["companies"] += truth is not None
        tally["automatic"] += found.outcome is Outcome.AUTOMATIC
        tally["right"] += found.outcome is Outcome.AUTOMATIC and found.key == truth
        tally["offered"] += found.outcome is Outcome.REVIEW and truth in found.proposals
    assert tally["companies"] > 1_100
    assert tally["right"] / tally["automatic"] >= 0.99
    assert tally["right"] / tally["companies"] >= 0.68
    assert (tally["right"] + tally["offered"]) / tally["companies"] >= 0.74


def test_precision_on_spellings_of_one_councils_vendors(shared):
    """The usual spelling of each vendor number is known; every other spelling of it is looked for."""
    spellings: dict[str, list[tuple[int, str]]] = defaultdict(list)
    owners: dict[str, set[str]] = defaultdict(set)
    with (shared / "data/suppliers/supplier_id_spellings.csv").open(encoding="utf-8", newline="") as text:
        for row in csv.DictReader(text):
            spellings[row["supplier_id"]].append((-int(row["rows"]), row["supplier_name"]))
            owners[row["supplier_name"].strip()].add(row["supplier_id"])
    index = SupplierIndex(KnownSupplier(number, (min(found)[1],)) for number, found in spellings.items())
    others = [name for found in spellings.values() for _, name in sorted(found)[1:]]
    found = [(identify(Payee(name, "council"), index), owners[name.strip()]) for name in others]
    sure = [(one.key, numbers) for one, numbers in found if one.outcome is Outcome.AUTOMATIC]
    right = sum(key in numbers for key, numbers in sure)
    assert len(others) > 2_000
    assert right / len(sure) >= 0.96
    assert right / len(others) >= 0.38
