"""An officer can start from a packaged method that is whole, sound and in plain words."""

from decimal import Decimal

import pytest

from wpound.catalogue.loader import list_starters, load_starter
from wpound.catalogue.model import Catalogue
from wpound.catalogue.starters import Starter, build_starter
from wpound.core.cautions import method_warnings
from wpound.core.criteria import Criterion, Formula, Kind
from wpound.core.errors import InputErrors, NotFound
from wpound.core.method import Method

SCORED_HEADS = {"jobs", "economy", "climate"}
each = pytest.mark.parametrize("starter", list_starters(), ids=lambda starter: starter.key)


def leaves(starter: Starter, kind: Kind) -> list[Criterion]:
    return [leaf.criterion for leaf in starter.method.tree.leaves if leaf.criterion.kind is kind]


def test_there_is_a_starter_for_services_goods_works_and_small_contracts() -> None:
    assert [starter.key for starter in list_starters()] == ["goods", "services", "small", "works"]
    with pytest.raises(NotFound, match="choose one of goods, services, small, works"):
        load_starter("concession")


@each
def test_a_starter_is_a_whole_method_that_is_read_back(starter: Starter) -> None:
    assert Method.from_dict(starter.method.to_dict()) == starter.method
    assert starter.title
    assert starter.summary


@each
def test_every_question_has_words_a_limit_and_a_scale_from_0_to_5(starter: Starter) -> None:
    for criterion in leaves(starter, Kind.QUALITATIVE):
        assert criterion.question.endswith((".", "?"))
        assert criterion.word_limit
        assert [point.mark for point in criterion.scale] == [Decimal(mark) for mark in range(6)]
        assert all(point.words for point in criterion.scale)


@each
def test_social_value_is_half_targets_and_half_statements_under_the_three_heads(
    starter: Starter, catalogue: Catalogue
) -> None:
    (group,) = [node for node in starter.method.tree.groups if node.criterion.code == "social_value"]
    within = starter.method.tree.leaves[group.first : group.last]
    quantities = [leaf for leaf in within if leaf.criterion.kind is Kind.QUANTITY]
    assert sum(leaf.available for leaf in quantities) * 2 == group.available
    assert {catalogue.get_measure(leaf.criterion.measure).head.value for leaf in quantities} == SCORED_HEADS
    for leaf in quantities:
        assert leaf.criterion.formula is Formula.TARGET
        assert leaf.criterion.evidence


@each
def test_a_starter_asks_nothing_that_needs_a_written_reason(starter: Starter) -> None:
    assert {warning.code for warning in method_warnings(starter.method)} == {"relative_formula"}


def test_a_starter_that_is_wrong_says_where() -> None:
    table = {"key": "x", "title": "X", "summary": "X", "kind": "goods", "method": {"title": "X", "criteria": [{}]}}
    with pytest.raises(InputErrors, match=r"x\.toml: method\.criteria\[0\]\.code: is missing"):
        build_starter(table, [], "x.toml")
