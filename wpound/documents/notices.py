"""What a published tender and its award say: the whole of what may leave as open data.

There is no field for a sealed bid, a losing bidder, a mark or a person. What is not here cannot be published.
"""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from wpound.catalogue.model import Strand
from wpound.core.method import Method
from wpound.core.money import Money
from wpound.core.particulars import ContractKind, Reserved
from wpound.core.quantities import Unit
from wpound.core.supplier_size import SupplierSize


@dataclass(frozen=True, slots=True)
class Party:
    """An organisation as a release names it: never a person, so no contact point.

    ``identifier`` is scheme-prefixed, such as ``GB-COH-01234567``, None where none is held; then ``key``, the
    publisher's own, names it. ``address`` is a place of business; ``vcse`` is None where not known.
    """

    key: str
    name: str
    identifier: str | None = None
    address: str = ""
    size: SupplierSize = SupplierSize.UNKNOWN
    vcse: bool | None = None

    @property
    def id(self) -> str:
        """What refers to the party within a release."""
        return self.identifier or self.key


@dataclass(frozen=True, slots=True)
class PublishedDocument:
    """A file that the public can fetch, with the fingerprint (SHA-256) to check it by."""

    key: str
    kind: str
    title: str
    url: str
    media_type: str
    sha256: str
    published_at: datetime


@dataclass(frozen=True, slots=True)
class PublishedMeasure:
    """A measure as a release names it."""

    code: str
    title: str
    unit: Unit
    strand: Strand


@dataclass(frozen=True, slots=True)
class LotNotice:
    """One lot as the tender announces it."""

    number: int
    title: str
    value: Money | None = None


@dataclass(frozen=True, slots=True)
class ChangeNotice:
    """One published change of a tender; ``key`` is the publisher's own."""

    key: str
    published_at: datetime
    rationale: str
    description: str


@dataclass(frozen=True, slots=True)
class TenderNotice:
    """Everything a tender release says. ``status`` is a code of the standard: active, complete, cancelled ...

    ``value_includes_vat`` is the basis of ``value`` (None: nobody said). ``above_threshold`` is None where it is not
    known. ``changes`` holds extensions, amendments and a cancellation, each with its published reason.
    """

    ocid: str
    title: str
    description: str
    buyer: Party
    status: str
    method: Method
    kind: ContractKind
    cpv_codes: tuple[str, ...]
    lots: tuple[LotNotice, ...]
    measures: tuple[PublishedMeasure, ...]
    opened_at: datetime
    questions_until: datetime | None
    closes_at: datetime
    starts_on: date | None = None
    ends_on: date | None = None
    value: Money | None = None
    value_includes_vat: bool | None = None
    above_threshold: bool | None = None
    reserved: Reserved = Reserved.NONE
    reserved_area: str = ""
    suits_sme: bool | None = None
    suits_vcse: bool | None = None
    documents: tuple[PublishedDocument, ...] = ()
    changes: tuple[ChangeNotice, ...] = ()


@dataclass(frozen=True, slots=True)
class PublishedPromise:
    """One promise of the winner; ``year`` is the calendar year it falls into, None where it is tied to none."""

    measure: PublishedMeasure
    quantity: Decimal
    year: int | None = None


@dataclass(frozen=True, slots=True)
class AwardNotice:
    """The award of one lot. ``assessed`` counts the bids of the final stage, of which some are of small firms or of
    voluntary, community and social enterprises; None where that is not known."""

    lot: int
    title: str
    status: str
    decided_at: datetime
    supplier: Party
    value: Money
    promises: tuple[PublishedPromise, ...]
    assessed: int
    assessed_sme: int | None = None
    assessed_vcse: int | None = None
    summaries_sent_at: datetime | None = None
    noticed_on: date | None = None
    standstill_ends_on: date | None = None
    starts_on: date | None = None
    ends_on: date | None = None
    documents: tuple[PublishedDocument, ...] = ()
