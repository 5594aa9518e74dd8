"""Background work, for administrators: how it goes, and failed work tried again."""

from flask import flash, redirect, render_template, url_for
from werkzeug.exceptions import BadRequest
from werkzeug.wrappers import Response

from wpound.services.list_jobs import STATE_TITLES, list_all_jobs, require_operator
from wpound.services.retry_job import retry_job
from wpound.store.engine import writing
from wpound.web.access import Policy, current_person, requires
from wpound.web.admin.forms_jobs import RetryForm
from wpound.web.extensions import site
from wpound.web.pagination import get_choice, get_page
from wpound.web.reading import reading_page


@requires(Policy.ADMIN)
def jobs() -> str:
    """All jobs, or those in one state."""
    person, state = current_person(), get_choice("state", STATE_TITLES)
    with reading_page() as session:
        page = get_page(lambda limit, offset: list_all_jobs(session, person, state, limit, offset))
    return render_template("admin/jobs.html", page=page, state=state, titles=STATE_TITLES, form=RetryForm())


@requires(Policy.ADMIN)
def retry() -> Response:
    """Try a failed job again."""
    form = RetryForm()
    if not form.validate_on_submit() or form.job.data is None:
        raise BadRequest
    with writing(site().engine) as session:
        require_operator(session, current_person())
        retry_job(session, int(form.job.data), actor=current_person().email)
    flash("The job will be tried again within seconds.", "success")
    return redirect(url_for("admin.jobs"), 303)
