"""Close a tender, open its bids with another person, and read the record of both."""

from flask import flash, redirect, render_template, url_for
from werkzeug.wrappers import Response

from wpound.core.errors import InputError, StateError
from wpound.services.hold_opening import act_as_opener, close_by_officer
from wpound.services.read_opening import get_opening, get_opening_record
from wpound.store.engine import reading, writing
from wpound.web.access import Policy, current_person, requires
from wpound.web.buyer.marking.forms_marking import PassphraseForm
from wpound.web.buyer.marking.reasons import tells_why
from wpound.web.extensions import site
from wpound.web.forms import ConfirmForm
from wpound.web.reading import reading_page


@requires(Policy.OFFICER)
def opening(ocid: str) -> str | Response | tuple[str, int]:
    """Who can open the bids and who has; an opener gives their passphrase here."""
    form = PassphraseForm()
    with reading(site().engine) as session:
        get_opening(session, current_person(), ocid)
    if form.validate_on_submit():
        is_opened = _act(form, ocid)
        if not form.errors:
            flash(
                "The envelope is open." if is_opened else "Your part is done. Another opener has to act now.", "success"
            )
            address = "buyer.opening_record" if is_opened else "buyer.opening"
            return redirect(url_for(address, ocid=ocid), 303)
    with reading(site().engine) as session:
        found = get_opening(session, current_person(), ocid)
    page = render_template("buyer/marking/opening.html", opening=found, form=form, close_form=ConfirmForm())
    return (page, 400) if form.errors else page


def _act(form: PassphraseForm, ocid: str) -> bool:
    try:
        return act_as_opener(site().engine, current_person(), ocid, form.passphrase.data or "", site().catalogue)
    except InputError as error:
        form.refuse(error)
    except StateError as error:
        form.form_errors.append(error.message)
    return False


@requires(Policy.OFFICER)
@tells_why
def close(ocid: str) -> Response:
    """Close a tender whose deadline has passed."""
    with writing(site().engine) as session:
        close_by_officer(session, current_person(), ocid)
    flash("The tender is closed and the hashes of its bids are published.", "success")
    return redirect(url_for("buyer.opening", ocid=ocid), 303)


@requires(Policy.OFFICER)
@tells_why
def opening_record(ocid: str) -> str:
    """Every bid in the order in which it came in, held against its receipt."""
    with reading_page() as session:
        record = get_opening_record(session, current_person(), ocid)
    return render_template("buyer/marking/opening_record.html", record=record)
