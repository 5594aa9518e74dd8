"""The overview of a tender: every step says where it stands, and the next one is a button."""

from collections.abc import Callable
from typing import Any

TENDER = "/buyer/tenders/ocds-test-1"


def states(page: Any) -> dict[str, str]:
    """The state beside each step, by its title."""
    items = [item for item in page.all(".//li") if "govuk-task-list__item" in (item.get("class") or "").split()]
    found = {}
    for item in items:
        title = " ".join("".join(item.find(".//a").itertext()).split())
        found[title] = " ".join("".join(item.itertext()).split()).removeprefix(title).strip()
    return found


def next_step(page: Any) -> str:
    """The words of the button that leads to the next step."""
    return next(link.text.strip() for link in page.all(".//a") if link.get("class") == "govuk-button")


def test_an_officer_sees_what_is_done_to_do_and_not_yet_possible(seated: Callable[..., Any], browser_of: Any) -> None:
    hall = seated()
    page = browser_of(hall, "ophelia").get(TENDER)
    steps = states(page)
    assert (steps["Opening of bids"], steps["Pass or fail checks"]) == ("Done", "To do")
    assert (steps["Moderation"], steps["Ranking"], steps["Award"]) == ("Not yet", "Not yet", "Not yet")
    assert "Your marks" not in steps
    assert next_step(page) == "Pass or fail checks"


def test_an_evaluator_sees_only_their_own_steps(seated: Callable[..., Any], browser_of: Any) -> None:
    hall = seated()
    page = browser_of(hall, "emil").get(TENDER)
    steps = states(page)
    assert steps["Your interests"] == "Done" and steps["Your marks"] == "To do"
    assert "Ranking" not in steps and "Award" not in steps
    assert next_step(page) == "Your marks"
