"""Settings, read from the environment once and frozen."""

import os
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Self
from urllib.parse import urlsplit

from wpound.core.errors import InputError, InputErrors
from wpound.core.roles import Role

SHORTEST_KEY = 32
_RANDOM_KEY = "from: python3 -c 'import secrets; print(secrets.token_hex(32))'"
_PREFIX = re.compile(r"[A-Za-z0-9][A-Za-z0-9-]{0,39}", re.ASCII)
_SERVER_KEY = re.compile(r"[0-9a-f]{64}", re.ASCII)
_CLAMD = re.compile(r"unix:/.+|tcp://([\w.-]+|\[[0-9a-f:]+\]):\d{1,5}", re.ASCII | re.I)


class Environment(StrEnum):
    """What an installation is for: trying out, or the real thing."""

    DEVELOPMENT = "development"
    PRODUCTION = "production"


@dataclass(frozen=True, slots=True)
class Setting:
    """A variable of the environment: what it is for, and what holds where it is not set."""

    variable: str
    purpose: str
    default: str
    is_secret: bool = False


# By the field of Settings they fill. Every default works on one machine.
SETTINGS = {
    "environment": Setting(
        "WPOUND_ENV", "production refuses settings that are only safe for trying out", "development"
    ),
    "debug": Setting("FLASK_DEBUG", "1 shows the inside of errors; never in production", "0"),
    "data_dir": Setting("WPOUND_DATA_DIR", "folder of the database file, keys, kept files and mail", "instance"),
    "database_url": Setting("WPOUND_DATABASE_URL", "SQLite file or PostgreSQL database", "SQLite in the data folder"),
    "jobs_url": Setting("WPOUND_JOBS_URL", "where running jobs are noted", "beside the database"),
    "city": Setting("WPOUND_CITY", "packaged city, or the path of a city file; else the catalogue's own", ""),
    "base_url": Setting(
        "WPOUND_BASE_URL", "public address, as links and certificates print it", "http://127.0.0.1:5000"
    ),
    "ocid_prefix": Setting(
        "WPOUND_OCID_PREFIX", "prefix registered for your open contracting identifiers, like ocds-a1b2c3", "local"
    ),
    "proxies": Setting("WPOUND_PROXIES", "how many proxies stand in front and tell a visitor's address", "0"),
    "secret_key": Setting("WPOUND_SECRET_KEY", "signs cookies and forms", "", is_secret=True),
    "bid_key": Setting(
        "WPOUND_BID_KEY",
        "encrypts drafts of bids: 64 hexadecimal digits; else made in the data folder",
        "",
        is_secret=True,
    ),
    "pseudonym_key": Setting(
        "WPOUND_PSEUDONYM_KEY",
        "makes the pseudonyms of what returns count: 64 hexadecimal digits; else made in the data folder",
        "",
        is_secret=True,
    ),
    "clamd": Setting(
        "WPOUND_CLAMD",
        "malware scanner (clamd) for files that are sent, unix:/path or tcp://host:port; none if not set",
        "",
    ),
    "keep_evidence_years": Setting(
        "WPOUND_KEEP_EVIDENCE_YEARS", "how many years after a contract's end its evidence is kept", "6"
    ),
    "keep_personal_years": Setting(
        "WPOUND_KEEP_PERSONAL_YEARS", "the same for evidence that names or shows people, and references to them", "3"
    ),
    "idle_minutes": Setting("WPOUND_IDLE_MINUTES", "signed out after so many minutes without a page", "60"),
    "signed_in_hours": Setting("WPOUND_SIGNED_IN_HOURS", "signed out after so many hours, whatever is done", "12"),
    "second_factor": Setting(
        "WPOUND_SECOND_FACTOR", "roles that must sign in with a second factor, or none", "admin, officer"
    ),
    "passkeys": Setting("WPOUND_PASSKEYS", "on lets people sign in with passkeys and security keys", "off"),
    "oidc_issuer": Setting("WPOUND_OIDC_ISSUER", "single sign-on: address of the directory (OpenID Connect)", ""),
    "oidc_client": Setting("WPOUND_OIDC_CLIENT", "single sign-on: our client id there", ""),
    "oidc_secret": Setting("WPOUND_OIDC_SECRET", "single sign-on: our client secret there", "", is_secret=True),
    "mail": Setting("WPOUND_MAIL", "folder, smtp://, smtps:// with user, password and host, or notify", "folder"),
    "mail_from": Setting("WPOUND_MAIL_FROM", "sender's address of mail (not with notify)", "wpound@localhost"),
    "notify_key": Setting("WPOUND_NOTIFY_KEY", "GOV.UK Notify: API key", "", is_secret=True),
    "notify_template": Setting("WPOUND_NOTIFY_TEMPLATE", "GOV.UK Notify: id of the template", ""),
    "notify_url": Setting("WPOUND_NOTIFY_URL", "GOV.UK Notify: address", "https://api.notifications.service.gov.uk"),
}


@dataclass(frozen=True)
class Settings:
    """What differs between two installations.

    ``data_dir`` holds the SQLite file, keys and output; ``city`` is a packaged city's key or a TOML file's path,
    empty for the city the catalogue puts first.
    """

    environment: Environment
    debug: bool
    data_dir: Path
    database_url: str
    jobs_url: str
    city: str
    base_url: str
    ocid_prefix: str
    proxies: int
    secret_key: str
    bid_key: str
    pseudonym_key: str
    clamd: str
    keep_evidence_years: int
    keep_personal_years: int
    idle_minutes: int
    signed_in_hours: int
    second_factor: tuple[Role, ...]
    passkeys: bool
    oidc_issuer: str
    oidc_client: str
    oidc_secret: str
    mail: str
    mail_from: str
    notify_key: str
    notify_template: str
    notify_url: str

    @classmethod
    def from_environment(cls, environment: Mapping[str, str] | None = None) -> Self:
        """Read the variables of :data:`SETTINGS`; raises InputError for a value that cannot be used."""
        env = os.environ if environment is None else environment
        found = {field: env.get(setting.variable) or setting.default for field, setting in SETTINGS.items()}
        data_dir = Path(found["data_dir"]).absolute()
        database_url = env.get("WPOUND_DATABASE_URL") or f"sqlite:///{data_dir / 'wpound.sqlite'}"
        beside = f"sqlite:///{data_dir / 'jobs.sqlite'}" if database_url.startswith("sqlite") else database_url
        return cls(
            environment=_environment(found["environment"]),
            debug=found["debug"].lower() not in ("0", "false", "no"),
            data_dir=data_dir,
            database_url=database_url,
            jobs_url=env.get("WPOUND_JOBS_URL") or beside,
            city=found["city"],
            base_url=found["base_url"].rstrip("/"),
            ocid_prefix=_ocid_prefix("ocid_prefix", found),
            proxies=_whole_number("proxies", found, least=0),
            secret_key=found["secret_key"],
            bid_key=_server_key("bid_key", found),
            pseudonym_key=_server_key("pseudonym_key", found),
            clamd=_clamd("clamd", found),
            keep_evidence_years=_whole_number("keep_evidence_years", found),
            keep_personal_years=_whole_number("keep_personal_years", found),
            idle_minutes=_whole_number("idle_minutes", found),
            signed_in_hours=_whole_number("signed_in_hours", found),
            second_factor=_roles("second_factor", found),
            passkeys=_is_on("passkeys", found),
            oidc_issuer=found["oidc_issuer"].rstrip("/"),
            oidc_client=found["oidc_client"],
            oidc_secret=found["oidc_secret"],
            mail=found["mail"],
            mail_from=found["mail_from"],
            notify_key=found["notify_key"],
            notify_template=found["notify_template"],
            notify_url=found["notify_url"].rstrip("/"),
        )

    def require_safe(self) -> None:
        """Raise InputErrors with everything that production must not be run with."""
        problems = list(self._dangers()) if self.environment is Environment.PRODUCTION else []
        if problems:
            raise InputErrors(problems)

    def _dangers(self) -> Iterator[InputError]:
        if len(self.secret_key) < SHORTEST_KEY or len(set(self.secret_key)) < SHORTEST_KEY // 4:
            yield InputError(
                "WPOUND_SECRET_KEY",
                f"in production, set it to {SHORTEST_KEY} or more random characters, for instance {_RANDOM_KEY}",
            )
        for field, key in (("bid_key", self.bid_key), ("pseudonym_key", self.pseudonym_key)):
            if key and len(set(key)) < SHORTEST_KEY // 4:
                yield InputError(SETTINGS[field].variable, f"in production, set it to {_RANDOM_KEY}, or not at all")
        address = urlsplit(self.base_url)
        if address.scheme != "https" or not address.hostname:
            yield InputError(
                "WPOUND_BASE_URL",
                "in production, set it to the https address people use: without https, cookies can be read on the way",
            )
        if self.debug:
            yield InputError("FLASK_DEBUG", "in production, unset it: it shows the inside of errors to everyone")


def _environment(value: str) -> Environment:
    try:
        return Environment(value)
    except ValueError:
        known = " or ".join(Environment)
        raise InputError(SETTINGS["environment"].variable, f"write {known}, not {value!r}") from None


def _whole_number(field: str, found: Mapping[str, str], *, least: int = 1) -> int:
    if not found[field].isdecimal() or int(found[field]) < least:
        raise InputError(SETTINGS[field].variable, f"write a whole number from {least}, not {found[field]!r}")
    return int(found[field])


def is_server_key(text: str) -> bool:
    """Whether it is a key of the server's own: 64 hexadecimal digits."""
    return _SERVER_KEY.fullmatch(text) is not None


def _server_key(field: str, found: Mapping[str, str]) -> str:
    if found[field] and not is_server_key(found[field]):
        raise InputError(SETTINGS[field].variable, f"write 64 hexadecimal digits, for instance {_RANDOM_KEY}")
    return found[field]


def _clamd(field: str, found: Mapping[str, str]) -> str:
    if found[field] and not _CLAMD.fullmatch(found[field]):
        raise InputError(SETTINGS[field].variable, f"write unix:/path or tcp://host:port, not {found[field]!r}")
    return found[field]


def _ocid_prefix(field: str, found: Mapping[str, str]) -> str:
    if not _PREFIX.fullmatch(found[field]):
        wanted = "write letters, digits and hyphens, like ocds-a1b2c3"
        raise InputError(SETTINGS[field].variable, f"{wanted}; not {found[field]!r}")
    return found[field]


def _is_on(field: str, found: Mapping[str, str]) -> bool:
    if found[field] not in ("on", "off"):
        raise InputError(SETTINGS[field].variable, f"write on or off, not {found[field]!r}")
    return found[field] == "on"


def _roles(field: str, found: Mapping[str, str]) -> tuple[Role, ...]:
    words = [] if found[field].strip() == "none" else [word.strip() for word in found[field].split(",")]
    try:
        return tuple(map(Role, words))
    except ValueError:
        known = ", ".join(Role)
        raise InputError(SETTINGS[field].variable, f"write roles of {known}, or none; not {found[field]!r}") from None


def find_folder(name: str) -> Path:
    """The ``templates`` or ``migrations`` folder: beside the package in a checkout, inside it once installed."""
    package = Path(__file__).parent
    beside = package.parent / name
    return beside if (package.parent / "pyproject.toml").is_file() and beside.is_dir() else package / name
