"""The pages under docs/measures are those the catalogue writes today."""

from pathlib import Path

from wpound.catalogue.loader import load_catalogue
from wpound.catalogue.pages import pages

FOLDER = Path(__file__).parents[2] / "docs" / "measures"


def test_the_measure_pages_are_current() -> None:
    kept = {page.name: page.read_text(encoding="utf-8") for page in FOLDER.glob("*.md")}
    assert kept == pages(load_catalogue()), "write them again with: wpound catalogue docs"
