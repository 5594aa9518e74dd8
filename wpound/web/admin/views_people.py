"""The people of an organisation and their roles, for its administrators."""

from flask import flash, redirect, render_template, url_for
from werkzeug.wrappers import Response

from wpound.core.errors import InputError, StateError
from wpound.core.roles import Role
from wpound.services.change_roles import ROLE_TITLES
from wpound.services.manage_people import (
    get_colleague,
    get_role,
    give_role,
    list_people,
    list_role_choices,
    set_account_open,
    take_role,
)
from wpound.store.engine import reading, writing
from wpound.web.access import Policy, current_person, requires
from wpound.web.admin.forms_people import GrantForm
from wpound.web.extensions import site
from wpound.web.forms import ConfirmForm
from wpound.web.pagination import get_choice, get_page


@requires(Policy.ADMIN)
def people() -> str:
    """Everybody who holds or held a role in the organisation, or those who hold one role now."""
    person, role = current_person(), get_choice("role", Role)
    with reading(site().engine) as session:
        page = get_page(lambda limit, offset: list_people(session, person, role, limit, offset))
    return render_template("admin/people.html", page=page, role=role, titles=ROLE_TITLES, person=person)


@requires(Policy.ADMIN)
def person_roles(user_id: int) -> str | Response | tuple[str, int]:
    """The roles of one person, each to be taken away, and a form that gives another."""
    person = current_person()
    with reading(site().engine) as session:
        colleague = get_colleague(session, person, user_id)
        form = GrantForm(list_role_choices(session, person))
    if form.validate_on_submit() and _grant(form, user_id):
        flash(f"{colleague.name} has the new role. They have to sign in again.", "success")
        return redirect(url_for("admin.person_roles", user_id=user_id), 303)
    page = render_template("admin/person.html", colleague=colleague, form=form, person=person)
    return (page, 400) if form.errors else page


def _grant(form: GrantForm, user_id: int) -> bool:
    """Give the role asked for; what the service objects to is said on the form."""
    try:
        with writing(site().engine) as session:
            give_role(
                session,
                current_person(),
                user_id,
                Role(form.role.data),
                tender_id=form.tender.row_number,
                contract_id=form.contract.row_number,
            )
    except InputError as error:
        form.refuse(error)
    except StateError as error:
        form.form_errors.append(error.message)
    return not form.errors


@requires(Policy.ADMIN)
def remove_role(user_id: int, membership_id: int) -> str | Response | tuple[str, int]:
    """Ask once more, then take the role away."""
    person = current_person()
    with reading(site().engine) as session:
        colleague = get_colleague(session, person, user_id)
        role = get_role(session, person, user_id, membership_id)
    form = ConfirmForm()
    if form.validate_on_submit() and _take(form, user_id, membership_id):
        flash(f"{colleague.name} no longer has the role and was signed out everywhere.", "success")
        return redirect(url_for("admin.person_roles", user_id=user_id), 303)
    page = render_template("admin/remove_role.html", colleague=colleague, role=role, form=form, person=person)
    return (page, 400) if form.form_errors else page


def _take(form: ConfirmForm, user_id: int, membership_id: int) -> bool:
    try:
        with writing(site().engine) as session:
            take_role(session, current_person(), user_id, membership_id)
    except StateError as error:
        form.form_errors.append(error.message)
    return not form.form_errors


@requires(Policy.ADMIN)
def account_state(user_id: int, is_open: bool) -> str | Response | tuple[str, int]:
    """Ask once more, then enable (``is_open``) or disable the account."""
    with reading(site().engine) as session:
        colleague = get_colleague(session, current_person(), user_id)
    form = ConfirmForm()
    if form.validate_on_submit() and _set_account_open(form, user_id, is_open):
        flash(f"The account of {colleague.name} is {'enabled' if is_open else 'disabled'}.", "success")
        return redirect(url_for("admin.person_roles", user_id=user_id), 303)
    page = render_template("admin/account_state.html", colleague=colleague, form=form, is_open=is_open)
    return (page, 400) if form.form_errors else page


def _set_account_open(form: ConfirmForm, user_id: int, is_open: bool) -> bool:
    try:
        with writing(site().engine) as session:
            set_account_open(session, current_person(), user_id, is_open)
    except StateError as error:
        form.form_errors.append(error.message)
    return not form.form_errors
