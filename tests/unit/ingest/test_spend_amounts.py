"""Amounts as printed in published files."""

from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from wpound.ingest.datatypes import Problem, parse_amount


@pytest.mark.parametrize(
    ("text", "pounds"),
    [
        ("1234.56", "1234.56"),
        ("1,234,567.80", "1234567.80"),
        (" £45,972.00 ", "45972.00"),
        ("£1 234.50", "1234.50"),
        ("2\N{NO-BREAK SPACE}681.94", "2681.94"),
        ("123.45-", "-123.45"),
        ("(978)", "-978"),
        ("(£1,234.56)", "-1234.56"),
        ("-£1,828.85", "-1828.85"),
        ("£-5", "-5"),
        ("\N{MINUS SIGN}5.00", "-5.00"),
        ("GBP 12.50", "12.50"),
        ("+7.00", "7.00"),
        (".5", "0.5"),
        ("0", "0"),
        ("(0)", "0"),
        ("-5.68434E-13", "-5.68434E-13"),
        ("7956.420000000001", "7956.420000000001"),
        ("(123,456,789,012.12345678901234567890)", "-123456789012.12345678901234567890"),
    ],
)
def test_every_way_of_writing_an_amount_is_read_exactly(text: str, pounds: str) -> None:
    assert parse_amount(text) == Decimal(pounds)


@pytest.mark.parametrize("text", ["", "  ", " -   ", "-", "£-", "\N{EN DASH}", "nil", "N/A"])
def test_a_blank_or_nil_sign_is_a_missing_amount_and_not_nought(text: str) -> None:
    problem = parse_amount(text)

    assert isinstance(problem, Problem)
    assert problem.code == "amount_missing"


@pytest.mark.parametrize(
    "text",
    [
        "25/06/2012900", "########", "abc", "1.234,56", "1234,56", "1,23,456.00", "12.5.6", "(5", "5)", "(-5)", "--5",
        "NaN", "Infinity", "1e5x", "e5", "1E-99", "£", "12p",
    ],
)  # fmt: skip
def test_what_is_not_an_amount_is_a_problem_and_never_a_number(text: str) -> None:
    assert isinstance(parse_amount(text), Problem)


@pytest.mark.parametrize("text", ["1000000000000", "1E+12", "9E+999", "999999999999999999999999"])
def test_an_absurd_amount_is_refused(text: str) -> None:
    problem = parse_amount(text)

    assert isinstance(problem, Problem)
    assert problem.code == "amount_too_large"


WRITTEN = {
    "plain": lambda a: f"{a:f}",
    "thousands": lambda a: f"{a:,f}",
    "pounds": lambda a: f"{'-' if a < 0 else ''}£{abs(a):,f}",
    "pounds inside": lambda a: f"£{a:,f}",
    "brackets": lambda a: f"({abs(a):,f})" if a < 0 else f"{a:,f}",
    "trailing minus": lambda a: f"{abs(a):f}-" if a < 0 else f"{a:f}",
    "padded": lambda a: f"  {a:,f}\N{NO-BREAK SPACE}",
}


@pytest.mark.parametrize("notation", WRITTEN)
@settings(deadline=None)
@given(amount=st.decimals(min_value=-(10**11), max_value=10**11, places=2))
def test_an_amount_written_in_any_accepted_way_comes_back(notation: str, amount: Decimal) -> None:
    assert parse_amount(WRITTEN[notation](amount)) == amount


@settings(deadline=None)
@given(st.text(max_size=40))
def test_any_text_is_an_amount_or_a_problem_and_never_a_crash(text: str) -> None:
    found = parse_amount(text)

    assert isinstance(found, Problem) or found.is_finite()
