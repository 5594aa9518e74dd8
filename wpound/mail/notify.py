"""Mail through GOV.UK Notify.

One template serves every mail. Make it in Notify with the subject ``((subject))`` and the message ``((body))``.
"""

import base64
import hashlib
import hmac
import json
import re
import time
from dataclasses import dataclass
from typing import Any

from wpound.core.errors import InputError, StateError, TryLater
from wpound.mail.message import Message

TIMEOUT_SECONDS = 30
_UUID = "[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}"
# A key is its name, the id of the service and the secret.
_KEY = re.compile(rf".*?({_UUID})-({_UUID})")


@dataclass(frozen=True, slots=True)
class NotifyMailer:
    """A service of GOV.UK Notify."""

    url: str
    service_id: str
    secret: str
    template_id: str

    def deliver(self, message: Message) -> None:
        """Hand the mail to Notify.

        Raises TryLater where Notify cannot be reached, is busy or does not accept the key, StateError where it refuses
        this mail for good.
        """
        import requests

        try:
            answer = requests.post(
                f"{self.url}/v2/notifications/email",
                json={
                    "email_address": message.recipient,
                    "template_id": self.template_id,
                    "personalisation": {"subject": message.subject, "body": message.body},
                    "reference": message.reference,
                },
                headers={"Authorization": f"Bearer {make_token(self.service_id, self.secret, int(time.time()))}"},
                timeout=TIMEOUT_SECONDS,
                allow_redirects=False,
            )
        except requests.RequestException as error:
            raise TryLater(f"GOV.UK Notify could not be reached ({type(error).__name__}).") from None
        _check(answer.status_code)


def open_notify(url: str, key: str, template_id: str) -> NotifyMailer:
    """The service a key belongs to; raises InputError for a key or template that cannot be one."""
    found = _KEY.fullmatch(key)
    if found is None:
        raise InputError("WPOUND_NOTIFY_KEY", "copy the whole API key from GOV.UK Notify")
    if re.fullmatch(_UUID, template_id) is None:
        raise InputError("WPOUND_NOTIFY_TEMPLATE", "copy the id of the template from GOV.UK Notify")
    return NotifyMailer(url, found[1], found[2], template_id)


def make_token(service_id: str, secret: str, now: int) -> str:
    """The signed statement (JSON Web Token, HS256) of who asks and when, in seconds since 1970."""
    stated = ".".join(_encode(json.dumps(part).encode()) for part in (_HEADER, {"iss": service_id, "iat": now}))
    return f"{stated}.{_encode(hmac.digest(secret.encode(), stated.encode(), hashlib.sha256))}"


_HEADER: dict[str, Any] = {"typ": "JWT", "alg": "HS256"}


def _encode(content: bytes) -> str:
    return base64.urlsafe_b64encode(content).rstrip(b"=").decode()


def _check(status: int) -> None:
    if status == 201:
        return
    if status in (401, 403):
        raise TryLater("GOV.UK Notify does not accept the key in WPOUND_NOTIFY_KEY, or the machine's clock is wrong.")
    if status == 400:
        raise StateError("GOV.UK Notify refused this mail (answer 400). Check the address and the template.")
    raise TryLater(f"GOV.UK Notify is busy or has a problem (answer {status}).")
