"""Delete what may be kept no longer: files of evidence, what suppliers call people, words and addresses of others.

Rows, hashes and roots stay, so that it can always be proved what there was. Each contract is one transaction, with the
progress of the job; files leave the disk after it, by going through the folder, which any later run would do as well.
"""

from datetime import date

from sqlalchemy.orm import Session

from wpound.config import Settings
from wpound.core.retention import RetentionClass, keep_until
from wpound.services.ask_beneficiary import erase_expired
from wpound.services.exchange_return_workbook import drop_old_workbooks
from wpound.services.keep_evidence import FOLDER
from wpound.services.run_job import Work
from wpound.store.audit import append_event
from wpound.store.engine import lock, now_in, reading
from wpound.store.evidence_folder import sweep
from wpound.store.models.contracts import Contract
from wpound.store.retention import erase_references, list_ends, purge_files

ACTOR = "retention rule"


def purge_evidence(work: Work) -> None:
    """Purge every contract whose time has passed on the day the job names, then take unneeded files off the disk."""
    today = date.fromisoformat(work.arguments["day"])
    with reading(work.engine) as session:
        due = [
            (contract_id, klass)
            for klass in RetentionClass
            for contract_id, end_on in list_ends(session, klass)
            if has_passed(work.settings, klass, end_on, today)
        ]
    purged = 0
    for done, (contract_id, klass) in enumerate(due, 1):
        with work.progressing(done, len(due)) as session:
            purged += _purge(session, work.settings, contract_id, klass, today)
    swept = sweep(work.engine, work.settings.data_dir / FOLDER)
    with work.completing(f"Files purged: {purged}. Taken off the disk: {swept}.") as session:
        erase_expired(session, today, work.settings.keep_personal_years)
        drop_old_workbooks(work.settings, now_in(session))


def has_passed(settings: Settings, klass: RetentionClass, end_on: date, today: date) -> bool:
    """Whether what is of a class may be kept no longer, of a contract that ended on a day."""
    is_personal = klass is RetentionClass.PERSONAL
    years = settings.keep_personal_years if is_personal else settings.keep_evidence_years
    return keep_until(klass, end_on, years) < today


def _purge(session: Session, settings: Settings, contract_id: int, klass: RetentionClass, today: date) -> int:
    """One class of one contract, which is looked at again while it is held: it may have been extended."""
    contract = lock(session, Contract, contract_id)
    if not has_passed(settings, klass, contract.ended_on or contract.end_on, today):
        return 0
    hashes = purge_files(session, contract_id, klass, at=now_in(session))
    references = erase_references(session, contract_id) if klass is RetentionClass.PERSONAL else 0
    detail = {"contract": contract.reference, "class": klass.value, "files": hashes, "references": references}
    append_event(
        session, actor=ACTOR, action="evidence.purged", object_kind="contract", object_id=contract_id, detail=detail
    )
    return len(hashes)
