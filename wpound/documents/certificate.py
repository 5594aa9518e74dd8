"""The social value certificate: its facts, and its two pages."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any, Self

from wpound.core.delivery import VerificationLevel, mean_share, share_verified
from wpound.core.money import Money, round_half_up
from wpound.core.periods import Period
from wpound.core.quantities import Quantity, Unit
from wpound.core.valuing import ValueKind
from wpound.documents.charts import Chart, PromiseRow, delivery_chart
from wpound.documents.qr_code import draw_qr_code
from wpound.documents.render import Attached, render_html, render_pdf

SCHEMA = "wpound-certificate/1"
FACTS_NAME = "certificate.json"
CHART_NAME = "promises.svg"
SHARE_PLACES = 6


@dataclass(frozen=True, slots=True)
class CertificateLine:
    """One measure: what was promised, claimed and verified in the period, and what one unit is worth.

    ``value_kind`` is ``additional`` (social value), ``flow`` (local economic flow) or ``none``; ``unit_value`` is in
    pounds for one unit, None where no value may be used: then the measure is counted in its own unit only.
    """

    head: str
    measure: str
    title: str
    value_kind: str
    promised: Quantity
    claimed: Quantity
    verified: Quantity
    level: VerificationLevel
    unit_value: Decimal | None = None
    value_source: str | None = None

    @property
    def share(self) -> Decimal | None:
        """The share of the promise that was verified."""
        return share_verified(self.promised, self.verified)

    @property
    def value(self) -> Money | None:
        """The money value of what was verified, rounded to the penny; None where the measure has none."""
        if self.unit_value is None or self.value_kind == ValueKind.NONE:
            return None
        return Money.rounded(self.verified.amount * self.unit_value)

    @property
    def unit_price(self) -> str:
        """What one unit is worth as people read it, to the penny or as exactly as it is; empty without a value."""
        if self.unit_value is None:
            return ""
        pennies = Money.rounded(self.unit_value)
        return pennies.format() if pennies.pounds == self.unit_value else f"£{self.unit_value:,f}"

    def to_dict(self) -> dict[str, Any]:
        """The line as JSON, every number as text."""
        return {
            "head": self.head,
            "measure": self.measure,
            "title": self.title,
            "unit": self.promised.unit.value,
            "promised": _text(self.promised.amount),
            "claimed": _text(self.claimed.amount),
            "verified": _text(self.verified.amount),
            "share_verified": _share_text(self.share),
            "level": self.level.value,
            "value_kind": self.value_kind,
            "unit_value": _text(self.unit_value),
            "value_source": self.value_source,
            "value": _text(self.value),
        }

    @classmethod
    def from_dict(cls, line: Mapping[str, Any]) -> Self:
        """Build from :meth:`to_dict`."""
        unit = Unit(line["unit"])
        return cls(
            head=line["head"],
            measure=line["measure"],
            title=line["title"],
            value_kind=line["value_kind"],
            promised=Quantity(Decimal(line["promised"]), unit),
            claimed=Quantity(Decimal(line["claimed"]), unit),
            verified=Quantity(Decimal(line["verified"]), unit),
            level=VerificationLevel(line["level"]),
            unit_value=None if line["unit_value"] is None else Decimal(line["unit_value"]),
            value_source=line["value_source"],
        )


@dataclass(frozen=True, slots=True)
class CertificateFacts:
    """Everything a certificate says; the page, the embedded file and the stored record are all made from it."""

    serial: str
    issuer: str
    supplier_name: str
    supplier_identifier: str
    contract_reference: str
    contract_title: str
    scope: str
    period: Period
    return_version: int
    verified_by: str
    verified_on: date
    lines: tuple[CertificateLine, ...]
    limits: tuple[str, ...]
    method_hash: str
    catalogue_edition: str
    catalogue_fingerprint: str
    audit_head: str
    issued_on: date
    expires_on: date
    verify_url: str
    licences: tuple[str, ...]

    @property
    def share(self) -> Decimal | None:
        """The share of the promises that was verified, over all measures."""
        return mean_share(line.share for line in self.lines)

    @property
    def heads(self) -> list[tuple[str, int, Decimal | None]]:
        """Each head in order of first mention, its number of measures and the share verified."""
        titles = dict.fromkeys(line.head for line in self.lines)
        groups = [(title, [line for line in self.lines if line.head == title]) for title in titles]
        return [(title, len(lines), mean_share(line.share for line in lines)) for title, lines in groups]

    def total(self, value_kind: str) -> Money | None:
        """The sum of the printed values of one kind; None where no measure of that kind has a value.

        Social value (``additional``) and local economic flow (``flow``) are two totals and never added together.
        """
        values = [line.value for line in self.lines if line.value_kind == value_kind and line.value is not None]
        return Money.total(values) if values else None

    def to_dict(self) -> dict[str, Any]:
        """The facts as JSON: numbers as text, days as YYYY-MM-DD, derived figures included."""
        return {
            "schema": SCHEMA,
            "serial": self.serial,
            "issuer": self.issuer,
            "supplier": {"name": self.supplier_name, "identifier": self.supplier_identifier},
            "contract": {"reference": self.contract_reference, "title": self.contract_title},
            "scope": self.scope,
            "period": {"start_on": self.period.start_on.isoformat(), "end_on": self.period.end_on.isoformat()},
            "return_version": str(self.return_version),
            "verified_by": self.verified_by,
            "verified_on": self.verified_on.isoformat(),
            "lines": [line.to_dict() for line in self.lines],
            "heads": [
                {"head": head, "measures": str(count), "share_verified": _share_text(share)}
                for head, count, share in self.heads
            ],
            "share_verified": _share_text(self.share),
            "social_value": _text(self.total(ValueKind.ADDITIONAL)),
            "local_economic_flow": _text(self.total(ValueKind.FLOW)),
            "limits": list(self.limits),
            "method_hash": self.method_hash,
            "catalogue": {"edition": self.catalogue_edition, "fingerprint": self.catalogue_fingerprint},
            "audit_head": self.audit_head,
            "issued_on": self.issued_on.isoformat(),
            "expires_on": self.expires_on.isoformat(),
            "verify_url": self.verify_url,
            "licences": list(self.licences),
        }

    @classmethod
    def from_dict(cls, facts: Mapping[str, Any]) -> Self:
        """Build from :meth:`to_dict`; raises ``ValueError`` when anything is missing, added or does not add up."""
        try:
            built = cls._build(facts)
        except (KeyError, TypeError, InvalidOperation) as error:
            raise ValueError(f"not the facts of a certificate: {error!r}") from None
        if built.to_dict() != facts:
            raise ValueError("the facts of the certificate do not agree with each other")
        return built

    @classmethod
    def _build(cls, facts: Mapping[str, Any]) -> Self:
        period = facts["period"]
        return cls(
            serial=facts["serial"],
            issuer=facts["issuer"],
            supplier_name=facts["supplier"]["name"],
            supplier_identifier=facts["supplier"]["identifier"],
            contract_reference=facts["contract"]["reference"],
            contract_title=facts["contract"]["title"],
            scope=facts["scope"],
            period=Period(date.fromisoformat(period["start_on"]), date.fromisoformat(period["end_on"])),
            return_version=int(facts["return_version"]),
            verified_by=facts["verified_by"],
            verified_on=date.fromisoformat(facts["verified_on"]),
            lines=tuple(CertificateLine.from_dict(line) for line in facts["lines"]),
            limits=tuple(facts["limits"]),
            method_hash=facts["method_hash"],
            catalogue_edition=facts["catalogue"]["edition"],
            catalogue_fingerprint=facts["catalogue"]["fingerprint"],
            audit_head=facts["audit_head"],
            issued_on=date.fromisoformat(facts["issued_on"]),
            expires_on=date.fromisoformat(facts["expires_on"]),
            verify_url=facts["verify_url"],
            licences=tuple(facts["licences"]),
        )

    def canonical_json(self) -> bytes:
        """The facts as canonical JSON (RFC 8785): the same facts are always the same bytes."""
        import rfc8785

        return rfc8785.dumps(self.to_dict())

    @property
    def fingerprint(self) -> str:
        """SHA-256 of the canonical JSON, in hexadecimal."""
        return hashlib.sha256(self.canonical_json()).hexdigest()


def read_facts(content: bytes) -> CertificateFacts:
    """Read the facts embedded in a certificate; raises ``ValueError`` unless they are canonical and agree."""
    facts = CertificateFacts.from_dict(json.loads(content))
    if facts.canonical_json() != content:
        raise ValueError("the facts of the certificate are not in canonical form")
    return facts


def certificate_pdf(facts: CertificateFacts) -> bytes:
    """The certificate as an unsealed PDF/UA-1 file with its facts embedded; the same facts give the same bytes."""
    chart = draw_promises(facts)
    embedded = Attached(FACTS_NAME, "The facts of this certificate as JSON", facts.canonical_json())
    return render_pdf(certificate_html(facts, chart), facts.issued_on, {CHART_NAME: chart.svg}, [embedded])


def certificate_html(facts: CertificateFacts, chart: Chart) -> str:
    """The two pages of a certificate as HTML; the chart's picture goes to the renderer as ``CHART_NAME``."""
    return render_html(
        "certificate.html",
        {
            "facts": facts,
            "chart": chart,
            "chart_name": CHART_NAME,
            "facts_name": FACTS_NAME,
            "kinds": {kind.value: kind.label for kind in ValueKind},
            "qr": draw_qr_code(
                facts.verify_url, title=f"QR code that opens {facts.verify_url}", css_class="qr", border=0
            ),
        },
    )


def draw_promises(facts: CertificateFacts) -> Chart:
    """The chart of the certificate: the share of each promise that was verified."""
    rows = [
        PromiseRow(line.title, line.share, f"{line.verified.format()} of {line.promised.format()}")
        for line in facts.lines
    ]
    return delivery_chart("Share of each promise that was verified", rows)


def _share_text(share: Decimal | None) -> str | None:
    return None if share is None else str(round_half_up(share, SHARE_PLACES))


def _text(value: Decimal | Money | None) -> str | None:
    if value is None:
        return None
    return str(value.pounds) if isinstance(value, Money) else f"{value:f}"
