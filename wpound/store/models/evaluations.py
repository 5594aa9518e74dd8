"""Stored scoring results: written once, with every figure in a row of its own."""

from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, ForeignKeyConstraint, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from wpound.store.base import AppendOnly, Base, Identified
from wpound.store.types import CanonicalJson


class Evaluation(Identified, AppendOnly, Base):
    """One scoring of a lot; a re-score is a new number with a reason, and the old one stays (D6).

    ``result`` is the whole result as printed by the command line, ``result_hash`` its hash.
    """

    __tablename__ = "evaluations"
    __table_args__ = (
        UniqueConstraint("lot_id", "number"),
        ForeignKeyConstraint(
            ["tender_id", "lot_id"], ["lots.tender_id", "lots.id"], name="fk_evaluations_lot_of_tender"
        ),
        Index("ix_evaluations_tender_id", "tender_id", "id"),
        CheckConstraint("number > 0", name="number_above_nothing"),
        CheckConstraint("number = 1 OR reason IS NOT NULL", name="rescore_has_reason"),
    )

    tender_id: Mapped[int] = mapped_column(ForeignKey("tenders.id"))
    lot_id: Mapped[int]
    number: Mapped[int]
    reason: Mapped[str | None]
    created_by: Mapped[str]
    as_of: Mapped[date]
    engine_version: Mapped[str]
    method_hash: Mapped[str]
    catalogue_fingerprint: Mapped[str]
    result: Mapped[dict[str, Any]] = mapped_column(CanonicalJson)
    result_hash: Mapped[str]

    bids: Mapped[list["EvaluationBid"]] = relationship(lazy="raise_on_sql", order_by="EvaluationBid.position")


class EvaluationBid(Identified, AppendOnly, Base):
    """One bid in an evaluation, in rank order: ranked with a score, or excluded with the reason.

    ``points`` is the exact sum of the lines' contributions, ``score`` the figure that was rounded, recorded and ranked.
    """

    __tablename__ = "evaluation_bids"
    __table_args__ = (
        UniqueConstraint("evaluation_id", "bid_id"),
        UniqueConstraint("evaluation_id", "position"),
        CheckConstraint("(rank IS NULL) = (excluded_because IS NOT NULL)", name="ranked_or_excluded"),
    )

    evaluation_id: Mapped[int] = mapped_column(ForeignKey("evaluations.id"))
    bid_id: Mapped[int] = mapped_column(ForeignKey("bids.id"), index=True)
    position: Mapped[int]
    rank: Mapped[int | None]
    score: Mapped[Decimal | None]
    points: Mapped[Decimal | None]
    excluded_because: Mapped[str | None]

    lines: Mapped[list["ScoreLine"]] = relationship(lazy="raise_on_sql", order_by="ScoreLine.position")


class ScoreLine(Identified, AppendOnly, Base):
    """What one criterion gave one bid, as ``core.trace.ScoreLine`` has it: share, weighting, contribution, sentence."""

    __tablename__ = "score_lines"
    __table_args__ = (UniqueConstraint("evaluation_bid_id", "position"),)

    evaluation_bid_id: Mapped[int] = mapped_column(ForeignKey("evaluation_bids.id"))
    position: Mapped[int]
    criterion: Mapped[str]
    title: Mapped[str]
    share: Mapped[Decimal | None]
    weighting: Mapped[int]
    available: Mapped[Decimal]
    contribution: Mapped[Decimal | None]
    formula: Mapped[str]
    inputs: Mapped[dict[str, Any]] = mapped_column(CanonicalJson)
    values_used: Mapped[list[Any]] = mapped_column(CanonicalJson, default=list)
    explanation: Mapped[str]
