"""The built front end: everything a page asks for, and nothing that is reserved for GOV.UK."""

import pytest

from wpound.web.extensions import STATIC_FOLDER

VENDOR = STATIC_FOLDER / "vendor"
NEEDED = [
    "wpound.css",
    "moj.css",
    "govuk-frontend.min.js",
    "moj-frontend.min.js",
    "fonts/source-sans-3-400.woff2",
    "fonts/source-sans-3-700.woff2",
    "fonts/OFL.txt",
    "LICENCES.txt",
]


@pytest.fixture(autouse=True)
def built(missing) -> None:
    if not (VENDOR / "STAMP").is_file():
        missing("the front end is not built: install the package from the checkout")


@pytest.mark.parametrize("name", NEEDED)
def test_it_is_there(name: str) -> None:
    assert (VENDOR / name).stat().st_size > 0


def test_nothing_else_is_shipped() -> None:
    found = {path.relative_to(VENDOR).as_posix() for path in VENDOR.rglob("*") if path.is_file()}
    assert found == {*NEEDED, "STAMP"}


@pytest.mark.parametrize("sheet", ["wpound.css", "moj.css"])
def test_no_crown_and_no_reserved_font(sheet: str) -> None:
    text = (VENDOR / sheet).read_text().lower()
    assert "gds transport" not in text
    assert "crown" not in text
    assert "crest" not in text


def test_fonts_come_from_our_own_folder() -> None:
    text = (VENDOR / "wpound.css").read_text()
    assert "url(fonts/source-sans-3-400.woff2)" in text.replace('"', "")
    assert "url(http" not in text


def test_pages_and_scripts_ask_only_for_files_that_are_there(client, get) -> None:
    page = get("/verify")
    asked = [e.get("href") for e in page.all(".//link")] + [e.get("src") for e in page.all(".//script")]
    for address in asked:
        assert client.get(address, buffered=True).status_code == 200, address
    for script in STATIC_FOLDER.glob("*.js"):
        for line in script.read_text().splitlines():
            if line.startswith("import "):
                assert (STATIC_FOLDER / line.split('"')[1]).is_file()
