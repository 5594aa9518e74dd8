"""A council, a hospital and a firm, with people in them."""

from collections.abc import Callable
from datetime import UTC, date, datetime
from secrets import token_hex

import pytest
from sqlalchemy.orm import Session

from wpound.catalogue.model import AnchorKind
from wpound.core.money import Money
from wpound.services.access import Person, find_person
from wpound.services.change_roles import grant_role
from wpound.store.base import add
from wpound.store.models.accounts import LoginSession, Role, User
from wpound.store.models.contracts import Contract
from wpound.store.models.organisations import Organisation
from wpound.store.models.suppliers import Supplier, SupplierSize
from wpound.store.models.tenders import Tender

Joins = Callable[..., User]


@pytest.fixture
def council(session: Session) -> Organisation:
    return _organisation(session, "council", AnchorKind.COUNCIL)


@pytest.fixture
def hospital(session: Session) -> Organisation:
    return _organisation(session, "hospital", AnchorKind.HEALTH)


@pytest.fixture
def firm(session: Session) -> Organisation:
    return _organisation(session, "firm", None)


def _organisation(session: Session, key: str, kind: AnchorKind | None) -> Organisation:
    city = "town" if kind else None
    return add(
        session,
        Organisation(
            key=key, name=f"Example {key.title()}", anchor_kind=kind, city_key=city, is_public_body=kind is not None
        ),
    )


@pytest.fixture
def make_tender(session: Session) -> Callable[[Organisation], Tender]:
    """A draft tender of an organisation."""
    return lambda organisation: add(
        session, Tender(organisation_id=organisation.id, ocid=f"ocds-{token_hex(4)}", title="Grounds", lots=[])
    )


@pytest.fixture
def make_contract(session: Session) -> Callable[[Organisation], Contract]:
    """A contract of an organisation."""

    def make(organisation: Organisation) -> Contract:
        supplier = add(
            session,
            Supplier(name="Example Joinery", size=SupplierSize.UNKNOWN, source="test", seen_on=date(2026, 4, 1)),
        )
        return add(
            session,
            Contract(
                organisation_id=organisation.id,
                supplier_id=supplier.id,
                reference=token_hex(4),
                title="Repairs",
                contract_value=Money(100),
                start_on=date(2026, 4, 1),
                end_on=date(2027, 3, 31),
                commitments=[],
            ),
        )

    return make


@pytest.fixture
def join(session: Session) -> Joins:
    """Make a person, with one role where an organisation and a role are named."""

    def make(name: str, organisation: Organisation | None = None, role: Role | None = None, **about: int) -> User:
        email = f"{name.lower()}@example.com"
        user = User(name=name, email=email, fs_uniquifier=token_hex(32), fs_webauthn_user_handle=token_hex(32))
        add(session, user)
        if organisation is not None and role is not None:
            grant_role(session, user, organisation, role, actor="test", **about)
        return user

    return make


@pytest.fixture
def sign_in(session: Session) -> Callable[[User], None]:
    """Leave a browser signed in."""

    def make(user: User) -> None:
        moment = datetime(2026, 11, 1, tzinfo=UTC)
        add(
            session,
            LoginSession(
                key_hash=token_hex(32),
                user_id=user.id,
                data="{}",
                last_seen_at=moment,
                expires_at=moment,
                address_hint="",
                user_agent="",
            ),
        )

    return make


@pytest.fixture
def person_of(session: Session) -> Callable[[User], Person]:
    """The user as access sees them now."""

    def find(user: User) -> Person:
        person = find_person(session, user.id)
        assert person is not None
        return person

    return find
