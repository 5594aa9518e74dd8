"""What a certificate says: the page, the signed data and the stored record are all made from these facts."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any, Self

from wpound.core.delivery import CertificateScope, VerificationLevel, mean_share, share_verified
from wpound.core.money import Money, round_half_up
from wpound.core.periods import Period
from wpound.core.quantities import Quantity, Unit
from wpound.core.valuing import ValueKind

SCHEMA = "wpound-certificate/2"
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
class CoveredContract:
    """A contract that a certificate covers: how many of its returns were counted, and the rules it was won under.

    ``method_hash`` is None where no tender led to it.
    """

    reference: str
    title: str
    supplier_name: str
    returns: int
    method_hash: str | None
    catalogue_fingerprint: str

    def to_dict(self) -> dict[str, Any]:
        """The contract as JSON, every number as text."""
        return {
            "reference": self.reference,
            "title": self.title,
            "supplier": self.supplier_name,
            "returns": str(self.returns),
            "method_hash": self.method_hash,
            "catalogue_fingerprint": self.catalogue_fingerprint,
        }

    @classmethod
    def from_dict(cls, contract: Mapping[str, Any]) -> Self:
        """Build from :meth:`to_dict`."""
        return cls(
            reference=contract["reference"],
            title=contract["title"],
            supplier_name=contract["supplier"],
            returns=int(contract["returns"]),
            method_hash=contract["method_hash"],
            catalogue_fingerprint=contract["catalogue_fingerprint"],
        )


@dataclass(frozen=True, slots=True)
class CertificateFacts:
    """Everything a certificate says. ``holder`` is who delivered: a supplier, or the buyer for all of its contracts.

    ``replaces`` is the serial number of the certificate that this one stands in for, None where there was none.
    """

    serial: str
    replaces: str | None
    issuer: str
    scope: CertificateScope
    holder_name: str
    holder_identifier: str
    contracts: tuple[CoveredContract, ...]
    covers: str
    period: Period
    verified_on: date
    lines: tuple[CertificateLine, ...]
    limits: tuple[str, ...]
    catalogue_edition: str
    audit_head: str
    issued_on: date
    expires_on: date
    verify_url: str
    licences: tuple[str, ...]

    @property
    def subject(self) -> str:
        """What the certificate speaks for as people read it: one contract by its title, or so many contracts."""
        if self.scope is CertificateScope.CONTRACT:
            return self.contracts[0].title
        return "1 contract" if len(self.contracts) == 1 else f"{len(self.contracts)} contracts"

    @property
    def method_hashes(self) -> list[str]:
        """The methods of the tenders that led to the contracts, each once."""
        return list(dict.fromkeys(one.method_hash for one in self.contracts if one.method_hash))

    @property
    def catalogue_fingerprints(self) -> list[str]:
        """The catalogues that the contracts are valued by, each once."""
        return list(dict.fromkeys(one.catalogue_fingerprint for one in self.contracts))

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
            "replaces": self.replaces,
            "issued_by": self.issuer,
            "scope": self.scope.value,
            "holder": {"name": self.holder_name, "identifier": self.holder_identifier},
            "contracts": [contract.to_dict() for contract in self.contracts],
            "covers": self.covers,
            "period": {"start_on": self.period.start_on.isoformat(), "end_on": self.period.end_on.isoformat()},
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
            "catalogue_edition": self.catalogue_edition,
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
            replaces=facts["replaces"],
            issuer=facts["issued_by"],
            scope=CertificateScope(facts["scope"]),
            holder_name=facts["holder"]["name"],
            holder_identifier=facts["holder"]["identifier"],
            contracts=tuple(CoveredContract.from_dict(one) for one in facts["contracts"]),
            covers=facts["covers"],
            period=Period(date.fromisoformat(period["start_on"]), date.fromisoformat(period["end_on"])),
            verified_on=date.fromisoformat(facts["verified_on"]),
            lines=tuple(CertificateLine.from_dict(line) for line in facts["lines"]),
            limits=tuple(facts["limits"]),
            catalogue_edition=facts["catalogue_edition"],
            audit_head=facts["audit_head"],
            issued_on=date.fromisoformat(facts["issued_on"]),
            expires_on=date.fromisoformat(facts["expires_on"]),
            verify_url=facts["verify_url"],
            licences=tuple(facts["licences"]),
        )

    @property
    def fingerprint(self) -> str:
        """SHA-256 of the facts as canonical JSON (RFC 8785), in hexadecimal."""
        import rfc8785

        return hashlib.sha256(rfc8785.dumps(self.to_dict())).hexdigest()


def _share_text(share: Decimal | None) -> str | None:
    return None if share is None else str(round_half_up(share, SHARE_PLACES))


def _text(value: Decimal | Money | None) -> str | None:
    if value is None:
        return None
    return str(value.pounds) if isinstance(value, Money) else f"{value:f}"
