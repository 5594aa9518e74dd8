"""The two ways to ask about a certificate."""

from wpound.web.fields import FileField, TextField
from wpound.web.forms import Form, SearchForm
from wpound.web.security import LARGEST_UPLOAD


class SerialForm(SearchForm):
    """Ask by the serial number printed on the certificate."""

    serial = TextField(
        "Serial number",
        description="It is printed at the top of the certificate.",
        missing="Enter the serial number of the certificate",
        longest=40,
    )


class FileForm(Form):
    """Ask by the file itself, which also shows whether a single byte of it was changed."""

    file = FileField(
        "Certificate file",
        description="The PDF, or its signed data, as you received it, up to 5 MB. We check it and do not keep it.",
        missing="Choose the certificate file",
        largest=LARGEST_UPLOAD,
    )
