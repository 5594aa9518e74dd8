"""The compliance matrix: pass or fail, bid by bid and check by check; and the files of a bid."""

from typing import Any

from flask import flash, redirect, render_template, url_for
from werkzeug.wrappers import Response

from wpound.core.errors import InputError, StaleEdit
from wpound.services.check_passes import Matrix, check_pass, get_check, get_matrix
from wpound.services.read_bids import get_file
from wpound.store.engine import reading, writing
from wpound.web.access import Policy, current_person, requires
from wpound.web.buyer.marking.forms_marking import CheckForm
from wpound.web.buyer.marking.reasons import tells_why
from wpound.web.downloads import send_file
from wpound.web.extensions import site
from wpound.web.reading import reading_page


@requires(Policy.OFFICER)
@tells_why
def checks(ocid: str) -> str:
    """Every bid and every check."""
    with reading_page() as session:
        matrix = get_matrix(session, current_person(), ocid, site().catalogue)
    return render_template("buyer/marking/checks.html", matrix=matrix)


@requires(Policy.OFFICER)
@tells_why
def check(ocid: str, bid_id: int, criterion: str) -> str | Response | tuple[str, int]:
    """One check of one bid, beside the bidder's own answer."""
    with reading(site().engine) as session:
        matrix, bid, checked = get_check(session, current_person(), ocid, bid_id, criterion, site().catalogue)
    form = _check_form(matrix, bid_id, criterion)
    if form.validate_on_submit() and _check(form, ocid, bid_id, criterion):
        flash(f"{checked.heading} is recorded for {bid.name}.", "success")
        return redirect(url_for("buyer.checks", ocid=ocid), 303)
    page = render_template("buyer/marking/check.html", matrix=matrix, bid=bid, criterion=checked, form=form)
    return (page, 400) if form.errors else page


def _check_form(matrix: Matrix, bid_id: int, criterion: str, **options: Any) -> CheckForm:
    """The form as it is opened now."""
    standing = matrix.checks.get((bid_id, criterion))
    if standing is None:
        return CheckForm(data={"version": 0}, **options)
    passed = "yes" if standing.passed else "no"
    return CheckForm(data={"version": standing.version, "passed": passed, "reason": standing.reason}, **options)


def _check(form: CheckForm, ocid: str, bid_id: int, criterion: str) -> bool:
    try:
        with writing(site().engine) as session:
            check_pass(
                session,
                current_person(),
                ocid,
                bid_id,
                criterion,
                passed=form.passed.data == "yes",
                reason=form.reason.data or "",
                version=form.version_shown,
            )
    except InputError as error:
        form.refuse(error)
    except StaleEdit:
        with reading(site().engine) as session:
            matrix, _, _ = get_check(session, current_person(), ocid, bid_id, criterion, site().catalogue)
        raise form.beside(_check_form(matrix, bid_id, criterion, formdata=None)) from None
    return not form.errors


@requires(Policy.TENDER)
@tells_why
def bid_file(ocid: str, bid_id: int, sha256: str) -> Response:
    """A file of a bid."""
    with reading_page() as session:
        file, content = get_file(session, current_person(), site().settings, ocid, bid_id, sha256)
    return send_file(content, file.name, file.media_type)
