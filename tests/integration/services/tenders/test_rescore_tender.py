"""A recorded result can be repeated byte for byte, and another catalogue shows a difference and changes nothing."""

import json
from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest
from click.testing import CliRunner, Result
from sqlalchemy import Engine, text

from wpound.catalogue.fingerprint import read_catalogue, write_catalogue
from wpound.catalogue.model import Catalogue
from wpound.cli import cli
from wpound.core.errors import NotFound, StateError
from wpound.services import open_catalogue
from wpound.services.evaluate_bids import evaluate_bids, get_result
from wpound.services.rescore_tender import Difference, rescore_lot
from wpound.store.audit import head
from wpound.store.engine import writing
from wpound.store.types import hash_of

OCID = "ocds-test-1"


def evaluated(buying: Any) -> Any:
    """A tender with three bids, scored."""
    tender = buying.marked()
    evaluate_bids(buying.session, buying.lot(tender), buying.catalogue, actor="chair")
    return tender


def lower_price(session: Any, pence: int = 40_000_000) -> None:
    """As somebody could past the program."""
    session.execute(text("UPDATE bids SET price = :pence WHERE bidder = 'Ash'"), {"pence": pence})
    session.expire_all()


@pytest.fixture
def newer(catalogue: Catalogue) -> Catalogue:
    """The catalogue with a tonne of carbon worth a pound more."""
    fleet = catalogue.get_measure("carbon-fleet")
    dearer = tuple(replace(value, value=value.value + 1) for value in fleet.values)
    measures = {**catalogue.measures, fleet.code: replace(fleet, values=dearer)}
    return read_catalogue(write_catalogue(replace(catalogue, measures=measures)))


def test_it_is_the_same_byte_for_byte_without_the_catalogue_of_today(buying: Any) -> None:
    tender = evaluated(buying)
    before = head(buying.session)
    found = rescore_lot(buying.session, tender, buying.lot(tender))

    assert found.is_same and found.differences == ()
    assert found.result_hash == hash_of(get_result(found.evaluation)) == found.evaluation.result_hash
    assert head(buying.session) == before


def test_what_differs_is_named(buying: Any) -> None:
    tender = evaluated(buying)
    lower_price(buying.session)
    found = rescore_lot(buying.session, tender, buying.lot(tender))

    assert not found.is_same
    assert Difference("bids: Ash: lines: price: inputs: price", "450000.00", "400000.00") in found.differences
    # By hand: Cedar had 40 x 450,000 / 480,000 for its price and has 40 x 400,000 / 480,000.
    assert Difference("bids: Cedar: score", "57.50", "53.33") in found.differences
    assert not [one for one in found.differences if one.recorded == one.now]


def test_an_order_that_changed_is_named(buying: Any) -> None:
    tender = evaluated(buying)
    lower_price(buying.session, 25_000_000)
    found = rescore_lot(buying.session, tender, buying.lot(tender))

    assert Difference("bids: order", "Birch; Ash; Cedar", "Ash; Birch; Cedar") in found.differences


def test_a_newer_catalogue_shows_a_difference_and_changes_nothing(buying: Any, newer: Catalogue) -> None:
    tender = evaluated(buying)
    recorded = rescore_lot(buying.session, tender, buying.lot(tender))
    found = rescore_lot(buying.session, tender, buying.lot(tender), current=newer)

    used = [one for one in found.differences if one.place.endswith("values_used: carbon-fleet 2026: value")]
    assert len(used) == 3
    assert all(Decimal(one.now or 0) - Decimal(one.recorded or 0) == 1 for one in used)
    assert found.catalogue_fingerprint == newer.fingerprint != found.evaluation.catalogue_fingerprint
    assert rescore_lot(buying.session, tender, buying.lot(tender)) == recorded


def test_a_catalogue_that_cannot_count_the_bids_is_said(buying: Any, catalogue: Catalogue) -> None:
    tender = evaluated(buying)
    measures = {code: measure for code, measure in catalogue.measures.items() if code != "local-jobs"}

    with pytest.raises(StateError, match="cannot be scored"):
        rescore_lot(buying.session, tender, buying.lot(tender), current=replace(catalogue, measures=measures))


def test_what_was_never_evaluated_or_was_tampered_with_is_said(buying: Any) -> None:
    tender = buying.marked()
    with pytest.raises(NotFound, match="has not been evaluated yet"):
        rescore_lot(buying.session, tender, buying.lot(tender))
    evaluate_bids(buying.session, buying.lot(tender), buying.catalogue, actor="chair")
    with pytest.raises(NotFound, match="has no evaluation 2"):
        rescore_lot(buying.session, tender, buying.lot(tender), number=2)
    tender.method_hash = "0" * 64
    with pytest.raises(StateError, match="not the one that was published"):
        rescore_lot(buying.session, tender, buying.lot(tender))
    buying.session.rollback()


@pytest.fixture
def rescore(engine: Engine, arrange: Callable[..., Any], monkeypatch: pytest.MonkeyPatch) -> Callable[..., Result]:
    """The command over a database with one evaluated tender."""
    monkeypatch.setenv("WPOUND_DATABASE_URL", engine.url.render_as_string(hide_password=False))
    with writing(engine) as session:
        evaluated(arrange(session))

    def run(*arguments: str) -> Result:
        return CliRunner().invoke(cli, ["tender", "rescore", *arguments])

    return run


def test_the_command_says_the_same_with_both_hashes(rescore: Callable[..., Result]) -> None:
    told, printed = rescore(OCID), rescore(OCID, "--lot", "1", "--evaluation", "1", "--json")
    [lot] = json.loads(printed.stdout)["lots"]

    assert (told.exit_code, printed.exit_code) == (0, 0)
    assert "The same, byte for byte." in told.stdout
    assert told.stdout.count(lot["hash"]) == 2 and lot["hash"] == lot["recorded_hash"]
    assert lot["same"] is True and lot["differences"] == []


def test_the_command_names_every_difference_and_its_exit_code_says_no(
    rescore: Callable[..., Result], engine: Engine
) -> None:
    with writing(engine) as session:
        lower_price(session)
    told, printed = rescore(OCID), rescore(OCID, "--json")

    assert (told.exit_code, printed.exit_code) == (1, 1)
    assert "  bids: Cedar: score: 57.50 recorded, 53.33 now" in told.stdout.splitlines()
    [lot] = json.loads(printed.stdout)["lots"]
    assert f"Not the same: {len(lot['differences'])} entries differ." in told.stdout


def test_the_command_compares_with_the_catalogue_of_today(
    rescore: Callable[..., Result], newer: Catalogue, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(open_catalogue, "open_catalogue", lambda settings: newer)
    told = rescore(OCID, "--with", "current")

    assert told.exit_code == 0
    assert newer.fingerprint[:12] in told.stdout and "Not the same" in told.stdout
    assert told.stdout.endswith("Nothing was changed: evaluation 1 stands as it was recorded.\n")
    assert rescore(OCID).stdout.count("The same, byte for byte.") == 1


@pytest.mark.parametrize("arguments", [("ocds-none",), (OCID, "--lot", "2"), (OCID, "--evaluation", "9")])
def test_the_command_says_what_there_is_not(rescore: Callable[..., Result], arguments: tuple[str, ...]) -> None:
    assert isinstance(rescore(*arguments).exception, NotFound)
