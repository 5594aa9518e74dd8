"""What suppliers are to report next on their contracts."""

from collections.abc import Sequence
from dataclasses import dataclass

from wpound.core.reporting import DueReport, next_report
from wpound.store.workload import ContractRow


@dataclass(frozen=True, slots=True)
class ExpectedReport:
    """A contract and the report its supplier owes next."""

    contract: ContractRow
    due: DueReport


def expect_reports(contracts: Sequence[ContractRow]) -> list[ExpectedReport]:
    """The next report of each contract, without those that are reported to their end."""
    found = ((contract, next_report(contract.life, contract.reported_until)) for contract in contracts)
    return [ExpectedReport(contract, due) for contract, due in found if due is not None]
