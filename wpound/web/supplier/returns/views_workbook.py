"""Write a return away from the page: the workbook leaves, comes back, and shows what it changes before it is taken."""

from flask import Response, flash, redirect, render_template, url_for
from werkzeug.wrappers import Response as AnyResponse

from wpound.core.errors import InputError, InputErrors, StaleEdit, StateError, TryLater
from wpound.ingest.form_workbook import MOST_BYTES
from wpound.services.check_file import scan_content
from wpound.services.exchange_return_workbook import (
    SentWorkbook,
    WaitingWorkbook,
    find_sender,
    make_return_workbook,
    put_away_return_workbook,
    send_return_workbook,
    show_return_workbook,
    take_return_workbook,
)
from wpound.services.show_return import show_own_return
from wpound.store.engine import reading, writing
from wpound.web.access import Policy, current_person, requires
from wpound.web.downloads import send_workbook
from wpound.web.extensions import site
from wpound.web.security import takes_files
from wpound.web.supplier.returns.forms_workbook import DecideForm, ReturnWorkbookForm

STALE = "The return or the workbook was changed after you opened this page. This is what the workbook changes now."

Answer = str | AnyResponse | tuple[str, int]


@requires(Policy.SUPPLIER)
def workbook_file(return_id: int) -> Response:
    """The workbook with what stands in the return, for its own supplier alone."""
    here = site()
    with reading(here.engine) as session:
        content = make_return_workbook(
            session, current_person(), return_id, catalogue=here.catalogue, settings=here.settings
        )
    return send_workbook(content, f"return-{return_id}.xlsx")


@takes_files(MOST_BYTES)
@requires(Policy.SUPPLIER)
def workbook(return_id: int) -> Answer:
    """Download the workbook, or send one that was filled in."""
    form, here = ReturnWorkbookForm(), site()
    if form.validate_on_submit():
        sent = _send(form, return_id)
        if sent is not None:
            return _after_sending(sent, return_id)
    with reading(here.engine) as session:
        page = show_own_return(session, current_person(), return_id, here.catalogue)
        sender = find_sender(session, current_person(), return_id, here.settings)
    shown = render_template("supplier/returns/workbook.html", page=page, form=form, sender=sender)
    return (shown, form.refused_with) if form.errors else shown


def _send(form: ReturnWorkbookForm, return_id: int) -> SentWorkbook | None:
    """What was sent; None where it was refused, which the form then says. It waits for a decision as it came."""
    here, content = site(), form.file.data.read()
    try:
        scan_content(here.settings, content)
        with reading(here.engine) as session:
            return send_return_workbook(
                session, current_person(), return_id, content, catalogue=here.catalogue, settings=here.settings
            )
    except (InputError, InputErrors) as error:
        listed = error.errors if isinstance(error, InputErrors) else [error]
        form.file.errors = [one.message if one.field == "file" else f"{one.field}: {one.message}" for one in listed]
    except TryLater as error:
        form.put_off(error)
    return None


def _after_sending(sent: SentWorkbook, return_id: int) -> AnyResponse:
    if sent.says_the_same:
        return _to_workbook(return_id, "Nothing changes: your return already says all that is in this workbook.")
    return redirect(url_for("supplier.return_workbook_changes", return_id=return_id), 303)


@requires(Policy.SUPPLIER)
def workbook_changes(return_id: int) -> Answer:
    """What the workbook that was sent would change, and what of it is wrong; then take it over."""
    form = DecideForm()
    try:
        waiting, sent = _load(return_id)
        if form.validate_on_submit():
            taken = _take(form, return_id, waiting)
            if taken is not None:
                flash(
                    f"{taken} {'line was' if taken == 1 else 'lines were'} taken over. Nothing is sent yet.", "success"
                )
                return redirect(url_for("supplier.social_value_return", return_id=return_id), 303)
            waiting, sent = _load(return_id)
    except InputErrors as error:
        return _to_workbook(return_id, f"The workbook that waits no longer fits. {error.errors[0].message}")
    except StateError as error:
        return _to_workbook(return_id, error.message)
    form.version.data, form.sha256.data = str(sent.page.found.version), waiting.sha256
    shown = render_template("supplier/returns/workbook_changes.html", form=form, waiting=waiting, sent=sent)
    return (shown, 409) if form.form_errors else shown


def _load(return_id: int) -> tuple[WaitingWorkbook, SentWorkbook]:
    here = site()
    with reading(here.engine) as session:
        return show_return_workbook(
            session, current_person(), return_id, catalogue=here.catalogue, settings=here.settings
        )


def _take(form: DecideForm, return_id: int, waiting: WaitingWorkbook) -> int | None:
    """How many lines were taken over; None where what was shown is not what is there any more."""
    here = site()
    try:
        with writing(here.engine) as session:
            return take_return_workbook(
                session,
                current_person(),
                return_id,
                waiting,
                sha256=str(form.sha256.data),
                version=form.version_shown,
                catalogue=here.catalogue,
                settings=here.settings,
            )
    except StaleEdit:
        form.form_errors.append(STALE)
        return None


@requires(Policy.SUPPLIER)
def put_away_workbook(return_id: int) -> AnyResponse:
    """Put the workbook that was sent away; the return stays as it is."""
    form, here = DecideForm(), site()
    if form.validate_on_submit():
        try:
            with writing(here.engine) as session:
                sha256 = str(form.sha256.data)
                put_away_return_workbook(session, current_person(), return_id, sha256=sha256, settings=here.settings)
            flash("The workbook was put away. Your return is as it was.", "success")
        except StaleEdit as error:
            flash(error.message, "notice")
            return redirect(url_for("supplier.return_workbook_changes", return_id=return_id), 303)
        except StateError as error:
            flash(error.message, "notice")
    return redirect(url_for("supplier.return_workbook", return_id=return_id), 303)


def _to_workbook(return_id: int, told: str) -> AnyResponse:
    flash(told, "notice")
    return redirect(url_for("supplier.return_workbook", return_id=return_id), 303)
