"""What is bought: particulars, lots, and the outcomes of the plan it serves."""

from flask import flash, redirect, render_template, url_for
from werkzeug.wrappers import Response

from wpound.services.check_draft import Part
from wpound.services.edit_tender import edit_basics, edit_lots, edit_particulars
from wpound.web.access import Policy, current_person, requires
from wpound.web.buyer.setup.forms_particulars import LotsForm, ParticularsForm, PrioritiesForm
from wpound.web.buyer.setup.saving import open_draft, save
from wpound.web.extensions import site

Answer = str | Response | tuple[str, int]


@requires(Policy.OFFICER)
def particulars(ocid: str) -> Answer:
    """What is bought and by which rules, with what the law asks of it."""
    view, person = open_draft(ocid), current_person()
    form = ParticularsForm.of(view)
    if form.validate_on_submit() and save(
        form,
        lambda session: edit_basics(
            session, person, ocid, form.version_shown, basics=form.basics(), particulars=form.particulars()
        ),
        lambda: ParticularsForm.of(open_draft(ocid), formdata=None),
    ):
        flash("Saved.", "success")
        return redirect(url_for("buyer.tender", ocid=ocid), 303)
    gaps = view.state.gaps_of(Part.PARTICULARS)
    page = render_template("buyer/setup/particulars.html", view=view, tender=view.tender, form=form, gaps=gaps)
    return (page, 400) if form.errors else page


@requires(Policy.OFFICER)
def lots(ocid: str) -> Answer:
    """The parts of the tender that are bid for by themselves, if any."""
    view, person = open_draft(ocid), current_person()
    form = LotsForm.of(view)
    if form.validate_on_submit() and save(
        form,
        lambda session: edit_lots(session, person, ocid, form.version_shown, form.lots()),
        lambda: LotsForm.of(open_draft(ocid), formdata=None),
    ):
        flash("Saved.", "success")
        return redirect(url_for("buyer.tender", ocid=ocid), 303)
    page = render_template("buyer/setup/lots.html", view=view, tender=view.tender, form=form)
    return (page, 400) if form.errors else page


@requires(Policy.OFFICER)
def priorities(ocid: str) -> Answer:
    """The outcomes of the plan the contract serves, chosen before any measure."""
    view, person, plan = open_draft(ocid), current_person(), site().catalogue.plan
    form = PrioritiesForm.of(view, plan)
    if form.validate_on_submit() and save(
        form,
        lambda session: edit_particulars(
            session, person, ocid, form.version_shown, {"priorities": form.chosen()}, what="priorities"
        ),
        lambda: PrioritiesForm.of(open_draft(ocid), plan, formdata=None),
    ):
        flash("Saved. These measures serve what you chose.", "success")
        return redirect(url_for("buyer.measures", ocid=ocid), 303)
    page = render_template("buyer/setup/priorities.html", view=view, tender=view.tender, form=form, plan=plan)
    return (page, 400) if form.errors else page
