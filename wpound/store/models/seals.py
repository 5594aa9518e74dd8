"""What keeps bids closed: people's opening keys, a tender's seals, and the acts that open them."""

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, LargeBinary, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from wpound.core.bid_content import Envelope
from wpound.store.base import AppendOnly, Base, Identified, one_of
from wpound.store.types import CanonicalJson, Word


class OpeningKey(Identified, AppendOnly, Base):
    """A person's key for opening bids; the private half can be used with their opening passphrase alone.

    A person who makes another key keeps the older ones, which tenders published with them still need.
    """

    __tablename__ = "opening_keys"

    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"), index=True)
    public_key: Mapped[bytes] = mapped_column(LargeBinary)
    wrapped_private_key: Mapped[bytes] = mapped_column(LargeBinary)


class TenderSeal(Identified, AppendOnly, Base):
    """The key one envelope of every bid is sealed to; ``wrapped_keys`` has its other half for each pair of openers."""

    __tablename__ = "tender_seals"
    __table_args__ = (one_of("envelope", Envelope), UniqueConstraint("tender_id", "envelope"))

    tender_id: Mapped[int] = mapped_column(ForeignKey("tenders.id"))
    envelope: Mapped[Envelope] = mapped_column(Word(Envelope))
    public_key: Mapped[bytes] = mapped_column(LargeBinary)
    wrapped_keys: Mapped[dict[str, Any]] = mapped_column(CanonicalJson)


class TenderOpener(Identified, AppendOnly, Base):
    """A person who was named at publication as one who may open the bids, with the key they had then."""

    __tablename__ = "tender_openers"
    __table_args__ = (UniqueConstraint("tender_id", "user_id"),)

    tender_id: Mapped[int] = mapped_column(ForeignKey("tenders.id"))
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    opening_key_id: Mapped[int] = mapped_column(ForeignKey("opening_keys.id"))


class OpeningAct(Identified, AppendOnly, Base):
    """One person's part in opening: the first passes a half-opened key on to the others, the second opens.

    ``passed_on`` maps each other opener to what only they can use; None in the second act.
    """

    __tablename__ = "opening_acts"
    __table_args__ = (
        one_of("envelope", Envelope),
        CheckConstraint("number IN (1, 2)", name="number_first_or_second"),
        CheckConstraint("(number = 1) = (passed_on IS NOT NULL)", name="first_passes_on"),
        UniqueConstraint("tender_id", "envelope", "number"),
        UniqueConstraint("tender_id", "envelope", "user_id"),
    )

    tender_id: Mapped[int] = mapped_column(ForeignKey("tenders.id"))
    envelope: Mapped[Envelope] = mapped_column(Word(Envelope))
    number: Mapped[int]
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    acted_at: Mapped[datetime]
    passed_on: Mapped[dict[str, str] | None] = mapped_column(CanonicalJson)
