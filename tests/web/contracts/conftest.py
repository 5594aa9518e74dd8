"""A browser for whoever looks at contracts, and one that has run for more than two years."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from wpound.core.roles import Role
from wpound.store.models.contracts import Contract


@pytest.fixture
def browse(act_as: Callable[..., Any], make_browser: Callable[..., Any]) -> Callable[..., Any]:
    """A browser of somebody of an organisation of the desk."""

    def open_browser(place: str = "council", name: str = "olga", role: Role | None = None, **about: int) -> Any:
        return make_browser(act_as(place, name, role, **about), lambda: act_as(place, name, role, **about))

    return open_browser


@pytest.fixture
def officer(browse: Callable[..., Any]) -> Any:
    return browse()


@pytest.fixture
def running(desk: Any) -> Callable[..., str]:
    """Enter a contract that began more than two years ago: its address at the buyer's."""

    def enter(*measures: str) -> str:
        contract_id = desk.enter(*measures)
        with desk.session() as session:
            session.get_one(Contract, contract_id).start_on = date(2024, 4, 1)
        return f"/buyer/contracts/{contract_id}"

    return enter
