"""An unfinished draft is kept as it is; a tender is published only with everything the law and bidders need."""

from datetime import date
from typing import Any

import pytest

from wpound.core.errors import InputErrors
from wpound.core.method import Method
from wpound.core.particulars import ContractKind, Particulars, Reserved

FULL: dict[str, Any] = {
    "description": "Grounds maintenance of three parks.",
    "kind": "services",
    "value_includes_vat": False,
    "cpv_codes": ["77310000-6", "77314000"],
    "priorities": ["good-jobs"],
    "contact_email": "parks@example.org",
    "start_on": "2027-04-01",
    "two_envelopes": True,
    "reply_days": 3,
    "warning_reasons": {"many_measures": "The plan names seven."},
}


def test_an_empty_draft_is_kept_and_lists_what_is_missing() -> None:
    draft = Particulars.from_dict({})
    assert Particulars.from_dict(draft.to_dict()) == draft
    missing = {problem.field for problem in draft.problems_before_publication()}
    assert missing == {
        "description",
        "kind",
        "value_includes_vat",
        "cpv_codes",
        "priorities",
        "contact_email",
        "start_on",
    }


def test_whole_particulars_are_read_back_and_can_be_published() -> None:
    particulars = Particulars.from_dict(FULL)
    assert Particulars.from_dict(particulars.to_dict()) == particulars
    assert particulars.kind is ContractKind.SERVICES
    assert particulars.start_on == date(2027, 4, 1)
    assert particulars.problems_before_publication() == ()


def test_a_value_without_vat_is_not_the_same_as_one_nobody_spoke_of() -> None:
    unknown = Particulars.from_dict({k: v for k, v in FULL.items() if k != "value_includes_vat"})
    assert [problem.field for problem in unknown.problems_before_publication()] == ["value_includes_vat"]
    assert unknown.particulars_hash != Particulars.from_dict(FULL).particulars_hash


@pytest.mark.parametrize(
    ("reserved", "missing"),
    [("none", []), ("uk", ["reserved_wording"]), ("local_area", ["reserved_wording", "reserved_area"])],
)
def test_a_reservation_needs_its_advert_and_its_area(reserved: str, missing: list[str]) -> None:
    particulars = Particulars.from_dict(FULL | {"reserved": reserved})
    assert particulars.reserved is Reserved(reserved)
    assert [problem.field for problem in particulars.problems_before_publication()] == missing


@pytest.mark.parametrize(
    ("change", "place"),
    [
        ({"cpv_codes": ["7731000"]}, r"cpv_codes\[0\]"),
        ({"cpv_codes": ["77310000", "77310000"]}, r"cpv_codes\[1\]"),
        ({"contact_email": "parks"}, "contact_email"),
        ({"kind": "frameworks"}, "kind"),
        ({"start_on": "1 April"}, "start_on"),
        ({"reply_days": 0}, "reply_days"),
        ({"value_includes_vat": "yes"}, "value_includes_vat"),
        ({"priorities": ["two words"]}, r"priorities\[0\]"),
        ({"colour": "blue"}, "colour"),
    ],
)
def test_what_a_draft_does_say_must_be_right(change: dict[str, Any], place: str) -> None:
    with pytest.raises(InputErrors, match=place):
        Particulars.from_dict(FULL | change)


def test_every_change_changes_the_hash() -> None:
    hashes = {
        Particulars.from_dict(FULL | change).particulars_hash
        for change in ({}, {"hide_names": True}, {"two_envelopes": False}, {"reply_days": 4}, {"reserved": "uk"})
    }
    assert len(hashes) == 5


def test_warnings_that_the_law_hangs_on_need_a_written_reason() -> None:
    method = Method.from_dict(
        {
            "title": "Parks",
            "criteria": [
                {"code": "near", "title": "Local firm", "kind": "qualitative", "weighting": 100, "scale_max": "5"}
            ],
        }
    )
    assert [warning.code for warning in Particulars.from_dict(FULL).unanswered_warnings(method)] == [
        "supplier_location"
    ]
    answered = Particulars.from_dict(FULL | {"warning_reasons": {"supplier_location": "Below threshold and reserved."}})
    assert answered.unanswered_warnings(method) == ()
