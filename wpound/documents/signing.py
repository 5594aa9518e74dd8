"""The seal of a certificate: keys, sealing, and checking a file that somebody hands in.

The seal is a PAdES B-B signature (ECDSA P-256, SHA-256) over the whole file that permits no change. Checking is
stricter than the format asks: the few bytes a signature cannot cover must be exactly those the sealing wrote, so that
a file with any changed, added or missing byte is refused.
"""

import logging
import os
import shutil
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from io import BytesIO
from pathlib import Path
from typing import Any

from wpound.core.errors import InputError, StateError
from wpound.documents.certificate_facts import CertificateFacts
from wpound.documents.credential import CREDENTIAL_NAME, check_credential
from wpound.documents.credential_keys import KeyRing

ROOT, CERTIFICATE, KEY = "root.pem", "seal.pem", "seal-key.pem"
FIELD = "Seal"
FIELD_NAME = "Digital seal of the issuing body"
LIFETIME = timedelta(days=3653)
CHANGED = "The file was changed after it was sealed, or is damaged."
NO_SEAL = "The file carries no seal."
UNKNOWN_ISSUER = "The seal was not made with a key this checker trusts."
# A forged file is an everyday answer here, not an incident to fill the log with.
logging.getLogger("pyhanko").setLevel(logging.CRITICAL)
logging.getLogger("pyhanko_certvalidator").setLevel(logging.CRITICAL)


@dataclass(frozen=True, slots=True)
class SealKeys:
    """What sealing needs, as PEM: the root others trust, the seal's own certificate and its private key."""

    root: bytes
    certificate: bytes
    key: bytes


@dataclass(frozen=True, slots=True)
class SealCheck:
    """What is known of a file's seal; ``valid`` only when it is intact, trusted and covers the whole file."""

    intact: bool
    trusted: bool
    whole_file: bool
    signer: str | None
    signed_at: datetime | None
    problems: tuple[str, ...]

    @property
    def valid(self) -> bool:
        """Whether nothing at all is wrong with the seal."""
        return self.intact and self.trusted and self.whole_file and not self.problems


@dataclass(frozen=True, slots=True)
class CertificateCheck:
    """The answer about one file: ``facts`` are given only when seal and signature hold, ``problems`` what is wrong."""

    ok: bool
    problems: tuple[str, ...]
    facts: CertificateFacts | None
    seal: SealCheck


def open_keys(data_dir: Path, organisation: str) -> SealKeys:
    """The keys in ``data_dir/keys``; on first use a demonstration authority is made there, labelled as such.

    Raises :class:`StateError` when some of the three files are missing.
    """
    folder = data_dir / "keys"
    if not folder.is_dir():
        _create_folder(folder, _demonstration_authority(organisation))
    names = (ROOT, CERTIFICATE, KEY)
    missing = [name for name in names if not (folder / name).is_file()]
    if missing:
        raise StateError(f"The seal's keys in {folder} are not complete: {', '.join(missing)} missing. Restore them.")
    return SealKeys(*((folder / name).read_bytes() for name in names))


def find_root(data_dir: Path) -> bytes | None:
    """The root to trust from ``data_dir/keys``; None where no keys were made yet."""
    file = data_dir / "keys" / ROOT
    return file.read_bytes() if file.is_file() else None


def seal(pdf: bytes, keys: SealKeys, location: str) -> bytes:
    """Seal a certificate; the bytes before the seal stay as they are."""
    from pyhanko.keys import load_certs_from_pemder_data, load_private_key_from_pemder_data
    from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
    from pyhanko.sign import fields, signers
    from pyhanko_certvalidator.registry import SimpleCertificateStore

    signer = signers.SimpleSigner(
        signing_cert=next(load_certs_from_pemder_data(keys.certificate)),
        signing_key=load_private_key_from_pemder_data(keys.key, passphrase=None),
        cert_registry=SimpleCertificateStore(),  # type: ignore[no-untyped-call]
        embed_roots=False,
    )
    metadata = signers.PdfSignatureMetadata(
        field_name=FIELD,
        reason="Certificate issued",
        location=location,
        subfilter=fields.SigSeedSubFilter.PADES,
        md_algorithm="sha256",
        certify=True,
        docmdp_permissions=fields.MDPPerm.NO_CHANGES,
    )
    # Hidden and out of bounds with a readable name: the one kind of field that keeps the file PDF/UA.
    field = fields.SigFieldSpec(
        FIELD,
        readable_field_name=FIELD_NAME,
        invis_sig_settings=fields.InvisSigSettings(set_hidden_flag=True, set_print_flag=False, box_out_of_bounds=True),
    )
    writer = IncrementalPdfFileWriter(BytesIO(pdf))
    sealed: bytes = signers.PdfSigner(metadata, signer, new_field_spec=field).sign_pdf(writer).getvalue()
    return sealed


def verify_certificate(pdf: bytes, ring: KeyRing, today: date | None = None) -> CertificateCheck:
    """Check a certificate: its seal, the signed data in it, and with ``today`` whether it has expired.

    Whether it was revoked is not written in the file: look its serial up. Raises :class:`InputError` (field ``file``)
    when the file is no PDF at all.
    """
    check, content = _open(pdf, ring.seal_roots)
    if not check.valid or content is None:
        problems = check.problems or ("The file is sealed but is not a social value certificate.",)
        return CertificateCheck(False, problems, None, check)
    found = check_credential(content, ring, today)
    return CertificateCheck(found.ok, found.problems, found.facts, check)


def require_pdf(content: bytes) -> None:
    """Raise :class:`InputError` (field ``file``) when a file is no PDF at all."""
    if not content.startswith(b"%PDF-"):
        raise InputError("file", "This is not a PDF file. Choose the certificate as it was sent to you.")


def _open(pdf: bytes, trust_roots: Sequence[bytes]) -> tuple[SealCheck, bytes | None]:
    """The check of the seal and, from the same reading, the signed data."""
    require_pdf(pdf)
    try:
        return _read(pdf, trust_roots)
    # Whatever a reader stumbles over in a file from outside, the answer is the same: it is not as it was sealed.
    except Exception:
        return _refused(CHANGED), None


def _refused(problem: str) -> SealCheck:
    return SealCheck(False, False, False, None, None, (problem,))


def _read(pdf: bytes, trust_roots: Sequence[bytes]) -> tuple[SealCheck, bytes | None]:
    from pyhanko.keys import load_certs_from_pemder_data
    from pyhanko.pdf_utils.reader import PdfFileReader
    from pyhanko.sign.validation import validate_pdf_signature
    from pyhanko_certvalidator import ValidationContext

    reader = PdfFileReader(BytesIO(pdf))
    signatures = reader.embedded_signatures
    if not signatures:
        return _refused(NO_SEAL), None
    roots = [certificate for root in trust_roots for certificate in load_certs_from_pemder_data(root)]
    context = ValidationContext(trust_roots=roots, allow_fetching=False)
    status = validate_pdf_signature(signatures[0], signer_validation_context=context)
    whole = len(signatures) == 1 and _covers_all(pdf, signatures[0])
    intact = bool(status.intact and status.valid)
    problems = [] if whole and intact else [CHANGED]
    if intact and not status.trusted:
        problems.append(UNKNOWN_ISSUER)
    signer = status.signing_cert.subject.native.get("common_name")
    check = SealCheck(
        intact, bool(status.trusted), whole, signer, signatures[0].self_reported_timestamp, tuple(problems)
    )
    return check, _attachment(reader)


def _covers_all(pdf: bytes, signature: Any) -> bool:
    """Whether the signature covers every byte but itself, and is itself written in the one way sealing writes it."""
    start, before, after, rest = (int(number) for number in signature.byte_range)
    gap = pdf[before:after]
    room = (len(gap) - 2) // 2
    expected = _canonical_signature(signature).ljust(room, b"\0").hex().upper().encode()
    return start == 0 and after + rest == len(pdf) and gap == b"<" + expected + b">"


def _canonical_signature(signature: Any) -> bytes:
    """The signature written anew from the parts that its own cryptography protects."""
    from asn1crypto import algos, cms, x509  # type: ignore[import-untyped]
    from cryptography.hazmat.primitives.serialization import Encoding
    from cryptography.x509 import load_der_x509_certificate

    signed, signer = signature.signed_data, signature.signer_info
    # The strict reader takes nothing but DER; the attributes are signed byte for byte, but not their header.
    certificate = x509.Certificate.load(
        load_der_x509_certificate(signature.signer_cert.dump()).public_bytes(Encoding.DER)
    )
    attributes = cms.CMSAttributes.load(signer["signed_attrs"].untag().dump())
    digest = algos.DigestAlgorithm({"algorithm": "sha256"})
    fresh = cms.SignerInfo(
        {
            "version": "v1",
            "sid": cms.SignerIdentifier(
                {
                    "issuer_and_serial_number": cms.IssuerAndSerialNumber(
                        {"issuer": certificate.issuer, "serial_number": certificate.serial_number}
                    )
                }
            ),
            "digest_algorithm": digest,
            "signed_attrs": attributes,
            "signature_algorithm": algos.SignedDigestAlgorithm({"algorithm": "sha256_ecdsa"}),
            "signature": signer["signature"].native,
        }
    )
    content = cms.SignedData(
        {
            "version": "v1",
            "digest_algorithms": [digest],
            "encap_content_info": {"content_type": signed["encap_content_info"]["content_type"].native},
            "certificates": [certificate],
            "signer_infos": [fresh],
        }
    )
    return bytes(cms.ContentInfo({"content_type": "signed_data", "content": content}).dump())


def _attachment(reader: Any) -> bytes | None:
    """The signed data in the file, None where it carries none."""
    try:
        names = reader.root["/Names"]["/EmbeddedFiles"]["/Names"]
    except KeyError:
        return None
    found = {names[i]: names[i + 1] for i in range(0, len(names), 2)}
    return bytes(found[CREDENTIAL_NAME]["/EF"]["/F"].data) if CREDENTIAL_NAME in found else None


def _create_folder(folder: Path, keys: SealKeys) -> None:
    """Write the key files all at once; when two processes start together the first one's keys stand."""
    folder.parent.mkdir(parents=True, exist_ok=True)
    made = Path(tempfile.mkdtemp(prefix=".keys-", dir=folder.parent))
    for name, content in ((ROOT, keys.root), (CERTIFICATE, keys.certificate), (KEY, keys.key)):
        with open(os.open(made / name, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            file.write(content)
    try:
        made.rename(folder)
    except OSError:
        shutil.rmtree(made)


def _demonstration_authority(organisation: str) -> SealKeys:
    """A root and a seal for trying things out; the root's private key is thrown away once the seal is certified."""
    from cryptography.hazmat.primitives import serialization
    from cryptography.hazmat.primitives.asymmetric import ec

    root_key, seal_key = ec.generate_private_key(ec.SECP256R1()), ec.generate_private_key(ec.SECP256R1())
    root_name = _subject("wpound demonstration authority (not for real certificates)", organisation)
    seal_name = _subject(f"{organisation} (demonstration seal)", organisation)
    root = _certify(root_name, root_key, root_name, root_key, is_authority=True)
    certificate = _certify(seal_name, seal_key, root_name, root_key, is_authority=False)
    pem = serialization.Encoding.PEM
    private = seal_key.private_bytes(pem, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    return SealKeys(root.public_bytes(pem), certificate.public_bytes(pem), private)


def _subject(common_name: str, organisation: str) -> Any:
    from cryptography import x509
    from cryptography.x509.oid import NameOID

    # X.520 allows 64 characters.
    return x509.Name(
        [
            x509.NameAttribute(NameOID.COMMON_NAME, common_name[:64]),
            x509.NameAttribute(NameOID.ORGANIZATION_NAME, organisation[:64]),
            x509.NameAttribute(NameOID.COUNTRY_NAME, "GB"),
        ]
    )


def _certify(subject: Any, key: Any, issuer: Any, issuer_key: Any, is_authority: bool) -> Any:
    from cryptography import x509
    from cryptography.hazmat.primitives import hashes

    now = datetime.now(UTC)
    usage = x509.KeyUsage(
        digital_signature=not is_authority,
        content_commitment=not is_authority,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=is_authority,
        crl_sign=is_authority,
        encipher_only=False,
        decipher_only=False,
    )
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + LIFETIME)
        .add_extension(x509.BasicConstraints(ca=is_authority, path_length=0 if is_authority else None), critical=True)
        .add_extension(usage, critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(issuer_key.public_key()), critical=False)
        .sign(issuer_key, hashes.SHA256())
    )
