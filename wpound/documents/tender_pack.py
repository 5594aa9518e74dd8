"""The tender pack: everything a bidder needs to know before bidding, and how every mark will be given.

Made from the published tender, so that what bidders read is what the method's fingerprint stands for.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from wpound.catalogue.model import Measure
from wpound.core.criteria import Criterion, Kind
from wpound.core.duties import Duty
from wpound.core.errors import MeasureNotInForce
from wpound.core.figures import kinds_counted
from wpound.core.form import write_decimal
from wpound.core.method import AwardMethod, Method
from wpound.core.method_words import (
    Example,
    explain_award,
    explain_price,
    explain_quantity,
    explain_reductions,
    explain_rounding,
    explain_threshold,
    explain_ties,
    explain_trap,
    explain_whole_threshold,
    heading_path,
    price_examples,
    quantity_examples,
    write_figure,
)
from wpound.core.money import Money, format_number
from wpound.core.particulars import Particulars, Reserved
from wpound.core.quantities import Unit
from wpound.core.valuing import ValueKind
from wpound.core.weighting import Leaf
from wpound.documents.render import format_percent, render_html, render_pdf

HOW_MARKED = {
    Kind.PRICE: "by formula, from the price",
    Kind.QUALITATIVE: "by evaluators, on a scale",
    Kind.QUANTITY: "by formula, from your promise",
    Kind.SOCIAL_VALUE: "by formula, in pounds",
    Kind.PASS_FAIL: "pass or fail",
    Kind.GROUP: "",
}


@dataclass(frozen=True, slots=True)
class PackLot:
    """One lot as the pack names it."""

    number: int
    title: str
    value: Money | None


@dataclass(frozen=True, slots=True)
class KeyDate:
    """Something that happens, and when, in words."""

    title: str
    when: str


@dataclass(frozen=True, slots=True)
class PackChange:
    """A change since publication as everyone read it; an amendment asks bidders to confirm their bids."""

    number: int
    made_on: date
    is_amendment: bool
    words: str


@dataclass(frozen=True, slots=True)
class TenderPack:
    """What the pack is made from.

    ``priorities`` are the plan's own words, ``measures`` those that can be promised (in the method's order), ``dates``
    and ``changes`` in their order, ``url`` where the tender stands and bids are made. ``licences`` must be printed with
    the figures.
    """

    buyer: str
    reference: str
    method: Method
    particulars: Particulars
    lots: tuple[PackLot, ...]
    measures: tuple[Measure, ...]
    plan: str
    priorities: tuple[str, ...]
    duties: tuple[Duty, ...]
    dates: tuple[KeyDate, ...]
    url: str
    amendment: int
    catalogue_edition: str
    catalogue_fingerprint: str
    published_on: date
    licences: tuple[str, ...] = ()
    changes: tuple[PackChange, ...] = ()


@dataclass(frozen=True, slots=True)
class OverviewRow:
    """One criterion in the table of all criteria; ``level`` is 0 at the top."""

    title: str
    level: int
    is_group: bool
    weighting: str
    marks: str
    how: str


@dataclass(frozen=True, slots=True)
class Explained:
    """One criterion in full: what is asked and how it is marked; ``points`` are the words of a scale."""

    title: str
    within: str
    worth: str
    sentences: tuple[str, ...]
    facts: tuple[tuple[str, str], ...]
    points: tuple[tuple[str, str], ...]
    bands: tuple[tuple[str, str], ...]
    examples: tuple[tuple[str, str, str], ...]


@dataclass(frozen=True, slots=True)
class UnitWorth:
    """What one unit of a measure counts in pounds, and the source of that figure."""

    title: str
    unit: str
    pounds: str
    source: str


def tender_pack_pdf(pack: TenderPack) -> bytes:
    """The pack as a PDF/UA-1 file."""
    return render_pdf(tender_pack_html(pack), pack.published_on)


def tender_pack_html(pack: TenderPack) -> str:
    """The pack as HTML."""
    return render_html("tender_pack.html", pack_facts(pack))


def pack_facts(pack: TenderPack) -> dict[str, Any]:
    """Everything the pack says, as its template and the page of the tender show it."""
    method = pack.method
    in_pounds = method.award is AwardMethod.AWARD_ON_VALUE
    return {
        "pack": pack,
        "about": list(_about(pack)),
        "overview": list(_overview(method, method.criteria, in_pounds)),
        "in_pounds": in_pounds,
        "explained": [_explain(pack, leaf, in_pounds) for leaf in method.tree.leaves],
        "rules": _rules(method),
        "worths": list(_unit_worths(pack)),
        "two_envelopes": pack.particulars.two_envelopes,
    }


def _about(pack: TenderPack) -> Iterator[tuple[str, str]]:
    particulars, method = pack.particulars, pack.method
    yield "Reference", pack.reference
    if particulars.kind is not None:
        yield "Kind of contract", particulars.kind.label + (" (framework)" if particulars.is_framework else "")
    if particulars.cpv_codes:
        yield "CPV codes", ", ".join(particulars.cpv_codes)
    if method.contract_value is not None:
        basis = {None: "", True: " including VAT", False: " without VAT"}[particulars.value_includes_vat]
        yield "Estimated value", f"{method.contract_value.format()}{basis}"
    if method.years is not None:
        yield "Length", f"{write_decimal(method.years)} year{'' if method.years == 1 else 's'}"
    yield "Who may bid", _who_may_bid(particulars)
    yield "Questions about this service", particulars.contact_email or "on the page of the tender"
    yield "Page of the tender", pack.url


def _who_may_bid(particulars: Particulars) -> str:
    where = f" ({particulars.reserved_area})" if particulars.reserved is Reserved.LOCAL_AREA else ""
    return f"{particulars.reserved.label}{where}"


def _overview(method: Method, criteria: Sequence[Criterion], in_pounds: bool, level: int = 0) -> Iterator[OverviewRow]:
    available = {node.criterion.code: node.available for node in method.tree.nodes}
    for criterion in criteria:
        passed = criterion.kind is Kind.PASS_FAIL
        yield OverviewRow(
            title=criterion.heading,
            level=level,
            is_group=criterion.kind is Kind.GROUP,
            weighting="" if passed or criterion.worth is not None else f"{criterion.weighting}%",
            marks="" if passed else _marks(available[criterion.code], in_pounds),
            how=HOW_MARKED[criterion.kind],
        )
        yield from _overview(method, criterion.criteria, in_pounds, level + 1)


def _marks(marks: Decimal, in_pounds: bool) -> str:
    return Money.rounded(marks).format() if in_pounds else format_number(marks)


def _explain(pack: TenderPack, leaf: Leaf, in_pounds: bool) -> Explained:
    criterion = leaf.criterion
    measure = next((m for m in pack.measures if m.code == criterion.measure), None)
    unit = Unit.GBP if criterion.kind is Kind.SOCIAL_VALUE else None if measure is None else measure.unit
    worth = f"{_marks(leaf.available, in_pounds)} {'to earn' if in_pounds else 'of 100 marks'}"
    within = heading_path(pack.method.criteria, criterion.code)[:-1]
    return Explained(
        title=criterion.heading,
        within=", ".join(within),
        worth="pass or fail" if criterion.kind is Kind.PASS_FAIL else worth,
        sentences=tuple(filter(None, _sentences(criterion, unit))),
        facts=tuple(_facts(criterion, measure)),
        points=tuple((write_decimal(point.mark), point.words) for point in criterion.scale),
        bands=tuple(_bands(criterion, unit)),
        examples=tuple(_examples(pack.method, leaf, unit, in_pounds)),
    )


def _sentences(criterion: Criterion, unit: Unit | None) -> Iterator[str]:
    yield criterion.question
    yield criterion.note
    if criterion.kind is Kind.PRICE:
        yield explain_price(criterion)
    elif criterion.kind is Kind.QUALITATIVE:
        yield (
            f"Evaluators mark your answer from 0 to {write_decimal(criterion.scale_max or Decimal(0))}, each alone and "
            "with a written reason. Together they then agree one mark, with its own reason."
        )
    elif criterion.kind is Kind.PASS_FAIL:
        yield "A bid that does not pass is not marked any further."
    elif unit is not None:
        yield explain_quantity(criterion, unit)
    yield explain_threshold(criterion, unit)
    yield explain_trap(criterion)


def _facts(criterion: Criterion, measure: Measure | None) -> Iterator[tuple[str, str]]:
    if criterion.kind is Kind.QUALITATIVE:
        limit = criterion.word_limit
        yield "Length of the answer", "no limit" if limit is None else f"at most {limit:,} words"
    if measure is None:
        return
    yield "Measure", f"{measure.title} ({measure.code})"
    yield "Counted in", measure.unit.label
    yield "How to count", measure.how_to_count
    if criterion.area or measure.limits.needs_area:
        yield "Local means", criterion.area or "the area named in the contract"
    yield "Evidence", criterion.evidence or "; ".join(measure.evidence)
    if measure.exclusions:
        yield "Does not count", "; ".join(measure.exclusions)
    if measure.limits.per_person_fte_per_year is not None:
        yield "One person counts", f"for {write_decimal(measure.limits.per_person_fte_per_year)} a year at most"
    if measure.limits.first_months_only is not None:
        yield "Counts for", f"the first {measure.limits.first_months_only} months of each person"


def _bands(criterion: Criterion, unit: Unit | None) -> Iterator[tuple[str, str]]:
    top = write_decimal(criterion.scale_max or Decimal(100))
    for band in criterion.bands:
        start = write_figure(band.start, Unit.GBP if unit is None else unit)
        yield f"{start} or more", f"{write_decimal(band.marks)} of {top}"


def _examples(method: Method, leaf: Leaf, unit: Unit | None, in_pounds: bool) -> Iterator[tuple[str, str, str]]:
    examples: tuple[Example, ...] = ()
    if leaf.criterion.kind is Kind.PRICE:
        examples = price_examples(leaf.criterion, leaf.available, method.contract_value)
    elif unit is not None and leaf.criterion.kind.is_promised:
        examples = quantity_examples(leaf.criterion, leaf.available, unit)
    for example in examples:
        yield example.offer, format_percent(example.share), _marks(example.marks, in_pounds)


def _rules(method: Method) -> list[str]:
    groups = [
        f"{group.criterion.heading}: {explain_threshold(group.criterion)}"
        for group in method.tree.groups
        if group.criterion.threshold is not None
    ]
    said = [
        explain_award(method),
        "A weighting is a share of the criterion it belongs to, and the weightings of every level total 100%.",
        *groups,
        explain_whole_threshold(method),
        "Bids that fail or are below a threshold are taken out before bids are compared with each other.",
        explain_reductions(method),
        explain_rounding(method),
        explain_ties(method),
    ]
    return [sentence for sentence in said if sentence]


def _unit_worths(pack: TenderPack) -> Iterator[UnitWorth]:
    """What counts in pounds, where a criterion is marked in pounds; a licensed figure is never printed."""
    valued = [leaf.criterion for leaf in pack.method.tree.leaves if leaf.criterion.kind is Kind.SOCIAL_VALUE]
    kinds = set[ValueKind]().union(*map(kinds_counted, valued))
    for measure in pack.measures:
        if measure.value_kind not in kinds:
            continue
        try:
            value = measure.value_on(pack.published_on)
        except MeasureNotInForce:
            continue
        unit = "for each pound" if measure.unit is Unit.GBP else f"for one of the {measure.unit.label}"
        if measure.licensed:
            yield UnitWorth(
                measure.title, unit, "under licence", "Ask the buyer: the licence does not allow printing it."
            )
        else:
            pounds = f"£{write_decimal(value.value)}" if value.value % Decimal("0.01") else _pence(value.value)
            yield UnitWorth(measure.title, unit, pounds, f"{value.reference.title}, {value.price_base} prices")


def _pence(pounds: Decimal) -> str:
    return Money.rounded(pounds).format()
