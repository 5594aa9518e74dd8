"""An officer's key for opening bids, made with a passphrase that is kept nowhere."""

from flask import flash, redirect, render_template, url_for
from werkzeug.wrappers import Response

from wpound.core.errors import InputError
from wpound.services.keep_opening_key import find_key_made_at, make_own_key
from wpound.web.access import Policy, current_person, requires
from wpound.web.account.forms_opening_key import OpeningKeyForm
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


def _keep(form: OpeningKeyForm) -> bool:
    here = site()
    try:
        make_own_key(here.engine, current_person(), str(form.passphrase.data), base_url=here.settings.base_url)
    except InputError as error:
        form.refuse(error)
    return not form.errors
