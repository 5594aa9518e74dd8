"""What the lines of a return count that is counted elsewhere already, beside all contracts of the installation."""

from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy.orm import Session

from wpound.catalogue.model import Catalogue
from wpound.core.double_counts import DoubleCount, Use, find_double_counts
from wpound.core.double_counts import use_of as use_of_entry
from wpound.core.periods import Period
from wpound.services.count_claim import LineRule
from wpound.store.counted_keys import CountedUse, hold_keys, list_standing_uses, list_uses


@dataclass(frozen=True, slots=True)
class CountedTwice:
    """An entry, by its claim and its number from 1, of which more is counted than there is."""

    claim_id: int
    number: int
    found: DoubleCount


def find_twice(
    session: Session, claim_ids: Collection[int], catalogue: Catalogue, *, holding: bool = False
) -> list[CountedTwice]:
    """Every entry of these lines of one return that is too much beside what all contracts count, in their order.

    With ``holding`` nobody else can send the same people, events and assets until the transaction ends.
    """
    own = list_uses(session, claim_ids=claim_ids)
    key_ids = {one.entry.key_id for one in own}
    if holding:
        hold_keys(session, key_ids)
    standing = list_standing_uses(session, key_ids=key_ids, except_claim_ids=claim_ids)
    counted = [(one, use) for one in own if (use := use_of(one, catalogue)) is not None]
    others = [use for one in standing if (use := use_of(one, catalogue)) is not None]
    found = find_double_counts([use for _, use in counted], others)
    entries = [one.entry for one, _ in counted]
    return [CountedTwice(entries[one.position].claim_id, entries[one.position].number, one) for one in found]


def use_of(counted: CountedUse, catalogue: Catalogue) -> Use | None:
    """What an entry takes of its person, event or asset; None where a measure that was changed since counts no day."""
    measure = catalogue.measures.get(counted.measure_code)
    period = Period(counted.period_start_on, counted.period_end_on)
    rule = LineRule(measure, period, catalogue.factors)
    try:
        return use_of_entry(
            rule.entry(counted.entry),
            rule.counting,
            period,
            key=counted.key,
            measure_code=counted.measure_code,
            contract_id=counted.contract_id,
            disadvantaged_group=rule.limits.disadvantaged_group,
            first_months_only=rule.limits.first_months_only,
        )
    except ValueError:
        return None
