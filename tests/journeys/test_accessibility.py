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
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
RUN_AXE = "rules => axe.run(document, {runOnly: {type: 'tag', values: rules}})"
FOCUSABLE = """() => [...document.querySelectorAll('a[href], button, input, select, summary, [tabindex="0"]')]
    .filter(e => e.type !== 'hidden' && e.checkVisibility({visibilityProperty: true})).length"""
# Where the focus is: null at the end of the page; else what it is on, whether it shows and whether it can be seen.
FOCUSED = """() => {
    const e = document.activeElement;
    if (e === document.body) return null;
    e.dataset.stop ??= String(document.querySelectorAll('[data-stop]').length);
    const style = getComputedStyle(e), box = e.getClientRects()[0];
    const ring = style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) > 0;
    const x = Math.min(Math.max(box.left + Math.min(box.width / 2, 20), 0), innerWidth - 1);
    const y = Math.min(Math.max(box.top + Math.min(box.height / 2, 10), 0), innerHeight - 1);
    const on_top = document.elementFromPoint(x, y);
    return {
        stop: e.dataset.stop,
        what: e.outerHTML.slice(0, 120),
        shows: ring || style.boxShadow !== 'none',
        uncovered: e.contains(on_top) || (on_top !== null && on_top.contains(e)),
    };
}"""


@pytest.mark.parametrize("width", [1280, 320])
@pytest.mark.parametrize("path", PAGES)
def test_axe_finds_nothing_and_the_page_never_scrolls_sideways(open_page, axe: str, path: str, width: int) -> None:
    page = open_page(path, width)
    page.evaluate(axe)
    found = page.evaluate(RUN_AXE, RULES)["violations"]
    assert [(one["id"], [node["html"][:200] for node in one["nodes"]]) for one in found] == []
    assert page.evaluate("document.documentElement.scrollWidth") <= width


@pytest.mark.parametrize(("path", "width"), [*((path, 320) for path in PAGES), ("/", 1280), ("/league-table", 1280)])
def test_the_keyboard_reaches_everything_and_the_focus_shows(open_page, path: str, width: int) -> None:
    page = open_page(path, width)
    # A page with an error starts at its summary; the walk starts at the top.
    page.locator(".govuk-skip-link").focus()
    wanted = page.evaluate(FOCUSABLE)
    stops = []
    while (focused := page.evaluate(FOCUSED)) is not None:
        stops.append(focused)
        assert len(stops) <= wanted + 5, f"the focus never leaves the page: {stops[-3:]}"
        page.keyboard.press("Tab")
    assert len({stop["stop"] for stop in stops}) >= wanted
    assert [stop["what"] for stop in stops if not stop["shows"]] == []
    assert [stop["what"] for stop in stops if not stop["uncovered"]] == []


def test_the_skip_link_comes_first_and_leads_past_the_navigation(open_page) -> None:
    page = open_page("/league-table")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "Skip to main content"
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.id") == "definition"
