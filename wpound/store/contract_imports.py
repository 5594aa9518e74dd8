"""Register files that were read."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from wpound.core.errors import NotFound
from wpound.store.models.contract_links import ContractImport


def find_import(session: Session, import_id: int) -> ContractImport:
    """A file that was read; raises NotFound."""
    found = session.get(ContractImport, import_id)
    if found is None:
        raise NotFound("There is no such file.")
    return found


def find_same_import(session: Session, *, organisation_id: int, sha256: str, named_as: str) -> ContractImport | None:
    """The same bytes read for the same organisation under the same name, or None."""
    wanted = select(ContractImport).where(
        ContractImport.organisation_id == organisation_id,
        ContractImport.sha256 == sha256,
        ContractImport.named_as == named_as,
    )
    return session.scalar(wanted)


def list_imports(session: Session, *, organisation_id: int, limit: int) -> list[ContractImport]:
    """The files read last."""
    wanted = select(ContractImport).where(ContractImport.organisation_id == organisation_id)
    return list(session.scalars(wanted.order_by(ContractImport.id.desc()).limit(limit)))
