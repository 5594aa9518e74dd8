"""What every page about a lot begins with: the lot itself, as the person signed in may see it."""

from collections.abc import Callable
from typing import Any

from wpound.catalogue.model import Catalogue
from wpound.core.errors import InputError, InputErrors, StaleEdit, StateError
from wpound.services.find_lot import FoundLot, find_officers_lot
from wpound.store.engine import writing
from wpound.web.access import current_person
from wpound.web.extensions import site
from wpound.web.forms import Form

Act = Callable[[Any, FoundLot, Catalogue, str], object]


def open_lot(session: Any, ocid: str, number: int) -> FoundLot:
    """The lot of the officer signed in."""
    return find_officers_lot(session, current_person(), ocid, number)


def catalogue_of(session: Any, found: FoundLot) -> Catalogue:
    """The catalogue its tender was published under."""
    return found.catalogue(session, site().catalogue)


def change_lot(form: Form, ocid: str, number: int, act: Act) -> bool:
    """Do something to a lot in one transaction; what the service objects to is said on the form.

    ``act`` is given the session, the lot, its catalogue and who acts. Whether it was done.
    """
    try:
        with writing(site().engine) as session:
            found = open_lot(session, ocid, number)
            act(session, found, catalogue_of(session, found), current_person().email)
    except (InputError, InputErrors) as error:
        form.refuse(error)
    except StaleEdit:
        raise
    except StateError as error:
        form.form_errors.append(error.message)
    return not form.errors
