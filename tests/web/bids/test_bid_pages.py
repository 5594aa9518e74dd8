"""A bid is written part by part, read by a colleague, handed in, and nothing else is said to be handed in."""

from typing import Any


def test_a_bid_is_written_part_by_part_and_submitted(act_as, bid, write) -> None:
    alma = act_as("alma")
    page = alma.get(bid)
    assert "Nobody has received this bid" in page.text and "8 days 23 hours left" in page.text
    write(alma)
    page = alma.get(bid)
    assert "Not submitted yet" in page.text and "Cannot start yet" not in page.text
    receipt = alma.send(f"{bid}/submit", {"may_submit": "y"})
    assert receipt.heading.startswith("R-") and "Stands" in receipt.text
    page = alma.get(bid)
    assert "Not submitted" not in page.text and receipt.heading in page.text
