"""Every public page for everyone: checked by axe, walked by keyboard, at 320 pixels and at 1280."""

import pytest

PAGES = [
    "/",
    "/plan",
    "/measures",
    "/measures?strand=carbon&head=digital",
    "/measures/carbon-fleet",
    "/measures/care-leavers-jobs",
    "/league-table",
    "/verify",
    "/verify?serial=",
    "/verify/CWC-2026-0001",
    "/verify/unknown",
    "/accessibility",
    "/no-such-page",
]


@pytest.mark.parametrize("path", PAGES)
def test_axe_finds_nothing_and_the_keyboard_reaches_everything(open_page, check_both, walk, path: str) -> None:
    page = open_page(path)
    check_both(page)
    walk(page)


@pytest.mark.parametrize("path", ["/", "/league-table"])
def test_the_keyboard_reaches_everything_on_a_wide_page(open_page, walk, path: str) -> None:
    walk(open_page(path))


def test_the_skip_link_comes_first_and_leads_past_the_navigation(open_page) -> None:
    page = open_page("/league-table")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "Skip to main content"
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.id") == "definition"
