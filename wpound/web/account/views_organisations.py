"""The organisations a person belongs to, and which of them they act for."""

from flask import flash, redirect, render_template, url_for
from werkzeug.wrappers import Response

from wpound.services.change_roles import ROLE_TITLES
from wpound.services.switch_organisation import switch_organisation
from wpound.store.engine import writing
from wpound.web.access import Policy, current_person, requires
from wpound.web.account.forms_organisations import SwitchForm
from wpound.web.extensions import site


@requires(Policy.SIGNED_IN)
def organisations() -> str | Response | tuple[str, int]:
    """The organisations of the person signed in with the roles held there; a choice of which to act for."""
    person = current_person()
    acting_for = next((grant.organisation_key for grant in person.current), None)
    form = SwitchForm(person.organisations, data={"organisation": acting_for})
    if form.validate_on_submit():
        with writing(site().engine) as session:
            name = switch_organisation(session, person, form.organisation.data)
        flash(f"You now act for {name}.", "success")
        return redirect(url_for("account.organisations"), 303)
    page = render_template("account/organisations.html", form=form, person=person, titles=ROLE_TITLES)
    return (page, 400) if form.errors else page
