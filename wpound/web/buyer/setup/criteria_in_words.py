"""Every criterion of a method in words, from the top down, for the officer who approves it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from wpound.catalogue.model import Catalogue
from wpound.core.criteria import Criterion, Kind
from wpound.core.errors import UnknownMeasure
from wpound.core.form import write_decimal
from wpound.core.method import Method
from wpound.core.method_words import explain_price, explain_quantity, explain_threshold, explain_trap, write_figure
from wpound.core.quantities import Unit
from wpound.web.buyer.setup.forms_criterion import KIND_TITLES


@dataclass(frozen=True, slots=True)
class Told:
    """One criterion: where it stands (1 at the top), what it carries, and everything about it, a sentence each."""

    level: int
    heading: str
    kind: str
    carries: str
    sentences: tuple[str, ...]
    points: tuple[tuple[str, str], ...]


def tell_criteria(method: Method, catalogue: Catalogue) -> list[Told]:
    """The whole tree, each group before what is in it."""
    return list(_tell(method.criteria, catalogue, 1))


def _tell(criteria: Sequence[Criterion], catalogue: Catalogue, level: int) -> Iterator[Told]:
    for criterion in criteria:
        unit = _unit(criterion, catalogue)
        yield Told(
            level=level,
            heading=criterion.heading,
            kind=KIND_TITLES[criterion.kind],
            carries=_carries(criterion),
            sentences=tuple(sentence for sentence in _sentences(criterion, catalogue, unit) if sentence),
            points=tuple((write_decimal(point.mark), point.words) for point in criterion.scale)
            or tuple((_band(band.start, unit), write_decimal(band.marks)) for band in criterion.bands),
        )
        yield from _tell(criterion.criteria, catalogue, level + 1)


def _carries(criterion: Criterion) -> str:
    if criterion.kind is Kind.PASS_FAIL:
        return "No marks"
    return criterion.worth.format() if criterion.worth is not None else f"{criterion.weighting}%"


def _unit(criterion: Criterion, catalogue: Catalogue) -> Unit | None:
    if criterion.kind in (Kind.PRICE, Kind.SOCIAL_VALUE):
        return Unit.GBP
    try:
        return catalogue.get_measure(criterion.measure).unit if criterion.kind is Kind.QUANTITY else None
    except UnknownMeasure:
        return None


def _band(start: object, unit: Unit | None) -> str:
    return f"From {write_figure(start, unit)}" if unit else f"From {start}"  # type: ignore[arg-type]


def _sentences(criterion: Criterion, catalogue: Catalogue, unit: Unit | None) -> Iterator[str]:
    yield criterion.question
    if criterion.word_limit is not None:
        yield f"At most {criterion.word_limit:,} words."
    if criterion.kind is Kind.PRICE:
        yield explain_price(criterion)
    elif criterion.kind.is_promised and unit is not None:
        if criterion.measure:
            yield f"Measure: {catalogue.get_measure(criterion.measure).title}."
        yield explain_quantity(criterion, unit)
    yield explain_trap(criterion)
    yield explain_threshold(criterion, unit if criterion.kind.is_promised else None)
    yield f"Evidence: {criterion.evidence}" if criterion.evidence else ""
    yield f"Local means: {criterion.area}" if criterion.area else ""
    yield criterion.note
