"""A method in the making: what each change does to its form, and what is still missing from it."""

from copy import deepcopy
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wpound.core.errors import InputError, InputErrors, NotFound, RuleError
from wpound.core.method import AwardMethod, Method
from wpound.core.method_drafts import (
    add_criterion,
    codes_by_path,
    find_criterion,
    level_sums,
    move_criterion,
    read_alone,
    read_draft,
    remove_criterion,
    replace_criterion,
    set_award,
    walk,
    weigh_criteria,
)

PRICE = {"code": "price", "kind": "price", "weighting": 40, "formula": "lowest_ratio"}
PLAN = {"code": "plan", "kind": "qualitative", "weighting": 70, "scale_max": "5"}
TEAM = {"code": "team", "kind": "qualitative", "weighting": 30, "scale_max": "5"}
QUALITY = {"code": "quality", "kind": "group", "weighting": 60, "criteria": [PLAN, TEAM]}
FORM: dict[str, Any] = {"title": "Grounds", "ties": ["plan", "price"], "criteria": [PRICE, QUALITY]}


def codes(form: dict[str, Any]) -> list[str]:
    return [placed.code for placed in walk(form)]


def test_no_change_touches_the_form_it_was_given() -> None:
    before = deepcopy(FORM)
    add_criterion(FORM, {"code": "tools", "kind": "pass_fail"}, under="quality")
    replace_criterion(FORM, "plan", TEAM | {"code": "works"})
    remove_criterion(FORM, "quality")
    move_criterion(FORM, "quality", up=True)
    weigh_criteria(FORM, {"plan": 1})
    set_award(FORM, AwardMethod.AWARD_ON_VALUE)
    assert before == FORM


def test_a_criterion_is_added_last_in_its_group() -> None:
    assert codes(add_criterion(FORM, {"code": "tools", "kind": "pass_fail"}, under="quality"))[-1] == "tools"
    assert codes(add_criterion({}, PRICE)) == ["price"]


def test_a_code_names_one_criterion() -> None:
    with pytest.raises(InputError, match="already a criterion plan"):
        add_criterion(FORM, PLAN)
    with pytest.raises(InputError, match="already a criterion price"):
        replace_criterion(FORM, "plan", PLAN | {"code": "price"})


def test_nothing_is_put_below_the_fifth_level_or_into_what_is_no_group() -> None:
    form = FORM
    for level, under in enumerate(("quality", "g2", "g3", "g4"), start=2):
        form = add_criterion(form, {"code": f"g{level}", "kind": "group", "weighting": 1, "criteria": []}, under=under)
    with pytest.raises(RuleError, match="at most 5 levels"):
        add_criterion(form, TEAM | {"code": "deep"}, under="g5")
    with pytest.raises(NotFound, match="no group"):
        add_criterion(FORM, TEAM | {"code": "other"}, under="price")


def test_a_group_keeps_what_is_in_it_and_ties_follow_a_new_code() -> None:
    changed = replace_criterion(FORM, "quality", {"code": "merit", "kind": "group", "weighting": 60})
    assert codes(changed) == ["price", "merit", "plan", "team"]
    renamed = replace_criterion(FORM, "plan", PLAN | {"code": "works"})
    assert renamed["ties"] == ["works", "price"]


def test_taking_a_group_out_takes_everything_in_it_and_its_ties() -> None:
    changed = remove_criterion(FORM, "quality")
    assert codes(changed) == ["price"]
    assert changed["ties"] == ["price"]


@given(st.lists(st.tuples(st.sampled_from(["price", "quality", "plan", "team"]), st.booleans()), max_size=8))
def test_moving_never_loses_a_criterion_or_leaves_a_group(moves: list[tuple[str, bool]]) -> None:
    form = FORM
    for code, up in moves:
        form = move_criterion(form, code, up=up)
    assert sorted(codes(form)) == ["plan", "price", "quality", "team"]
    assert {find_criterion(form, code).under for code in ("plan", "team")} == {"quality"}


def test_the_sum_of_each_level_leaves_out_what_carries_no_marks() -> None:
    form = weigh_criteria(add_criterion(FORM, {"code": "tools", "kind": "pass_fail"}, under="quality"), {"price": 30})
    sums = level_sums(form)
    assert {under: level.total for under, level in sums.items()} == {"": 90, "quality": 100}
    assert sums["quality"].parts == (("plan", "Plan", 70), ("team", "Team", 30))


def test_pounds_take_the_place_of_percents_at_the_top_of_an_award_on_value() -> None:
    changed = set_award(FORM, AwardMethod.AWARD_ON_VALUE)
    assert "weighting" not in find_criterion(changed, "quality").form
    assert list(level_sums(changed)) == ["quality"]
    assert "worth" not in find_criterion(set_award(changed, AwardMethod.WEIGHTED), "quality").form


def test_an_unfinished_draft_is_read_as_far_as_it_goes() -> None:
    method, problems = read_draft({"title": "Grounds", "criteria": [QUALITY, {"code": "g", "kind": "group"}]})
    assert [criterion.code for criterion in method.criteria] == ["quality", "g"]
    assert {problem.field for problem in problems} == {"criteria[1].weighting", "criteria[1].criteria"}
    assert read_draft({})[1]


def test_a_whole_draft_is_the_method_it_will_be() -> None:
    method, problems = read_draft(FORM)
    assert problems == []
    assert method.method_hash == Method.from_dict(FORM).method_hash
    assert codes_by_path(FORM)["criteria[1].criteria[0]"] == "plan"


def test_one_criterion_is_checked_by_itself() -> None:
    assert read_alone({"code": "g", "kind": "group", "weighting": 10}).criteria
    with pytest.raises(InputErrors) as found:
        read_alone({"code": "p", "kind": "price", "weighting": 10, "formula": "linear_to_ceiling", "ceiling": "5"})
    assert [error.field for error in found.value.errors] == ["floor"]
