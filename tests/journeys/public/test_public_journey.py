"""What a member of the public comes for, from the first page to the answer."""

import pytest
from playwright.sync_api import Page, expect


def test_compare_anchors_and_sort_them(open_page) -> None:
    page: Page = open_page("/")
    page.get_by_role("link", name="See the league table").click()
    page.get_by_label("Financial year").select_option("2024")
    page.get_by_role("button", name="Show the table").click()
    expect(page).to_have_title("Local spend league table 2024-25 \N{EN DASH} wpound")

    table = page.get_by_role("table", name="Anchors by local share")
    first = table.locator("tbody tr").first
    expect(first).to_contain_text("City of Example Council")
    table.get_by_role("button", name="Net spend").click()
    expect(first).to_contain_text("Example Homes")
    expect(page.get_by_text("Sort by Net spend (ascending)")).to_have_count(1)


def test_every_download_arrives(open_page) -> None:
    page: Page = open_page("/league-table")
    for words in ("CSV", "workbook", "JSON"):
        with page.expect_download() as download:
            page.get_by_role("link", name=words).click()
        assert download.value.suggested_filename.startswith("league-table.")


def test_charts_are_shown(open_page) -> None:
    page: Page = open_page("/league-table")
    for picture in page.get_by_role("img").all():
        assert picture.evaluate("e => e.complete && e.naturalWidth") > 0


def test_find_out_how_a_promise_is_counted(open_page) -> None:
    page: Page = open_page("/plan")
    page.get_by_role("link", name="All measures in one list").click()
    page.get_by_label("Strand").select_option("carbon")
    page.get_by_role("button", name="Show measures").click()
    page.get_by_role("link", name="Carbon saved from vehicles").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Carbon saved from vehicles")
    expect(page.get_by_role("heading", name="Evidence accepted")).to_be_visible()


@pytest.mark.parametrize("scripts", [True, False])
def test_verify_a_certificate_by_its_number(open_page, scripts: bool) -> None:
    page: Page = open_page("/verify", scripts=scripts)
    page.get_by_role("button", name="Look up the number").click()
    expect(page.get_by_role("heading", name="There is a problem")).to_be_visible()
    page.get_by_role("link", name="Enter the serial number").click()
    page.get_by_label("Serial number").fill("CWC-2026-0001")
    page.get_by_role("button", name="Look up the number").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("This certificate is valid")


def test_a_file_that_is_no_certificate_is_explained(open_page) -> None:
    page: Page = open_page("/verify")
    page.get_by_label("Certificate file").set_input_files(
        {"name": "letter.pdf", "mimeType": "application/pdf", "buffer": b"Dear Sir or Madam"}
    )
    page.get_by_role("button", name="Check the file").click()
    expect(page.get_by_role("heading", name="There is a problem")).to_be_visible()
    assert page.evaluate("document.activeElement.className") == "govuk-error-summary"


def test_the_menu_opens_on_a_narrow_screen(open_page) -> None:
    page: Page = open_page("/", 320)
    link = page.get_by_role("navigation").get_by_role("link", name="League table")
    expect(link).to_be_hidden()
    page.get_by_role("button", name="Menu").click()
    expect(link).to_be_visible()


def test_everything_is_there_without_scripts(open_page) -> None:
    page: Page = open_page("/league-table", 320, scripts=False)
    expect(page.get_by_role("navigation").get_by_role("link", name="Verify a certificate")).to_be_visible()
    page.get_by_label("Financial year").select_option("2024")
    page.get_by_role("button", name="Show the table").click()
    expect(page.get_by_role("table", name="Anchors by local share")).to_be_visible()
