"""Days of payment as printed in published files."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from wpound.ingest.datatypes import Problem, parse_date
from wpound.ingest.layout import DateOrder, Field, Layout

HEAD = "Supplier,Date,Amount\n"


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("04/09/2014", date(2014, 9, 4)),
        ("24/09/14", date(2014, 9, 24)),
        ("01.09.2014", date(2014, 9, 1)),
        ("9 Aug 2017", date(2017, 8, 9)),
        ("05-Apr-17", date(2017, 4, 5)),
        ("16/Apr/2013", date(2013, 4, 16)),
        ("3rd September 2014", date(2014, 9, 3)),
        ("7 Sept 2014", date(2014, 9, 7)),
        ("2017-04-03 00:00:00", date(2017, 4, 3)),
        ("2017-04-12T00:00:00Z", date(2017, 4, 12)),
        ("05/04/2017 01:00", date(2017, 4, 5)),
        ("01/02/99", date(1999, 2, 1)),
    ],
)
def test_every_way_of_writing_a_day_is_read_day_first(text: str, day: date) -> None:
    assert parse_date(text, DateOrder.DAY_FIRST) == day


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "date_missing"),
        ("Sep 2014", "month_only_date"),
        ("May-12", "month_only_date"),
        ("10-Mar", "month_only_date"),
        ("00:00:00", "date_lost"),
        ("########", "date_lost"),
        ("4/30/2020", "month_first_date"),
        ("43658", "serial_date"),
        ("29/", "date_unreadable"),
        ("31/02/2020", "date_unreadable"),
        ("01/01/1905", "date_unreadable"),
        ("2024", "date_unreadable"),
        ("12 Foo 2014", "date_unreadable"),
    ],
)
def test_a_day_is_never_made_up(text: str, code: str) -> None:
    found = parse_date(text, DateOrder.DAY_FIRST)

    assert isinstance(found, Problem)
    assert found.code == code


@settings(deadline=None)
@given(st.dates(min_value=date(1990, 1, 1), max_value=date(2063, 12, 31)))
def test_a_day_written_in_any_accepted_way_comes_back(day: date) -> None:
    assert parse_date(f"{day:%d/%m/%Y}", DateOrder.DAY_FIRST) == day
    assert parse_date(f"{day:%m/%d/%Y}", DateOrder.MONTH_FIRST) == day
    assert parse_date(day.isoformat(), DateOrder.MONTH_FIRST) == day
    assert parse_date(f"{day.day} {day:%b} {day:%Y}", DateOrder.DAY_FIRST) == day
    assert parse_date(str((day - date(1899, 12, 30)) // timedelta(days=1)), DateOrder.SERIAL) == day


def test_serials_are_read_only_in_a_column_of_serials(read: Callable[..., Any]) -> None:
    sheet, rows = read(HEAD + "A Ltd,43658,1\nB Ltd,43659.0,2\nC Ltd,05/04/2019,3\n" + "D Ltd,43660,4\n" * 7)

    assert sheet.layout.date_order is DateOrder.SERIAL
    assert [row.paid_on for row in rows[:3]] == [date(2019, 7, 12), date(2019, 7, 13), date(2019, 4, 5)]

    _, rows = read(HEAD + "A Ltd,05/04/2019,1\nB Ltd,43658,2\n")

    assert [row.paid_on for row in rows] == [date(2019, 4, 5), None]


def test_two_shapes_of_date_in_one_file_are_both_read(read: Callable[..., Any]) -> None:
    _, rows = read(HEAD + "A Ltd,05/04/2017,1\nB Ltd,05-May-17,2\n")

    assert [row.paid_on for row in rows] == [date(2017, 4, 5), date(2017, 5, 5)]


def test_a_column_in_which_both_orders_are_possible_is_refused_until_a_layout_says_which(
    read: Callable[..., Any],
) -> None:
    text = HEAD + "A Ltd,4/30/2020,1\nB Ltd,4/5/2020,2\n"
    sheet, _ = read(text)

    assert "month first" in sheet.refused_because

    columns = {"Supplier": Field.SUPPLIER_NAME, "Date": Field.PAID_ON, "Amount": Field.NET_AMOUNT}
    sheet, rows = read(text, Layout(columns, date_order=DateOrder.MONTH_FIRST))

    assert sheet.refused_because is None
    assert [row.paid_on for row in rows] == [date(2020, 4, 30), date(2020, 4, 5)]


def test_a_row_without_a_day_is_loaded_and_said(check: Callable[..., dict[str, Any]]) -> None:
    report = check(HEAD + "A Ltd,Sep 2014,1\nB Ltd,,2\nC Ltd,02/09/2014,3\n")

    assert report["loaded"] == 3
    assert report["issues_by_code"] == {"date_missing": 1, "month_only_date": 1}
    assert (report["first_paid_on"], report["last_paid_on"]) == ("2014-09-02", "2014-09-02")
