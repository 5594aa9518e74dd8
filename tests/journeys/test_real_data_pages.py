"""The public pages over a database: the demonstration's, one with nothing in it, and names as long as they come."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import replace

import pytest

from wpound.app import create_app
from wpound.catalogue.loader import load_city
from wpound.config import Settings
from wpound.services.verify_certificate import Outcome, Verification
from wpound.store.engine import upgrade
from wpound.web.public import views_verify

pytestmark = [pytest.mark.proof, pytest.mark.xdist_group("demonstration")]

WIDTHS = [1280, 320]
LONG = "Wolds-and-Wharves-Reclamation-Refurbishment-and-Resettlement-Contractors-Holdings " * 2
UNBROKEN = "Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft"


@pytest.fixture(scope="session")
def served(serve: Callable[..., AbstractContextManager[str]]) -> Callable[..., AbstractContextManager[str]]:
    """The pages over a database, for as long as a block lasts."""

    @contextmanager
    def serve_pages(environment: dict[str, str]) -> Iterator[str]:
        app = create_app(Settings.from_environment(environment))
        upgrade(app.extensions["wpound"].engine)
        with serve(app) as found:
            yield found
        app.extensions["wpound"].engine.dispose()

    return serve_pages


@pytest.fixture
def read_page(open_page, check) -> Callable[[str, int], str]:
    """Open a page at a width, check that it is for everyone, and give its words."""

    def read(path: str, width: int) -> str:
        page = open_page(path, width)
        check(page)
        return page.inner_text("body")

    return read


@pytest.fixture(scope="session")
def address() -> str:
    """Nothing: here pages are opened by their whole address."""
    return ""


@pytest.fixture(scope="session")
def demo_pages(demonstration, served) -> Iterator[str]:
    with served(demonstration.environment) as address:
        yield address


@pytest.fixture(scope="session")
def empty_pages(tmp_path_factory: pytest.TempPathFactory, served) -> Iterator[str]:
    with served({"WPOUND_DATA_DIR": str(tmp_path_factory.mktemp("nothing"))}) as address:
        yield address


@pytest.fixture
def long_names(monkeypatch: pytest.MonkeyPatch, samples) -> None:
    """Every certificate asked for is there, and everything in it has a name as long as they come."""

    def answer(session, settings, serial: str) -> Verification:
        facts = samples.certificate_facts()
        name = LONG if serial == "LONG" else UNBROKEN
        lines = tuple(replace(line, title=name) for line in facts.lines)
        contracts = tuple(replace(contract, title=name) for contract in facts.contracts)
        facts = replace(facts, holder_name=name, contracts=contracts, lines=lines)
        return Verification(Outcome.VALID, (), facts)

    monkeypatch.setattr(views_verify, "check_serial", answer)


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("path", ["/", "/league-table", "/verify/COWC1-2026-00001"])
def test_the_demonstration_is_for_everyone_and_says_what_it_is(
    read_page, demo_pages: str, path: str, width: int
) -> None:
    assert "Every firm, person, payment and contract here is invented." in read_page(demo_pages + path, width)


def test_every_definition_of_local_has_its_table(read_page, demo_pages: str) -> None:
    for rule in load_city().localities:
        assert "Where the money went" in read_page(f"{demo_pages}/league-table?definition={rule.key}&year=2024", 1280)


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("path", ["/", "/plan", "/league-table", "/verify", "/verify/COWC1-2026-00001"])
def test_an_empty_database_breaks_no_page(read_page, empty_pages: str, path: str, width: int) -> None:
    assert "£0" not in read_page(empty_pages + path, width)


@pytest.mark.usefixtures("long_names")
@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("serial", ["LONG", "UNBROKEN"])
def test_a_name_as_long_as_they_come_fits(read_page, empty_pages: str, serial: str, width: int) -> None:
    assert "This certificate is valid" in read_page(f"{empty_pages}/verify/{serial}", width)
