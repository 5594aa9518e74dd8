"""The files behind a line of a return: added, read, removed, and listed with their hashes."""

from flask import Response, flash, redirect, render_template, url_for
from werkzeug.wrappers import Response as AnyResponse

from wpound.core.delivery import Side
from wpound.core.errors import InputError, NotFound, StateError, TryLater
from wpound.documents.evidence_manifest import manifest_facts
from wpound.ingest.uploads import MOST_BYTES, MOST_FILES
from wpound.services.check_file import check_file
from wpound.services.keep_evidence import MOST_OF_RETURN, add_evidence, open_own_evidence, remove_evidence
from wpound.services.make_evidence_manifest import make_evidence_manifest
from wpound.services.show_evidence import EvidencePage, show_evidence
from wpound.store.engine import reading, writing
from wpound.web.access import Policy, current_person, requires
from wpound.web.downloads import send_facts, send_file
from wpound.web.extensions import site
from wpound.web.forms import ConfirmForm
from wpound.web.security import takes_files
from wpound.web.supplier.returns.forms_evidence import EvidenceForm

Page = str | AnyResponse | tuple[str, int]


@takes_files(MOST_BYTES)
@requires(Policy.SUPPLIER)
def evidence(return_id: int, claim_id: int) -> Page:
    """The files behind a line, and a form that adds another."""
    page, form = _load(return_id, claim_id), EvidenceForm()
    if form.validate_on_submit():
        try:
            if _add(form, return_id, claim_id):
                flash("The file was added.", "success")
                return redirect(url_for("supplier.evidence", return_id=return_id, claim_id=claim_id), 303)
        except TryLater as error:
            form.put_off(error)
    limits = {"files": MOST_FILES, "megabytes": MOST_OF_RETURN >> 20, "left": max(page.left, 0) >> 20}
    shown = render_template("supplier/returns/evidence.html", page=page, form=form, limits=limits)
    return (shown, form.refused_with) if form.errors else shown


def _load(return_id: int, claim_id: int) -> EvidencePage:
    with reading(site().engine) as session:
        return show_evidence(session, current_person(), return_id, claim_id, site().catalogue)


def _add(form: EvidenceForm, return_id: int, claim_id: int) -> bool:
    """Whether the file was added; it is looked at before the database is held."""
    sent, settings = form.file.data, site().settings
    try:
        file = check_file(settings, sent.filename or "", sent.read())
        with writing(site().engine) as session:
            add_evidence(
                session,
                current_person(),
                return_id,
                claim_id,
                file,
                description=str(form.description.data),
                has_personal_data=form.has_personal_data,
                settings=settings,
            )
    except InputError as error:
        form.refuse(error)
    except StateError as error:
        form.form_errors.append(error.message)
    return not form.errors


@requires(Policy.SUPPLIER)
def evidence_file(return_id: int, claim_id: int, evidence_id: int) -> Response:
    """One file, as it was sent."""
    with reading(site().engine) as session:
        row, content = open_own_evidence(
            session, current_person(), return_id, claim_id, evidence_id, settings=site().settings
        )
    return send_file(content, row.name, row.media_type)


@requires(Policy.SUPPLIER)
def remove_file(return_id: int, claim_id: int, evidence_id: int) -> Page:
    """Ask once more, then take a file away."""
    page, form = _load(return_id, claim_id), ConfirmForm()
    row = next((row for row in page.files if row.id == evidence_id), None)
    if row is None:
        raise NotFound("There is no such file behind this line.")
    if form.validate_on_submit():
        with writing(site().engine) as session:
            remove_evidence(session, current_person(), return_id, claim_id, evidence_id, settings=site().settings)
        flash("The file was removed.", "success")
        return redirect(url_for("supplier.evidence", return_id=return_id, claim_id=claim_id), 303)
    return render_template("supplier/returns/remove_evidence.html", page=page, row=row, form=form)


@requires(Policy.SUPPLIER)
def evidence_manifest(return_id: int) -> Response:
    """Every file of the return by its hash, with proofs under one root."""
    with reading(site().engine) as session:
        made = make_evidence_manifest(session, current_person(), Side.SUPPLIER, return_id, site().catalogue)
    return send_facts(manifest_facts(made), f"evidence-{return_id}.json")
