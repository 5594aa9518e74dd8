"""A workbook as another program saves it, with other values in some cells; for tests of what comes back."""

from collections.abc import Mapping
from datetime import date
from io import BytesIO
from typing import Any

import xlsxwriter
from python_calamine import CalamineWorkbook
from xlsxwriter.utility import xl_cell_to_rowcol


def edit_workbook(content: bytes, changes: Mapping[str, Any], without: str = "") -> bytes:
    """Save it with other values in cells such as ``Claims!K5``, and without a sheet.

    A pair is a formula and what it came to.
    """
    book, out = CalamineWorkbook.from_filelike(BytesIO(content)), BytesIO()
    saved = xlsxwriter.Workbook(out, {"in_memory": True, "strings_to_formulas": False})
    day = saved.add_format({"num_format": "d mmm yyyy"})
    for name in book.sheet_names:
        if name == without:
            continue
        table = book.get_sheet_by_name(name).to_python(skip_empty_area=False)
        cells = {(r, c): value for r, row in enumerate(table) for c, value in enumerate(row)}
        own = {place.partition("!")[2]: value for place, value in changes.items() if place.startswith(f"{name}!")}
        cells |= {xl_cell_to_rowcol(place): value for place, value in own.items()}
        sheet = saved.add_worksheet(name)
        for place, value in cells.items():
            if isinstance(value, tuple):
                sheet.write_formula(*place, value[0], None, value[1])
            elif isinstance(value, date):
                sheet.write_datetime(*place, value, day)
            elif value != "":
                sheet.write(*place, value)
    saved.close()
    return out.getvalue()
