"""The tender pack says everything that decides marks, and no licensed figure."""

import dataclasses
from collections.abc import Callable
from decimal import Decimal

import pytest

from wpound.core.criteria import Criterion, Formula, Kind
from wpound.core.method import Method
from wpound.core.method_words import explain_price, explain_ties, explain_trap, price_examples
from wpound.core.money import Money
from wpound.documents.tender_pack import TenderPack, tender_pack_html, tender_pack_pdf


def words(pack: TenderPack) -> str:
    return " ".join(tender_pack_html(pack).split())


def test_a_bidder_reads_what_is_asked_and_how_it_is_marked(pack: TenderPack) -> None:
    page = words(pack)
    for text in (
        "Mowing, planting and care of trees",
        "£480,000.00 without VAT",
        "Name people and dates.",
        "at most 750 words",
        "All that was asked, with evidence for most of it.",
        "The lowest price gets all the marks.",
        "No more than 12 FTE-years is counted.",
        "the City of Wolverhampton",
        "A payroll extract each quarter.",
        "A bid with less than a mark of 2 is excluded.",
        "Quality: A bid with less than 40% of the marks here is excluded.",
        "then the lower price",
        "12:00 on 22 January 2027",
        "have 5 working days to reply",
        pack.method.method_hash,
        pack.catalogue_fingerprint,
    ):
        assert text in page, text


def test_the_worked_example_is_marked_as_bids_will_be(pack: TenderPack) -> None:
    page = words(pack)
    # 40 marks: the lowest price all of them, the others 432,000 over their own price.
    for offer, share, marks in (
        ("£432,000.00", "100.0%", "40"),
        ("£480,000.00", "90.0%", "36"),
        ("£576,000.00", "75.0%", "30"),
    ):
        assert f'{offer}</th><td class="number">{share}</td><td class="number">{marks}</td>' in page


def test_lots_and_envelopes_are_told_only_where_there_are_any(pack: TenderPack) -> None:
    plain = dataclasses.replace(
        pack, lots=pack.lots[:1], particulars=dataclasses.replace(pack.particulars, two_envelopes=False)
    )
    assert "Two envelopes." in words(pack) and "Lots</h3>" in words(pack)
    assert "Two envelopes." not in words(plain) and "Lots</h3>" not in words(plain)


def test_a_licensed_value_is_never_printed(pack: TenderPack) -> None:
    secret = dataclasses.replace(
        pack.measures[2],
        licensed=True,
        values=(dataclasses.replace(pack.measures[2].values[0], value=Decimal("31337.42")),),
    )
    page = words(dataclasses.replace(pack, measures=(*pack.measures[:2], secret)))
    assert "31337" not in page and "31,337" not in page
    assert "under licence" in page


def test_a_changed_pack_says_its_version(pack: TenderPack) -> None:
    assert "Version 2." in words(dataclasses.replace(pack, amendment=1))


def test_the_pack_is_accessible_and_the_same_twice(
    pack: TenderPack, check_pdf: Callable[[Callable[[], bytes]], None]
) -> None:
    check_pdf(lambda: tender_pack_pdf(pack))


@pytest.mark.parametrize("formula", [f for f in Formula if f.is_relative and f is not Formula.PROPORTIONAL])
def test_every_relative_price_formula_names_its_trap(formula: Formula) -> None:
    criterion = Criterion("price", Kind.PRICE, 40, formula=formula)
    assert explain_price(criterion)
    assert explain_trap(criterion).startswith("The marks depend on the other bids.")
    shares = [example.share for example in price_examples(criterion, Decimal(40), None)]
    assert shares == sorted(shares, reverse=True)


def test_a_straight_line_is_explained_by_its_own_ends() -> None:
    criterion = Criterion(
        "price", Kind.PRICE, 40, formula=Formula.LINEAR_TO_CEILING, floor=Decimal(50), ceiling=Decimal(100)
    )
    assert [(e.offer, e.marks) for e in price_examples(criterion, Decimal(40), Money.from_pounds(9))] == [
        ("£50.00", 40),
        ("£75.00", 20),
        ("£100.00", 0),
    ]
    assert explain_trap(criterion) == ""


def test_no_rule_for_ties_is_said(method: Method) -> None:
    assert "no rule parts them" in explain_ties(dataclasses.replace(method, ties=()))
