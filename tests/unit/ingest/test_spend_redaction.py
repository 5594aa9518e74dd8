"""Names left out, and firms whose name holds a word of redaction."""

import pytest

from wpound.core.redaction import Redaction
from wpound.ingest.redaction import find_redaction


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("REDACTED PERSONAL DATA", Redaction.PERSONAL),
        ("Redacted  Personal Data", Redaction.PERSONAL),
        ("Redacted Personal Information", Redaction.PERSONAL),
        ("REDACTED PERSONAL DATA - foster carer", Redaction.PERSONAL),
        ("REDACTED UNDER DP ACT", Redaction.PERSONAL),
        ("Personal Expense, Name Witheld", Redaction.PERSONAL),
        ("Redacted Supplier", Redaction.PERSONAL),
        ("Redacted", Redaction.PERSONAL),
        ("REDACTED COMMERCIAL CONFIDENTIALITY", Redaction.CONFIDENTIAL),
        ("THIRD PARTY SUPPLIER", Redaction.CONFIDENTIAL),
    ],
)
def test_known_phrases_mark_a_redacted_name(text: str, reason: Redaction) -> None:
    assert find_redaction(text) is reason


@pytest.mark.parametrize(
    "firm",
    [
        "REDACTIVE PUBLISHING LIMITED",
        "Redactive Events Ltd",
        "PRIVATE CARE HOMES LTD",
        "TESCO PERSONAL FINANCE PLC",
        "PERSONAL PERFORMANCE CONSULTANTS UK LTD",
        "ROYAL ARTILLERY CENTRE FOR PERSONAL DEVELOPMENT",
        "Confidential Waste Services Ltd",
        "Individual Solutions CIC",
        "",
    ],
)
def test_a_firm_is_not_redacted_by_a_word_in_its_name(firm: str) -> None:
    assert find_redaction(firm) is None
