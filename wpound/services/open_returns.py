"""Open every night the returns of the quarter that ended last, so that suppliers find them and late ones are known."""

from datetime import date
from itertools import islice

from wpound.services.open_return import list_to_open, open_due_returns, quarter_before
from wpound.services.run_job import Work
from wpound.store.engine import reading

# So many contracts are one transaction: nobody waits long for the lock, and a crash loses little.
AT_ONCE = 50


def open_returns(work: Work) -> None:
    """Open the returns that are due on the day the job names; begun again, it goes on with those that are missing."""
    today = date.fromisoformat(work.arguments["day"])
    with reading(work.engine) as session:
        contract_ids = list_to_open(session, today)
    left, done = iter(contract_ids), 0
    while batch := list(islice(left, AT_ONCE)):
        done += len(batch)
        with work.progressing(done, len(contract_ids)) as session:
            open_due_returns(session, batch, today)
    with work.completing(f"The returns for {quarter_before(today).format()} are open."):
        pass
