"""The measures as pages of text: one page a measure, an index and the emission factors, all from the catalogue."""

from collections.abc import Iterable, Sequence
from decimal import Decimal

from wpound.catalogue.model import Catalogue, Example, Limits, Measure, MeasureValue, Reference, Strand
from wpound.core.money import Money
from wpound.core.periods import format_day
from wpound.core.quantities import Quantity
from wpound.core.valuing import ValueKind

TOTALS = {
    ValueKind.ADDITIONAL: "Its pounds are **social value**: a benefit to people beyond the contract's own money.",
    ValueKind.FLOW: "Its pounds are **local economic flow**: money through the area, never part of social value.",
    ValueKind.NONE: "It has **no money value** here and is scored in its own unit.",
}


def pages(catalogue: Catalogue) -> dict[str, str]:
    """Every page by file name; measures under an authority's own licence are left out."""
    public = {f"{measure.code}.md": measure_page(measure, catalogue) for measure in catalogue.public_measures()}
    return {"index.md": index_page(catalogue), "emission-factors.md": factors_page(catalogue)} | public


def index_page(catalogue: Catalogue) -> str:
    """The list of measures by strand, with what each counts in and which total it belongs to."""
    measures = catalogue.public_measures()
    lines = [
        "# Measures",
        "",
        f"Edition {catalogue.edition}, {len(measures)} measures, for {catalogue.plan.title}.",
        "",
    ]
    for strand in Strand:
        rows = [
            (f"[{m.title}]({m.code}.md)", f"`{m.code}`", m.unit.label, m.value_kind.label)
            for m in measures
            if m.strand is strand
        ]
        lines += [f"## {strand.label}", "", *_table(("Measure", "Code", "Counted in", "Money"), rows), ""]
    lines += ["[Emission factors](emission-factors.md) used to work out carbon.", ""]
    return "\n".join(lines)


def measure_page(measure: Measure, catalogue: Catalogue) -> str:
    """Everything about one measure: counting, proof, limits, values with their sources, examples, plan."""
    texts = catalogue.plan.texts()
    parts = [
        [f"# {measure.title}", "", measure.summary],
        ["| | |", "|---|---|", *_facts(measure)],
        ["## How to count", "", measure.how_to_count, *_bullets("Limits", limits_in_words(measure.limits))],
        _bullets("Evidence", measure.evidence)[1:],
        _bullets("Does not count", measure.exclusions)[1:],
        ["## Money value", "", TOTALS[measure.value_kind], "", *_values(measure)],
        ["## Examples", "", *(f"- {example_in_words(measure, example)}" for example in measure.examples)],
        _bullets(f"Serves in {catalogue.plan.title}", [texts[key] for key in measure.serves])[1:],
    ]
    return "\n\n".join("\n".join(part) for part in parts if part) + "\n"


def factors_page(catalogue: Catalogue) -> str:
    """The emission factors of the edition with the row of the published table each stands in."""
    factors = catalogue.factors
    rows = [(f"`{k}`", f.activity, f.unit, f"{f.kg_co2e:f}", f.scope, f.row) for k, f in factors.factors.items()]
    columns = ("Key", "Activity", "Unit", "kg CO2e", "Scope", "Row")
    source = [source_in_words(factors.reference), factors.reference.attribution]
    return "\n".join([f"# {factors.title}", "", *_table(columns, rows), "", *source, ""])


def limits_in_words(limits: Limits) -> list[str]:
    """What a claim is held to, one sentence each."""
    said = []
    if limits.per_person_fte_per_year is not None:
        said.append(f"One person counts for at most {limits.per_person_fte_per_year:f} FTE a year.")
    if limits.first_months_only is not None:
        said.append(f"Only the first {limits.first_months_only} months of each person count.")
    if limits.disadvantaged_group:
        said.append("A person may also count as a local person, but in one disadvantaged group only.")
    if limits.needs_area:
        said.append("The tender must say what area is local.")
    if limits.needs_narrative:
        said.append("A number without a method statement does not count.")
    if limits.most_per_contract is not None:
        said.append(f"At most {limits.most_per_contract:f} for a contract.")
    return said


def example_in_words(measure: Measure, example: Example) -> str:
    """An example as one sentence, with what it is worth where a day is given."""
    said = f"{example.title}: {Quantity(example.quantity, measure.unit).format()}"
    if example.on is None or example.worth is None:
        return f"{said}."
    return f"{said}, worth {Money.from_pounds(example.worth).format()} on {format_day(example.on)}."


def source_in_words(reference: Reference) -> str:
    """A source as a linked line with the day it was seen and its licence; a page of ours is named from the root."""
    address = reference.url if "://" in reference.url else f"../../{reference.url}"
    seen = f"seen {format_day(reference.seen_on)}" + (f" in {reference.seen_in}" if reference.seen_in else "")
    return f"Source: [{reference.title}]({address}), {seen}. {reference.licence}."


def _facts(measure: Measure) -> list[str]:
    facts = [
        ("Code", f"`{measure.code}`"),
        ("Strand", measure.strand.label),
        ("Head", measure.head.value.capitalize()),
        ("Counted in", measure.unit.label),
        ("Checked on", format_day(measure.verified_on)),
    ]
    return [f"| {name} | {fact} |" for name, fact in facts]


def _values(measure: Measure) -> list[str]:
    if not measure.values:
        return [measure.no_value_reason or ""]
    rows = [_value_row(value) for value in measure.values]
    lines = _table(("From", "£ for one", "Low", "High", "Prices of"), rows)
    if measure.ends_on is not None:
        lines += ["", f"No value after {format_day(measure.ends_on)}."]
    notes = _unique(f"{value.note}." for value in measure.values if value.note)
    sources = _unique(source_in_words(value.reference) for value in measure.values)
    credits = _unique(value.reference.attribution for value in measure.values if value.reference.attribution)
    return [*lines, "", *(f"- {line}" for line in [*notes, *sources, *credits])]


def _value_row(value: MeasureValue) -> tuple[str, ...]:
    amounts = (_amount(number) for number in (value.value, value.low, value.high))
    return (format_day(value.valid_from), *amounts, value.price_base)


def _amount(number: Decimal | None) -> str:
    return "" if number is None else f"{number:,.2f}"


def _bullets(heading: str, items: Sequence[str]) -> list[str]:
    return ["", f"## {heading}", "", *(f"- {item}" for item in items)] if items else []


def _table(columns: Sequence[str], rows: Iterable[Sequence[str]]) -> list[str]:
    lines = [f"| {' | '.join(columns)} |", "|" + "---|" * len(columns)]
    return lines + [f"| {' | '.join(row)} |" for row in rows]


def _unique(lines: Iterable[str]) -> list[str]:
    return list(dict.fromkeys(lines))
