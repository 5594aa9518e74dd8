"""The lists that say which certificates no longer stand, for programs that check many."""

from typing import Any

from sqlalchemy.orm import Session

from wpound.config import Settings
from wpound.core.errors import NotFound
from wpound.documents.credential import MESSAGES, STATUS_LISTS, sign_credential
from wpound.documents.status_list import make_status_list
from wpound.services.clock import day_of
from wpound.services.keep_certificate_keys import find_key_ring, keys_url, open_signing_key
from wpound.services.verify_certificate import standing_of
from wpound.store.certificates import find_certificate, list_year
from wpound.store.engine import now_in
from wpound.store.models.organisations import Organisation


def lists_url(settings: Settings, register: str) -> str:
    """Where the lists of a register lie; a register is what its serial numbers begin with (``COWC1-2026``)."""
    return f"{settings.base_url}/certificates/status/{register}"


def get_status_list(session: Session, settings: Settings, register: str, purpose: str) -> dict[str, Any]:
    """The signed list of one register for ``revocation`` or ``message``; raises NotFound for any other.

    A certificate has its number's place. Of revocation, one bit says that it was revoked or replaced; of message, two
    bits say which of the four states it is in.
    """
    first = find_certificate(session, f"{register}-00001")
    # Where nothing was ever signed there is no key, and whoever asks for a list does not make one.
    if first is None or purpose not in STATUS_LISTS or not find_key_ring(settings).keys:
        raise NotFound("There is no such list.")
    now = now_in(session)
    issuer_id, year = first.certificate.organisation_id, first.certificate.year
    states = {}
    for found in list_year(session, organisation_id=issuer_id, year=year):
        one = found.certificate
        message = MESSAGES.index(standing_of(one.status, found.replaced_by, one.expires_on, day_of(now)).value)
        states[one.number] = message if purpose == "message" else int(message in (1, 2))
    issuer = session.get_one(Organisation, issuer_id).name
    url = f"{lists_url(settings, register)}/{purpose}.json"
    document = make_status_list(url, purpose, states, keys_url(settings), issuer, now)
    return sign_credential(document, open_signing_key(session, settings), now)
