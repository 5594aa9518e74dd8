"""Every table; importing this package makes the metadata complete."""

from wpound.store.models import (
    accounts,
    audit,
    bids,
    certificates,
    contracts,
    evaluations,
    files,
    jobs,
    league,
    organisations,
    outbox,
    places,
    returns,
    spend,
    suppliers,
    tenders,
)

__all__ = [
    "accounts",
    "audit",
    "bids",
    "certificates",
    "contracts",
    "evaluations",
    "files",
    "jobs",
    "league",
    "organisations",
    "outbox",
    "places",
    "returns",
    "spend",
    "suppliers",
    "tenders",
]
