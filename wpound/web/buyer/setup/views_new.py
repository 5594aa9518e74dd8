"""Begin a tender."""

from functools import cache
from typing import Any

from flask import flash, redirect, render_template, url_for
from werkzeug.wrappers import Response

from wpound.catalogue.loader import list_starters
from wpound.catalogue.starters import Starter
from wpound.services.start_tender import (
    list_earlier,
    start_blank,
    start_from_file,
    start_from_starter,
    start_from_tender,
)
from wpound.web.access import Policy, current_person, requires
from wpound.web.buyer.setup.forms_new import COPY, FILE, NewTenderForm
from wpound.web.buyer.setup.saving import attempt
from wpound.web.extensions import site
from wpound.web.reading import reading_page


@cache
def starters() -> dict[str, Starter]:
    """The packaged starters by key, read once."""
    return {starter.key: starter for starter in list_starters()}


@requires(Policy.OFFICER)
def new_tender() -> str | Response | tuple[str, int]:
    """Begin a tender from a starter, an earlier one, a file or nothing; its identifier is made for it."""
    with reading_page() as session:
        earlier = list_earlier(session, current_person())
    titles = {key: f"{starter.title}. {starter.summary}" for key, starter in starters().items()}
    form = NewTenderForm(titles, earlier)
    begun: list[str] = []
    if form.validate_on_submit() and attempt(form, lambda session: begun.append(_start(session, form))):
        flash("The draft is there. Fill in what is missing, one page after another.", "success")
        return redirect(url_for("buyer.tender", ocid=begun[0]), 303)
    page = render_template("buyer/setup/new.html", form=form)
    return (page, 400) if form.errors else page


def _start(session: Any, form: NewTenderForm) -> str:
    """Begin it as asked; gives its identifier."""
    who, title, prefix = current_person(), str(form.title.data), site().settings.ocid_prefix
    begin = str(form.begin.data)
    if begin in starters():
        tender = start_from_starter(session, who, title, starters()[begin], prefix=prefix)
    elif begin == COPY:
        tender = start_from_tender(session, who, title, str(form.earlier.data), prefix=prefix)
    elif begin == FILE:
        tender = start_from_file(session, who, title, form.file.data.read(), prefix=prefix)
    else:
        tender = start_blank(session, who, title, prefix=prefix)
    return tender.ocid
