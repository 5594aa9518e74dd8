"""Everything a bidder puts into one bid, its hash for the receipt, and its two envelopes.

A draft may be unfinished: price, answers and plans are there or not. ``check_complete`` says what keeps it from being
submitted, ``check_words`` which answers are too long.
"""

import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum
from functools import cached_property
from typing import Any, Self

from wpound.core.bids import Bid, Commitment, Company, read_commitment, read_company
from wpound.core.criteria import MOST_WORDS, Criterion, Kind, Per
from wpound.core.errors import StateError
from wpound.core.form import Form, Problems, write_decimal, write_money
from wpound.core.method import Method
from wpound.core.money import Money

# A word is seldom longer than 15 letters, so no answer within the longest word limit comes near this.
LONGEST_ANSWER = 20 * MOST_WORDS
LONGEST_PLAN = 5_000
SHA256 = re.compile(r"[0-9a-f]{64}", re.ASCII)
# 16 to 64 bytes drawn by chance.
SECRET = re.compile(r"([0-9a-f]{2}){16,64}", re.ASCII)
NOT_IN_A_NAME = re.compile(r"[/\\:\n\t]")


class Envelope(StrEnum):
    """The two parts of a bid that are sealed and opened apart."""

    QUALITY = "quality"
    PRICE = "price"


@dataclass(frozen=True, slots=True)
class BidFile:
    """A file of a bid. ``sha256`` is the hash of what the bidder sent, ``stored_as`` of the encrypted bytes on disk.

    ``key`` opens it, in hexadecimal; it lies only here, so a sealed bid seals its files too. Bytes are counted before
    encryption.
    """

    name: str
    media_type: str
    sha256: str
    byte_count: int
    stored_as: str
    key: str = field(repr=False)

    def to_dict(self) -> dict[str, Any]:
        """The stored form."""
        return {
            "name": self.name,
            "media_type": self.media_type,
            "sha256": self.sha256,
            "byte_count": self.byte_count,
            "stored_as": self.stored_as,
            "key": self.key,
        }


@dataclass(frozen=True)
class BidContent:
    """One bid as its bidder writes it.

    ``price`` is None before it is entered and while its envelope is sealed. ``answers`` are by criterion code,
    ``plans`` (how and when a promise is delivered) by measure code. ``salt`` is drawn by chance by whoever makes the
    content, in hexadecimal, so that nobody can guess a small bid and prove the guess with the published hash.
    """

    bidder: str
    salt: str = field(repr=False)
    price: Money | None = None
    passes: Mapping[str, bool] = field(default_factory=dict)
    commitments: tuple[Commitment, ...] = ()
    fte: Decimal | None = None
    company: Company = field(default_factory=Company)
    answers: Mapping[str, str] = field(default_factory=dict)
    plans: Mapping[str, str] = field(default_factory=dict)
    files: tuple[BidFile, ...] = ()

    @classmethod
    def from_bid(
        cls,
        bid: Bid,
        salt: str,
        answers: Mapping[str, str] | None = None,
        plans: Mapping[str, str] | None = None,
        files: tuple[BidFile, ...] = (),
    ) -> Self:
        """The content around a bid; its marks and reasons are the evaluators' and stay out."""
        return cls(
            bidder=bid.bidder,
            salt=salt,
            price=bid.price,
            passes=bid.passes,
            commitments=bid.commitments,
            fte=bid.fte,
            company=bid.company,
            answers=answers or {},
            plans=plans or {},
            files=files,
        )

    @property
    def bid(self) -> Bid:
        """The bid to be scored, without marks; raises :class:`StateError` while the price is not known."""
        if self.price is None:
            raise StateError(f"The price of {self.bidder} is not known yet, so this bid cannot be scored.")
        return Bid(
            bidder=self.bidder,
            price=self.price,
            passes=self.passes,
            commitments=self.commitments,
            fte=self.fte,
            company=self.company,
        )

    def to_dict(self) -> dict[str, Any]:
        """The stored form; what is empty or not known is left out."""
        found: dict[str, Any] = {"bidder": self.bidder, "salt": self.salt}
        if self.price is not None:
            found["price"] = write_money(self.price)
        if self.fte is not None:
            found["fte"] = write_decimal(self.fte)
        parts = {
            "passes": dict(self.passes),
            "commitments": [commitment.to_dict() for commitment in self.commitments],
            "company": self.company.to_dict(),
            "answers": _written(self.answers),
            "plans": _written(self.plans),
            "files": [file.to_dict() for file in self.files],
        }
        return found | {name: part for name, part in parts.items() if part}

    def to_json(self) -> str:
        """Canonical JSON: sorted keys, no spaces, decimals as text. The same content always gives the same bytes."""
        return json.dumps(self.to_dict(), ensure_ascii=False, sort_keys=True, separators=(",", ":"))

    @cached_property
    def content_hash(self) -> str:
        """SHA-256 of the canonical JSON, price and salt included, in hexadecimal: what the receipt names."""
        return hashlib.sha256(self.to_json().encode()).hexdigest()

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Self:
        """Read the stored form; raises :class:`InputErrors` with every problem and its place."""
        problems = Problems()
        form = Form(data, "", problems)
        content = cls(**_read_content(form))
        form.close()
        problems.raise_if_any()
        return content

    def split(self) -> dict[Envelope, dict[str, Any]]:
        """The content by envelope: the price alone, and everything else."""
        quality = self.to_dict()
        return {Envelope.PRICE: {"price": quality.pop("price", None)}, Envelope.QUALITY: quality}

    @classmethod
    def join(cls, quality: Mapping[str, Any], price: Mapping[str, Any] | None = None) -> Self:
        """The content from its envelopes; without the price envelope the price is not known.

        Raises :class:`InputErrors` where either holds what does not belong into it.
        """
        problems = Problems()
        form = Form({} if price is None else price, "price_envelope", problems)
        form.money("price", required=False)
        form.close()
        if "price" in quality:
            problems.add("price", "stands in the quality envelope, where evaluators would see it")
        problems.raise_if_any()
        return cls.from_dict({**quality, **(price or {})})


def _read_content(form: Form) -> dict[str, Any]:
    passes = form.table("passes")
    read_passes = {code: passes.flag(code) for code in passes}
    salt = form.text("salt")
    if salt and not SECRET.fullmatch(salt):
        form.refuse("salt", "must be 16 to 64 random bytes in hexadecimal")
    return {
        "bidder": form.text("bidder", limit=200),
        "salt": salt,
        "price": form.money("price", required=False),
        "passes": {code: passed for code, passed in read_passes.items() if passed is not None},
        "commitments": tuple(read_commitment(row) for row in form.rows("commitments", required=False)),
        "fte": form.decimal("fte", required=False),
        "company": read_company(form.table("company")),
        "answers": _read_texts(form.table("answers"), LONGEST_ANSWER),
        "plans": _read_texts(form.table("plans"), LONGEST_PLAN),
        "files": tuple(_read_file(row) for row in form.rows("files", required=False)),
    }


def _written(texts: Mapping[str, str]) -> dict[str, str]:
    """The texts there are, without the space around them, as they are read again."""
    return {code: text.strip() for code, text in texts.items() if text.strip()}


def _read_texts(form: Form, limit: int) -> dict[str, str]:
    return {code: form.text(code, limit=limit) for code in form}


def _read_file(form: Form) -> BidFile:
    file = BidFile(
        name=form.text("name", limit=255),
        media_type=form.text("media_type", limit=100),
        sha256=form.text("sha256"),
        byte_count=form.whole("byte_count", 1, 10**12) or 0,
        stored_as=form.text("stored_as"),
        key=form.text("key"),
    )
    if NOT_IN_A_NAME.search(file.name):
        form.refuse("name", "must be the name of a file alone, without folders")
    for name, text, shape in (
        ("sha256", file.sha256, SHA256),
        ("stored_as", file.stored_as, SHA256),
        ("key", file.key, SECRET),
    ):
        if text and not shape.fullmatch(text):
            form.refuse(name, "is not what this program writes there; upload the file again")
    form.close()
    return file


def count_words(text: str) -> int:
    """Words as a word processor counts them: runs of signs between spaces, if they hold a letter or a digit.

    >>> count_words("We plant 12 trees - well-rooted ones.")
    6
    """
    return sum(any(sign.isalnum() for sign in run) for run in text.split())


def check_words(method: Method, content: BidContent, problems: Problems) -> None:
    """Record every answer that is longer than its criterion allows, at ``answers.<code>``."""
    for criterion in _leaves(method, Kind.QUALITATIVE):
        used = count_words(content.answers.get(criterion.code, ""))
        if criterion.word_limit is not None and used > criterion.word_limit:
            over = used - criterion.word_limit
            problems.add(
                f"answers.{criterion.code}",
                f"has {used:,} words, {over:,} more than the limit of {criterion.word_limit:,}; shorten it",
            )


def check_complete(method: Method, content: BidContent, problems: Problems) -> None:
    """Record everything that is missing or belongs to no criterion, at the place where the bidder can put it right.

    A promise and the plan to keep it stand together or not at all: a number alone proves nothing, and a plan alone
    promises nothing (``docs/method/bids.md``). Whether quantities and prices can be scored is for ``check_bids``.
    """
    if content.price is None:
        problems.add("price", "is missing")
    if content.fte is None and any(leaf.criterion.per is Per.FTE for leaf in method.tree.leaves):
        problems.add("fte", "is missing; a criterion counts per full-time post")
    asked = {criterion.code: criterion.heading for criterion in _leaves(method, Kind.QUALITATIVE)}
    decided = {criterion.code: criterion.heading for criterion in _leaves(method, Kind.PASS_FAIL)}
    promised = {promise.measure: promise.measure for promise in content.commitments if promise.quantity}
    for name, given, wanted in (
        ("answers", _written(content.answers).keys(), asked),
        ("passes", content.passes.keys(), decided),
        ("plans", _written(content.plans).keys(), promised),
    ):
        for code in wanted.keys() - given:
            problems.add(f"{name}.{code}", _MISSING[name].format(wanted[code]))
        for code in given - wanted.keys():
            problems.add(f"{name}.{code}", _STRAY[name])


_MISSING = {
    "answers": "{} has no answer yet",
    "passes": "{} needs a yes or a no",
    "plans": "say how and when this promise will be kept; a number without a plan is not taken",
}
_STRAY = {
    "answers": "belongs to no question of this tender; remove it",
    "passes": "belongs to no pass or fail question of this tender; remove it",
    "plans": "has no promise beside it; enter the quantity or remove the plan",
}


def _leaves(method: Method, kind: Kind) -> list[Criterion]:
    return [leaf.criterion for leaf in method.tree.leaves if leaf.criterion.kind is kind]
