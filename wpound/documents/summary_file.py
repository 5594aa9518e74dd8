"""The assessment summary as JSON: the same marks and reasons as the document, for whoever wants to work with them."""

import json
from typing import Any

from wpound.core.results import BidResult
from wpound.documents.assessment_summary import AssessmentSummary


def assessment_summary_json(summary: AssessmentSummary) -> bytes:
    """One bidder's own result in full; of the winner what every bidder is told, of others nothing."""
    own = next(bid for bid in summary.result.bids if bid.bidder == summary.bidder)
    winning = next(bid for bid in summary.result.bids if bid.bidder == summary.winner.name)
    found: dict[str, Any] = {
        "buyer": summary.buyer,
        "reference": summary.reference,
        "issued_on": summary.issued_on.isoformat(),
        "method_hash": summary.result.method_hash,
        "assessed": len(summary.result.bids),
        "you": own.to_dict(),
        "winner": {
            "name": summary.winner.name,
            "address": summary.winner.address,
            "email": summary.winner.email,
            "identifier": summary.winner.identifier,
            "score": None if winning.score is None else str(winning.score),
            "marks": _marks(winning, summary),
        },
        "feedback": [sentence.to_dict() for sentence in summary.feedback],
        "next_steps": list(summary.next_steps),
    }
    return json.dumps(found, ensure_ascii=False, indent=2).encode()


def _marks(winning: BidResult, summary: AssessmentSummary) -> list[dict[str, Any]]:
    return [
        {
            "criterion": line.criterion,
            "marks": None if line.contribution is None else str(line.contribution),
            "reason": None if line.criterion in summary.redactions else line.reason,
            "left_out_because": summary.redactions.get(line.criterion),
        }
        for line in winning.lines
    ]
