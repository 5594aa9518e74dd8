"""What every page about a contract begins with: the contract, as the person signed in may see it."""

from collections.abc import Callable
from typing import Any

from flask import flash, redirect, render_template, url_for
from werkzeug.wrappers import Response

from wpound.catalogue.model import Catalogue
from wpound.core.errors import InputError, InputErrors, StaleEdit, StateError
from wpound.services.access import Person
from wpound.services.reach_contract import catalogue_of, reach_contract
from wpound.store.engine import reading, writing
from wpound.web.access import current_person
from wpound.web.extensions import site
from wpound.web.forms import Form

Answer = str | Response | tuple[str, int]
Act = Callable[[Any, Person], object]


def open_contract(contract_id: int) -> tuple[Any, Catalogue]:
    """The contract and its catalogue, for reading."""
    with reading(site().engine) as session:
        contract = reach_contract(session, current_person(), contract_id)
        return contract, catalogue_of(session, contract, site().catalogue)


def act(form: Form, do: Act) -> bool:
    """Do something in one transaction; what the service objects to is said on the form. Whether it was done.

    StaleEdit passes, for the page that shows both versions.
    """
    try:
        with writing(site().engine) as session:
            do(session, current_person())
    except (InputError, InputErrors) as error:
        form.refuse(error)
    except StaleEdit:
        raise
    except StateError as error:
        form.form_errors.append(error.message)
    return not form.errors


def show_form(form: Form, contract: Any, title: str, button: str, **shown: Any) -> Answer:
    """A page with one form about a contract; 400 where something is wrong with what was sent."""
    page = render_template(
        "buyer/contracts/form.html", form=form, contract=contract, title=title, button=button, **shown
    )
    return (page, 400) if form.errors else page


def done(message: str, contract_id: int, part: str = "") -> Response:
    """Back to the contract's page, with the message."""
    flash(message, "success")
    return redirect(url_for("buyer.contract", contract_id=contract_id, _anchor=part or None), 303)
