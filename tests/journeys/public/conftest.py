"""The public pages; what the services would read from a database comes from the samples."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from types import ModuleType

import pytest

from wpound.app import create_app
from wpound.config import Settings
from wpound.services.verify_certificate import Outcome, Verification
from wpound.web.public import views_league, views_verify


@pytest.fixture(scope="module")
def address(
    tmp_path_factory: pytest.TempPathFactory, samples: ModuleType, serve: Callable[..., AbstractContextManager[str]]
) -> Iterator[str]:
    """Where the service answers: two years of league tables and one certificate.

    For one module only: what is put in the place of services would answer for the real ones of the next module too.
    """
    answers = {samples.SERIAL: Verification(Outcome.VALID, (), samples.certificate_facts())}
    app = create_app(Settings.from_environment({"WPOUND_DATA_DIR": str(tmp_path_factory.mktemp("data"))}))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(views_league, "list_league_years", lambda session, city: [2025, 2024])
        patch.setattr(
            views_league, "get_league_report", lambda session, city, key, year: samples.league_report(city, key, year)
        )
        patch.setattr(
            views_verify,
            "check_serial",
            lambda session, settings, serial: answers.get(serial, Verification(Outcome.UNKNOWN)),
        )
        with serve(app) as found:
            yield found
    app.extensions["wpound"].engine.dispose()
