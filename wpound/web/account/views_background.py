"""What a person asked for that is done in the background, and the reminders they get."""

from flask import flash, redirect, render_template, url_for
from werkzeug.wrappers import Response

from wpound.services.choose_reminders import MailKind, choose_reminders, list_reminder_choices
from wpound.services.list_jobs import STATE_TITLES, list_own_jobs
from wpound.store.engine import reading, writing
from wpound.web.access import Policy, current_person, requires
from wpound.web.account.forms_reminders import RemindersForm
from wpound.web.extensions import site
from wpound.web.pagination import get_page


@requires(Policy.SIGNED_IN)
def jobs() -> str:
    """Mails and other work the person asked for, and what became of them."""
    person = current_person()
    with reading(site().engine) as session:
        page = get_page(lambda limit, offset: list_own_jobs(session, person, limit, offset))
    return render_template("account/jobs.html", page=page, titles=STATE_TITLES)


@requires(Policy.SIGNED_IN)
def reminders() -> str | Response | tuple[str, int]:
    """The reminders the person's roles bring, each with a box."""
    person = current_person()
    with reading(site().engine) as session:
        choices = list_reminder_choices(session, person)
    form = RemindersForm(choices)
    if choices and form.validate_on_submit():
        with writing(site().engine) as session:
            choose_reminders(session, person, [MailKind(kind) for kind in form.wanted.data])
        flash("Your reminders are saved.", "success")
        return redirect(url_for("account.reminders"), 303)
    page = render_template("account/reminders.html", form=form, choices=choices, person=person)
    return (page, 400) if form.errors else page
