"""Files that leave as they are."""

from flask import Response

TYPES = {"pdf": "application/pdf", "json": "application/vc"}


def send_certificate(content: bytes, serial: str, extension: str) -> Response:
    """A certificate's file, to be kept under its serial number."""
    response = Response(content, mimetype=TYPES[extension])
    response.headers.set("Content-Disposition", "attachment", filename=f"{serial}.{extension}")
    return response
