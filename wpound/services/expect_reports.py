"""What suppliers are to report on their contracts."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy.orm import Session

from wpound.core.reporting import DueReport, list_reports
from wpound.store.workload import ContractRow, Whose, list_contract_rows, list_drafts


@dataclass(frozen=True, slots=True)
class ExpectedReport:
    """A contract and a report its supplier owes; ``return_id`` is the draft of it, None where none was opened yet."""

    contract: ContractRow
    due: DueReport
    return_id: int | None


def expect_reports(session: Session, whose: Whose, today: date) -> list[ExpectedReport]:
    """The reports owed, drafts for other quarters, and the next of contracts that owe none; the first due first."""
    contracts = {contract.contract_id: contract for contract in list_contract_rows(session, whose)}
    drafts = [draft for draft in list_drafts(session, whose) if draft.contract_id in contracts]
    begun = {(draft.contract_id, draft.period) for draft in drafts}
    found = [
        ExpectedReport(contracts[draft.contract_id], DueReport(draft.period, draft.due_on), draft.return_id)
        for draft in drafts
    ]
    for contract in contracts.values():
        for report in list_reports(contract.life, contract.reported_until, today):
            if (contract.contract_id, report.period) not in begun:
                found.append(ExpectedReport(contract, report, None))
    return sorted(found, key=lambda one: (one.due.due_on, one.contract.reference, one.contract.contract_id))
