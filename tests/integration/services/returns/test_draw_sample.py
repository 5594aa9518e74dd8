"""Which lines are looked at closely is drawn by lot, and stays as it was drawn."""

from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest

from wpound.core.contract_words import ChangeKind
from wpound.core.delivery import VerificationLevel
from wpound.core.errors import InputErrors
from wpound.core.money import Money
from wpound.core.periods import Period
from wpound.core.reproportion import Rule
from wpound.services.approve_line import Approval
from wpound.services.change_contract import NewTerms, change_contract
from wpound.services.check_claim import approve_claim
from wpound.services.clock import fixed_clock
from wpound.services.draw_return_sample import draw_lines, drawn_lines
from wpound.store.audit import list_events_of_return
from wpound.store.contracts import get_contract_of
from wpound.store.returns import get_claim, get_return

WHEN = fixed_clock(datetime(2026, 7, 20, 9, tzinfo=UTC))
# Rules that no database knows of are tried on one.
ONE = pytest.mark.parametrize("engine", ["sqlite"], indirect=True)


def approve(reporting: Any, sent: Any, claim: Any, **given: Any) -> None:
    """Approve a line in full by Olga, unless something else is said."""
    version = get_claim(reporting.session, claim.id).version
    plain = {"verified": claim.claimed, "level": VerificationLevel.OFFICER_CHECKED, "checked": "The files"}
    approval = Approval(**(plain | given))
    args = (reporting.session, reporting.olga, sent.id, claim.id, approval)
    approve_claim(*args, version=version, base_url="https://sv.example", clock=WHEN)


@ONE
def test_the_sample_is_the_same_however_often_and_whenever_it_is_drawn(reporting: Any) -> None:
    sent = reporting.send()
    drawn = drawn_lines(sent)
    assert draw_lines(reporting.session, reporting.contract, sent) == drawn
    assert len(drawn) == 1 and all("Drawn by lot, 1 of 3 lines" in reason for reason in drawn.values())
    (number,) = drawn
    line = get_claim(reporting.session, number)
    with pytest.raises(InputErrors) as error:
        approve(reporting, sent, line, checked=" ")
    assert {one.field for one in error.value.errors} == {"checked"}
    for other in (one for one in sent.claims if one.id != number):
        approve(reporting, sent, other, checked="")
    approve(reporting, sent, line, verified=Decimal(0), reason="None of it holds.")
    assert draw_lines(reporting.session, reporting.contract, get_return(reporting.session, sent.id)) == drawn


@ONE
def test_another_way_to_draw_leaves_what_was_drawn_before(reporting: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    sent = reporting.send()
    drawn = drawn_lines(sent)
    monkeypatch.setattr("wpound.services.draw_return_sample.draw_sample", lambda lines, seed: [])
    other = next(one for one in sent.claims if one.id not in drawn)
    approve(reporting, sent, other, checked="")
    with pytest.raises(InputErrors):
        approve(reporting, sent, get_claim(reporting.session, next(iter(drawn))), checked="")
    events = list_events_of_return(reporting.session, return_id=sent.id, claim_ids=[])
    [event] = [one for one in events if one.action == "return.submitted"]
    assert {int(key) for key in event.detail["sample"]} == drawn.keys()


@ONE
def test_a_line_that_claims_nothing_is_never_drawn(reporting: Any) -> None:
    """Carbon has no value in force, so nothing of it weighed as much as the other lines on average."""
    found = reporting.open()
    reporting.write(found, "volunteering-hours", amount=Decimal(1))
    for nothing in ("local-jobs", "carbon-fleet"):
        reporting.write(found, nothing, amount=Decimal(0))
    sent = reporting.submit(found)
    for seed in range(40):
        sent.sample_seed = f"{seed}"
        drawn = draw_lines(reporting.session, reporting.contract, sent)
        assert list(drawn) == [reporting.claim(sent, "volunteering-hours").id]
    assert "1 of 1 lines that claim something" in next(iter(drawn.values()))

    other = reporting.open(contract_id=reporting.enter("C-2"))
    for nothing in ("local-jobs", "volunteering-hours", "carbon-fleet"):
        reporting.write(other, nothing, amount=Decimal(0))
    of_nothing = reporting.submit(other)
    assert draw_lines(reporting.session, get_contract_of(reporting.session, of_nothing.contract_id), of_nothing) == {}


@ONE
def test_neither_a_change_of_the_contract_nor_a_late_return_moves_the_sample(reporting: Any) -> None:
    later = replace(reporting, clock=fixed_clock(datetime(2026, 10, 10, 9, tzinfo=UTC)))
    found = later.fill(later.open(period=Period(date(2026, 7, 1), date(2026, 9, 30))))
    # Three times what is due makes it likely to be drawn: more so where less was usual, less where nothing is due.
    later.write(found, "volunteering-hours", amount=Decimal(30))
    sent = later.submit(found)
    drawn = draw_lines(reporting.session, reporting.contract, sent)

    contract = reporting.contract
    longer = NewTerms(ChangeKind.EXTENSION, "A year more.", date(2026, 10, 1), Money(100), date(2029, 3, 31), Rule.TIME)
    change_contract(
        reporting.session, reporting.olga, contract.id, longer, reporting.catalogue, version=contract.version
    )
    assert draw_lines(reporting.session, reporting.contract, sent) == drawn

    late = replace(later, clock=fixed_clock(datetime(2026, 10, 11, 9, tzinfo=UTC)))
    first = late.fill(late.open())
    late.write(first, "volunteering-hours", amount=Decimal(1))
    late.submit(first)
    assert draw_lines(reporting.session, reporting.contract, sent) == drawn
