"""The picture of a certificate for a supplier's own pages, as the certificate stands now."""

from sqlalchemy.orm import Session

from wpound.config import Settings
from wpound.core.errors import NotFound
from wpound.core.periods import format_day
from wpound.documents.badge import draw_badge
from wpound.documents.certificate_facts import CertificateFacts
from wpound.documents.render import format_percent
from wpound.services.verify_certificate import Outcome, verify_by_serial

HEADLINES = {
    Outcome.EXPIRED: "Expired",
    Outcome.REVOKED: "Revoked",
    Outcome.SUPERSEDED: "Superseded",
}


def draw_certificate_badge(session: Session, settings: Settings, serial: str) -> bytes:
    """The badge as SVG; raises NotFound for an unknown number, or where the register cannot be believed."""
    answer = verify_by_serial(session, settings, serial)
    if answer.facts is None:
        raise NotFound("No certificate has this serial number. Check it against the printed page.")
    stands = answer.outcome is Outcome.VALID
    headline = _share(answer.facts) if stands else HEADLINES[answer.outcome]
    label = "of promises verified" if stands else "no longer in force"
    until = f", until {format_day(answer.facts.expires_on)}" if stands else ""
    notes = (f"Issued by {answer.facts.issuer}", f"{answer.facts.serial}{until}")
    return draw_badge(headline, label, notes, answer.facts.verify_url, stands=stands)


def _share(facts: CertificateFacts) -> str:
    return format_percent(facts.share) if facts.share is not None else "0"
