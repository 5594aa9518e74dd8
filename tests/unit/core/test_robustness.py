"""The robustness panel: tipping points solved on paper, one change at a time, and draws that repeat."""

from dataclasses import replace
from datetime import date
from decimal import Decimal, localcontext
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from wpound.catalogue.loader import load_catalogue
from wpound.core.criteria import Kind
from wpound.core.form import Problems
from wpound.core.marking import EXACT
from wpound.core.robustness import RobustnessPanel, check_robustness
from wpound.core.scoring import score_tender
from wpound.core.sensitivity import draw_weightings
from wpound.core.standing import Standing, find_standing, kendall_tau, levels, move_weighting
from wpound.core.tender import Tender, read_tender
from wpound.core.tipping import find_tipping_points
from wpound.core.totals import total_up
from wpound.core.variations import Change, Variation
from wpound.core.weighting import lay_out

CATALOGUE = load_catalogue()


def read(criteria: list[dict[str, Any]], bids: list[dict[str, Any]], **more: Any) -> Tender:
    problems = Problems()
    data = {"title": "Test", "as_of": "2026-06-01", "criteria": criteria, "bids": bids}
    tender = read_tender(data | more, problems)
    problems.raise_if_any()
    return tender


def mark(code: str, weighting: int) -> dict[str, Any]:
    return {"code": code, "kind": "qualitative", "weighting": weighting, "scale_max": "10"}


def bid(name: str, price: str = "1000", promises: dict[str, str] | None = None, **marks: str) -> dict[str, Any]:
    commitments = [{"measure": measure, "quantity": quantity} for measure, quantity in (promises or {}).items()]
    return {"bidder": name, "price": price, "marks": marks, "commitments": commitments}


def standing_of(tender: Tender) -> Standing:
    return find_standing(tender.method, tender.bids, CATALOGUE, tender.as_of)


def panel_of(tender: Tender, **more: Any) -> RobustnessPanel:
    return check_robustness(tender.method, tender.bids, CATALOGUE, tender.as_of, **{"draws": 500} | more)


def varied(panel: RobustnessPanel, change: Change) -> dict[str, Variation]:
    return {
        f"{v.subject} {v.setting.normalize():f}" if v.setting is not None else v.subject: v
        for v in panel.variations
        if v.change is change
    }


# Solved on paper. A has 10 and 2 of 10, B has 5 and 8; weightings 60 and 40. With w on the first, A leads by
# 0.5 w - 0.6 (100 - w) = 1.1 w - 60, which is nothing at w = 60 / 1.1.
TWO = read([mark("a", 60), mark("b", 40)], [bid("A", a="10", b="2"), bid("B", a="5", b="8")])


def test_the_tipping_point_is_the_one_solved_on_paper() -> None:
    points = find_tipping_points(standing_of(TWO))
    assert [(p.criterion, p.rival) for p in points] == [("a", "B"), ("b", "B")]
    assert points[0].tips_at == Decimal("54.54545454545454545455")
    assert points[1].tips_at == Decimal("45.45454545454545454545")
    assert points[0].moved == Decimal("5.45454545454545454545")


def test_inside_a_group_only_the_weightings_of_that_group_move() -> None:
    # The group carries 50 marks: A leads by 50 (0.5 w - 0.5 (100 - w)) / 100 = 0.5 w - 25 in it and by 5 outside
    # (0.1 of 50), so it tips at w = 40, which moves 40 of 100 within 50 marks: 20 marks from w = 80.
    group = {"code": "g", "kind": "group", "weighting": 50, "criteria": [mark("a", 80), mark("b", 20)]}
    tender = read([mark("c", 50), group], [bid("A", a="9", b="2", c="6"), bid("B", a="4", b="7", c="5")])
    points = {point.criterion: point for point in find_tipping_points(standing_of(tender))}
    assert (points["a"].tips_at, points["a"].moved, points["a"].within) == (Decimal(40), Decimal(20), "G")
    assert "c" not in points and "g" not in points  # A is ahead in both, so no split between them matters


def test_in_an_award_on_value_pounds_tip_and_a_price_per_point_tips_too() -> None:
    quality = {"code": "q", "kind": "qualitative", "worth": "100", "scale_max": "10"}
    bids = [bid("A", "90", q="10"), bid("B", "40", q="5")]
    award = {"award": {"method": "award_on_value"}}
    [point] = find_tipping_points(standing_of(read([quality], [bids[0] | {"price": "80"}, bids[1]], **award)))
    # A is 80 - x against B's 40 - x / 2: B is ahead until x is 80, below the stated 100.
    assert (point.rival, point.tips_at, point.in_pounds) == ("B", Decimal(80), True)
    ratio = {"award": {"method": "price_per_quality_point"}}
    tender = read(
        [mark("a", 50), mark("b", 50)], [bid("A", "100", a="8", b="2"), bid("B", "90", a="3", b="5")], **ratio
    )
    # 100 / (2 + 0.06 w) against 90 / (5 - 0.02 w) times ten: level where 10 (50 - 2 w / 10) = 9 (20 + 6 w / 10).
    points = {point.criterion: point for point in find_tipping_points(standing_of(tender))}
    assert points["a"].tips_at == Decimal("43.24324324324324324324")


def test_there_is_no_tipping_point_where_one_bid_is_best_at_everything() -> None:
    tender = read([mark("a", 60), mark("b", 40)], [bid("A", a="9", b="9"), bid("B", a="5", b="8")])
    assert find_tipping_points(standing_of(tender)) == ()
    assert panel_of(tender).sentences[0] == (
        "No change of a single weighting, however large, would put another bid level with A."
    )


@st.composite
def marked_tenders(draw: st.DrawFn) -> Tender:
    cut, inner = draw(st.integers(1, 99)), draw(st.integers(1, 99))
    group = {
        "code": "g",
        "kind": "group",
        "weighting": 100 - cut,
        "criteria": [mark("b", inner), mark("c", 100 - inner)],
    }
    tenth = st.integers(0, 10).map(str)
    bids = [bid(name, a=draw(tenth), b=draw(tenth), c=draw(tenth)) for name in "ABCD"]
    return read([mark("a", cut), group], bids)


@settings(deadline=None, max_examples=60)
@given(marked_tenders())
def test_at_a_tipping_point_two_bids_are_level_and_before_it_nobody_is_ahead(tender: Tender) -> None:
    standing = standing_of(tender)
    by_code = {c.code: level for level in levels(tender.method.criteria) for c in level}
    for point in find_tipping_points(standing):
        with localcontext(EXACT):

            def points_at(weighting: Decimal, code: str = point.criterion) -> dict[str, Decimal]:
                tree = lay_out(tender.method.criteria, move_weighting(by_code[code], code, weighting))
                rows = zip(standing.bids, standing.shares, strict=True)
                totals = [(b.bidder, total_up(tender.method, tree, b, own)) for b, own in rows]
                return {name: total.points for name, total in totals if total is not None}

            there = points_at(point.tips_at)
            first = standing.winners[0]
            assert abs(there[first] - there[point.rival]) < Decimal("1e-15")
            halfway = points_at((point.tips_at + point.weighting) / 2)
            assert max(halfway, key=lambda name: halfway[name]) == first


def test_each_weighting_moves_by_a_quarter_and_the_rest_share_what_is_left() -> None:
    swung = varied(panel_of(TWO), Change.WEIGHTING)
    assert set(swung) == {"a 45", "a 75", "b 30", "b 50"}
    assert {case for case, v in swung.items() if v.changes_winner} == {"a 45", "b 50"}
    assert swung["a 45"].winners == ("B",) and swung["a 45"].tau == -1


def test_a_value_is_tried_at_both_ends_of_its_source_and_never_where_there_is_none() -> None:
    # Carbon against volunteering, in pounds: the published range of carbon decides.
    value = {"code": "value", "kind": "social_value", "weighting": 100, "formula": "proportional"}
    carbon = CATALOGUE.get_measure("carbon-fleet").value_on(date(2026, 6, 1))
    hour = CATALOGUE.get_measure("volunteering-hours").value_on(date(2026, 6, 1)).value
    assert carbon.low is not None and carbon.high is not None
    hours = format((carbon.value * 100 * Decimal("0.9") / hour).quantize(Decimal("0.01")), "f")
    bids = [bid("A", promises={"carbon-fleet": "100"}), bid("B", promises={"volunteering-hours": hours})]
    panel = panel_of(read([value], bids))
    assert panel.standing.winners == ("A",)
    assert varied(panel, Change.VALUE_LOW)["carbon-fleet"].winners == ("B",)
    assert varied(panel, Change.VALUE_HIGH)["carbon-fleet"].winners == ("A",)
    assert panel.without_range == (CATALOGUE.get_measure("volunteering-hours").title,)
    assert panel.draws == ()  # one criterion carries all marks, so there are no weightings to draw


def test_a_measure_left_out_gives_its_marks_to_the_rest_of_its_level() -> None:
    jobs = {"code": "jobs", "kind": "quantity", "weighting": 50, "measure": "local-jobs", "formula": "proportional"}
    gifts = {"code": "gifts", "kind": "quantity", "weighting": 50, "measure": "donations", "formula": "proportional"}
    social = {"code": "s", "kind": "group", "weighting": 60, "threshold": "30", "criteria": [jobs, gifts]}
    bids = [
        bid("A", promises={"local-jobs": "10", "donations": "4000"}, q="5"),
        bid("B", promises={"local-jobs": "4", "donations": "10000"}, q="6"),
    ]
    panel = panel_of(read([mark("q", 40), social], bids))
    left = varied(panel, Change.WITHOUT_MEASURE)
    # 60 marks each: without donations A has 60 + 20 against 24 + 24; without jobs A has 24 + 20 against 60 + 24.
    assert (left["donations"].winners, left["local-jobs"].winners) == (("A",), ("B",))


def test_the_ranking_paradox_is_found_by_leaving_bidders_out(score: Any) -> None:
    price = {"code": "price", "kind": "price", "weighting": 50, "formula": "lowest_ratio"}
    bids = [bid("A", "120000", q="8"), bid("B", "100000", q="7"), bid("C", "50000", q="1")]
    panel = panel_of(read([price, mark("q", 50)], bids))
    before = score({"criteria": [price, mark("q", 50)], "bids": bids}).bids[0].bidder
    left = varied(panel, Change.WITHOUT_BIDDER)
    turned = [name for name, v in left.items() if v.changes_order]
    assert before == panel.standing.winners[0]
    assert set(left) == {"A", "B", "C"}
    for name in turned:
        rest = [b for b in bids if b["bidder"] != name]
        again = score({"criteria": [price, mark("q", 50)], "bids": rest})
        assert again.bids[0].bidder == left[name].winners[0]
    assert "C" in turned and any("ranking paradox" in sentence for sentence in panel.sentences)


def test_the_same_seed_gives_the_same_panel_and_no_mark_is_touched() -> None:
    before = score_tender(TWO.method, TWO.bids, CATALOGUE, TWO.as_of).to_dict()
    first, again, other = panel_of(TWO, seed=7), panel_of(TWO, seed=7), panel_of(TWO, seed=8)
    assert first.to_dict() == again.to_dict() != other.to_dict()
    assert score_tender(TWO.method, TWO.bids, CATALOGUE, TWO.as_of).to_dict() == before
    assert first.sentences[-1] == "None of this changes a mark, a weighting or the result."


def test_draws_count_every_draw_once_and_lie_where_chance_puts_them() -> None:
    standing = standing_of(TWO)
    near, free = (draw_weightings(standing, 20_000, 1, near) for near in (True, False))
    for drawn in (near, free):
        assert sum(places[0] for places in drawn.placed.values()) == 20_000
        assert all(sum(places) == 20_000 for places in drawn.placed.values())
    # With two criteria every weighting from 0 to 100 is equally likely, and A is first above 54.545: 45.4% of them.
    assert abs(free.won("A") - Decimal("0.4545")) < Decimal("0.01")
    assert near.won("A") > free.won("A")


def test_the_draws_of_a_seed_are_these_on_every_machine() -> None:
    assert draw_weightings(standing_of(TWO), 10_000, 1, near=False).to_dict()["placed"] == {
        "A": [4448, 5552],
        "B": [5552, 4448],
    }


def test_a_small_lead_an_outright_tie_and_a_lone_bid_are_said_as_such() -> None:
    tied = panel_of(read([mark("a", 50), mark("b", 50)], [bid("A", a="4", b="6"), bid("B", a="6", b="4")]))
    assert tied.sentences[0] == "A and B share first place, so any change at all could part them."
    broken = panel_of(
        read([mark("a", 50), mark("b", 50)], [bid("A", a="4", b="6"), bid("B", a="6", b="4")], ties=["b"])
    )
    assert broken.sentences[0].startswith("A is first only by the rule for ties")
    assert broken.tipping_points == ()
    lone = panel_of(read([mark("a", 100)], [bid("A", a="4")]))
    assert lone.sentences == ("Only one bid was ranked, so there is no order that a change could turn round.",)


def test_the_sentence_about_the_margin_names_the_figures() -> None:
    assert panel_of(TWO).sentences[0] == (
        "A is first. The smallest change of one weighting that would matter: if A fell from 60% to 54.55%, B would "
        "draw level with A, and be ahead beyond that."
    )


def test_excluded_bids_stay_out_of_every_variation_of_weightings() -> None:
    criteria = [mark("a", 60) | {"threshold": "5"}, mark("b", 40)]
    tender = read(criteria, [bid("A", a="10", b="2"), bid("B", a="5", b="8"), bid("Out", a="4", b="10")])
    panel = panel_of(tender)
    assert set(panel.standing.ranks) == {"A", "B"}
    assert all("Out" not in v.ranks for v in panel.variations)


@pytest.mark.parametrize(
    ("second", "tau"),
    [({"a": 1, "b": 2, "c": 3}, "1"), ({"a": 3, "b": 2, "c": 1}, "-1"), ({"a": 1, "b": 1, "c": 3}, "0.8165")],
)
def test_kendalls_tau_counts_pairs_and_allows_for_ties(second: dict[str, int], tau: str) -> None:
    assert kendall_tau({"a": 1, "b": 2, "c": 3}, second) == Decimal(tau)
    assert kendall_tau({"a": 1}, second) is None


def test_a_pass_fail_criterion_carries_no_marks_and_is_never_moved() -> None:
    tender = read([mark("a", 100), {"code": "p", "kind": "pass_fail"}], [bid("A", a="4"), bid("B", a="5")])
    bids = [replace(b, passes={"p": True}) for b in tender.bids]
    panel = check_robustness(tender.method, bids, CATALOGUE, tender.as_of, draws=10)
    assert [leaf.criterion.kind for leaf in tender.method.tree.leaves] == [Kind.QUALITATIVE, Kind.PASS_FAIL]
    assert varied(panel, Change.WEIGHTING) == {} and panel.draws == ()
