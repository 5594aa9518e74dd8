"""Find out where money went: place the payees of an organisation under every definition of local."""

from collections.abc import Mapping, Sequence
from decimal import Decimal

from sqlalchemy.orm import Session

from wpound.core.places import UNPLACED, AddressKind, Area, LocalityRule, Placement, Whereabouts, place
from wpound.ingest.geography.postcodes import normalise_postcode
from wpound.ingest.geography.sectors import SectorTable
from wpound.store.models.suppliers import Payee, Supplier
from wpound.store.places import find_areas
from wpound.store.rollups import set_placements
from wpound.store.suppliers import list_payees, list_suppliers

HOME = "GB"


def place_payees(session: Session, rules: Sequence[LocalityRule], *, organisation_id: int) -> None:
    """Place every payee of an organisation under each rule, by the addresses known now.

    The first kind of address that the rule names and the supplier has is used; several of that kind leave the place
    open between them. A postcode printed in the file stands for the invoice address. Without an address: unknown.
    """
    payees = list_payees(session, organisation_id=organisation_id)
    suppliers = {supplier.id: supplier for supplier in list_suppliers(session)}
    addresses = {payee.id: _addresses(payee, suppliers) for payee in payees}
    atlas = _Atlas(session, addresses)
    for rule in rules:
        set_placements(
            session, rule.key, {payee_id: _place(found, rule, atlas) for payee_id, found in addresses.items()}
        )


Address = tuple[str | None, str | None]
Addresses = Mapping[AddressKind, Sequence[Address]]


class _Atlas:
    """Whereabouts of postcodes: from the loaded table where it has them, else from the built-in sectors."""

    def __init__(self, session: Session, addresses: Mapping[int, Addresses]) -> None:
        postcodes = {postcode for kinds in addresses.values() for found in kinds.values() for postcode, _ in found}
        self._areas: dict[str, Area] = find_areas(session, sorted(filter(None, postcodes)))

    def whereabouts(self, address: Address) -> Whereabouts:
        postcode, country = address
        if country not in (None, HOME):
            return Whereabouts(overseas=True)
        if postcode is None:
            return Whereabouts()
        area = self._areas.get(postcode)
        return Whereabouts(((area, Decimal(1)),)) if area else SectorTable.built_in().whereabouts(postcode)


def _addresses(payee: Payee, suppliers: Mapping[int, Supplier]) -> Addresses:
    """What is known of where a payee is, by kind of address."""
    found: dict[AddressKind, list[Address]] = {}
    supplier = suppliers.get(payee.supplier_id) if payee.supplier_id is not None else None
    for address in supplier.addresses if supplier else ():
        found.setdefault(address.kind, []).append((address.postcode, address.country))
    printed = normalise_postcode(payee.postcode) if payee.postcode else None
    if printed and AddressKind.INVOICE not in found:
        found[AddressKind.INVOICE] = [(printed, None)]
    return found


def _place(addresses: Addresses, rule: LocalityRule, atlas: _Atlas) -> Placement:
    used = next((addresses[kind] for kind in rule.address_kinds if kind in addresses), ())
    places = [atlas.whereabouts(address) for address in dict.fromkeys(used)]
    if len(places) == 1:
        return place(places[0], rule)
    return _between([place(whereabouts, rule) for whereabouts in places])


def _between(placements: Sequence[Placement]) -> Placement:
    """One placement for several addresses: the nearest ring is the likeliest, and all of them are possible."""
    if not placements:
        return UNPLACED
    nearest = min((one.nearest for one in placements), key=lambda ring: ring.distance)
    farthest = max((one.farthest for one in placements), key=lambda ring: ring.distance)
    likeliest = min((one.ring for one in placements), key=lambda ring: ring.distance)
    return Placement(likeliest, nearest, farthest)
