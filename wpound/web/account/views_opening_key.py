"""An officer's key for opening bids, made with a passphrase that is kept nowhere."""

from flask import flash, redirect, render_template, url_for
from werkzeug.wrappers import Response

from wpound.core.errors import InputError, StateError
from wpound.services import check_passphrase as service
from wpound.services.access import Person
from wpound.services.check_passphrase import KNOWN_FOR, list_keys_in_use
from wpound.services.clock import format_moment
from wpound.services.keep_opening_key import find_key_made_at, make_own_key
from wpound.store.engine import now_in
from wpound.web.access import Policy, current_person, requires
from wpound.web.account.forms_opening_key import CheckPassphraseForm, OpeningKeyForm
from wpound.web.extensions import site
from wpound.web.reading import reading_page


@requires(Policy.OFFICER)
def opening_key() -> str | Response | tuple[str, int]:
    """What an opening key is, when the person made theirs, and the form that makes one."""
    with reading_page() as session:
        made_at = find_key_made_at(session, user_id=current_person().user_id)
    form = OpeningKeyForm()
    if form.validate_on_submit() and _keep(form):
        flash("Your opening key is made. Keep its passphrase where only you can find it.", "success")
        return redirect(url_for("account.opening_key"), 303)
    page = render_template("account/opening_key.html", form=form, made_at=made_at)
    return (page, 400) if form.errors else page


@requires(Policy.OFFICER)
def check_passphrase() -> str | Response | tuple[str, int]:
    """Which keys the person may have to use, and a form that shows whether they still know the passphrase."""
    form, person = CheckPassphraseForm(), current_person()
    if form.validate_on_submit() and (words := _check(form, person)):
        flash(words, "success")
        return redirect(url_for("account.check_passphrase"), 303)
    with reading_page() as session:
        keys, now = list_keys_in_use(session, person), now_in(session)
    page = render_template("account/check_passphrase.html", form=form, keys=keys, now=now, known_for=KNOWN_FOR.days)
    return (page, 400) if form.errors else page


def _check(form: CheckPassphraseForm, person: Person) -> str:
    """What was found, empty where nothing was and the form says so."""
    try:
        known = service.check_passphrase(site().engine, person, str(form.passphrase.data))
    except InputError as error:
        form.refuse(error)
        return ""
    except StateError as error:
        form.form_errors.append(error.message)
        return ""
    made = " and ".join(f"{format_moment(key.made_at)}" for key in known)
    return f"This passphrase opens the key you made at {made}. Nothing else was opened."


def _keep(form: OpeningKeyForm) -> bool:
    here = site()
    try:
        make_own_key(here.engine, current_person(), str(form.passphrase.data), base_url=here.settings.base_url)
    except InputError as error:
        form.refuse(error)
    return not form.errors
