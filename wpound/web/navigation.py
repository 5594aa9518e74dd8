"""The frame's moving parts: where each group finds its pages, who is signed in, and messages from the last action."""

from collections.abc import Hashable
from dataclasses import dataclass
from typing import Any, cast

from flask import Flask, current_app, get_flashed_messages, redirect, request, url_for
from werkzeug.wrappers import Response

from wpound.core.roles import Role
from wpound.services.access import Person, Policy
from wpound.web.access import current_person, find_current_person, requires


@dataclass(frozen=True, slots=True)
class Entry:
    """A part of the service in the main navigation: its first page, and the other endpoints that belong to it.

    Whoever meets the policy is shown it; ``visitor`` entries are for those who are not signed in. With ``and_below``
    the pages whose addresses lie below the first page's belong to it, too.
    """

    text: str
    endpoint: str
    policy: Policy = Policy.PUBLIC
    others: tuple[str, ...] = ()
    visitor: bool = False
    and_below: bool = False


# Whose work a person's home page shows, by the first role they hold in the organisation they act for.
HOME = {
    Role.ADMIN: "admin.dashboard",
    Role.OFFICER: "buyer.dashboard",
    Role.EVALUATOR: "buyer.dashboard",
    Role.CONTRACT_MANAGER: "buyer.dashboard",
    Role.SUPPLIER: "supplier.dashboard",
    Role.ANCHOR: "anchor.dashboard",
}
BIDDING = tuple(
    f"supplier.{page}"
    for page in (
        *("lots", "bid", "company", "price", "checks", "promises", "plans", "answer", "files"),
        *("workbook", "workbook_changes", "review", "submit", "confirm", "withdraw", "receipts", "receipt"),
    )
)
NAVIGATION = (
    Entry(
        "People and jobs",
        "admin.dashboard",
        Policy.ADMIN,
        ("admin.people", "admin.person_roles", "admin.remove_role", "admin.disable", "admin.enable", "admin.jobs"),
    ),
    Entry("Your work", "buyer.dashboard", Policy.BUYER),
    Entry("Tenders", "buyer.tenders", Policy.OFFICER, and_below=True),
    Entry("Contracts", "buyer.contracts", Policy.CONTRACT_MANAGER, and_below=True),
    Entry("Returns", "buyer.returns", Policy.CONTRACT_MANAGER),
    Entry("Certificates", "buyer.certificates", Policy.CONTRACT_MANAGER, and_below=True),
    Entry("Your work", "supplier.dashboard", Policy.SUPPLIER),
    Entry("Open tenders", "supplier.tenders", Policy.SUPPLIER, BIDDING),
    Entry("Your contracts", "supplier.contracts", Policy.SUPPLIER, and_below=True),
    Entry("Your returns", "supplier.returns", Policy.SUPPLIER, and_below=True),
    Entry("Your certificates", "supplier.certificates", Policy.SUPPLIER, and_below=True),
    Entry("Your spend", "anchor.dashboard", Policy.ANCHOR),
    Entry("Spend files", "anchor.files", Policy.ANCHOR, and_below=True),
    Entry("Tenders", "public.tenders", others=("public.tender",), visitor=True),
    Entry("Plan and measures", "public.plan", others=("public.measures", "public.measure")),
    Entry("League table", "public.league_table"),
    Entry("Verify a certificate", "public.verify", others=("public.verify_serial", "public.verify_file"), visitor=True),
)


def register_navigation(app: Flask) -> None:
    """Give every page its navigation, and a person who signs in the page of their work."""
    app.add_url_rule("/home", view_func=home)
    known: dict[Hashable, list[dict[str, Any]]] = {}

    def navigation(person: Person | None) -> list[dict[str, Any]]:
        # Made once for every page and set of roles.
        roles = frozenset(grant.role for grant in person.current) if person else None
        wanted = (request.script_root, request.endpoint, request.method == "GET", roles)
        if wanted not in known:
            known[wanted] = list_navigation(person)
        return known[wanted]

    app.context_processor(
        lambda: {
            "navigation": navigation,
            "signed_in": find_current_person,
            "messages": list_messages,
        }
    )


@requires(Policy.SIGNED_IN)
def home() -> Response:
    """Lead on to the page of the person's work; whoever belongs nowhere yet is told so by the page of organisations."""
    role = current_person().role
    return redirect(url_for(HOME[role] if role else "account.organisations"))


def list_navigation(person: Person | None) -> list[dict[str, Any]]:
    """The main navigation of a person or a visitor: where each part leads, and whether this page is it or of it."""
    return [
        {
            "text": entry.text,
            "href": url_for(entry.endpoint),
            "current": request.endpoint == entry.endpoint and request.method == "GET",
            "active": request.endpoint in (entry.endpoint, *entry.others) or _is_below(entry),
        }
        for entry in NAVIGATION
        if _is_shown(entry, person)
    ]


def _is_below(entry: Entry) -> bool:
    # An address nobody answers at has no endpoint, by which what is made here is known again.
    return entry.and_below and request.endpoint is not None and request.path.startswith(f"{url_for(entry.endpoint)}/")


def _is_shown(entry: Entry, person: Person | None) -> bool:
    if person is None:
        return entry.policy is Policy.PUBLIC
    return person.meets(entry.policy) and not entry.visitor


def list_messages() -> list[tuple[str, str]]:
    """What the last action had to say, as (kind, text); a browser without our cookie has none, and is not given one."""
    if current_app.config["SESSION_COOKIE_NAME"] not in request.cookies:
        return []
    return cast(list[tuple[str, str]], get_flashed_messages(with_categories=True))
