"""Contracts from a file: sent, looked at, entered."""

from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from flask import flash, redirect, render_template, url_for

from wpound.ingest.contracts_file import MOST_BYTES
from wpound.services.import_contracts import (
    SHAPE_TITLES,
    enter_import,
    list_read_files,
    read_register_file,
    show_import,
)
from wpound.web.access import Policy, current_person, requires
from wpound.web.buyer.contracts.forms_contract import ImportForm
from wpound.web.buyer.contracts.place import Answer, act
from wpound.web.extensions import site
from wpound.web.forms import EditForm
from wpound.web.reading import reading_page
from wpound.web.security import takes_files

MOST_SHOWN = 200


@takes_files(MOST_BYTES)
@requires(Policy.OFFICER)
def import_contracts() -> Answer:
    """Send a file; nothing is entered before it was looked at."""
    form = ImportForm()
    read: list[tuple[Any, bool]] = []
    if form.validate_on_submit():
        with TemporaryDirectory() as folder:
            path = Path(folder) / "file"
            path.write_bytes(form.file.data.read())
            name, named_as = str(form.file.data.filename or "file"), form.named_as.data or ""
            if act(
                form, lambda session, person: read.append(read_register_file(session, person, path, name, named_as))
            ):
                stored, is_repeated = read[0]
                if is_repeated:
                    flash("This file was read before. Nothing is new.", "info")
                return redirect(url_for("buyer.contracts_file", import_id=stored.id), 303)
    with reading_page() as session:
        files = list_read_files(session, current_person())
    page = render_template("buyer/contracts/import.html", form=form, files=files, shapes=SHAPE_TITLES)
    return (page, 400) if form.errors else page


@requires(Policy.OFFICER)
def contracts_file(import_id: int) -> Answer:
    """What a file holds beside what the register has; a second step enters it."""
    with reading_page() as session:
        page = show_import(session, current_person(), import_id)
    form = EditForm(data={"version": page.file.version})
    if form.validate_on_submit() and act(
        form,
        lambda session, person: enter_import(session, person, import_id, site().catalogue, version=form.version_shown),
    ):
        flash(f"Done: {page.new} entered, {page.changed} changed, the others are as they were.", "success")
        return redirect(url_for("buyer.contracts_file", import_id=import_id), 303)
    shown = render_template("buyer/contracts/file.html", page=page, form=form, shapes=SHAPE_TITLES, most=MOST_SHOWN)
    return (shown, 400) if form.errors else shown
