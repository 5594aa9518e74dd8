"""Registering, inviting, accepting, and a new password by a link: what comes by mail and what a link is worth."""

from datetime import date, timedelta

import pytest
from sqlalchemy import func, select, update

from wpound.core.money import Money
from wpound.services.access import Role, find_person
from wpound.services.change_roles import remove_role
from wpound.services.create_person import disable_person
from wpound.services.invite_person import Links, invite_colleague
from wpound.store.accounts import find_user, get_user
from wpound.store.base import add
from wpound.store.engine import now_in, writing
from wpound.store.models.accounts import Invitation, Membership, User
from wpound.store.models.contracts import Contract
from wpound.store.models.organisations import Organisation
from wpound.store.models.suppliers import Supplier
from wpound.store.organisations import list_anchors

FIRM = {"email": "sue@firm.example", "firm": "Firm Ltd", "kind": "company", "company": "1234567", "charity": ""}
ACCEPT = {"name": "Sue Plier", "password": "purple monkey dishwasher"}


def _person(app, email: str):
    with writing(app.extensions["wpound"].engine) as session:
        user = find_user(session, email)
        return find_person(session, user.id) if user else None


def test_a_supplier_registers_itself_and_signs_in(app, browser, mails, path_in) -> None:
    visitor = browser()
    assert "Check your email" in visitor.send("/account/register", FIRM).get_data(as_text=True)
    [mail] = mails()
    assert (mail.recipient, mail.template) == ("sue@firm.example", "registration")
    assert _person(app, "sue@firm.example") is None

    answer = visitor.send(path_in(mail), ACCEPT)
    assert answer.headers["Location"] == "/account/sign-in"
    visitor.sign_in("sue@firm.example", ACCEPT["password"])

    assert visitor.is_signed_in
    person = _person(app, "sue@firm.example")
    assert [(grant.organisation_key, grant.role) for grant in person.memberships] == [
        ("gb-coh-01234567", Role.SUPPLIER)
    ]
    assert visitor.get("/account/register").status_code == 200


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        ({"company": ""}, "Enter the company number"),
        ({"company": "12AB"}, "Enter a company number of 8 characters"),
        ({"kind": "charity"}, "Enter the charity number"),
        ({"kind": "charity", "charity": "12"}, "Enter a charity number"),
        ({"kind": "club"}, "Select the kind of organisation"),
        ({"email": "sue"}, "correct form"),
        ({"firm": " "}, "Enter the name of the organisation"),
        ({"firm": "x" * 201}, "200 characters or fewer"),
        ({"firm": "Firm\x00"}, "cannot be printed"),
    ],
)
def test_what_is_wrong_with_a_registration_is_said(browser, mails, wrong: dict[str, str], says: str) -> None:
    answer = browser().send("/account/register", FIRM | wrong)
    assert answer.status_code == 400
    assert says in answer.get_data(as_text=True)
    assert mails() == []


def test_the_page_tells_nobody_who_has_an_account_and_the_mail_tells_the_owner(person, browser, mails) -> None:
    person("ann@example.org")
    pages = [
        browser().send("/account/register", FIRM | {"email": email}).get_data(as_text=True).replace(email, "ADDRESS")
        for email in ("ann@example.org", "nobody@example.org")
    ]
    assert pages[0] == pages[1]
    assert [mail.template for mail in mails()] == ["already_registered", "registration"]


def test_a_second_person_of_a_firm_is_sent_to_the_first(browser, mails, path_in) -> None:
    browser().send("/account/register", FIRM)
    browser().send(path_in(mails()[0]), ACCEPT)
    browser().send("/account/register", FIRM | {"email": "mallory@elsewhere.example"})
    assert mails()[1].template == "firm_registered"


@pytest.fixture
def give_contract(app):
    """Enters a contract of the city's council with the firm."""

    def enter() -> None:
        unknown = {"is_vcse": None, "is_public_body": None, "is_individual": None}
        terms = {"contract_value": Money.from_pounds(1), "start_on": date(2026, 4, 1), "end_on": date(2027, 3, 31)}
        with writing(app.extensions["wpound"].engine) as session:
            firm = Supplier(
                name="Firm Ltd", identifier="GB-COH-01234567", size="unknown", source="r", seen_on=date.min, **unknown
            )
            council = list_anchors(session, city_key=app.extensions["wpound"].city.key)[0]
            contract = Contract(organisation_id=council.id, supplier_id=add(session, firm).id, reference="1", **terms)
            contract.title = "Grounds"
            add(session, contract)

    return enter


def test_a_firms_number_alone_opens_its_contracts_to_nobody(app, browser, mails, path_in, give_contract) -> None:
    """The number is public: whoever looked up a rival's would be shown its contracts and what it reports for them."""
    browser().send("/account/register", FIRM)
    give_contract()
    assert browser().send(path_in(mails()[0]), ACCEPT).status_code == 409
    browser().send("/account/register", FIRM | {"email": "mallory@elsewhere.example"})
    assert mails()[1].template == "firm_registered"
    assert _person(app, "sue@firm.example") is None


def test_a_firm_that_everybody_has_left_is_not_taken_over(app, person, browser, mails, path_in) -> None:
    browser().send("/account/register", FIRM)
    browser().send(path_in(mails()[0]), ACCEPT)
    with writing(app.extensions["wpound"].engine) as session:
        session.execute(update(Membership).values(removed_at=now_in(session), removed_by="test"))
    browser().send("/account/register", FIRM | {"email": "mallory@elsewhere.example"})
    assert mails()[1].template == "firm_registered"


def test_of_two_who_register_a_firm_at_once_the_first_to_confirm_has_it(app, browser, mails, path_in) -> None:
    browser().send("/account/register", FIRM)
    browser().send("/account/register", FIRM | {"email": "mallory@elsewhere.example"})
    first, second = (path_in(mail) for mail in mails())
    browser().send(first, ACCEPT)
    assert browser().send(second, ACCEPT).status_code == 409
    assert _person(app, "mallory@elsewhere.example") is None


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        ({"name": ""}, "Enter your full name"),
        ({"password": "short"}, "12 characters or more"),
        ({"password": "sue@firm.example"}, "harder to guess"),
    ],
)
def test_an_invitation_is_not_used_up_by_a_mistake(browser, mails, path_in, wrong: dict[str, str], says: str) -> None:
    browser().send("/account/register", FIRM)
    link = path_in(mails()[0])
    answer = browser().send(link, ACCEPT | wrong)
    assert answer.status_code == 400
    assert says in answer.get_data(as_text=True)
    assert browser().send(link, ACCEPT).status_code == 303


def test_a_link_works_once_and_for_a_week(app, browser, mails, path_in) -> None:
    browser().send("/account/register", FIRM)
    browser().send("/account/register", FIRM | {"email": "other@firm2.example", "company": "7654321"})
    used, late = (path_in(mail) for mail in mails())
    browser().send(used, ACCEPT)
    with writing(app.extensions["wpound"].engine) as session:
        session.execute(update(Invitation).values(expires_at=now_in(session) - timedelta(seconds=1)))
    for link in (used, late, "/account/invitation/guessed"):
        answer = browser().get(link)
        assert answer.status_code == 404 and "your account is there" in answer.text


def test_the_row_of_an_invitation_does_not_hold_its_link(app, browser, mails, path_in) -> None:
    browser().send("/account/register", FIRM)
    token = path_in(mails()[0]).rpartition("/")[2]
    with writing(app.extensions["wpound"].engine) as session:
        row = session.scalars(select(Invitation)).one()
        assert token not in [str(value) for value in vars(row).values()]


def test_an_officer_invites_a_colleague_who_joins_the_council(app, person, browser, mails, path_in) -> None:
    person("ollie@example.org", Role.OFFICER, name="Ollie")
    officer = browser()
    officer.sign_in("ollie@example.org")
    answer = officer.send("/account/invitations", {"email": "New@Example.org", "role": "officer"})
    assert answer.status_code == 303
    assert "new@example.org" in officer.get("/account/invitations").get_data(as_text=True)

    browser().send(path_in(mails()[0]), {"name": "New", "password": "purple monkey dishwasher"})

    assert [grant.role for grant in _person(app, "new@example.org").memberships] == [Role.OFFICER]
    assert "new@example.org" not in officer.get("/account/invitations").get_data(as_text=True)


def test_an_officer_invites_a_supplier(app, person, browser, mails, path_in) -> None:
    person("ollie@example.org", Role.OFFICER)
    officer = browser()
    officer.sign_in("ollie@example.org")
    officer.send("/account/invitations/supplier", FIRM)
    browser().send(path_in(mails()[0]), ACCEPT)
    assert [grant.organisation_name for grant in _person(app, "sue@firm.example").memberships] == ["Firm Ltd"]


def test_a_buyer_brings_nobody_into_a_firm_that_has_people(app, person, browser, mails, path_in) -> None:
    """Whoever it brought in would read the firm's bid, price and all, while rivals still write theirs."""
    person("ollie@example.org", Role.OFFICER)
    officer = browser()
    officer.sign_in("ollie@example.org")
    officer.send("/account/invitations/supplier", FIRM)
    officer.send("/account/invitations/supplier", FIRM | {"email": "ollie@elsewhere.example"})
    first, second = (path_in(mail) for mail in mails())
    browser().send(first, ACCEPT)

    assert browser().send(second, ACCEPT).status_code == 409
    refused = officer.send("/account/invitations/supplier", FIRM | {"email": "ollie@elsewhere.example"})

    assert refused.status_code == 400
    assert "Its own people invite their colleagues" in refused.get_data(as_text=True)
    assert len(mails()) == 2
    assert _person(app, "ollie@elsewhere.example") is None


@pytest.mark.parametrize("role", ["admin", "officer", "supplier", "nonsense"])
def test_nobody_invites_to_a_role_they_may_not_give(person, browser, mails, role: str) -> None:
    person("ana@example.org", Role.ANCHOR)
    analyst = browser()
    analyst.sign_in("ana@example.org")
    assert analyst.send("/account/invitations", {"email": "new@example.org", "role": role}).status_code in (400, 403)
    assert analyst.get("/account/invitations/supplier").status_code == 403
    assert mails() == []


def test_a_withdrawn_invitation_is_worth_nothing_and_only_ones_own_can_be_withdrawn(
    app, person, browser, mails, path_in
) -> None:
    person("ana@example.org", Role.ANCHOR)
    analyst = browser()
    analyst.sign_in("ana@example.org")
    analyst.send("/account/invitations", {"email": "new@example.org", "role": "anchor"})
    browser().send("/account/register", FIRM)
    with writing(app.extensions["wpound"].engine) as session:
        own, foreign = session.scalars(select(Invitation.id).order_by(Invitation.id))
    page = "/account/invitations"
    assert analyst.send(f"/account/invitations/{foreign}/withdraw", on=page).status_code == 404
    assert analyst.send(f"/account/invitations/{own}/withdraw", on=page).status_code == 303
    assert browser().get(path_in(mails()[0])).status_code == 404
    assert browser().get(path_in(mails()[1])).status_code == 200


def _disable(session, user: User) -> None:
    disable_person(session, user, actor="test")


def _take_role(session, user: User) -> None:
    membership = session.scalars(select(Membership).where(Membership.user_id == user.id)).one()
    remove_role(session, membership, session.get(Organisation, membership.organisation_id), actor="test")


@pytest.mark.parametrize("lose", [_disable, _take_role])
def test_an_invitation_is_no_way_back_for_who_sent_it(app, person, browser, mails, path_in, lose) -> None:
    person("eve@example.org", Role.ADMIN)
    with writing(app.extensions["wpound"].engine) as session:
        eve = find_person(session, get_user(session, "eve@example.org").id)
        links = Links(lambda token: f"http://127.0.0.1:5000/account/invitation/{token}", "", "")
        invite_colleague(session, eve, email="eve@elsewhere.example", role=Role.ADMIN, links=links)
    with writing(app.extensions["wpound"].engine) as session:
        lose(session, get_user(session, "eve@example.org"))
    assert browser().get(path_in(mails()[0])).status_code == 404


def test_who_has_an_account_accepts_signed_in_as_nobody_else(app, person, browser, mails, path_in) -> None:
    person("ana@example.org", Role.ANCHOR)
    person("bob@example.org")
    person("eve@example.org")
    analyst = browser()
    analyst.sign_in("ana@example.org")
    analyst.send("/account/invitations", {"email": "bob@example.org", "role": "anchor"})
    link = path_in(mails()[0])
    assert "Sign in as bob@example.org" in browser().get(link).get_data(as_text=True)

    eve = browser()
    eve.sign_in("eve@example.org")
    assert "Accept the invitation" not in eve.send(link, on="/account/password").get_data(as_text=True)
    assert _person(app, "eve@example.org").memberships == ()

    bob = browser()
    bob.sign_in("bob@example.org")
    assert bob.send(link).status_code == 303
    assert "Sign in again to act for it" in bob.get("/account/sign-in").get_data(as_text=True)
    assert [grant.role for grant in _person(app, "bob@example.org").memberships] == [Role.ANCHOR]
    assert not bob.is_signed_in
    with writing(app.extensions["wpound"].engine) as session:
        assert session.scalar(select(func.count()).select_from(User)) == 3


def test_a_forgotten_password_is_replaced_by_a_link_that_works_once(person, browser, mails, path_in) -> None:
    person("ann@example.org")
    elsewhere = browser()
    elsewhere.sign_in("ann@example.org")
    visitor = browser()
    page = visitor.get("/account/password/forgotten").get_data(as_text=True)
    visitor.client.environ_base["HTTP_HOST"] = "evil.example"
    visitor.post("/account/password/forgotten", page, {"email": "ann@example.org"})
    [mail] = mails()
    assert "evil" not in mail.body
    link = path_in(mail)
    new = {"password": "purple monkey dishwasher", "password_confirm": "purple monkey dishwasher"}

    fresh = browser()
    assert fresh.send(link, new | {"password_confirm": "another"}).status_code == 200
    assert fresh.send(link, new).headers["Location"] == "/account/sign-in"

    assert not elsewhere.is_signed_in
    assert browser().get(link).headers["Location"] == "/account/password/forgotten"
    fresh.sign_in("ann@example.org", "purple monkey dishwasher")
    assert fresh.is_signed_in
    assert [one.template for one in mails()] == ["reset_password", "account_changed"]
