"""The page that says whether a certificate stands, against bare Flask answering three words in the same run.

The page looks the number up, checks the Ed25519 signature over everything it shows, and renders the frame.
"""

import importlib.util
import tempfile
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from wpound.app import create_app
from wpound.config import Settings
from wpound.core.money import Money
from wpound.documents.credential import make_credential, sign_credential
from wpound.services.keep_certificate_keys import keys_url, open_signing_key
from wpound.services.publish_status import lists_url
from wpound.store.base import add
from wpound.store.engine import upgrade, writing
from wpound.store.models.certificates import Certificate
from wpound.store.models.contracts import Contract
from wpound.store.models.organisations import Organisation
from wpound.store.models.suppliers import Supplier, SupplierSize

FOLDER = Path(__file__).parent


def load(name: str) -> Any:
    """A measurement beside this one: how it serves pages, or what it certifies."""
    spec = importlib.util.spec_from_file_location(name, FOLDER / f"{name}.py")
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def enter(engine: Any, settings: Settings, facts: Any) -> None:
    """A council's contract with its certificate; no file is made, because the page reads none."""
    with writing(engine) as session:
        council = add(session, Organisation(key="council", name="Example council", is_public_body=True))
        firm = add(session, Supplier(name="Firm", size=SupplierSize.UNKNOWN, source="bench", seen_on=date(2026, 4, 1)))
        contract = Contract(organisation_id=council.id, supplier_id=firm.id, reference="T-1", title="Work")
        contract.contract_value, contract.start_on, contract.end_on = Money(100), date(2025, 4, 1), date(2026, 3, 31)
        add(session, contract)
        unsigned = make_credential(facts, keys_url(settings), lists_url(settings, "T-2026"), 1)
        certificate = Certificate(
            organisation_id=council.id,
            year=2026,
            number=1,
            serial=facts.serial,
            scope=facts.scope,
            contract_id=contract.id,
            supplier_id=firm.id,
            period_start_on=facts.period.start_on,
            period_end_on=facts.period.end_on,
            issued_on=facts.issued_on,
            expires_on=facts.expires_on,
            facts=facts.to_dict(),
            facts_sha256=facts.fingerprint,
            credential=sign_credential(unsigned, open_signing_key(session, settings), datetime.now(UTC)),
            pdf_sha256="0" * 64,
            audit_head=facts.audit_head,
        )
        add(session, certificate)


def run() -> dict[str, Any]:
    """The page as a share of bare Flask."""
    pages, facts = load("bench_pages"), load("bench_certificate").made_up_facts()
    with tempfile.TemporaryDirectory() as folder:
        settings = Settings.from_environment({"WPOUND_DATA_DIR": folder})
        app = create_app(settings)
        engine = app.extensions["wpound"].engine
        upgrade(engine)
        enter(engine, settings, facts)
        engine.dispose()
        with pages.served(app) as port, pages.served(pages.bare_flask()) as bare_port:
            wanted = {"Verify page by serial number": (pages.Browsers(port, f"/verify/{facts.serial}"), "0.15")}
            [result] = pages.compare(wanted, pages.Browsers(bare_port, "/"))
    return result
