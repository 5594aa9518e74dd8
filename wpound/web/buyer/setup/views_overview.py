"""A tender from above: where it stands, what is next, and every page about it."""

from flask import render_template

from wpound.services.access import is_same_person
from wpound.services.list_buyer_work import STAGE_TITLES
from wpound.services.trace_progress import trace_progress
from wpound.services.view_tender import view_tender
from wpound.web.access import Policy, current_person, requires
from wpound.web.buyer.setup.steps import Standing, find_next, list_steps
from wpound.web.extensions import site
from wpound.web.reading import reading_page


@requires(Policy.TENDER)
def tender(ocid: str) -> str:
    """The tender with its dates, duties and steps; whoever only evaluates it sees the steps that are theirs."""
    person = current_person()
    with reading_page() as session:
        view = view_tender(session, person, ocid, site().catalogue, policy=Policy.TENDER)
        progress = trace_progress(session, person, view.tender)
    standing = Standing(
        stage=view.tender.stage.value if view.can_be_changed or not view.is_draft else "sent",
        lots=view.lots,
        draft=view.state if view.can_be_changed else None,
        progress=progress,
        is_sender=is_same_person(view.tender.sent_for_approval_by, person.email),
    )
    steps = list_steps(person, ocid, standing)
    return render_template(
        "buyer/setup/tender.html",
        view=view,
        tender=view.tender,
        steps=steps,
        next_lead=find_next(steps),
        stage=STAGE_TITLES[view.tender.stage],
        is_officer=person.meets(Policy.OFFICER),
        is_sender=standing.is_sender,
        progress=progress,
    )
