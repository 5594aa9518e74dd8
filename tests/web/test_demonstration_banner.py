"""Where figures are invented, every page says so; where they are real, none does."""

import pytest

from wpound.services.mark_demonstration import mark_demonstration
from wpound.store.engine import upgrade, writing

WORDS = "Every firm, person, payment and contract here is invented."


@pytest.fixture
def migrated(app):
    upgrade(app.extensions["wpound"].engine)
    return app


@pytest.mark.parametrize("address", ["/", "/plan", "/measures", "/league-table", "/verify", "/accessibility"])
def test_every_page_over_invented_data_says_so(migrated, get, address: str) -> None:
    with writing(migrated.extensions["wpound"].engine) as session:
        mark_demonstration(session, stamp="city-1-1", version=1, seed=1, actor="test")
    assert WORDS in get(address).text
    assert WORDS in get("/no-such-page", status=404).text


def test_no_page_over_other_data_does(migrated, get) -> None:
    assert WORDS not in get("/").text
    assert WORDS not in get("/league-table").text


def test_a_database_that_was_never_set_up_is_none(get) -> None:
    assert WORDS not in get("/").text
