"""The social value certificate as its two pages."""

from typing import Any

from wpound.core.valuing import ValueKind
from wpound.documents.certificate_facts import CertificateFacts
from wpound.documents.charts import Chart, PromiseRow, delivery_chart
from wpound.documents.credential import CREDENTIAL_NAME, write_credential
from wpound.documents.qr_code import draw_qr_code
from wpound.documents.render import Attached, render_html, render_pdf

CHART_NAME = "promises.svg"
# More bars than this do not stand beside everything else on two pages: then there is one for each priority.
MOST_BARS = 6
# So many contracts are named on the page; the signed data names every one.
MOST_NAMED = 4


def certificate_pdf(facts: CertificateFacts, credential: dict[str, Any]) -> bytes:
    """The certificate as an unsealed PDF/UA-1 file with its signed data inside; the same input gives the same bytes."""
    chart = draw_promises(facts)
    embedded = Attached(CREDENTIAL_NAME, "This certificate as signed data", write_credential(credential))
    return render_pdf(certificate_html(facts, chart), facts.issued_on, {CHART_NAME: chart.svg}, [embedded])


def certificate_html(facts: CertificateFacts, chart: Chart) -> str:
    """The two pages of a certificate as HTML; the chart's picture goes to the renderer as ``CHART_NAME``."""
    return render_html(
        "certificate.html",
        {
            "facts": facts,
            "chart": chart,
            "chart_name": CHART_NAME,
            "credential_name": CREDENTIAL_NAME,
            "kinds": {kind.value: kind.label for kind in ValueKind},
            "most_named": MOST_NAMED,
            "qr": draw_qr_code(
                facts.verify_url, title=f"QR code that opens {facts.verify_url}", css_class="qr", border=0
            ),
        },
    )


def draw_promises(facts: CertificateFacts) -> Chart:
    """The chart of the certificate: the share of each promise that was verified, or of each priority's promises."""
    if len(facts.lines) > MOST_BARS:
        return delivery_chart(
            "Share of each priority's promises that was verified",
            [PromiseRow(head, share, f"{count} measures") for head, count, share in facts.heads],
        )
    rows = [
        PromiseRow(line.title, line.share, f"{line.verified.format()} of {line.promised.format()}")
        for line in facts.lines
    ]
    return delivery_chart("Share of each promise that was verified", rows)
