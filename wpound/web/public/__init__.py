"""Pages anyone may read, without an account: every address of theirs is in the table below."""

from flask import Blueprint, Flask

from wpound.documents.credential_keys import KEYS_PATH
from wpound.web.public.views_accessibility import accessibility
from wpound.web.public.views_certificates import certificate_badge, certificate_keys, certificate_status
from wpound.web.public.views_confirmation import confirmation, confirmed
from wpound.web.public.views_contracts import contract_register, contract_registers
from wpound.web.public.views_health import health, ready
from wpound.web.public.views_league import league_chart, league_download, league_table
from wpound.web.public.views_plan import measure, measures, plan
from wpound.web.public.views_start import start
from wpound.web.public.views_tender_files import (
    tender_award,
    tender_document,
    tender_method,
    tender_pack,
    tender_release,
    tender_workbook,
)
from wpound.web.public.views_tenders import follow, tender, tenders, unfollow
from wpound.web.public.views_verify import verify, verify_file, verify_serial

TENDER = "/tenders/<ocid>"


def register_public(app: Flask) -> None:
    """Add the public pages."""
    public = Blueprint("public", __name__)
    public.add_url_rule("/", view_func=start)
    public.add_url_rule("/plan", view_func=plan)
    public.add_url_rule("/measures", view_func=measures)
    public.add_url_rule("/measures/<code>", view_func=measure)
    public.add_url_rule("/league-table", view_func=league_table)
    public.add_url_rule("/league-table/<name>.svg", view_func=league_chart)
    public.add_url_rule("/league-table/download.<extension>", view_func=league_download)
    public.add_url_rule("/tenders", view_func=tenders)
    public.add_url_rule(TENDER, view_func=tender)
    public.add_url_rule(f"{TENDER}/pack.pdf", view_func=tender_pack)
    public.add_url_rule(f"{TENDER}/lots/<int:lot>/bid.xlsx", view_func=tender_workbook)
    public.add_url_rule(f"{TENDER}/method.json", view_func=tender_method)
    public.add_url_rule(f"{TENDER}/release.json", view_func=tender_release)
    public.add_url_rule(f"{TENDER}/lots/<int:lot>/award.json", view_func=tender_award)
    public.add_url_rule(f"{TENDER}/documents/<int:document_id>", view_func=tender_document)
    public.add_url_rule("/tenders/<published>/follow", view_func=follow, methods=["POST"])
    public.add_url_rule("/tenders/<published>/unfollow", view_func=unfollow, methods=["POST"])
    public.add_url_rule("/contracts", view_func=contract_registers)
    public.add_url_rule("/contracts/<organisation_key>.<extension>", view_func=contract_register)
    public.add_url_rule("/verify", view_func=verify)
    public.add_url_rule("/verify/file", view_func=verify_file, methods=["POST"])
    public.add_url_rule("/verify/<serial>", view_func=verify_serial)
    public.add_url_rule(KEYS_PATH, view_func=certificate_keys)
    public.add_url_rule("/certificates/status/<register>/<purpose>.json", view_func=certificate_status)
    public.add_url_rule("/certificates/<serial>/badge.svg", view_func=certificate_badge)
    public.add_url_rule("/confirm/<token>", view_func=confirmation, methods=["GET", "POST"])
    public.add_url_rule("/confirm/answered", view_func=confirmed)
    public.add_url_rule("/accessibility", view_func=accessibility)
    public.add_url_rule("/health", view_func=health)
    public.add_url_rule("/ready", view_func=ready)
    # It checks the form's token itself: its page tells nobody where it stands, not even us.
    app.extensions["csrf"].exempt(confirmation)
    app.register_blueprint(public)
