"""``wpound certificate``: is this file a certificate as it was issued?

Exit codes: 0 valid; 1 not valid, with the reasons; 2 the file cannot be read or is no PDF.
"""

import sys
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import click

from wpound.cli.database import ACTOR, open_database
from wpound.cli.output import print_json
from wpound.config import Settings
from wpound.core.errors import InputError
from wpound.core.money import Money
from wpound.core.periods import format_day
from wpound.documents.certificate import CertificateFacts
from wpound.documents.render import format_percent
from wpound.documents.signing import CertificateCheck, find_root, verify_certificate


@click.group()
def command() -> None:
    """Verify a certificate, or revoke one."""


@command.command()
@click.argument("file", type=click.Path(path_type=Path))
@click.option(
    "--root",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="PEM file of the root to trust; without it the root in the data folder.",
)
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def verify(file: Path, root: Path | None, as_json: bool) -> None:
    """Check the seal and the facts of a certificate FILE.

    Whether a certificate was revoked later is not in the file: look its serial number up with the issuer.
    """
    check = verify_certificate(_read(file), [_root(root)], datetime.now(ZoneInfo("Europe/London")).date())
    if as_json:
        print_json(_as_json(check))
    else:
        _print(check)
    sys.exit(0 if check.ok else 1)


def _read(file: Path) -> bytes:
    try:
        return file.read_bytes()
    except OSError as error:
        raise InputError("file", f"{file} cannot be read: {error.strerror}.") from None


def _root(root: Path | None) -> bytes:
    found = root.read_bytes() if root else find_root(Settings.from_environment().data_dir)
    if found is None:
        raise InputError("root", "There is no root to trust in the data folder. Give the issuer's root with --root.")
    if root and b"-----BEGIN CERTIFICATE-----" not in found:
        raise InputError("root", f"{root} holds no certificate in PEM form. Ask the issuer for its root.")
    return found


def _as_json(check: CertificateCheck) -> dict[str, Any]:
    seal = check.seal
    return {
        "valid": check.ok,
        "problems": list(check.problems),
        "signer": seal.signer,
        "signed_at": seal.signed_at.isoformat() if seal.signed_at else None,
        "facts": check.facts.to_dict() if check.facts else None,
    }


def _print(check: CertificateCheck) -> None:
    click.echo("Valid." if check.ok else "Not valid.")
    for problem in check.problems:
        click.echo(problem)
    if check.facts:
        _print_facts(check.facts)
        click.echo(f"Sealed by: {check.seal.signer}")


def _print_facts(facts: CertificateFacts) -> None:
    click.echo(f"Certificate: {facts.serial}, issued by {facts.issuer} on {format_day(facts.issued_on)}")
    click.echo(f"Supplier: {facts.supplier_name} ({facts.supplier_identifier})")
    click.echo(f"Contract: {facts.contract_title} ({facts.contract_reference}), {facts.period.format()}")
    click.echo(f"Share of what was promised that was verified: {format_percent(facts.share)}")
    click.echo(f"Social value: {_money(facts.total('additional'))}")
    click.echo(f"Local economic flow (never added to it): {_money(facts.total('flow'))}")


def _money(amount: Money | None) -> str:
    return "not valued" if amount is None else amount.format()


@command.command()
@click.argument("serial")
@click.option("--because", required=True, help="The reason; everybody who verifies the certificate reads it.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def revoke(serial: str, because: str, as_json: bool) -> None:
    """Revoke the certificate with this SERIAL number, for good."""
    from wpound.services.revoke_certificate import revoke_certificate
    from wpound.store.engine import writing

    with writing(open_database(Settings.from_environment())) as session:
        certificate = revoke_certificate(session, serial, because=because, actor=ACTOR)
    if as_json:
        print_json({"serial": certificate.serial, "status": certificate.status.value})
    else:
        click.echo(f"{certificate.serial} is revoked.")
