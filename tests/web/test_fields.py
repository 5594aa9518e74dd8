"""What people type into forms: what is understood, what is refused and in which words."""

from collections.abc import Callable, Iterator
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from flask import Flask, render_template_string
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from werkzeug.datastructures import MultiDict

from wpound.core.errors import InputError, InputErrors
from wpound.core.money import Money
from wpound.web.access import Policy, requires
from wpound.web.fields import (
    CharityNumberField,
    CheckboxesField,
    CheckboxField,
    CompanyNumberField,
    DateField,
    DecimalField,
    EmailField,
    FileField,
    IntegerField,
    LongTextField,
    MoneyField,
    PasswordField,
    RadioField,
    SelectField,
    TextField,
)
from wpound.web.forms import Form

STAGES = {"draft": "Draft", "published": "Published"}
PAGE = """{% extends "base.html" %}
{% from "macros/forms.html" import error_summary %}
{% block title %}Every field{% endblock %}
{% block content %}{{ error_summary(form) }}<h1>Every field</h1>
<form method="post" novalidate>{% for field in form %}{{ field() }}{% endfor %}</form>{% endblock %}"""


class EveryField(Form):
    """One of each, all of which must be given."""

    class Meta:
        csrf = False

    title = TextField("Title", missing="Enter a title", longest=20)
    reason = LongTextField("Reason", missing="Enter a reason", longest=50)
    email = EmailField("Email address", missing="Enter an email address")
    password = PasswordField("Password", missing="Enter a password")
    value = MoneyField("Contract value", missing="Enter the contract value")
    quantity = DecimalField("Quantity", missing="Enter a quantity", places=1)
    people = IntegerField("Number of people", missing="Enter the number of people", least=1, most=50)
    starts_on = DateField("Start", missing="Enter the day it starts")
    company = CompanyNumberField("Company number", missing="Enter a company number")
    charity = CharityNumberField("Charity number", missing="Enter a charity number")
    stage = SelectField("Stage", {"": "Choose a stage"} | STAGES, missing="Choose a stage")
    once = RadioField("How often", {"once": "Once", "monthly": "Monthly"}, missing="Choose how often")
    groups = CheckboxesField("Groups", {"a": "A", "b": "B"}, missing="Choose at least one group")
    agreed = CheckboxField("I agree", missing="Tick the box to agree")
    file = FileField("File", missing="Choose a file", largest=2**20)


NAMES = [name for name in vars(EveryField) if name not in ("Meta", "file") and not name.startswith("_")]
DATE_NAMES = [f"starts_on-{part}" for part in ("day", "month", "year")]


@pytest.fixture
def page(app: Flask) -> Iterator[Flask]:
    with app.test_request_context("/", method="POST"):
        yield app


def read(**entries: Any) -> EveryField:
    form = EveryField(MultiDict({name.replace("__", "-"): entry for name, entry in entries.items()}))
    form.validate()
    return form


def entered(**entries: Any) -> Any:
    """The value and the message of the one field that was filled in."""
    name = next(iter(entries)).partition("__")[0]
    field = read(**entries)[name]
    return field.errors[0] if field.errors else field.data


@pytest.mark.parametrize(
    ("text", "pence"),
    [("1250", 125_000), ("£1,250.50", 125_050), (" 0 ", 0), ("1,000,000", 100_000_000), ("12.500", 1250)],
)
def test_money_is_read_as_people_write_it(page, text: str, pence: int) -> None:
    assert entered(value=text) == Money(pence)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("1,25", "Contract value must be an amount of money, like 1,250 or 1,250.50"),
        ("about 5", "Contract value must be an amount of money, like 1,250 or 1,250.50"),
        ("1e5", "Contract value must be an amount of money, like 1,250 or 1,250.50"),
        ("NaN", "Contract value must be an amount of money, like 1,250 or 1,250.50"),
        ("٣", "Contract value must be an amount of money, like 1,250 or 1,250.50"),
        ("0.005", "Contract value must be in pounds and pence, with at most 2 decimals"),
        ("-£5", "Contract value must be £0.00 or more"),
        ("1000000000000", "Contract value must be £999,999,999,999.00 or less"),
        ("   ", "Enter the contract value"),
    ],
)
def test_money_that_would_be_a_guess_is_asked_about(page, text: str, message: str) -> None:
    assert entered(value=text) == message


@pytest.mark.parametrize(
    ("day", "month", "year", "found"),
    [
        ("27", "3", "2026", date(2026, 3, 27)),
        ("1", "Nov", "2026", date(2026, 11, 1)),
        ("01", "september", "2026", date(2026, 9, 1)),
        ("31", "2", "2026", "Start must be a real date"),
        ("27", "13", "2026", "Start must be a real date"),
        ("27", "3", "26", "Start must have a year of 4 digits"),
        ("27", "", "2026", "Start must include a month"),
        ("27", "", "", "Start must include a month and a year"),
        ("²", "3", "2026", "Start must be a real date"),
        ("", "", "", "Enter the day it starts"),
    ],
)
def test_a_date_is_read_from_three_boxes(page, day: str, month: str, year: str, found: Any) -> None:
    assert entered(starts_on__day=day, starts_on__month=month, starts_on__year=year) == found


def test_a_date_with_boxes_missing_or_sent_twice_is_no_accident(page) -> None:
    assert entered(starts_on__year="2026") == "Start must include a day and a month"
    sent = [("starts_on-day", "1"), ("starts_on-day", "2"), ("starts_on-month", "3"), ("starts_on-year", "2026")]
    form = EveryField(MultiDict(sent))
    form.validate()
    assert form.starts_on.data == date(2026, 3, 1)


@pytest.mark.parametrize(
    ("entry", "found"),
    [
        ({"title": "  Grounds\r\nmaintenance "}, "Grounds maintenance"),
        ({"title": "x" * 21}, "Title must be 20 characters or fewer"),
        ({"title": "a\x00b"}, "Title holds characters that cannot be printed; type it again"),
        ({"reason": "One\r\ntwo"}, "One\ntwo"),
        ({"email": "Ada@Example.org "}, "ada@example.org"),
        ({"email": "ada@example"}, "Enter an email address in the correct form, like name@example.com"),
        ({"email": "Sean.O'Neil+wpound@example.co.uk"}, "sean.o'neil+wpound@example.co.uk"),
        *(
            ({"email": text}, "Enter an email address in the correct form, like name@example.com")
            for text in (
                "eve,ada@a.org",
                "eve<ada@a.org>",
                "list:ada@a.org",
                "=?utf-8?q?a=0d=0aBcc?=@a.org",
                '"a"@a.org',
            )
        ),
        ({"password": "  two words "}, "  two words "),
        ({"quantity": "1,000.50"}, Decimal("1000.5")),
        ({"quantity": "0.25"}, "Quantity must have at most 1 decimals"),
        ({"people": "12.0"}, 12),
        ({"people": "1.5"}, "Number of people must be a whole number, like 12"),
        ({"people": "0"}, "Number of people must be 1 or more"),
        ({"people": "51"}, "Number of people must be 50 or less"),
        ({"company": "574816"}, "00574816"),
        ({"company": "abc"}, "Enter a company number of 8 characters, like 01234567 or SC123456"),
        ({"charity": "sc 012345"}, "SC012345"),
        ({"charity": "12"}, "Enter a charity number, like 1234567, SC012345 or NIC100123"),
        ({"stage": "draft"}, "draft"),
        ({"stage": "awarded"}, "Choose a stage"),
        ({"groups": ["a", "b"]}, ["a", "b"]),
        ({"groups": "c"}, "Choose at least one group"),
        ({"agreed": "y"}, True),
    ],
)
def test_what_a_field_makes_of_an_entry(page, entry: dict[str, Any], found: Any) -> None:
    assert entered(**entry) == found


def test_a_post_without_anything_is_told_what_is_missing(page) -> None:
    form = read()
    assert all(field.errors for field in form)
    assert form.error_list()[0] == {"text": "Enter a title", "href": "#title"}


def test_what_may_be_left_out_is_none(page) -> None:
    class Optional(Form):
        value = MoneyField("Value")
        day = DateField("Day")
        stage = SelectField("Stage", {"": "Any"} | STAGES)

        class Meta:
            csrf = False

    form = Optional(MultiDict({"value": " "}))
    assert form.validate()
    assert (form.value.data, form.day.data, form.stage.data or None) == (None, None, None)


def test_every_message_leads_to_its_field_and_what_was_typed_stays(page, fetch: Callable[..., Any]) -> None:
    @requires(Policy.PUBLIC)
    def show() -> str:
        form = read(value="1,25", starts_on__day="31", starts_on__month="2", starts_on__year="2026")
        return render_template_string(PAGE, form=form)

    page.view_functions["public.start"] = show
    shown = fetch(page, "/")
    assert len(shown.errors()) == 15
    typed = {box.get("name"): box.get("value") for box in shown.all(".//input")}
    assert typed["value"] == "1,25"
    assert [typed[name] for name in DATE_NAMES] == ["31", "2", "2026"]
    assert not shown.all(".//*[@required]"), "the page says what is missing, not the browser"


def test_only_the_wrong_part_of_a_date_is_marked(page) -> None:
    form = read(starts_on__day="27", starts_on__month="3", starts_on__year="26")
    assert form.starts_on().count("govuk-input--error") == 1
    assert {"text": "Start must have a year of 4 digits", "href": "#starts_on-year"} in form.error_list()


def test_what_a_service_refuses_stands_beside_its_field_or_above_the_form(page) -> None:
    form = EveryField(MultiDict())
    form.refuse(InputErrors([InputError("title", "That title is taken."), InputError("weather", "It rains.")]))
    assert form.error_list() == [{"text": "That title is taken.", "href": "#title"}, {"text": "It rains."}]
    assert "That title is taken." in form.title()


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(st.sampled_from([*NAMES, *DATE_NAMES, "file"]), st.text(max_size=80)), max_size=25))
def test_no_post_whatsoever_breaks_a_form(page, sent: list[tuple[str, str]]) -> None:
    form = EveryField(MultiDict(sent))
    assert form.validate() is False
    assert all(str(error["text"]) for error in form.error_list())
    assert "".join(str(field()) for field in form)
