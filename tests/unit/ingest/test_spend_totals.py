"""Totals printed among payments, and pence that do not divide."""

from collections.abc import Callable
from decimal import Decimal, localcontext
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from wpound.ingest.phases import ReadRows
from wpound.ingest.rows import NO_PAYMENTS, Payments, SpendRow
from wpound.ingest.tally import CarriedRounding, Tally
from wpound.ingest.totals import TotalKind

Check = Callable[..., dict[str, Any]]
Read = Callable[..., Any]
HEAD = "Body,Supplier,Date,Amount\n"
ROWS = "Town,A Ltd,05/04/2017,100.10\nTown,B Ltd,06/04/2017,-0.05\nTown,C Ltd,07/04/2017,50\n"


@pytest.mark.parametrize(
    "total",
    [
        "Grand Total,,,150.05",
        ",Total,,£150.05",
        ",,Sum:,150.05",
        ",,,\" 150.05 \"",
        "\N{DAGGER},,,150.05",
        "Total,\N{DAGGER}\N{DAGGER} ,,150.05",
        "Total for April 2017,,,150.05",
        "Grand Total150.05,,,",
        ",,,\n,,,\n,,,150.05",
    ],
)  # fmt: skip
def test_a_row_that_adds_up_the_others_is_a_control_total_and_no_payment(check: Check, total: str) -> None:
    report = check(HEAD + ROWS + total + "\n")

    assert [(t["pence"], t["reconciles"]) for t in report["totals_rows"]] == [(15005, True)]
    assert (report["rows"], report["loaded"], report["refused"], report["sum_pence"]) == (4, 3, 0, 15005)
    assert (report["negatives"], report["negative_pence"]) == (1, -5)


@pytest.mark.parametrize("name", ["TOTAL SOLUTIONS LTD", "TOTAL GAS", "Total Produce Plc", "Totally Tiles"])
def test_a_firm_called_total_is_paid(check: Check, name: str) -> None:
    report = check(f"Supplier,Amount\nA Ltd,100\nB Ltd,50\n{name},75\n")

    assert (report["loaded"], report["totals_rows"], report["sum_pence"]) == (3, [], 22500)


def test_a_payment_that_happens_to_equal_the_payments_above_is_a_payment(check: Check) -> None:
    report = check(HEAD + ROWS + "Town,D Ltd,08/04/2017,150.05\n")

    assert (report["loaded"], report["totals_rows"]) == (4, [])


def test_subtotals_and_their_grand_total_are_all_control_totals(check: Check) -> None:
    report = check("Supplier,Amount\nA,1\nB,2\nSubtotal,3\nC,4\nD,5\nSub-total,9\nGrand Total,12\n")

    assert [t["reconciles"] for t in report["totals_rows"]] == [True, True, True]
    assert report["sum_pence"] == 1200


def test_a_total_printed_above_its_rows_reconciles(check: Check) -> None:
    report = check("Supplier,Amount\nTotal,3\nA,1\nB,2\n")

    assert report["totals_rows"] == [{"line": 2, "pence": 300, "reconciles": True}]


def test_a_total_that_differs_is_not_loaded_and_is_said(check: Check) -> None:
    report = check("Supplier,Amount\nA,1\nB12\nC,3\nTotal,16\n")

    assert report["totals_rows"] == [{"line": 5, "pence": 1600, "reconciles": False}]
    [fused, differs] = [issue for issue in report["issues"] if issue["severity"] == "error"]
    assert (fused["code"], fused["line"]) == ("cells_run_together", 3)
    assert "total is £16.00" in differs["message"]
    assert "£4.00" in differs["message"]
    assert "£12.00 less" in differs["message"]


def test_rows_fused_with_their_total_are_refused_and_the_gap_is_said(check: Check) -> None:
    report = check("Supplier,Total\nA,1\nB,2.00C,3.00D,4.00Grand Total,10.00\n")

    assert (report["loaded"], report["refused"], report["totals_rows"]) == (1, 1, [])
    assert report["issues_by_code"]["control_total_differs"] == 1


def test_an_amount_alone_that_adds_nothing_up_is_refused(check: Check) -> None:
    report = check(HEAD + ROWS + ",,,999\n")

    assert (report["loaded"], report["refused"], report["issues_by_code"]) == (3, 1, {"amount_alone": 1})
    assert report["rows"] == report["loaded"] + report["refused"] + report["repeated"] + len(report["totals_rows"])


def test_rows_of_a_file_add_up_to_its_exact_sum_rounded_once(check: Check) -> None:
    report = check(HEAD + "".join(f"Town,A{i} Ltd,05/04/2017,0.005\n" for i in range(5)))

    assert (report["sum_pence"], report["issues_by_code"]) == (3, {"more_than_two_decimals": 5})


def test_float_noise_is_read_as_the_penny_it_was(read: Read) -> None:
    _, rows = read(HEAD + "Town,A Ltd,05/04/2017,443.99999999999994\nTown,B Ltd,05/04/2017,6.82121E-13\n")

    assert [row.net_pence for row in rows] == [44400, 0]


EXACT = st.lists(st.decimals(min_value=-(10**6), max_value=10**6, places=4), max_size=40)


@settings(deadline=None)
@given(EXACT)
def test_carried_rounding_never_strays_more_than_half_a_penny(pounds: list[Decimal]) -> None:
    rounding, exact, rounded = CarriedRounding(), Decimal(0), 0
    with localcontext(prec=60):
        for amount in pounds:
            exact += amount * 100
            rounded += rounding.round(amount * 100)
            assert -Decimal("0.5") <= exact - rounded < Decimal("0.5")


def spend_row(line: int, pence: int) -> SpendRow:
    return SpendRow(line, None, pence, "A Ltd", *[None] * 10, {}, f"{line},{pence}\n")


@settings(deadline=None)
@given(EXACT, st.sets(st.integers(0, 40)))
def test_rows_of_whole_pence_are_untouched_and_all_rows_add_up(pounds: list[Decimal], half: set[int]) -> None:
    exact = {i: amount * 100 + Decimal("0.5") * (i in half) for i, amount in enumerate(pounds)}
    uneven = {i: pence for i, pence in exact.items() if pence != int(pence)}
    rows = [spend_row(i, int(pence)) for i, pence in exact.items()]
    with Tally(None) as tally:
        chunk = tally.take(_read_rows(rows, uneven, {}))
        tally.finish()

    assert tally.counts.sum_pence == sum(row.net_pence for row in chunk.rows)
    assert abs(sum(exact.values(), Decimal(0)) - tally.counts.sum_pence) <= Decimal("0.5")
    assert [r.net_pence for r in chunk.rows if r.line_number not in uneven] == [
        r.net_pence for r in rows if r.line_number not in uneven
    ]


def _read_rows(rows: list[SpendRow], exact: dict[int, Decimal], totals: dict[int, TotalKind]) -> ReadRows:
    from collections import Counter

    payments = Payments(*zip(*rows, strict=True))._replace(extras={}) if rows else NO_PAYMENTS
    return ReadRows(payments, [], len(rows), 0, exact, totals, [], Counter())


@settings(deadline=None)
@given(st.lists(st.integers(-(10**9), 10**9), min_size=2, max_size=30))
def test_any_payments_and_their_total_reconcile(pence: list[int]) -> None:
    rows = [spend_row(i, amount) for i, amount in enumerate([*pence, sum(pence)])]
    with Tally(None) as tally:
        tally.take(_read_rows(rows, {}, {len(pence): TotalKind.ALONE}))
        tally.finish()

    assert [total.reconciles for total in tally.counts.totals_rows] == [True]
    assert (tally.counts.loaded, tally.counts.sum_pence) == (len(pence), sum(pence))
