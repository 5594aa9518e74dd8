"""Every table; importing this package makes the metadata complete."""

from wpound.store.models import (
    accounts,
    audit,
    bids,
    certificates,
    contracts,
    evaluations,
    files,
    league,
    organisations,
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
    "league",
    "organisations",
    "places",
    "returns",
    "spend",
    "suppliers",
    "tenders",
]
