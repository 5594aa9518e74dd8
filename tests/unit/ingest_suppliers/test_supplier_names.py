"""Names as finance systems write them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wpound.ingest.suppliers.identifiers import charity_identifier, company_identifier, normalise_identifier
from wpound.ingest.suppliers.names import LegalForm, forms_conflict, is_individual, loosen, normalise_name


@pytest.mark.parametrize(
    ("raw", "core"),
    [
        ("COLDHARBOUR MILL TRUST LTD**4377", "COLDHARBOUR MILL TRUST"),
        ("YOUNG DEVON (IVYBRIDGE)****5215", "YOUNG DEVON IVYBRIDGE"),
        ("**USE 209111**DANWOOD RENTALS", "DANWOOD RENTALS"),
        ("HAYS ED** USE 233209 **", "HAYS ED"),
        ("ACME LTD *USE 67346*", "ACME"),
        ("ACME LIMITED (****2060)", "ACME"),
        ("ACME PLC~850620743", "ACME"),
        ("A M S 2000 LTD", "AMS 2000"),
        ("Marks & Spencer plc", "MARKS AND SPENCER"),
        ("BARNARDO'S", "BARNARDOS"),
        ("LAW SOCIETY (THE)", "LAW SOCIETY"),
        ("The Sussex Beacon", "SUSSEX BEACON"),
        ("GATEWAY PRIMARY CARE (CIC) LTD", "GATEWAY PRIMARY CARE"),
        ("Gold Standards Framework C.I.C.", "GOLD STANDARDS FRAMEWORK"),
        ("Caffè\u00a0Nero  Ltd", "CAFFE NERO"),
        ("K I PEOPLE CONSULTING LTD T/A", "KI PEOPLE CONSULTING"),
        ("TOTAL SOLUTIONS LTD", "TOTAL SOLUTIONS"),
    ],
)
def test_what_a_name_is_compared_by(raw, core):
    assert normalise_name(raw).core == core


def test_trading_names_and_legal_forms_are_kept_apart():
    name = normalise_name("SYMBOLS WORLDWIDE LTD T/A WIDGIT")
    assert (name.core, name.form, name.trading) == ("SYMBOLS WORLDWIDE", LegalForm.LIMITED, "WIDGIT")
    assert normalise_name("T/A WIDGIT").core == "WIDGIT"


def test_two_legal_forms_are_two_firms_but_a_cic_is_a_limited_company():
    assert forms_conflict(LegalForm.LIMITED, LegalForm.PUBLIC_LIMITED)
    assert not forms_conflict(LegalForm.LIMITED, LegalForm.COMMUNITY_INTEREST)
    assert not forms_conflict(None, LegalForm.PARTNERSHIP)


def test_a_name_as_long_as_systems_allow_may_be_cut():
    assert normalise_name("ROYAL COLLEGE OF PAEDIATRICS AND").cut
    assert not normalise_name("ROYAL COLLEGE OF PAEDIATRICS").cut
    assert not normalise_name("PHILLIPS T/A KORNILOFF GJ & JS").cut


def test_loose_names_even_out_what_does_not_matter():
    assert loosen("BIRMINGHAM VOLUNTARY SERVICES COUNCIL") == loosen("BIRMINGHAM VOLUNTARY SERVICE COUNCIL")
    assert loosen("BPAS BRITISH PREGNANCY ADVISORY SERVICE") == loosen("BRITISH PREGNANCY ADVISORY SERVICE")
    assert loosen("AGE UK BOLTON") != loosen("AGE UK SUTTON")


@pytest.mark.parametrize("raw", ["Mrs J Smith", "MR A N OTHER", "SMITH JOHN MR", "Mr & Mrs Jones", "MISS K O'NEILL"])
def test_people_are_recognised_by_their_titles(raw):
    assert is_individual(raw)


@pytest.mark.parametrize(
    "raw", ["MR CLUTCH LTD", "MS SUPPORT CENTRE", "MRS SMITH & SONS", "ACME", "DR SMITH & PARTNERS"]
)
def test_firms_are_no_people(raw):
    assert not is_individual(raw)


@given(st.text(max_size=40))
def test_a_compared_name_stays_as_it_is(raw):
    core = normalise_name(raw).core
    assert core == core.strip().upper()
    assert "  " not in core


@pytest.mark.parametrize(
    ("written", "identifier"),
    [
        ("574816", "GB-COH-00574816"),
        ("SC 18487", "GB-COH-SC018487"),
        ("oc348553", "GB-COH-OC348553"),
        ("IP29958R", "GB-COH-IP29958R"),
        ("R0000123", "GB-COH-R0000123"),
        ("-1", None),
        ("0", None),
        ("123456789", None),
        ("NoneInUK", None),
        ("", None),
    ],
)
def test_company_numbers(written, identifier):
    assert company_identifier(written) == identifier


@pytest.mark.parametrize(
    ("written", "identifier"),
    [
        ("200719", "GB-CHC-200719"),
        ("1096465-2", "GB-CHC-1096465-2"),
        ("SC012345", "GB-SC-SC012345"),
        ("NIC 100123", "GB-NIC-100123"),
        ("012345", None),
        ("-1", None),
    ],
)
def test_charity_numbers(written, identifier):
    assert charity_identifier(written) == identifier


def test_scheme_prefixed_identifiers_have_one_spelling():
    assert normalise_identifier("gb-coh-574816") == "GB-COH-00574816"
    assert normalise_identifier("GB-SC-SC012345") == "GB-SC-SC012345"
    assert normalise_identifier("GB-PPON-PVBV-7568-LBLL") == "GB-PPON-PVBV-7568-LBLL"
    assert normalise_identifier("GB-COH-") is None
    assert normalise_identifier("DUNS-123") is None
