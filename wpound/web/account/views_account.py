"""A person's own account: what it is protected by, and where it is signed in."""

from typing import cast

from flask import current_app, flash, redirect, render_template, session, url_for
from flask_security import current_user
from werkzeug.wrappers import Response

from wpound.services.keep_sign_in import end_one_of, list_sign_ins, sign_out_everywhere
from wpound.store.accounts import get_user
from wpound.store.engine import reading, writing
from wpound.web.access import Policy, current_person, requires
from wpound.web.extensions import site
from wpound.web.forms import ConfirmForm
from wpound.web.sessions import BrowserSession, BrowserSessionInterface


@requires(Policy.SIGNED_IN)
def account() -> str:
    """Name, address, password, second factor, passkeys and sign-ins, each with the page that changes it."""
    return render_template(
        "account/account.html",
        person=current_person(),
        has_app=bool(current_user.tf_primary_method and current_user.tf_totp_secret),
        must_have_app=current_user.check_tf_required_setup(),
        recovery_codes=len(current_user.mf_recovery_codes or []),
        passkeys=len(current_user.webauthn),
        offers_passkeys=site().settings.passkeys,
        may_open_bids=current_person().meets(Policy.OFFICER),
        may_invite=current_person().meets(Policy.INVITER),
    )


@requires(Policy.SIGNED_IN)
def sign_ins() -> str:
    """Every browser that is signed in, the latest used first."""
    limits = cast(BrowserSessionInterface, current_app.session_interface).limits
    with reading(site().engine) as database:
        listed = list_sign_ins(database, current_person().user_id, _key(), limits)
    return render_template("account/sign_ins.html", sign_ins=listed, form=ConfirmForm(), limits=limits)


@requires(Policy.SIGNED_IN)
def end_sign_in(sign_in_id: int) -> Response:
    """Sign one other browser out."""
    with writing(site().engine) as database:
        end_one_of(database, get_user(database, current_person().email), sign_in_id)
    flash("That browser was signed out.", "success")
    return redirect(url_for("account.sign_ins"), 303)


@requires(Policy.SIGNED_IN)
def end_sign_ins() -> Response:
    """Sign every other browser out."""
    with writing(site().engine) as database:
        word = sign_out_everywhere(database, get_user(database, current_person().email), but=_key())
    cast(BrowserSession, session).go_on_as(word)
    flash("Every other browser was signed out.", "success")
    return redirect(url_for("account.sign_ins"), 303)


def _key() -> str:
    return cast(BrowserSession, session).key or ""
