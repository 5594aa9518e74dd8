"""Marks with reasons, scoring by the published method, and results that are kept and come out the same again."""

from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from wpound.core.errors import InputError, InputErrors, NotFound, StateError
from wpound.services.evaluate_bids import confirm_result, evaluate_bids, get_result, score_bids
from wpound.services.moderate_marks import agree_marks
from wpound.store.audit import list_events
from wpound.store.evaluations import find_evaluation, list_evaluations
from wpound.store.models.bids import MarkKind
from wpound.store.types import canonical_json

BY_HAND = [("Birch", 1, "96.00"), ("Ash", 2, "85.00"), ("Cedar", 3, "57.50")]


def evaluate(buying: Any, tender: Any, **settings: Any) -> Any:
    return evaluate_bids(buying.session, buying.lot(tender), buying.catalogue, actor="chair", **settings)


def test_the_stored_result_is_the_one_worked_out_by_hand(buying: Any) -> None:
    evaluation = evaluate(buying, buying.marked())

    result = get_result(evaluation)
    assert [(bid["bidder"], bid["rank"], bid["score"]) for bid in result["bids"]] == BY_HAND
    assert [(row.position, row.rank, str(row.score)) for row in evaluation.bids] == [
        (1, 1, "96.00"),
        (2, 2, "85.00"),
        (3, 3, "57.50"),
    ]


def test_parts_add_up_and_every_line_says_why(buying: Any) -> None:
    tender = buying.marked()
    evaluate(buying, tender)
    buying.session.expire_all()

    stored = find_evaluation(buying.session, lot_id=buying.lot(tender).id)
    assert stored is not None
    for bid, printed in zip(stored.bids, stored.result["bids"], strict=True):
        assert sum(line.contribution for line in bid.lines) == bid.points
        assert round(bid.points, 2) == bid.score
        assert [line.explanation for line in bid.lines] == [line["explanation"] for line in printed["lines"]]
        assert [line.criterion for line in bid.lines] == ["insurance", "price", "plan", "jobs", "value"]


def test_scoring_again_gives_the_same_bytes(buying: Any) -> None:
    tender = buying.marked()
    first = evaluate(buying, tender)

    second = evaluate(buying, tender, reason="Asked for by the auditor.")

    assert canonical_json(get_result(first)) == canonical_json(get_result(second))
    assert canonical_json(
        score_bids(buying.session, tender, buying.lot(tender), buying.catalogue).to_dict()
    ) == canonical_json(first.result)
    assert [e.number for e in list_evaluations(buying.session, lot_id=buying.lot(tender).id)] == [1, 2]
    assert [(e.reason, e.result_hash) for e in (first, second)] == [
        (None, first.result_hash),
        ("Asked for by the auditor.", first.result_hash),
    ]


@pytest.mark.parametrize("reason", [None, "  "])
def test_scoring_again_needs_a_reason(buying: Any, reason: str | None) -> None:
    tender = buying.marked()
    evaluate(buying, tender)

    with pytest.raises(InputError, match="scored again"):
        evaluate(buying, tender, reason=reason)


def test_another_catalogue_than_the_published_one_scores_nothing(buying: Any) -> None:
    tender = buying.marked()
    later = replace(buying.catalogue, fingerprint="f" * 64)

    with pytest.raises(StateError, match="published under catalogue"):
        evaluate_bids(buying.session, buying.lot(tender), later, actor="chair")
    assert list_evaluations(buying.session, lot_id=buying.lot(tender).id) == []


def test_missing_marks_are_named_with_the_bidder(buying: Any) -> None:
    tender, bids = buying.opened()
    buying.mark(bids[0], "4")

    with pytest.raises(StateError, match="after their marks are locked"):
        evaluate(buying, tender)
    with pytest.raises(InputErrors) as refused:
        buying.lock(tender)

    assert {error.field for error in refused.value.errors} == {"Birch: plan", "Cedar: plan"}


def test_a_tender_nobody_bid_for_is_not_scored(buying: Any) -> None:
    tender, _ = buying.opened(names=())
    buying.lock(tender)

    with pytest.raises(InputErrors, match="there is no bid to score"):
        evaluate(buying, tender)


def test_bids_are_not_scored_before_they_are_opened(buying: Any) -> None:
    tender = buying.publish(buying.draft())
    buying.submit(tender, "Ash")

    for stage in ("published", "closed"):
        with pytest.raises(StateError, match=f"'{stage}'"):
            evaluate(buying, tender)
        with pytest.raises(StateError, match="not opened yet"):
            score_bids(buying.session, tender, buying.lot(tender), buying.catalogue)
        tender = buying.close(tender) if stage == "published" else tender


def test_a_result_that_was_tampered_with_is_not_given(buying: Any) -> None:
    evaluation = evaluate(buying, buying.marked())
    buying.session.flush()
    buying.session.expunge(evaluation)
    evaluation.result = evaluation.result | {"bids": []}

    with pytest.raises(StateError, match="not the one that was recorded"):
        get_result(evaluation)


def test_marks_do_not_change_once_they_are_locked(buying: Any) -> None:
    tender = buying.marked()
    with pytest.raises(NotFound, match="not been evaluated"):
        confirm_result(buying.session, tender, buying.lot(tender), buying.catalogue)
    evaluate(buying, tender)

    with pytest.raises(StateError, match="chair has locked the marks"):
        buying.mark(buying.bids(tender)[0], "5", "Corrected in moderation.")
    with pytest.raises(StateError, match="already"):
        buying.lock(tender)
    assert confirm_result(buying.session, tender, buying.lot(tender), buying.catalogue)[0].number == 1


def test_a_mark_changed_behind_the_back_holds_everything_up(buying: Any) -> None:
    tender = buying.marked()
    evaluate(buying, tender)
    (mark,) = (mark for mark in buying.bids(tender)[0].marks if mark.kind is MarkKind.CONSENSUS)
    mark.mark = Decimal(1)

    with pytest.raises(StateError, match="marks were changed since"):
        confirm_result(buying.session, tender, buying.lot(tender), buying.catalogue)


@pytest.mark.parametrize(
    ("marks", "reasons", "fields"),
    [
        ({"plan": "4"}, {}, {"reasons.plan"}),
        ({"plan": "4"}, {"plan": "  "}, {"reasons.plan"}),
        ({"plan": "4"}, {"plan": "x" * 5001}, {"reasons.plan"}),
        ({"plan": "5.1"}, {"plan": "Good."}, {"marks.plan"}),
        ({"plan": "-1"}, {"plan": "Bad."}, {"marks.plan"}),
        ({"jobs": "4"}, {"jobs": "Counted."}, {"marks.jobs"}),
        ({"plan": "4"}, {"plan": "Good.", "team": "Good."}, {"reasons.team"}),
    ],
)
def test_a_mark_is_on_the_scale_and_has_its_reason(
    buying: Any, marks: dict[str, str], reasons: dict[str, str], fields: set[str]
) -> None:
    tender, bids = buying.opened()

    with pytest.raises(InputErrors) as refused:
        exact = {code: Decimal(mark) for code, mark in marks.items()}
        agree_marks(buying.session, bids[0], exact, reasons, present=["Chair"], actor="chair")

    assert {error.field for error in refused.value.errors} == fields
    assert [mark for bid in buying.bids(tender) for mark in bid.marks] == []


def test_a_mark_between_the_points_of_a_scale_is_refused(buying: Any, described: dict[str, Any]) -> None:
    _, bids = buying.opened(form=described)

    with pytest.raises(InputErrors, match="not on the scale"):
        buying.mark(bids[0], "3")
    buying.mark(bids[0], "5")


@pytest.fixture
def described(buying: Any) -> dict[str, Any]:
    """The method with words for the only two points of its scale."""
    form = dict(buying.draft(ocid="ocds-test-form").method)
    points = [{"mark": "0", "words": "Nothing"}, {"mark": "5", "words": "Everything"}]
    return form | {"criteria": [c | {"scale": points} if c["code"] == "plan" else c for c in form["criteria"]]}


def test_who_changed_a_mark_from_what_to_what_stands_in_the_audit_trail(buying: Any) -> None:
    _, bids = buying.opened()
    buying.mark(bids[0], "3")
    buying.mark(bids[0], "4")

    events = [e for e in list_events(buying.session, object_kind="bid", object_id=bids[0].id) if "mark" in e.action]
    assert [(e.actor, e.detail["before"], e.detail["mark"], e.detail["present"]) for e in events] == [
        ("chair", None, "3", ["Chair"]),
        ("chair", "3", "4", ["Chair"]),
    ]
