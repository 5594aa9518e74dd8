"""A tender's measures serve the outcomes it was started for."""

from dataclasses import replace

from wpound.catalogue.loader import load_starter
from wpound.catalogue.model import Catalogue
from wpound.catalogue.priorities import list_priority_problems
from wpound.core.method import Method
from wpound.core.particulars import Particulars

METHOD = load_starter("services").method


def served(catalogue: Catalogue) -> tuple[str, ...]:
    """One thing that each measure of the method serves."""
    codes = [leaf.criterion.measure for leaf in METHOD.tree.leaves if leaf.criterion.measure]
    return tuple(sorted({catalogue.get_measure(code).serves[0] for code in codes}))


def test_a_measure_that_serves_none_of_the_priorities_is_named_with_what_it_does_serve(catalogue: Catalogue) -> None:
    keys = served(catalogue)
    assert list_priority_problems(Particulars(priorities=keys), METHOD, catalogue) == ()
    jobs = catalogue.get_measure("local-jobs")
    left = tuple(key for key in keys if key not in jobs.serves)
    (problem,) = list_priority_problems(Particulars(priorities=left), METHOD, catalogue)
    assert problem.field.endswith(".measure")
    assert problem.message.startswith(jobs.title)
    assert catalogue.plan.texts()[jobs.serves[0]] in problem.message


def test_a_priority_of_another_plan_is_refused(catalogue: Catalogue) -> None:
    keys = (*served(catalogue), "moon-landing")
    (problem,) = list_priority_problems(Particulars(priorities=keys), METHOD, catalogue)
    assert problem.field == f"priorities[{len(keys) - 1}]"


def test_a_measure_the_plan_never_names_cannot_be_mapped(catalogue: Catalogue) -> None:
    bare = replace(catalogue.get_measure("local-jobs"), serves=())
    measures = {**catalogue.measures, "local-jobs": bare}
    keys = tuple(catalogue.plan.texts())
    (problem,) = list_priority_problems(Particulars(priorities=keys), METHOD, replace(catalogue, measures=measures))
    assert "mark another measure" in problem.message


def test_a_draft_without_priorities_or_with_an_unknown_measure_is_left_to_other_checks(catalogue: Catalogue) -> None:
    assert list_priority_problems(Particulars(), METHOD, catalogue) == ()
    unknown = Method.from_dict(
        {
            "title": "Draft",
            "criteria": [
                {"code": "x", "kind": "quantity", "weighting": 100, "measure": "none", "formula": "proportional"}
            ],
        }
    )
    assert list_priority_problems(Particulars(priorities=served(catalogue)), unknown, catalogue) == ()
