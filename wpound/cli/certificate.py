"""``wpound certificate``: is this file a certificate as it was issued, and with which keys?

Exit codes: 0 valid; 1 not valid, with the reasons; 2 the file cannot be read or is no certificate.
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
from wpound.documents.certificate_facts import CertificateFacts
from wpound.documents.credential import check_credential
from wpound.documents.credential_keys import KEYS_PATH, KeyRing, read_keys
from wpound.documents.render import format_percent
from wpound.documents.signing import verify_certificate


@click.group()
def command() -> None:
    """Verify a certificate, revoke one, or look after the keys."""


@command.command()
@click.argument("file", type=click.Path(path_type=Path))
@click.option(
    "--key",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help=f"The issuer's keys, as published at {KEYS_PATH}; without it the keys in the data folder.",
)
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def verify(file: Path, key: Path | None, as_json: bool) -> None:
    """Check a certificate FILE, the PDF or its signed data, without asking anybody.

    Whether a certificate was revoked later is not in the file: look its serial number up with the issuer.
    """
    answer = _check(_read(file), _keys(key))
    if as_json:
        print_json(answer | {"facts": answer["facts"].to_dict() if answer["facts"] else None})
    else:
        _print(answer)
    sys.exit(0 if answer["valid"] else 1)


def _read(file: Path) -> bytes:
    try:
        return file.read_bytes()
    except OSError as error:
        raise InputError("file", f"{file} cannot be read: {error.strerror}.") from None


def _keys(key: Path | None) -> KeyRing:
    from wpound.services.keep_certificate_keys import find_key_ring

    ring = read_keys(_read(key)) if key else find_key_ring(Settings.from_environment())
    if not ring.keys:
        raise InputError("key", "There are no keys in the data folder. Give the issuer's published keys with --key.")
    return ring


def _check(content: bytes, ring: KeyRing) -> dict[str, Any]:
    """The answer about either form of a certificate."""
    today = datetime.now(ZoneInfo("Europe/London")).date()
    if content.lstrip()[:1] == b"{":
        data = check_credential(content, ring, today)
        return _answer(data.ok, data.problems, data.facts, data.facts.issuer if data.facts else None, data.signed_at)
    check = verify_certificate(content, ring, today)
    return _answer(check.ok, check.problems, check.facts, check.seal.signer, check.seal.signed_at)


def _answer(
    valid: bool,
    problems: tuple[str, ...],
    facts: CertificateFacts | None,
    signer: str | None,
    signed_at: datetime | None,
) -> dict[str, Any]:
    return {
        "valid": valid,
        "problems": list(problems),
        "signer": signer,
        "signed_at": signed_at.isoformat() if signed_at else None,
        "facts": facts,
    }


def _print(answer: dict[str, Any]) -> None:
    click.echo("Valid." if answer["valid"] else "Not valid.")
    for problem in answer["problems"]:
        click.echo(problem)
    if answer["facts"]:
        _print_facts(answer["facts"])
        click.echo(f"Signed by: {answer['signer']}")


def _print_facts(facts: CertificateFacts) -> None:
    click.echo(f"Certificate: {facts.serial}, issued by {facts.issuer} on {format_day(facts.issued_on)}")
    click.echo(f"Holder: {facts.holder_name} ({facts.holder_identifier})")
    click.echo(f"Covers: {facts.subject}, {facts.period.format()}")
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


@command.group()
def key() -> None:
    """The keys that certificates are signed with."""


@key.command()
def show() -> None:
    """Print the keys as they are published; save them for whoever checks certificates without a network."""
    from wpound.services.keep_certificate_keys import get_published_keys

    print_json(get_published_keys(Settings.from_environment()))


@key.command()
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def rotate(as_json: bool) -> None:
    """Make a new key and retire the one in use; certificates signed with that one stay valid."""
    from wpound.services.keep_certificate_keys import rotate_signing_key
    from wpound.store.engine import writing

    settings = Settings.from_environment()
    with writing(open_database(settings)) as session:
        made = rotate_signing_key(session, settings, actor=ACTOR)
    if as_json:
        print_json({"key": made.multibase})
    else:
        click.echo(f"Certificates are signed with {made.multibase} from now on. Back up the data folder.")
