"""The forms in which a bid is written: one a part, made from what the tender asks. Nothing has to be filled in."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from wpound.core.bid_content import LONGEST_ANSWER, LONGEST_PLAN
from wpound.core.bid_sheets import COMPANY, OFFER, BidSheets
from wpound.core.bids import Commitment, Company
from wpound.core.criteria import Criterion
from wpound.core.quantities import Unit
from wpound.ingest.form_workbook import clean_text
from wpound.services.view_bid import BidView
from wpound.web.fields import DecimalField, IntegerField, LongTextField, MoneyField, RadioField
from wpound.web.forms import EditForm
from wpound.web.widgets import CountedTextInput

# As many as a workbook may bring.
PLACES = 12
HUNDRED = Decimal(100)
FACTS = {fact.code: fact for fact in (*OFFER, *COMPANY)}
YES, NO = "yes", "no"


class TextInWords(LongTextField):
    """Text of several lines as people paste it from a word processor, with a count of the words left where they count.

    Spaces that do not break and signs that nobody sees are common there; they are made plain and not refused.
    """

    def __init__(self, label: str, *, longest: int, most_words: int | None = None, **options: Any) -> None:
        super().__init__(label, longest=longest, **options)
        if most_words is not None:
            self.widget = CountedTextInput(most_words, counts="maxwords")

    def process_formdata(self, values: list[Any]) -> None:
        try:
            plain = [clean_text(str(value)) for value in values]
        except ValueError as problem:
            raise ValueError(f"{self.name_in_messages} {problem}") from None
        super().process_formdata(plain)


class CompanyForm(EditForm):
    """Facts about the company."""

    headcount = IntegerField(FACTS["headcount"].title, most=10_000_000, description=FACTS["headcount"].hint)
    turnover = MoneyField("Turnover of the last financial year", description=FACTS["turnover"].hint)
    baseline_tco2e = DecimalField(
        "Carbon footprint of the last year",
        places=PLACES,
        description=FACTS["baseline_tco2e"].hint,
    )
    supply_chain_share = DecimalField(
        FACTS["supply_chain_share"].title, places=PLACES - 2, most=HUNDRED, description="As a percentage."
    )

    @classmethod
    def of(cls, view: BidView, **options: Any) -> "CompanyForm":
        """The form filled with what is saved."""
        company = view.content.company
        share = company.supply_chain_share
        return cls(
            data={
                "headcount": company.headcount,
                "turnover": company.turnover,
                "baseline_tco2e": company.baseline_tco2e,
                "supply_chain_share": None if share is None else share * HUNDRED,
            },
            **options,
        )

    def entries(self, view: BidView) -> Mapping[str, Any]:
        """What is to be saved."""
        share = self.supply_chain_share.data
        company = Company(
            headcount=self.headcount.data,
            turnover=self.turnover.data,
            baseline_tco2e=self.baseline_tco2e.data,
            supply_chain_share=None if share is None else share / HUNDRED,
        )
        return {"company": company}


class PriceForm(EditForm):
    """The price, and the posts on the contract."""

    price = MoneyField("Price for the whole contract")
    fte = DecimalField(FACTS["fte"].title, places=PLACES, description=FACTS["fte"].hint)

    @classmethod
    def of(cls, view: BidView, **options: Any) -> "PriceForm":
        """The form filled with what is saved."""
        return cls(data={"price": view.content.price, "fte": view.content.fte}, **options)

    def entries(self, view: BidView) -> Mapping[str, Any]:
        """What is to be saved."""
        return {"price": self.price.data, "fte": self.fte.data}


@dataclass(frozen=True, slots=True)
class Promise:
    """One box of the promises: its measure, and the year of delivery where it is for one."""

    measure: str
    year: int | None

    @property
    def field(self) -> str:
        """The name of its field."""
        return f"promise-{self.measure}" if self.year is None else f"promise-{self.measure}-in-{self.year}"


def list_promises(sheets: BidSheets) -> list[Promise]:
    """Every box, in the order of the measures; a percentage is for the whole contract."""
    return [
        Promise(measure.code, year)
        for measure in sheets.measures
        for year in (None, *(() if measure.unit is Unit.PERCENT else sheets.years))
    ]


def make_promises_form(view: BidView, **options: Any) -> "_PromisesForm":
    """The form of the promises filled with what is saved."""
    titles = {measure.code: measure.title for measure in view.sheets.measures}
    boxes = list_promises(view.sheets)
    fields = {
        box.field: DecimalField(titles[box.measure] + ("" if box.year is None else f" in {box.year}"), places=PLACES)
        for box in boxes
    }
    totals: dict[str, Decimal] = {}
    for one in view.content.commitments:
        name = Promise(one.measure, one.year).field
        totals[name] = totals.get(name, Decimal(0)) + one.quantity
    made: _PromisesForm = type("PromisesForm", (_PromisesForm,), fields)(data=totals, **options)
    return made


class _PromisesForm(EditForm):
    def entries(self, view: BidView) -> Mapping[str, Any]:
        """What is to be saved; a box left empty, or with nothing in it, is no promise."""
        found = tuple(
            Commitment(box.measure, self[box.field].data, box.year)
            for box in list_promises(view.sheets)
            if self[box.field].data
        )
        return {"commitments": found}


def make_checks_form(view: BidView, **options: Any) -> "_ChecksForm":
    """The form of the pass or fail questions filled with what is saved."""
    fields = {_check(check): _yes_or_no(check) for check in view.sheets.checks}
    passes = view.content.passes
    answered = {
        _check(check): YES if passes[check.code] else NO for check in view.sheets.checks if check.code in passes
    }
    made: _ChecksForm = type("ChecksForm", (_ChecksForm,), fields)(data=answered, **options)
    return made


def _check(check: Criterion) -> str:
    return f"check-{check.code}"


def _yes_or_no(check: Criterion) -> RadioField:
    asked = check.question or check.note
    return RadioField(check.heading, {YES: "Yes", NO: "No"}, description=asked)


class _ChecksForm(EditForm):
    def entries(self, view: BidView) -> Mapping[str, Any]:
        """What is to be saved; a question without an answer stays open."""
        answers = {check.code: self[_check(check)].data for check in view.sheets.checks}
        return {"passes": {code: answer == YES for code, answer in answers.items() if answer}}


def make_plans_form(view: BidView, **options: Any) -> "_PlansForm":
    """The form of the plans behind the promises, filled with what is saved."""
    measures = list_promised(view)
    fields = {_plan(code): TextInWords(title, longest=LONGEST_PLAN) for code, title in measures.items()}
    plans = {_plan(code): view.content.plans.get(code) for code in measures}
    made: _PlansForm = type("PlansForm", (_PlansForm,), fields)(data=plans, **options)
    return made


def list_promised(view: BidView) -> dict[str, str]:
    """The titles of the measures something is promised of, by code."""
    promised = {one.measure for one in view.content.commitments if one.quantity}
    return {measure.code: measure.title for measure in view.sheets.measures if measure.code in promised}


def _plan(measure: str) -> str:
    return f"plan-{measure}"


class _PlansForm(EditForm):
    def entries(self, view: BidView) -> Mapping[str, Any]:
        """What is to be saved; the plan of a promise that was taken back goes with it."""
        plans = {code: self[_plan(code)].data for code in list_promised(view)}
        return {"plans": {code: text for code, text in plans.items() if text}}


def make_answer_form(view: BidView, question: Criterion, **options: Any) -> EditForm:
    """The form of the answer to one question, filled with what is saved."""
    field = TextInWords(question.heading, longest=LONGEST_ANSWER, most_words=question.word_limit)
    saved = {"answer": view.content.answers.get(question.code)}
    made: EditForm = type("AnswerForm", (EditForm,), {"answer": field})(data=saved, **options)
    return made
