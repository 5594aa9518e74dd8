"""Tenders for everyone: the list, and the page of each with all that bidders are told."""

from flask import flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from wpound.core.errors import NotFound
from wpound.documents.tender_pack import pack_facts
from wpound.services.reach_tender import get_published
from wpound.services.show_public_tender import (
    STATE_TITLES,
    TenderSearch,
    find_tenders,
    list_buyers,
    show_own_part,
    show_public_tender,
)
from wpound.services.tell_bidders import follow_tender, unfollow_tender
from wpound.store.engine import writing
from wpound.web.access import Policy, current_person, find_current_person, requires
from wpound.web.extensions import site
from wpound.web.forms import ConfirmForm
from wpound.web.pagination import get_choice, get_page
from wpound.web.reading import reading_page

LONGEST_SEARCH = 100


@requires(Policy.PUBLIC)
def tenders() -> str:
    """Published tenders, the open ones first; words, state and buyer are in the address."""
    state, buyer = get_choice("state", STATE_TITLES), request.args.get("buyer", "")
    words = request.args.get("q", "").strip()[:LONGEST_SEARCH].replace("\0", "")
    search = TenderSearch(words, state, buyer)
    with reading_page() as session:
        buyers = list_buyers(session)
        if buyer and buyer not in buyers:
            raise NotFound("Nobody of that name has published a tender.")
        page = get_page(lambda limit, offset: find_tenders(session, search, limit, offset))
    return render_template("public/tenders.html", page=page, search=search, buyers=buyers, titles=STATE_TITLES)


@requires(Policy.PUBLIC)
def tender(ocid: str) -> str:
    """One tender: what is bought, how bids are marked, what was asked and changed, and the files."""
    person = find_current_person()
    with reading_page() as session:
        view = show_public_tender(session, ocid, site().catalogue, base_url=site().settings.base_url)
        own = show_own_part(session, view.tender, person) if person else None
    return render_template(
        "public/tender.html",
        view=view,
        tender=view.tender,
        own=own,
        is_supplier=person is not None and person.meets(Policy.SUPPLIER),
        facts=pack_facts(view.pack),
        titles=STATE_TITLES,
    )


@requires(Policy.SIGNED_IN)
def follow(published: str) -> Response:
    """Be told of every answer and change from now on."""
    return _set_following(published, True)


@requires(Policy.SIGNED_IN)
def unfollow(published: str) -> Response:
    """Not be told any more."""
    return _set_following(published, False)


def _set_following(ocid: str, wanted: bool) -> Response:
    if ConfirmForm().validate_on_submit():
        with writing(site().engine) as session:
            (follow_tender if wanted else unfollow_tender)(session, get_published(session, ocid), current_person())
        flash(
            "We will send you an email about every answer and change."
            if wanted
            else "You no longer follow this tender. If your organisation has a bid or a draft, you are still told.",
            "success",
        )
    return redirect(url_for("public.tender", ocid=ocid), 303)
