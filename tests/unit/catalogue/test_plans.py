"""The two plans are complete, word for word, and a measure may only serve what is in them."""

from collections.abc import Callable
from pathlib import Path

import pytest

from wpound.catalogue.loader import load_catalogue, load_plan
from wpound.catalogue.model import Head, Plan
from wpound.core.errors import InputErrors, NotFound

Write = Callable[[str, str], Path]
MINIMAL = """
key = "toy"
title = "Toy plan"
council = "Toytown Council"
source = { title = "Toy", url = "https://example.org", seen_on = 2026-01-01, licence = "none" }
[[priorities]]
key = "p"
number = 1
title = "More of everything"
outcomes = [{ key = "o", text = "More" }]
"""


def words(text: str) -> str:
    return " ".join(text.split())


def bullets(seed: str) -> list[str]:
    return [words(line.strip().removeprefix("•")) for line in seed.splitlines() if line.strip().startswith("•")]


@pytest.mark.parametrize(
    ("key", "seed", "outcomes", "objectives", "asks", "principles"),
    [
        ("our-city-our-plan", "our-city-our-plan.txt", 25, 25, 0, 4),
        ("one-coventry-plan", "improving-outcomes-tackling-inequalities.txt", 11, 13, 4, 0),
    ],
)
def test_a_plan_holds_every_line_of_its_text(key, seed, outcomes, objectives, asks, principles, shared: Path) -> None:
    plan = load_plan(key)
    published = (shared / "seeds" / seed).read_text(encoding="utf-8")
    lines = [item.text for priority in plan.priorities for item in priority.items]
    lines += [f"{principle.title} - {principle.text}" for principle in plan.principles]
    assert sorted(map(words, lines)) == sorted(bullets(published))
    assert all(words(priority.title) in words(published) for priority in plan.priorities)
    counted = [sum(len(getattr(p, name)) for p in plan.priorities) for name in ("outcomes", "objectives", "asks")]
    assert [*counted, len(plan.principles)] == [outcomes, objectives, asks, principles]


def test_the_scored_heads_are_priorities_five_and_six_and_climate_action() -> None:
    plan = load_plan()
    heads = {priority.head: priority.number for priority in plan.priorities}
    principles = {principle.key: principle.head for principle in plan.principles}
    assert (heads[Head.JOBS], heads[Head.ECONOMY]) == (5, 6)
    assert principles["climate-action"] is Head.CLIMATE and principles["wolverhampton-pound"] is Head.ECONOMY
    assert [priority.number for priority in plan.priorities] == [1, 2, 3, 4, 5, 6]


def test_a_head_is_called_what_its_priority_is_before_its_principle() -> None:
    ours, others = load_plan(), load_plan("one-coventry-plan")
    assert ours.head_title(Head.ECONOMY) == "Thriving economy in all parts of the city"
    assert (ours.head_title(Head.CLIMATE), others.head_title(Head.CLIMATE)) == ("Climate Action", "Climate")


def test_one_councils_words_never_stand_in_anothers_plan() -> None:
    def text(plan: Plan) -> str:
        return " ".join([plan.title, plan.council, plan.note, *plan.texts().values()])

    assert "Marmot" in text(load_plan("one-coventry-plan")) and "Coventry" in load_plan("one-coventry-plan").council
    assert "Marmot" not in text(load_plan()) and "Coventry" not in text(load_plan())


def test_the_same_measures_serve_another_councils_plan() -> None:
    ours, theirs = load_catalogue(), load_catalogue("one-coventry-plan")
    assert ours.measures.keys() == theirs.measures.keys() and ours.fingerprint != theirs.fingerprint
    assert [m.code for m in theirs.serving("less-homelessness")] == ["homelessness-support"]
    assert not list(theirs.serving("wolverhampton-pound"))


def test_a_plan_of_ones_own_is_only_a_file(write: Write) -> None:
    path = write("toy.toml", MINIMAL + '[serves]\nlocal-jobs = ["o"]\n')
    catalogue = load_catalogue(path)
    assert [measure.code for measure in catalogue.serving("o")] == ["local-jobs"]


@pytest.mark.parametrize(
    ("text", "place", "words"),
    [
        ("[serves]\nlocal-jobs = ['q']\n", "toy.toml: serves.local-jobs", "no outcome, objective or principle 'q'"),
        ("[serves]\nnothing = ['o']\n", "plans/toy.toml: serves.nothing", "no measure of this code"),
        ("", "toy.toml: serves", "missing"),
        ("objectives = [{ key = 'o', text = 'Again' }]\n[serves]\n", "toy.toml", "the key 'o' is used twice"),
        ("hed = 'jobs'\n[serves]\n", "toy.toml: priorities[0].hed", "unknown key"),
        ("head = 'work'\n[serves]\n", "toy.toml: priorities[0].head", "'work' is not one of: jobs, economy"),
        ("number = 2\n[serves]\n", "toy.toml", "Cannot overwrite a value"),
    ],
)
def test_a_faulty_plan_is_refused_with_its_place(text, place, words, write: Write) -> None:
    with pytest.raises(InputErrors) as caught:
        load_catalogue(write("toy.toml", MINIMAL + text))
    assert [(place, True)] == [(error.field, words in error.message) for error in caught.value.errors]


def test_a_plan_that_is_not_there_names_those_that_are() -> None:
    with pytest.raises(NotFound, match="one-coventry-plan, our-city-our-plan"):
        load_plan("no-such-plan")
