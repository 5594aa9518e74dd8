"""Who may be what, who decides it, and what is left behind when it changes."""

import pytest
from sqlalchemy import func, select

from wpound.core.errors import AccessDenied, InputError, NotFound, StateError
from wpound.services.access import Policy, Target, decide, find_person
from wpound.services.change_roles import grant_role, list_open_roles, remove_role
from wpound.services.manage_people import (
    count_people,
    get_colleague,
    give_role,
    list_people,
    list_role_choices,
    set_account_open,
    take_role,
)
from wpound.services.switch_organisation import switch_organisation
from wpound.store.audit import list_events, verify_chain
from wpound.store.memberships import list_memberships
from wpound.store.models.accounts import LoginSession, Role


def sign_ins(session, user):
    return session.scalar(select(func.count()).select_from(LoginSession).where(LoginSession.user_id == user.id))


def test_a_grant_and_a_removal_are_kept_on_record_and_end_every_sign_in(session, council, join, sign_in) -> None:
    user, other = join("Asha"), join("Bela")
    before = user.fs_uniquifier
    for one in (user, user, other):
        sign_in(one)

    membership = grant_role(session, user, council, Role.OFFICER, actor="boss@example.com")
    granted = user.fs_uniquifier
    assert granted != before
    assert (sign_ins(session, user), sign_ins(session, other)) == (0, 1)

    sign_in(user)
    remove_role(session, membership, council, actor="boss@example.com")
    assert user.fs_uniquifier not in (before, granted)
    assert (sign_ins(session, user), sign_ins(session, other)) == (0, 1)

    events = list_events(session, object_kind="user", object_id=user.id)
    assert [(event.action, event.actor) for event in events] == [
        ("role.granted", "boss@example.com"),
        ("role.removed", "boss@example.com"),
    ]
    assert events[0].detail == {"organisation": "council", "role": "officer", "tender_id": None, "contract_id": None}
    assert verify_chain(session) == []
    assert membership.removed_by == "boss@example.com"
    assert list_memberships(session, user_id=user.id) == []


def test_nobody_changes_their_own_roles(session, council, join) -> None:
    user = join("Asha", council, Role.ADMIN)
    with pytest.raises(StateError, match="own roles"):
        grant_role(session, user, council, Role.ANCHOR, actor="Asha@Example.com")
    (membership,) = list_memberships(session, user_id=user.id)
    with pytest.raises(StateError, match="own roles"):
        remove_role(session, membership, council, actor=user.email)


@pytest.mark.parametrize("buying", [Role.OFFICER, Role.EVALUATOR, Role.CONTRACT_MANAGER])
def test_an_administrator_takes_no_part_in_buying(
    session, council, hospital, join, make_tender, make_contract, buying
) -> None:
    about = {Role.EVALUATOR: {"tender_id": make_tender(council).id}}
    about[Role.CONTRACT_MANAGER] = {"contract_id": make_contract(council).id}
    admin, buyer = join("Asha", council, Role.ADMIN), join("Bela", council, buying, **about.get(buying, {}))
    with pytest.raises(StateError, match="no part in buying"):
        grant_role(session, admin, council, buying, actor="test", **about.get(buying, {}))
    with pytest.raises(StateError, match="no part in buying"):
        grant_role(session, buyer, council, Role.ADMIN, actor="test")
    grant_role(session, buyer, hospital, Role.ADMIN, actor="test")


def test_a_role_is_held_once_and_can_be_given_again(session, council, join) -> None:
    user = join("Asha", council, Role.ANCHOR)
    with pytest.raises(StateError, match="already"):
        grant_role(session, user, council, Role.ANCHOR, actor="test")
    (membership,) = list_memberships(session, user_id=user.id)
    remove_role(session, membership, council, actor="test")
    with pytest.raises(StateError, match="before"):
        remove_role(session, membership, council, actor="test")
    assert grant_role(session, user, council, Role.ANCHOR, actor="test").id != membership.id


def test_an_evaluator_is_one_tenders_and_a_contract_manager_one_contracts(
    session, council, hospital, join, make_tender, make_contract
) -> None:
    user, own, foreign = join("Asha"), make_tender(council), make_tender(hospital)
    for about in ({}, {"tender_id": foreign.id}, {"tender_id": 4711}):
        with pytest.raises(InputError) as refused:
            grant_role(session, user, council, Role.EVALUATOR, actor="test", **about)
        assert refused.value.field == "tender"
    with pytest.raises(InputError) as refused:
        grant_role(session, user, council, Role.CONTRACT_MANAGER, actor="test", contract_id=make_contract(hospital).id)
    assert refused.value.field == "contract"
    with pytest.raises(InputError, match="Leave the tender empty"):
        grant_role(session, user, council, Role.OFFICER, actor="test", tender_id=own.id)
    grant_role(session, user, council, Role.EVALUATOR, actor="test", tender_id=own.id)
    grant_role(session, user, council, Role.EVALUATOR, actor="test", tender_id=make_tender(council).id)


def test_an_organisation_has_the_roles_it_has_a_use_for(session, council, firm, join) -> None:
    assert set(list_open_roles(council)) == set(Role)
    assert set(list_open_roles(firm)) == {Role.ADMIN, Role.SUPPLIER}
    with pytest.raises(InputError) as refused:
        grant_role(session, join("Asha"), firm, Role.OFFICER, actor="test")
    assert refused.value.field == "role"


def test_a_policy_is_met_where_one_acts_and_a_foreign_thing_is_not_found(
    session, council, hospital, join, make_tender, person_of
) -> None:
    mine, another, foreign = make_tender(council), make_tender(council), make_tender(hospital)
    person = person_of(join("Asha", council, Role.EVALUATOR, tender_id=mine.id))
    decide(Policy.EVALUATOR, person, Target(council.id, tender_id=mine.id))
    for target in (Target(council.id), Target(council.id, another.id), Target(hospital.id, foreign.id)):
        with pytest.raises(NotFound):
            decide(Policy.EVALUATOR, person, target)
    # What it is about is not looked at where no role meets the policy, so that the answer tells nothing of it.
    for target in (None, Target(council.id, mine.id), Target(hospital.id, foreign.id)):
        with pytest.raises(AccessDenied):
            decide(Policy.OFFICER, person, target)


def test_an_officer_may_do_what_the_manager_of_a_contract_may_and_not_the_reverse(
    council, join, make_contract, person_of
) -> None:
    contract, another = make_contract(council), make_contract(council)
    officer = person_of(join("Asha", council, Role.OFFICER))
    manager = person_of(join("Bela", council, Role.CONTRACT_MANAGER, contract_id=contract.id))
    for person in (officer, manager):
        decide(Policy.CONTRACT_MANAGER, person, Target(council.id, contract_id=contract.id))
    decide(Policy.CONTRACT_MANAGER, officer, Target(council.id, contract_id=another.id))
    with pytest.raises(NotFound):
        decide(Policy.CONTRACT_MANAGER, manager, Target(council.id, contract_id=another.id))
    with pytest.raises(AccessDenied):
        decide(Policy.OFFICER, manager)


def test_roles_elsewhere_open_nothing_until_one_acts_there(session, council, hospital, join, person_of) -> None:
    user = join("Asha", hospital, Role.ANCHOR)
    grant_role(session, user, council, Role.OFFICER, actor="test")
    assert person_of(user).organisation_name == "Example Hospital", "a new role elsewhere moves nobody"
    switch_organisation(session, person_of(user), "council")
    person = person_of(user)
    assert (person.organisation_name, person.role) == ("Example Council", Role.OFFICER)
    with pytest.raises(AccessDenied):
        decide(Policy.ANCHOR, person, Target(hospital.id))
    assert switch_organisation(session, person, "hospital") == "Example Hospital"
    person = person_of(user)
    decide(Policy.ANCHOR, person, Target(hospital.id))
    with pytest.raises(AccessDenied):
        decide(Policy.OFFICER, person)
    last = list_events(session, object_kind="user", object_id=user.id)[-1]
    assert (last.action, last.actor, last.detail) == ("organisation.switched", user.email, {"organisation": "hospital"})


def test_one_acts_only_for_an_organisation_one_belongs_to(session, council, hospital, join, person_of) -> None:
    user = join("Asha", council, Role.OFFICER)
    with pytest.raises(NotFound):
        switch_organisation(session, person_of(user), "hospital")
    (membership,) = list_memberships(session, user_id=user.id)
    grant_role(session, user, hospital, Role.ANCHOR, actor="test")
    switch_organisation(session, person_of(user), "council")
    remove_role(session, membership, council, actor="test")
    assert person_of(user).organisation_name == "Example Hospital"


def test_a_disabled_account_is_nobodys_and_one_without_a_role_opens_no_page_of_a_member(
    session, council, join, person_of
) -> None:
    user = join("Asha")
    decide(Policy.SIGNED_IN, person_of(user))
    for policy in (Policy.MEMBER, Policy.ADMIN, Policy.BUYER):
        with pytest.raises(AccessDenied):
            decide(policy, person_of(user))
    user.active = False
    session.flush()
    assert find_person(session, user.id) is None
    for policy in set(Policy) - {Policy.PUBLIC}:
        with pytest.raises(AccessDenied):
            decide(policy, None)
    decide(Policy.PUBLIC, None)


def test_an_administrator_sees_and_changes_the_people_of_one_organisation(
    session, council, hospital, join, make_tender, make_contract, person_of
) -> None:
    admin = join("Asha", council, Role.ADMIN)
    tender = make_tender(council)
    make_tender(hospital)
    make_contract(hospital)
    here = join("Bela", council, Role.EVALUATOR, tender_id=tender.id)
    elsewhere = join("Cai", hospital, Role.OFFICER)
    grant_role(session, here, hospital, Role.ANCHOR, actor="test")
    person = person_of(admin)

    listed, count = list_people(session, person, None, 20, 0)
    assert ([colleague.name for colleague in listed], count) == (["Asha", "Bela"], 2)
    assert [one.name for one in list_people(session, person, None, 1, 1)[0]] == ["Bela"]
    assert [one.name for one in list_people(session, person, Role.EVALUATOR, 20, 0)[0]] == ["Bela"]
    assert count_people(session, person) == (2, 0)
    (held,) = get_colleague(session, person, here.id).held
    assert (held.title, held.about, held.granted_by) == ("Evaluator of one tender", "Grounds", "test")
    choices = list_role_choices(session, person)
    assert (choices.tenders, choices.contracts) == ({str(tender.id): "Grounds"}, {})

    (foreign,) = list_memberships(session, user_id=elsewhere.id)
    not_here = next(one for one in list_memberships(session, user_id=here.id) if one.organisation_id == hospital.id)
    for attempt in (
        lambda: get_colleague(session, person, elsewhere.id),
        lambda: give_role(session, person, elsewhere.id, Role.ANCHOR),
        lambda: take_role(session, person, elsewhere.id, foreign.id),
        lambda: take_role(session, person, here.id, not_here.id),
        lambda: take_role(session, person, admin.id, held.membership_id),
    ):
        with pytest.raises(NotFound):
            attempt()

    take_role(session, person, here.id, held.membership_id)
    assert list_people(session, person, Role.EVALUATOR, 20, 0) == ([], 0)
    assert (count_people(session, person), list_people(session, person, None, 20, 0)[1]) == ((1, 0), 2)
    give_role(session, person, here.id, Role.OFFICER)
    colleague = get_colleague(session, person, here.id)
    assert [(role.title, role.removed_by) for role in colleague.roles] == [
        ("Evaluator of one tender", admin.email),
        ("Procurement officer", None),
    ]


def test_only_an_administrator_manages_people(session, council, join, person_of) -> None:
    for role in (Role.OFFICER, Role.ANCHOR, Role.SUPPLIER):
        with pytest.raises(AccessDenied):
            list_people(session, person_of(join(role.value, council, role)), None, 20, 0)


def test_an_account_is_disabled_where_it_is_the_organisations_alone(
    session, council, hospital, join, sign_in, person_of
) -> None:
    admin, user = join("Asha", council, Role.ADMIN), join("Bela", council, Role.OFFICER)
    sign_in(user)
    person = person_of(admin)
    with pytest.raises(StateError, match="own account"):
        set_account_open(session, person, admin.id, False)
    set_account_open(session, person, user.id, False)
    assert (find_person(session, user.id), sign_ins(session, user)) == (None, 0)
    set_account_open(session, person, user.id, True)
    assert person_of(user).role is Role.OFFICER
    grant_role(session, user, hospital, Role.ANCHOR, actor="test")
    with pytest.raises(StateError, match="another organisation"):
        set_account_open(session, person, user.id, False)
    with pytest.raises(NotFound):
        set_account_open(session, person, join("Cai", hospital, Role.OFFICER).id, False)
