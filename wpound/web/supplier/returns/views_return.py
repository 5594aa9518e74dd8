"""A supplier's returns: the list, one of them with its lines, and the last step, which sends it."""

from collections.abc import Sequence

from flask import flash, redirect, render_template, url_for
from werkzeug.wrappers import Response

from wpound.core.errors import InputErrors, StaleEdit, StateError
from wpound.services.list_supplier_work import STATUS_TITLES
from wpound.services.open_return import open_return
from wpound.services.show_return import OwnReturns, ReturnPage, list_own_returns, show_own_return
from wpound.services.submit_return import submit_return
from wpound.store.engine import reading, writing
from wpound.store.workload import ReturnRow
from wpound.web.access import Policy, current_person, requires
from wpound.web.extensions import site
from wpound.web.pagination import get_page
from wpound.web.reading import reading_page
from wpound.web.supplier.returns.forms_return import DeclareForm, OpenForm

Answer = str | Response | tuple[str, int]


@requires(Policy.SUPPLIER)
def returns() -> str:
    """What is to be sent, and what was."""
    person, found = current_person(), list[OwnReturns]()
    with reading_page() as session:

        def fetch(limit: int, offset: int) -> tuple[Sequence[ReturnRow], int]:
            found.append(list_own_returns(session, person, limit, offset))
            return found[0].sent, found[0].sent_count

        page, own = get_page(fetch), found[0]
    return render_template("supplier/returns/list.html", page=page, own=own, form=OpenForm(), titles=STATUS_TITLES)


@requires(Policy.SUPPLIER)
def open_one() -> Response:
    """Open the return of a contract and a quarter, or go to the one there is."""
    form = OpenForm()
    if not form.validate_on_submit():
        flash("Choose a contract and a quarter from the list.", "notice")
        return redirect(url_for("supplier.returns"), 303)
    contract_id, quarter = form.place
    try:
        with writing(site().engine) as session:
            number = open_return(session, current_person(), contract_id, quarter).id
    except StateError as error:
        flash(error.message, "notice")
        return redirect(url_for("supplier.returns"), 303)
    return redirect(url_for("supplier.social_value_return", return_id=number), 303)


@requires(Policy.SUPPLIER)
def social_value_return(return_id: int) -> str:
    """A return with its lines, and what is missing before it can be sent."""
    with reading_page() as session:
        page = show_own_return(session, current_person(), return_id, site().catalogue)
    return render_template("supplier/returns/return.html", page=page, titles=STATUS_TITLES)


@requires(Policy.SUPPLIER)
def declare(return_id: int) -> Answer:
    """Look at the figures and the warnings once more, declare and send."""
    page = load_return(return_id)
    form = DeclareForm.of(page.warning_count, data={"version": page.found.version})
    if form.validate_on_submit() and _send(form, page):
        return redirect(url_for("supplier.return_sent", return_id=return_id), 303)
    if not form.is_submitted() and not (page.is_draft and page.is_ready):
        return redirect(url_for("supplier.social_value_return", return_id=return_id), 303)
    if form.form_errors:
        # With the figures as they are now, so that what is shown is what is sent next.
        page = load_return(return_id)
        form["version"].data = str(page.found.version)
    shown = render_template("supplier/returns/declare.html", page=page, form=form)
    return (shown, 400) if form.errors else shown


def _send(form: DeclareForm, page: ReturnPage) -> bool:
    """Whether it was sent; whoever clicks twice is told that it was."""
    return_id = page.found.id
    try:
        with writing(site().engine) as session:
            submit_return(
                session,
                current_person(),
                return_id,
                version=form.version_shown,
                declarations=form.declared,
                catalogue=site().catalogue,
            )
    except StaleEdit:
        form.form_errors.append("A colleague changed the return after you opened this page. Read it as it is now.")
    except InputErrors as error:
        titles = {f"claims[{line.claim.id}]": line.title for line in page.lines}
        named = ((titles.get(one.field.partition(".")[0]), one.message) for one in error.errors)
        form.form_errors += [f"{title}: {message}" if title else message for title, message in named]
    except StateError as error:
        form.form_errors.append(error.message)
    return not form.form_errors


@requires(Policy.SUPPLIER)
def return_sent(return_id: int) -> Answer:
    """What happens next with a return that was sent."""
    page = load_return(return_id)
    if page.is_draft:
        return redirect(url_for("supplier.social_value_return", return_id=return_id), 303)
    return render_template("supplier/returns/sent.html", page=page)


def load_return(return_id: int) -> ReturnPage:
    """A return of the supplier's own as it is now."""
    with reading(site().engine) as session:
        return show_own_return(session, current_person(), return_id, site().catalogue)
