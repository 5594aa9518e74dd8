"""Counts, codes, sign-ins and roles as the two databases keep them."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from sqlalchemy import Engine, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from wpound.core.errors import NotFound
from wpound.services.keep_sign_in import SignInLimits, begin_sign_in, find_sign_in, list_sign_ins, use_sign_in
from wpound.store import accounts as store
from wpound.store.base import add
from wpound.store.engine import now_in, reading, writing
from wpound.store.models.accounts import AttemptCount, LoginSession, Membership, Role, User
from wpound.store.models.organisations import Organisation

LIMITS = SignInLimits(idle=timedelta(minutes=30), absolute=timedelta(hours=8))
QUARTER = timedelta(minutes=15)


def make_user(session: Session, name: str = "ann") -> User:
    user = User(email=f"{name}@example.org", name=name, fs_uniquifier=name, fs_webauthn_user_handle=name)
    return add(session, user)


def begin(session: Session, key: str, user: User | None) -> None:
    uniquifier = user.fs_uniquifier if user else None
    begin_sign_in(session, key, data="{}", uniquifier=uniquifier, limits=LIMITS, address="192.0.2.1", agent="Firefox")


def count(engine: Engine) -> int:
    with writing(engine) as session:
        return store.count_attempt(session, action="guess", subject_hash="x", within=QUARTER)


def test_attempts_at_the_same_moment_each_get_a_number_of_their_own(engine: Engine) -> None:
    with ThreadPoolExecutor(8) as pool:
        assert sorted(pool.map(lambda _: count(engine), range(24))) == list(range(1, 25))


def test_a_period_starts_at_the_first_attempt_and_is_not_made_longer_by_more(engine: Engine) -> None:
    assert [count(engine), count(engine)] == [1, 2]
    with writing(engine) as session:
        row = session.scalars(select(AttemptCount)).one()
        row.since = now_in(session) - QUARTER
    assert [count(engine), count(engine)] == [1, 2]
    with writing(engine) as session:
        store.forget_attempts(session, action="guess", subject_hash="x")
    assert count(engine) == 1


def test_a_code_is_used_once_and_no_earlier_one_after_it(session: Session) -> None:
    user = make_user(session)
    used = [store.use_code(session, user_id=user.id, counter=counter) for counter in (7, 7, 6, 8)]
    assert used == [True, False, False, True]


def test_ending_all_sign_ins_also_changes_the_word_that_half_made_ones_name(session: Session) -> None:
    user, other = make_user(session), make_user(session, "bob")
    for key, whose in (("a", user), ("b", user), ("c", other)):
        begin(session, key, whose)
    store.end_sign_ins(session, user_id=user.id)
    session.expire_all()
    assert [find_sign_in(session, key, LIMITS) is None for key in "abc"] == [True, True, False]
    assert user.fs_uniquifier != "ann"


def test_ending_all_but_one_leaves_that_one(session: Session) -> None:
    user = make_user(session)
    begin(session, "here", user)
    begin(session, "elsewhere", user)
    store.end_sign_ins(session, user_id=user.id, but=_hash(session, 0))
    assert [one.is_this_one for one in list_sign_ins(session, user.id, "here", LIMITS)] == [True]


def _hash(session: Session, place: int) -> str:
    return list(session.scalars(select(LoginSession.key_hash).order_by(LoginSession.id)))[place]


def test_nobody_ends_the_sign_in_of_another(session: Session) -> None:
    user, other = make_user(session), make_user(session, "bob")
    begin(session, "a", user)
    number = session.scalars(select(LoginSession.id)).one()
    with pytest.raises(NotFound):
        store.end_sign_in_of(session, number, user_id=other.id)
    store.end_sign_in_of(session, number, user_id=user.id)


def test_a_sign_in_that_ended_while_a_page_was_made_stays_ended(session: Session) -> None:
    begin(session, "a", make_user(session))
    store.end_sign_in(session, _hash(session, 0))
    use_sign_in(session, "a", data='{"x":1}')
    assert find_sign_in(session, "a", LIMITS) is None


def test_a_half_made_sign_in_lasts_a_quarter_of_an_hour(session: Session) -> None:
    begin(session, "a", None)
    row = session.scalars(select(LoginSession)).one()
    assert row.user_id is None
    assert row.expires_at - row.last_seen_at == QUARTER


def test_what_ran_out_is_deleted_when_somebody_signs_in(session: Session) -> None:
    user = make_user(session)
    begin(session, "old", user)
    row = session.scalars(select(LoginSession)).one()
    row.expires_at = now_in(session)
    store.count_attempt(session, action="guess", subject_hash="x", within=QUARTER)
    session.scalars(select(AttemptCount)).one().since = now_in(session) - timedelta(days=1)
    begin(session, "new", user)
    assert len(list(session.scalars(select(LoginSession)))) == 1
    assert list(session.scalars(select(AttemptCount))) == []


def test_a_role_is_held_once_at_a_time_and_again_after_it_was_taken(engine: Engine) -> None:
    with writing(engine) as session:
        user = make_user(session)
        organisation = add(session, Organisation(key="o", name="O", is_public_body=False))
        first = add(session, _role(session, user, organisation))
    with pytest.raises(IntegrityError), writing(engine) as session:
        session.add(_role(session, user, organisation))
        session.flush()
    with writing(engine) as session:
        session.get_one(Membership, first.id).removed_at = now_in(session)
        session.flush()
        add(session, _role(session, user, organisation))
    with reading(engine) as session:
        assert len(list(session.scalars(select(Membership)))) == 2


def _role(session: Session, user: User, organisation: Organisation) -> Membership:
    now = now_in(session)
    return Membership(
        user_id=user.id, organisation_id=organisation.id, role=Role.SUPPLIER, granted_by="t", granted_at=now
    )


def test_an_address_with_capitals_is_refused_by_the_database(engine: Engine) -> None:
    with pytest.raises(IntegrityError), writing(engine) as session:
        session.add(User(email="Ann@example.org", name="a", fs_uniquifier="a", fs_webauthn_user_handle="a"))
        session.flush()
