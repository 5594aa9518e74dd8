"""What a tender says about itself beside its method: what is bought, by which rules, and whom to ask.

A draft may leave everything out; what is there must be right. ``problems_before_publication`` lists what is missing.
"""

import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from functools import cached_property
from typing import Any, Self

from wpound.core.cautions import method_warnings
from wpound.core.criteria import CODE
from wpound.core.errors import InputError
from wpound.core.form import Form, Problems
from wpound.core.method import Method
from wpound.core.results import Caution

LONGEST_TEXT = 5_000
MOST_REPLY_DAYS = 30
REPLY_DAYS = 5
# Eight digits and the check digit that is often printed after them; source: Regulation (EC) No 213/2008.
CPV = re.compile(r"\d{8}(-\d)?", re.ASCII)
EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s.]+")
# Where the supplier is, and many measures: an officer goes on only with a written reason (docs/method/particulars.md).
ANSWERED_IN_WRITING = frozenset({"supplier_location", "many_measures"})


class ContractKind(StrEnum):
    """What the law calls the thing bought; it decides the threshold."""

    WORKS = "works"
    GOODS = "goods"
    SERVICES = "services"
    LIGHT_TOUCH = "light_touch"
    CONCESSION = "concession"

    @property
    def label(self) -> str:
        """The kind in words."""
        return self.value.replace("_", " ").capitalize()


class Reserved(StrEnum):
    """Whom a competition is reserved to, which must be decided before tenders are invited."""

    NONE = "none"
    UK = "uk"
    LOCAL_AREA = "local_area"

    @property
    def label(self) -> str:
        """The reservation in words."""
        return _RESERVED[self]


_RESERVED = {
    Reserved.NONE: "Open to suppliers from anywhere",
    Reserved.UK: "Reserved to suppliers based in the UK",
    Reserved.LOCAL_AREA: "Reserved to suppliers based in the local area",
}


@dataclass(frozen=True)
class Particulars:
    """The particulars of one tender; None and empty text mean that nobody has said yet.

    ``value_includes_vat`` is the basis of the method's contract value, ``priorities`` keys of the plan's outcomes,
    ``reply_days`` the working days a bidder has to answer a question about its bid. ``warning_reasons`` holds, by the
    code of a warning, why the officer goes on all the same.
    """

    description: str = ""
    kind: ContractKind | None = None
    value_includes_vat: bool | None = None
    is_framework: bool = False
    cpv_codes: tuple[str, ...] = ()
    priorities: tuple[str, ...] = ()
    reserved: Reserved = Reserved.NONE
    reserved_area: str = ""
    reserved_wording: str = ""
    contact_email: str = ""
    start_on: date | None = None
    two_envelopes: bool = False
    hide_names: bool = False
    reply_days: int = REPLY_DAYS
    warning_reasons: Mapping[str, str] = field(default_factory=dict)

    def to_dict(self) -> dict[str, Any]:
        """The stored form; what nobody has said yet is left out."""
        found: dict[str, Any] = {
            "is_framework": self.is_framework,
            "reserved": self.reserved.value,
            "two_envelopes": self.two_envelopes,
            "hide_names": self.hide_names,
            "reply_days": self.reply_days,
        }
        if self.kind is not None:
            found["kind"] = self.kind.value
        if self.value_includes_vat is not None:
            found["value_includes_vat"] = self.value_includes_vat
        if self.start_on is not None:
            found["start_on"] = self.start_on.isoformat()
        parts = {
            "description": self.description,
            "cpv_codes": list(self.cpv_codes),
            "priorities": list(self.priorities),
            "reserved_area": self.reserved_area,
            "reserved_wording": self.reserved_wording,
            "contact_email": self.contact_email,
            "warning_reasons": dict(self.warning_reasons),
        }
        return found | {name: part for name, part in parts.items() if part}

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Self:
        """Read the stored form, whole or unfinished; raises :class:`InputErrors` with every problem and its place."""
        problems = Problems()
        form = Form(data, "", problems)
        particulars = cls(**_read_particulars(form))
        form.close()
        problems.raise_if_any()
        return particulars

    @cached_property
    def particulars_hash(self) -> str:
        """SHA-256 of canonical JSON (sorted keys, no spaces), in hexadecimal."""
        text = json.dumps(self.to_dict(), ensure_ascii=False, sort_keys=True, separators=(",", ":"))
        return hashlib.sha256(text.encode()).hexdigest()

    def problems_before_publication(self) -> tuple[InputError, ...]:
        """Everything still missing, each with its field; empty when the particulars can be published."""
        missing = [
            InputError(name, message) for name, message in _NEEDED.items() if getattr(self, name) in ("", None, ())
        ]
        if self.reserved is not Reserved.NONE and not self.reserved_wording:
            missing.append(
                InputError("reserved_wording", "write the words of the advert that reserve this competition")
            )
        if self.reserved is Reserved.LOCAL_AREA and not self.reserved_area:
            missing.append(InputError("reserved_area", "name the area in which suppliers must be based"))
        return tuple(missing)

    def unanswered_warnings(self, method: Method) -> tuple[Caution, ...]:
        """The method's warnings that need a written reason and have none; source: ``docs/method/particulars.md``."""
        return tuple(
            warning
            for warning in method_warnings(method)
            if warning.code in ANSWERED_IN_WRITING and not self.warning_reasons.get(warning.code)
        )


_NEEDED = {
    "description": "say in plain words what is bought",
    "kind": "choose what is bought: works, goods, services, light touch services or a concession",
    "value_includes_vat": "say whether the contract value includes VAT; the thresholds of the law do",
    "cpv_codes": "give at least one CPV code, so that suppliers can find the tender",
    "priorities": "choose at least one outcome of the plan that this contract serves",
    "contact_email": "give an address for questions about the service",
    "start_on": "give the day on which the contract is expected to start",
}


def _read_particulars(form: Form) -> dict[str, Any]:
    reasons = form.table("warning_reasons")
    email = form.text("contact_email", required=False, limit=254)
    if email and not EMAIL.fullmatch(email):
        form.refuse("contact_email", "must be an e-mail address, like name@example.com")
    return {
        "description": form.text("description", required=False, limit=LONGEST_TEXT),
        "kind": form.choice("kind", ContractKind, required=False),
        "value_includes_vat": form.flag("value_includes_vat", required=False),
        "is_framework": bool(form.flag("is_framework", required=False)),
        "cpv_codes": _read_list(form, "cpv_codes", CPV, "is no CPV code: eight digits, like 77310000 or 77310000-6"),
        "priorities": _read_list(form, "priorities", CODE, "is no key of a plan's outcome"),
        "reserved": form.choice("reserved", Reserved, required=False) or Reserved.NONE,
        "reserved_area": form.text("reserved_area", required=False),
        "reserved_wording": form.text("reserved_wording", required=False, limit=LONGEST_TEXT),
        "contact_email": email,
        "start_on": form.day("start_on") if form.has("start_on") else None,
        "two_envelopes": bool(form.flag("two_envelopes", required=False)),
        "hide_names": bool(form.flag("hide_names", required=False)),
        "reply_days": form.whole("reply_days", 1, MOST_REPLY_DAYS, required=False) or REPLY_DAYS,
        "warning_reasons": {code: reasons.text(code, limit=LONGEST_TEXT) for code in reasons},
    }


def _read_list(form: Form, key: str, shape: re.Pattern[str], complaint: str) -> tuple[str, ...]:
    found = form.words(key)
    for i, word in enumerate(found):
        if not shape.fullmatch(word):
            form.refuse(f"{key}[{i}]", complaint)
        elif word in found[:i]:
            form.refuse(f"{key}[{i}]", "stands twice; remove one")
    return found
