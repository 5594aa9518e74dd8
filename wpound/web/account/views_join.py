"""Ways to an account: registering a supplier, inviting somebody, accepting an invitation."""

from flask import flash, redirect, render_template, url_for
from flask_security.utils import logout_user
from werkzeug.wrappers import Response

from wpound.core.errors import InputError, InputErrors, NotFound
from wpound.core.roles import Role
from wpound.services.accept_invitation import InvitationView, accept_as_new_person, accept_as_user, view_invitation
from wpound.services.access import Person
from wpound.services.invite_person import (
    Links,
    find_invitation_choices,
    invite_colleague,
    invite_supplier,
    list_invitations,
    register_supplier,
    withdraw_invitation,
)
from wpound.services.limit_attempts import MAILS_FROM
from wpound.store.engine import reading, writing
from wpound.web.access import Policy, current_person, find_current_person, requires
from wpound.web.account.forms_account import AcceptForm, ColleagueForm, FirmForm
from wpound.web.account.forms_sign_in import address, may_try
from wpound.web.extensions import site
from wpound.web.forms import ConfirmForm

Page = str | Response | tuple[str, int]


@requires(Policy.PUBLIC)
def register() -> Page:
    """Ask for a supplier's account; the answer is the same for everybody, what differs comes by email."""
    form = FirmForm()
    if form.validate_on_submit():
        if may_try({MAILS_FROM: address()}):
            with writing(site().engine) as session:
                register_supplier(session, email=str(form.email.data), firm=form.named, links=_links())
        return render_template("account/registered.html", email=form.email.data)
    return _show("account/register.html", form)


@requires(Policy.PUBLIC)
def invitation(token: str) -> Page:
    """What a link invites to, and how to accept: with a new account, or signed in with the one there is."""
    try:
        return _answer(token)
    except NotFound:
        return render_template("account/invitation_gone.html"), 404


def _answer(token: str) -> Page:
    with reading(site().engine) as session:
        invited = view_invitation(session, token)
    if invited.has_account:
        return _accept_signed_in(token, invited)
    form = AcceptForm()
    if form.validate_on_submit() and _accept(token, form):
        flash("Your account is ready. Sign in with your email address and password.", "success")
        return redirect(url_for("security.login"), 303)
    return _show("account/invitation.html", form, invited=invited)


def _accept(token: str, form: AcceptForm) -> bool:
    try:
        with writing(site().engine) as session:
            accept_as_new_person(session, token, name=str(form.name.data), password=str(form.password.data))
    except (InputError, InputErrors) as error:
        form.refuse(error)
    return not form.errors


def _accept_signed_in(token: str, invited: InvitationView) -> Page:
    person, form = find_current_person(), ConfirmForm()
    is_theirs = person is not None and person.email == invited.email
    if person is not None and is_theirs and form.validate_on_submit():
        with writing(site().engine) as session:
            accept_as_user(session, token, person.user_id)
        # The new role has ended the sign-in; the message goes into a visitor's session.
        logout_user()
        flash(f"You belong to {invited.organisation} now. Sign in again to act for it.", "success")
        return redirect(url_for("security.login"), 303)
    return render_template("account/accept.html", form=form, invited=invited, token=token, is_theirs=is_theirs)


@requires(Policy.INVITER)
def invitations() -> Page:
    """Invite a colleague; and the invitations of the organisation that are still open."""
    person = current_person()
    with reading(site().engine) as session:
        choices = find_invitation_choices(session, person)
        listed = list_invitations(session, person)
    form = ColleagueForm(choices)
    if form.validate_on_submit() and _invite(person, form):
        flash(f"An invitation is on its way to {form.email.data}.", "success")
        return redirect(url_for("account.invitations"), 303)
    return _show(
        "account/invitations.html",
        form,
        choices=choices,
        invitations=listed,
        withdraw_form=ConfirmForm(),
        suppliers=person.meets(Policy.SUPPLIER_INVITER),
        person=person,
    )


def _invite(person: Person, form: ColleagueForm) -> bool:
    try:
        with writing(site().engine) as session:
            invite_colleague(
                session,
                person,
                email=str(form.email.data),
                role=Role(form.role.data),
                links=_links(),
                tender_id=form.tender.row_number,
                contract_id=form.contract.row_number,
            )
    except InputError as error:
        form.refuse(error)
    return not form.errors


@requires(Policy.SUPPLIER_INVITER)
def supplier_invitation() -> Page:
    """Invite a supplier, which has or gets an organisation of its own."""
    person, form = current_person(), FirmForm()
    if form.validate_on_submit() and _invite_firm(person, form):
        flash(f"An invitation is on its way to {form.email.data}.", "success")
        return redirect(url_for("account.supplier_invitation"), 303)
    return _show("account/supplier_invitation.html", form)


def _invite_firm(person: Person, form: FirmForm) -> bool:
    try:
        with writing(site().engine) as session:
            invite_supplier(session, person, email=str(form.email.data), firm=form.named, links=_links())
    except InputError as error:
        form.refuse(error)
    return not form.errors


@requires(Policy.INVITER)
def withdraw(invitation_id: int) -> Response:
    """Make the link of an open invitation worth nothing."""
    with writing(site().engine) as session:
        withdraw_invitation(session, current_person(), invitation_id)
    flash("The invitation was withdrawn.", "success")
    return redirect(url_for("account.invitations"), 303)


def _show(template: str, form: FirmForm | AcceptForm | ColleagueForm, **facts: object) -> Page:
    page = render_template(template, form=form, **facts)
    return (page, 400) if form.errors else page


def _links() -> Links:
    """Addresses for mails: from the settings, for the name a request was sent to is the sender's to choose."""
    base = site().settings.base_url
    return Links(
        accept=lambda token: f"{base}{url_for('account.invitation', token=token)}",
        sign_in=f"{base}{url_for('security.login')}",
        reset=f"{base}{url_for('security.forgot_password')}",
    )
