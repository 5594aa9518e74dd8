"""A certificate as PDF/UA with its signed data and its seal, against bare WeasyPrint on the same HTML in the same run.

Both use one font configuration and one parsed stylesheet a process; the drawing of the chart is no part of either.
"""

import statistics
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

from weasyprint import HTML

from wpound.core.delivery import CertificateScope, VerificationLevel
from wpound.core.periods import Period
from wpound.core.quantities import Quantity, Unit
from wpound.documents import render
from wpound.documents.certificate import CHART_NAME, certificate_html, draw_promises
from wpound.documents.certificate_facts import CertificateFacts, CertificateLine, CoveredContract
from wpound.documents.credential import CREDENTIAL_NAME, make_credential, sign_credential, write_credential
from wpound.documents.credential_keys import open_key
from wpound.documents.signing import open_keys, seal

ROUNDS = 12


@dataclass
class Timed:
    """One way to make the file, and the seconds each round took."""

    make: Callable[[], Any]
    seconds: list[float]

    def round(self) -> None:
        """Make the file once."""
        started = time.perf_counter()
        self.make()
        self.seconds.append(time.perf_counter() - started)


def made_up_facts() -> CertificateFacts:
    """Five measures over two heads: two pages."""
    lines = tuple(
        CertificateLine(
            head=f"Priority {number % 2}",
            measure=f"measure_{number}",
            title=f"Made up measure number {number}",
            value_kind="additional",
            promised=Quantity(Decimal(10), Unit.WEEK),
            claimed=Quantity(Decimal(9), Unit.WEEK),
            verified=Quantity(Decimal(8), Unit.WEEK),
            level=VerificationLevel.OFFICER_CHECKED,
            unit_value=Decimal("123.45"),
            value_source="Made up for a measurement.",
        )
        for number in range(5)
    )
    contract = CoveredContract("T-1", "Made up contract", "Made Up Supplier Limited", 4, "0" * 64, "1" * 64)
    return CertificateFacts(
        serial="T-2026-0001",
        issuer="Council of the Town",
        replaces=None,
        scope=CertificateScope.CONTRACT,
        holder_name="Made Up Supplier Limited",
        holder_identifier="GB-COH-00000000",
        contracts=(contract,),
        covers="Every measure promised in the contract.",
        period=Period(date(2025, 4, 1), date(2026, 3, 31)),
        verified_on=date(2026, 4, 20),
        lines=lines,
        limits=("It is not an audit opinion.",),
        catalogue_edition="2026.1",
        audit_head="2" * 64,
        issued_on=date(2026, 5, 1),
        expires_on=date(2028, 5, 1),
        verify_url="https://town.example/verify/T-2026-0001",
        licences=(),
    )


def run() -> list[dict[str, Any]]:
    """The median of interleaved rounds, before and after sealing, as ratios to the bare rendering."""
    facts = made_up_facts()
    chart = draw_promises(facts)
    html = certificate_html(facts, chart)
    images = {CHART_NAME: chart.svg}
    credential = make_credential(facts, "https://town.example/keys", "https://town.example/lists", 1)
    with tempfile.TemporaryDirectory() as folder:
        keys, key = open_keys(Path(folder), facts.issuer), open_key(Path(folder), datetime.now(UTC))

    def bare() -> bytes:
        font_config, stylesheet = render._style()
        page = HTML(string=html, base_url=render.SCHEME, url_fetcher=render._fetcher(images))
        return bytes(page.write_pdf(font_config=font_config, stylesheets=[stylesheet]))

    def tagged() -> bytes:
        signed = sign_credential(credential, key, datetime.now(UTC))
        embedded = [render.Attached(CREDENTIAL_NAME, "Signed data", write_credential(signed))]
        return render.render_pdf(html, facts.issued_on, images, embedded)

    ways = [Timed(bare, []), Timed(tagged, []), Timed(lambda: seal(tagged(), keys, "Town"), [])]
    for way in ways:
        way.make()
    for _ in range(ROUNDS):
        for way in ways:
            way.round()
    plain, before, after = (statistics.median(way.seconds) for way in ways)
    yardstick = "bare WeasyPrint of the same HTML"
    return [
        {
            "title": f"certificate as PDF/UA, {before * 1000:.0f} ms",
            "yardstick": yardstick,
            "ratio": before / plain,
            "goal": "at most 1.35",
        },
        {
            "title": f"the same, sealed, {after * 1000:.0f} ms",
            "yardstick": yardstick,
            "ratio": after / plain,
            "goal": "at most 1.8",
        },
    ]
