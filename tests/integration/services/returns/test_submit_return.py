"""A return is opened once, filled in by several people, sent once and locked."""

from decimal import Decimal
from typing import Any

from wpound.store.models.returns import ReturnStatus


def test_a_sent_return_holds_what_was_entered(reporting: Any) -> None:
    sent = reporting.send()
    reporting.session.expire_all()

    assert (sent.status, sent.submitted_by, sent.submitted_at) == (
        ReturnStatus.SUBMITTED,
        "ann@example.org",
        reporting.clock(reporting.session),
    )
    assert [claim.claimed for claim in sent.claims] == [Decimal("0.375"), Decimal(12), Decimal("2.5")]
