"""The workbook a bidder may fill in away from the page: empty, or with what was saved so far.

What is asked, units and limits come from the tender and are locked; only the cells for entries can be changed.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from wpound.core.bid_content import BidContent, count_words
from wpound.core.bid_sheets import COMPANY, FIRST_COLUMN, OFFER, BidSheets, Countable, Fact, Page, Row
from wpound.core.criteria import Criterion, Per
from wpound.core.form import write_decimal
from wpound.core.quantities import Quantity
from wpound.core.workbook_cells import FIRST_ROW, CellKind, column_letters
from wpound.documents.bid_entries import entries_of
from wpound.documents.form_workbook import NO, ROW_HEIGHT, YES, FormWorkbook, row_height

ANSWER_HEIGHT, PLAN_HEIGHT = 260, 75
COUNT_WIDTH = 12
WORD_COUNT = "Words so far"

HEADINGS = {
    Page.PRICE: ("Price and posts", "Your bid is encrypted once submitted. Nobody can read it before the deadline."),
    Page.CHECKS: ("Pass or fail", "Answer Yes or No. A bid that does not pass is not marked."),
    Page.COMMITMENTS: (
        "What you promise",
        "Enter quantities in the unit shown; leave a cell empty for no promise. Promises become terms of the contract.",
    ),
    Page.PLAN: (
        "How you will deliver it",
        "For every promise say who does what by when. A promise without a plan cannot be submitted.",
    ),
    Page.STATEMENTS: (
        "Your answers",
        "Answer in plain text. Words beyond the limit stop the bid from being submitted.",
    ),
    Page.COMPANY: (
        "About your company",
        "These facts carry no marks. They are used to ask whether the promises can be kept.",
    ),
}
COLUMNS = {
    Page.PRICE: (("", 48), ("Hint", 48), ("Unit", 12)),
    Page.CHECKS: (("", 40), ("Question", 60), ("Answer with", 12)),
    Page.COMMITMENTS: (("Measure", 34), ("How to count it", 62), ("Unit", 15)),
    Page.PLAN: (("Measure", 34), ("Evidence you will be asked for", 50), ("Unit", 15)),
    Page.STATEMENTS: (("Criterion", 26), ("Question", 52), ("Most words", 10)),
    Page.COMPANY: (("", 48), ("Hint", 40), ("Unit", 12)),
}


@dataclass(frozen=True, slots=True)
class BidTemplate:
    """What the workbook is made from. ``lot`` names the lot, empty where the tender is one lot; ``closes`` is the
    deadline in words; ``made_on`` the day of publication, so that every copy is the same."""

    buyer: str
    title: str
    lot: str
    closes: str
    made_on: date
    sheets: BidSheets
    content: BidContent | None = None


def bid_template_xlsx(template: BidTemplate) -> bytes:
    """The workbook, filled in where there is content; files of a bid stay on the page.

    Raises :class:`InputErrors` for content that a workbook cannot hold: an answer longer than its cells, or a promise
    of a measure or year that the tender does not ask for.
    """
    about = {"title": f"Bid for {template.title}", "author": template.buyer, "subject": template.sheets.ocid}
    writer = _Writer(FormWorkbook(about, template.made_on), template)
    writer.write_start()
    for page in list(Page)[1:]:
        writer.write_page(page)
    return writer.form.finish()


class _Writer:
    """Writes the sheets of one workbook."""

    def __init__(self, form: FormWorkbook, template: BidTemplate) -> None:
        self.form, self.template, self.sheets = form, template, template.sheets
        self.formats, self.entered = form.formats, entries_of(template.sheets, template.content)

    def write_start(self) -> None:
        page = self.form.add_sheet(Page.START.value, self.sheets.identity)
        number = self.form.write_start(page, "Your bid", self.template.title, self._about())
        self.form.write_instructions(page, number + 1, INSTRUCTIONS)

    def _about(self) -> list[tuple[str, str, str]]:
        lot = [("Lot", self.template.lot, "plain")] if self.template.lot else []
        bidder = self.template.content.bidder if self.template.content else "as you sign in"
        return [
            ("Buyer", self.template.buyer, "plain"),
            ("Tender", self.sheets.ocid, "plain"),
            *lot,
            ("Bids close", self.template.closes, "plain"),
            ("Bidder", bidder, "plain"),
            ("Fingerprint of the method", self.sheets.method.method_hash, "code"),
        ]

    def write_page(self, name: Page) -> None:
        page = self.form.add_sheet(name.value)
        entries = [(title, COUNT_WIDTH if title == WORD_COUNT else WIDTHS[name]) for title in self._entry_titles(name)]
        self.form.write_head(page, *HEADINGS[name], [*COLUMNS[name], *entries])
        rows = [row for row in self.sheets.rows if row.page is name]
        if not rows:
            page.write_string(FIRST_ROW, 1, "This tender asks nothing here.", self.formats["plain"])
        for row in rows:
            self._write_row(page, row)

    def _entry_titles(self, name: Page) -> Sequence[str]:
        if name is Page.COMMITMENTS:
            years = [f"In {year}" for year in self.sheets.years]
            return ["Promise, not tied to a year" if years else "Promise", *years, *(["All years"] if years else [])]
        if name is Page.STATEMENTS:
            more = ["Your answer, continued"] * (self.sheets.cells_an_answer - 1)
            return ["Your answer", *more, WORD_COUNT]
        return ["Your plan"] if name is Page.PLAN else ["Your answer"] if name is Page.CHECKS else ["Your entry"]

    def _write_row(self, page: Any, row: Row) -> None:
        page.write_string(row.number, 0, row.code)
        texts = self._texts(row)
        self.form.write_texts(page, row.number, texts)
        values = self.entered.get((row.page, row.code), [])
        for i, kind in enumerate(row.entries):
            column = FIRST_COLUMN + i
            self.form.validate(page, (row.number, row.number), column, kind)
            self.form.write_value(page, row.number, column, kind, values[i] if i < len(values) else None)
        least = {Page.STATEMENTS: ANSWER_HEIGHT, Page.PLAN: PLAN_HEIGHT}.get(row.page, ROW_HEIGHT)
        page.set_row(row.number, row_height(texts, [width for _, width in COLUMNS[row.page]], least))
        if row.page is Page.COMMITMENTS and self.sheets.years:
            self._write_total(page, row, values)
        elif row.page is Page.STATEMENTS:
            self._write_word_count(page, row, values)

    def _write_total(self, page: Any, row: Row, values: Sequence[str | Decimal | None]) -> None:
        column = FIRST_COLUMN + len(row.entries)
        first, last = _cell(row.number, FIRST_COLUMN), _cell(row.number, column - 1)
        total = sum((value for value in values if isinstance(value, Decimal)), Decimal(0))
        page.write_formula(row.number, column, f"=SUM({first}:{last})", self.formats["title"], write_decimal(total))

    def _write_word_count(self, page: Any, row: Row, values: Sequence[str | Decimal | None]) -> None:
        column = FIRST_COLUMN + len(row.entries)
        counts = [_WORDS.format(_cell(row.number, FIRST_COLUMN + i)) for i in range(len(row.entries))]
        words = count_words("".join(str(value) for value in values if value))
        page.write_formula(row.number, column, f"={'+'.join(counts)}", self.formats["title"], words)
        limit = self._question(row.code).word_limit
        if limit is not None:
            over = {"type": "cell", "criteria": ">", "value": limit, "format": self.formats["over"]}
            page.conditional_format(row.number, column, row.number, column, over)

    def _question(self, code: str) -> Criterion:
        return next(question for question in self.sheets.questions if question.code == code)

    def _texts(self, row: Row) -> tuple[str, str, str]:
        if row.page in (Page.PRICE, Page.COMPANY):
            return _fact_texts(next(fact for fact in (*OFFER, *COMPANY) if fact.code == row.code))
        if row.page is Page.CHECKS:
            check = next(check for check in self.sheets.checks if check.code == row.code)
            return check.heading, check.question or check.note or check.heading, f"{YES} or {NO}"
        if row.page is Page.STATEMENTS:
            question = self._question(row.code)
            limit = "no limit" if question.word_limit is None else str(question.word_limit)
            asked = [text for text in (question.question, question.note) if text]
            return question.heading, "\n\n".join(asked) or question.heading, limit
        measure = next(measure for measure in self.sheets.measures if measure.code == row.code)
        told = _evidence(self.sheets, measure) if row.page is Page.PLAN else _how_to_count(self.sheets, measure)
        return measure.title, told, measure.unit.label


INSTRUCTIONS = (
    "Fill in the shaded cells only. Everything else is locked, because it is the tender's own wording.",
    "You may copy text from a word processor and use formulas; the value shown is what counts.",
    "Do not add, move or delete rows or sheets: the workbook is then refused and nothing is lost.",
    "Files that belong to your bid are added on the page of the tender, not here.",
    "Save as XLSX and upload it on the page of the tender. What cannot be read is listed with its sheet and cell.",
    "Uploading replaces your draft. Nothing is submitted until you read it through there and choose Submit.",
    "The workbook belongs to one tender and one version of it. After a change to the tender download a new one.",
)
WIDTHS = {
    Page.PRICE: 22,
    Page.CHECKS: 14,
    Page.COMMITMENTS: 16,
    Page.PLAN: 80,
    Page.STATEMENTS: 90,
    Page.COMPANY: 22,
}
_PLAIN = 'TRIM(SUBSTITUTE({0},CHAR(10)," "))'
_WORDS = f'IF({_PLAIN}="",0,LEN({_PLAIN})-LEN(SUBSTITUTE({_PLAIN}," ",""))+1)'


def _cell(row: int, column: int) -> str:
    return f"{column_letters(column)}{row + 1}"


def _fact_texts(fact: Fact) -> tuple[str, str, str]:
    units = {
        CellKind.MONEY: "pounds",
        CellKind.NUMBER: "number",
        CellKind.WHOLE: "whole number",
        CellKind.SHARE: "per cent",
    }
    return fact.title, fact.hint, units[fact.entry]


def _how_to_count(sheets: BidSheets, measure: Countable) -> str:
    told = [measure.how_to_count]
    for criterion in sheets.criteria_of(measure.code):
        if criterion.area:
            told.append(f"Local means: {criterion.area}")
        if criterion.per is Per.CONTRACT and criterion.target is not None:
            told.append(f"Full marks from {Quantity(criterion.target, measure.unit).format()} for the whole contract.")
        if criterion.note:
            told.append(criterion.note)
    cap = sheets.cap_of(measure.code)
    if cap is not None:
        told.append(f"No more than {Quantity(cap, measure.unit).format()} is counted.")
    return "\n".join(told)


def _evidence(sheets: BidSheets, measure: Countable) -> str:
    own = [criterion.evidence for criterion in sheets.criteria_of(measure.code) if criterion.evidence]
    return "\n".join(own or measure.evidence)
