"""The workbook a bidder may fill in away from the page: empty, or with what was saved so far.

What is asked, units and limits come from the tender and are locked; only the cells for entries can be changed. The
same bid gives the same bytes, so that exporting, importing and exporting again changes nothing.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from decimal import Decimal
from io import BytesIO
from typing import Any

from wpound.core.bid_content import BidContent, count_words
from wpound.core.bid_sheets import (
    COMPANY,
    FIRST_COLUMN,
    FIRST_ROW,
    OFFER,
    BidSheets,
    Countable,
    Entry,
    Fact,
    Page,
    Row,
    address,
)
from wpound.core.criteria import Criterion, Per
from wpound.core.form import write_decimal
from wpound.core.quantities import Quantity
from wpound.documents.bid_entries import NO, YES, Entered, entries_of

BRAND, SHADE, GREY, WARNING = "#512F7A", "#F4F1F8", "#505A5F", "#B10E1E"
# More digits than these a spreadsheet does not keep; such a number is written as text.
MOST_DIGITS = 15
ROW_HEIGHT, ANSWER_HEIGHT, PLAN_HEIGHT = 15, 260, 75
HIDDEN_WIDTH, COUNT_WIDTH = 4, 12
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
FORMATS: dict[str, dict[str, Any]] = {
    "heading": {"bold": True, "font_size": 16, "font_color": BRAND},
    "sentence": {"font_color": GREY},
    "column": {"bold": True, "bottom": 2, "bottom_color": BRAND, "text_wrap": True, "valign": "bottom"},
    "title": {"bold": True, "text_wrap": True, "valign": "top", "bottom": 1, "bottom_color": "#D9D5E0"},
    "hint": {"text_wrap": True, "valign": "top", "font_color": GREY, "bottom": 1, "bottom_color": "#D9D5E0"},
    "plain": {"text_wrap": True, "valign": "top"},
    "code": {"font_name": "Courier New", "font_size": 9, "valign": "top"},
    "over": {"bold": True, "font_color": WARNING},
}
NUMBER_FORMATS = {
    Entry.MONEY: "£#,##0.00",
    Entry.NUMBER: "#,##0.############",
    Entry.WHOLE: "#,##0",
    Entry.SHARE: "0.############%",
    Entry.YES_NO: "@",
    Entry.TEXT: "@",
}
VALIDATIONS: dict[Entry, dict[str, Any]] = {
    Entry.MONEY: {
        "validate": "decimal",
        "criteria": ">=",
        "value": 0,
        "error_message": "Enter pounds, such as 1250.50.",
    },
    Entry.NUMBER: {"validate": "decimal", "criteria": ">=", "value": 0, "error_message": "Enter a number, 0 or more."},
    Entry.WHOLE: {"validate": "integer", "criteria": ">=", "value": 0, "error_message": "Enter a whole number."},
    Entry.SHARE: {
        "validate": "decimal",
        "criteria": "between",
        "minimum": 0,
        "maximum": 1,
        "error_message": "Enter a percentage from 0% to 100%.",
    },
    Entry.YES_NO: {"validate": "list", "source": [YES, NO], "error_message": "Choose Yes or No."},
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
    import xlsxwriter  # type: ignore[import-untyped]

    entered = entries_of(template.sheets, template.content)
    out = BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    about = {"title": f"Bid for {template.title}", "author": template.buyer, "subject": template.sheets.ocid}
    book.set_properties({**about, "created": datetime.combine(template.made_on, time())})
    writer = _Writer(book, template, entered)
    writer.write_start()
    for page in list(Page)[1:]:
        writer.write_page(page)
    book.close()
    return out.getvalue()


class _Writer:
    """Writes the sheets of one workbook."""

    def __init__(self, book: Any, template: BidTemplate, entered: Entered) -> None:
        self.book, self.template, self.sheets, self.entered = book, template, template.sheets, entered
        self.formats = {name: book.add_format(look) for name, look in FORMATS.items()}
        box = {"locked": False, "bg_color": SHADE, "border": 1, "border_color": BRAND, "valign": "top"}
        for entry, number_format in NUMBER_FORMATS.items():
            wrap = entry is Entry.TEXT
            self.formats[entry.value] = book.add_format({**box, "num_format": number_format, "text_wrap": wrap})

    def write_start(self) -> None:
        page = self._add(Page.START)
        for number, text in enumerate(self.sheets.identity):
            page.write_string(number, 0, text)
        page.set_column(1, 1, 30)
        page.set_column(2, 2, 92)
        page.write_string(0, 1, "Your bid", self.formats["heading"])
        page.write_string(1, 1, self.template.title, self.formats["sentence"])
        number = 3
        for name, text in self._about():
            page.write_string(number, 1, name, self.formats["title"])
            page.write_string(number, 2, text, self.formats["code" if name.startswith("Finger") else "plain"])
            number += 1
        page.write_string(number + 1, 1, "How to use this workbook", self.formats["title"])
        for i, text in enumerate(INSTRUCTIONS, start=number + 1):
            page.write_string(i, 2, f"{i - number}. {text}", self.formats["plain"])

    def _about(self) -> list[tuple[str, str]]:
        lot = [("Lot", self.template.lot)] if self.template.lot else []
        return [
            ("Buyer", self.template.buyer),
            ("Tender", self.sheets.ocid),
            *lot,
            ("Bids close", self.template.closes),
            ("Bidder", self.template.content.bidder if self.template.content else "as you sign in"),
            ("Fingerprint of the method", self.sheets.method.method_hash),
        ]

    def write_page(self, name: Page) -> None:
        page = self._add(name)
        heading, sentence = HEADINGS[name]
        page.write_string(0, 1, heading, self.formats["heading"])
        page.write_string(1, 1, sentence, self.formats["sentence"])
        for column, (title, width) in enumerate(COLUMNS[name], start=1):
            page.set_column(column, column, width)
            page.write_string(FIRST_ROW - 1, column, title, self.formats["column"])
        rows = [row for row in self.sheets.rows if row.page is name]
        for column, title in enumerate(self._entry_titles(name), start=FIRST_COLUMN):
            page.write_string(FIRST_ROW - 1, column, title, self.formats["column"])
            page.set_column(column, column, COUNT_WIDTH if title == WORD_COUNT else WIDTHS[name])
        if not rows:
            page.write_string(FIRST_ROW, 1, "This tender asks nothing here.", self.formats["plain"])
        for row in rows:
            self._write_row(page, row)
        page.freeze_panes(FIRST_ROW, 2)
        page.repeat_rows(FIRST_ROW - 1)

    def _add(self, name: Page) -> Any:
        page = self.book.add_worksheet(name.value)
        page.set_column(0, 0, HIDDEN_WIDTH, None, {"hidden": True})
        page.hide_gridlines(2)
        page.set_landscape()
        page.set_paper(9)
        page.fit_to_pages(1, 0)
        page.set_footer("&L&F&R&A, page &P of &N")
        page.protect("", {"format_columns": True, "format_rows": True})
        return page

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
        for column, text in enumerate(texts, start=1):
            page.write_string(row.number, column, text, self.formats["title" if column == 1 else "hint"])
        values = self.entered.get((row.page, row.code), [])
        for i, entry in enumerate(row.entries):
            self._write_entry(page, row, FIRST_COLUMN + i, entry, values[i] if i < len(values) else None)
        least = {Page.STATEMENTS: ANSWER_HEIGHT, Page.PLAN: PLAN_HEIGHT}.get(row.page, ROW_HEIGHT)
        widths = [width for _, width in COLUMNS[row.page]]
        lines = max(_lines(text, width) for text, width in zip(texts, widths, strict=True))
        page.set_row(row.number, max(least, min(400, ROW_HEIGHT * lines + 3)))
        if row.page is Page.COMMITMENTS and self.sheets.years:
            self._write_total(page, row, values)
        elif row.page is Page.STATEMENTS:
            self._write_word_count(page, row, values)

    def _write_entry(self, page: Any, row: Row, column: int, entry: Entry, value: str | Decimal | None) -> None:
        look = self.formats[entry.value]
        if entry in VALIDATIONS:
            page.data_validation(
                row.number, column, row.number, column, VALIDATIONS[entry] | {"error_title": "Check this"}
            )
        if value is None or value == "":
            page.write_blank(row.number, column, None, look)
        elif isinstance(value, Decimal) and len(value.normalize().as_tuple().digits) <= MOST_DIGITS:
            page.write_number(row.number, column, value.normalize() + 0, look)
        else:
            page.write_string(row.number, column, write_decimal(value) if isinstance(value, Decimal) else value, look)

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
    return address(Page.START, row, column).partition("!")[2]


def _fact_texts(fact: Fact) -> tuple[str, str, str]:
    units = {Entry.MONEY: "pounds", Entry.NUMBER: "number", Entry.WHOLE: "whole number", Entry.SHARE: "per cent"}
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


def _lines(text: str, width: int) -> int:
    """Roughly how many lines a text takes in a column."""
    return sum(1 + len(line) // max(1, width - 2) for line in text.split("\n"))
