"""What the plausibility rules ask, the questions put to bidders, and what the officer concludes."""

from flask import flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from wpound.catalogue.loader import load_bank_holidays
from wpound.core.errors import InputError, StaleEdit
from wpound.core.particulars import Particulars
from wpound.core.plausibility import RULES
from wpound.services.ask_bidder import ask_bidder, conclude_question, get_asked, get_bidder, get_questions
from wpound.store.engine import reading, writing
from wpound.web.access import Policy, current_person, requires
from wpound.web.buyer.marking.forms_marking import AskForm, ConcludeForm
from wpound.web.buyer.marking.reasons import tells_why
from wpound.web.extensions import site
from wpound.web.reading import reading_page

RULE_TITLES = {rule.code: rule.title for rule in RULES}


@requires(Policy.OFFICER)
@tells_why
def bid_questions(ocid: str) -> str:
    """The flags of all bids and everything asked so far."""
    with reading_page() as session:
        found = get_questions(session, current_person(), ocid, site().catalogue)
    return render_template("buyer/marking/questions.html", questions=found, titles=RULE_TITLES)


@requires(Policy.OFFICER)
@tells_why
def ask(ocid: str, bid_id: int) -> str | Response | tuple[str, int]:
    """Write a question to one bidder, from a flag or in the officer's own words, and send it."""
    with reading(site().engine) as session:
        tender, bid = get_bidder(session, current_person(), ocid, bid_id)
        flags = get_questions(session, current_person(), ocid, site().catalogue).flags
    rule = request.args.get("rule", "")
    wanted = (bid_id, rule, request.args.get("measure", ""))
    flag = next((row.flag for row in flags if (row.bid_id, row.flag.code, row.flag.measure) == wanted), None)
    form = AskForm(data={"question": flag.question if flag else None})
    if form.validate_on_submit() and _ask(form, ocid, bid_id, flag.code if flag else None):
        return redirect(url_for("buyer.bid_questions", ocid=ocid), 303)
    days = Particulars.from_dict(tender.particulars).reply_days
    page = render_template("buyer/marking/ask.html", tender=tender, bid=bid, flag=flag, reply_days=days, form=form)
    return (page, 400) if form.errors else page


def _ask(form: AskForm, ocid: str, bid_id: int, rule: str | None) -> bool:
    try:
        with writing(site().engine) as session:
            _, told = ask_bidder(
                session,
                current_person(),
                ocid,
                bid_id,
                question=form.question.data or "",
                rule=rule,
                holidays=load_bank_holidays(),
                base_url=site().settings.base_url,
            )
    except InputError as error:
        form.refuse(error)
        return False
    if told:
        flash(f"The question is sent to {told} {'person' if told == 1 else 'people'} of the bidder.", "success")
    else:
        flash("The question is recorded, but this bidder has no account here. Write to them yourself.", "info")
    return True


@requires(Policy.OFFICER)
@tells_why
def bid_question(ocid: str, question_id: int) -> str | Response | tuple[str, int]:
    """One question with its reply; the officer concludes here."""
    with reading(site().engine) as session:
        tender, row, today = get_asked(session, current_person(), ocid, question_id)
    form = ConcludeForm(data={"version": row.question.version})
    if form.validate_on_submit() and _conclude(form, ocid, question_id):
        flash("Your conclusion is recorded.", "success")
        return redirect(url_for("buyer.bid_questions", ocid=ocid), 303)
    page = render_template(
        "buyer/marking/question.html", tender=tender, row=row, today=today, form=form, titles=RULE_TITLES
    )
    return (page, 400) if form.errors else page


def _conclude(form: ConcludeForm, ocid: str, question_id: int) -> bool:
    try:
        with writing(site().engine) as session:
            conclude_question(
                session,
                current_person(),
                ocid,
                question_id,
                conclusion=form.conclusion.data or "",
                version=form.version_shown,
            )
    except InputError as error:
        form.refuse(error)
    except StaleEdit:
        with reading(site().engine) as session:
            _, row, _ = get_asked(session, current_person(), ocid, question_id)
        now = ConcludeForm(formdata=None, data={"version": row.question.version})
        stale = form.beside(now)
        stale.now |= {"Reply": row.question.reply or ""}
        raise stale from None
    return not form.errors
