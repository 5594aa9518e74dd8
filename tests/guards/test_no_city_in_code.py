"""Nothing in code is one city's own: plan, anchors, areas and names are data that another city replaces."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
ONE_CITY = re.compile(r"wolverhampton|\bwv\d|black[ _-]country|E08000031|our-city-our-plan", re.I)
FOLDERS = {"wpound": "*.py", "templates": "*.*", "migrations": "*.py", "wpound/web/static": "*.js"}


@pytest.mark.parametrize(("folder", "names"), FOLDERS.items())
def test_no_code_names_the_founding_city(folder: str, names: str) -> None:
    hits = [
        f"{path.relative_to(ROOT)}: {found[0]}"
        for path in (ROOT / folder).rglob(names)
        if path.is_file()
        for found in ONE_CITY.finditer(path.read_text("utf-8"))
    ]
    assert hits == []


def test_the_guard_sees_a_city() -> None:
    assert ONE_CITY.search("DEFAULT = 'city-of-wolverhampton-council'")
    assert ONE_CITY.search("the pool of WV10 1AA")
