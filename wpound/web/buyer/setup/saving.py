"""How every page of the set-up opens a draft and saves what was sent."""

import re
from collections.abc import Callable
from typing import Any

from wpound.core.errors import InputError, InputErrors, StaleEdit, StateError
from wpound.services.view_tender import TenderView, view_tender
from wpound.store.engine import writing
from wpound.web.access import current_person
from wpound.web.extensions import site
from wpound.web.forms import EditForm, Form
from wpound.web.reading import reading_page

# Where a message stands in a list of the file form: "bands[1].from".
_PLACE = re.compile(r"(?P<list>\w+)\[(?P<row>\d+)\](?:\.(?P<key>\w+))?")


def open_tender(ocid: str) -> TenderView:
    """The tender as it stands; raises NotFound where it is not the officer's."""
    with reading_page() as session:
        return view_tender(session, current_person(), ocid, site().catalogue)


def open_draft(ocid: str) -> TenderView:
    """The same for a page that changes it; raises StateError where nothing can be changed any more."""
    view = open_tender(ocid)
    if not view.can_be_changed:
        raise StateError("Only a draft that is not with a second officer can be changed.")
    return view


def attempt(form: Form, act: Callable[[Any], object]) -> bool:
    """Do something in a transaction; what the service objects to is said on the form. StaleEdit is passed on."""
    try:
        with writing(site().engine) as session:
            act(session)
    except StaleEdit:
        raise
    except (InputError, InputErrors) as error:
        form.refuse(in_words(form, error))
    except StateError as error:
        form.form_errors.append(error.message)
    return not form.errors


def save(form: EditForm, act: Callable[[Any], object], now: Callable[[], EditForm]) -> bool:
    """The same for an edit; ``now`` makes the form as it would be opened now, to be set beside what was sent."""
    try:
        return attempt(form, act)
    except StaleEdit:
        raise form.beside(now()) from None


def in_words(form: Form, error: InputError | InputErrors) -> InputErrors:
    """Problems of the file form as a page says them: at a field of the form, in a sentence of its own."""
    found = error.errors if isinstance(error, InputErrors) else [error]
    return InputErrors([_at_field(form, one) for one in found])


def _at_field(form: Form, error: InputError) -> InputError:
    place = _PLACE.match(error.field)
    name = error.field
    if place:
        row = f"{place['list']}_{int(place['row']) + 1}_{place['key']}"
        name = row if row in form else place["list"]
    message = error.message
    if message[:1].islower():
        label = str(form[name].label.text) if name in form else error.field.replace("_", " ").capitalize()
        message = f"{label} {message}"
    return InputError(name, message)
