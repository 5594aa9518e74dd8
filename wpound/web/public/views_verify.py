"""Verify a certificate: by its serial number, or by the file itself."""

from flask import redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from wpound.core.errors import InputError
from wpound.services.verify_certificate import verify_by_file as check_file
from wpound.services.verify_certificate import verify_by_serial as check_serial
from wpound.store.engine import reading
from wpound.web.access import Policy, requires
from wpound.web.extensions import site
from wpound.web.public.forms_verify import FileForm, SerialForm
from wpound.web.reading import reading_page


@requires(Policy.PUBLIC)
def verify() -> str | Response | tuple[str, int]:
    """Both forms; a serial number in the address leads on to its own page, which the code on a certificate opens."""
    form = SerialForm(request.args)
    if "serial" not in request.args:
        return _show_forms(form, FileForm())
    if form.validate():
        return redirect(url_for("public.verify_serial", serial=form.serial.data))
    return _show_forms(form, FileForm()), 400


@requires(Policy.PUBLIC)
def verify_serial(serial: str) -> str:
    """What is known of the certificate with this serial number."""
    with reading_page() as session:
        answer = check_serial(session, site().settings, serial)
    return render_template("public/verified.html", answer=answer, serial=serial)


@requires(Policy.PUBLIC)
def verify_file() -> str | tuple[str, int]:
    """Whether a file is a certificate of ours, unchanged and in force."""
    form = FileForm()
    if not form.validate():
        return _show_forms(SerialForm(None), form), 400
    try:
        with reading(site().engine) as session:
            answer = check_file(session, site().settings, form.file.data.read())
    except InputError as error:
        form.refuse(error)
        return _show_forms(SerialForm(None), form), 400
    return render_template("public/verified.html", answer=answer, serial=None)


def _show_forms(serial_form: SerialForm, file_form: FileForm) -> str:
    errors = serial_form.error_list() + file_form.error_list()
    return render_template("public/verify.html", serial_form=serial_form, file_form=file_form, errors=errors)
