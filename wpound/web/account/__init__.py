"""People's own accounts: every address of ours is in the table below, the rest are Flask-Security's."""

from flask import Blueprint, Flask

from wpound.config import Settings
from wpound.web.account.sign_in import register_sign_in
from wpound.web.account.views_account import account, end_sign_in, end_sign_ins, sign_ins
from wpound.web.account.views_background import jobs, reminders
from wpound.web.account.views_directory import register_directory
from wpound.web.account.views_join import invitation, invitations, register, supplier_invitation, withdraw
from wpound.web.account.views_opening_key import check_passphrase, opening_key
from wpound.web.account.views_organisations import organisations

BOTH = ("GET", "POST")


def register_account(app: Flask, settings: Settings) -> None:
    """Add the account pages, the log-in library's and, where a directory is set up, single sign-on."""
    register_sign_in(app, settings)
    pages = Blueprint("account", __name__, url_prefix="/account")
    pages.add_url_rule("", view_func=account)
    pages.add_url_rule("/organisations", view_func=organisations, methods=BOTH)
    pages.add_url_rule("/opening-key", view_func=opening_key, methods=BOTH)
    pages.add_url_rule("/opening-key/check", view_func=check_passphrase, methods=BOTH)
    pages.add_url_rule("/jobs", view_func=jobs)
    pages.add_url_rule("/reminders", view_func=reminders, methods=BOTH)
    pages.add_url_rule("/sign-ins", view_func=sign_ins)
    pages.add_url_rule("/sign-ins/end", view_func=end_sign_ins, methods=["POST"])
    pages.add_url_rule("/sign-ins/<int:sign_in_id>/end", view_func=end_sign_in, methods=["POST"])
    pages.add_url_rule("/register", view_func=register, methods=BOTH)
    pages.add_url_rule("/invitation/<token>", view_func=invitation, methods=BOTH)
    pages.add_url_rule("/invitations", view_func=invitations, methods=BOTH)
    pages.add_url_rule("/invitations/supplier", view_func=supplier_invitation, methods=BOTH)
    pages.add_url_rule("/invitations/<int:invitation_id>/withdraw", view_func=withdraw, methods=["POST"])
    register_directory(app, pages, settings)
    app.register_blueprint(pages)
