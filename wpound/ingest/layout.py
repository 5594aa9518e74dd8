"""The saved layout of one publisher's files: proposed by the reader, confirmed once by a person, used again after."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Self

from wpound.core.basis import Basis
from wpound.core.errors import InputError, InputErrors


class Field(StrEnum):
    """What a column of a spend file can hold; every other column is kept as an extra."""

    PAID_ON = "paid_on"
    NET_AMOUNT = "net_amount"
    SUPPLIER_NAME = "supplier_name"
    SUPPLIER_NUMBER = "supplier_number"
    VAT_NUMBER = "vat_number"
    COMPANY_NUMBER = "company_number"
    CHARITY_NUMBER = "charity_number"
    POSTCODE = "postcode"
    DEPARTMENT = "department"
    PURPOSE = "purpose"
    CATEGORY = "category"
    TRANSACTION_NUMBER = "transaction_number"
    REDACTION = "redaction"


class DateOrder(StrEnum):
    """How the dates of a file are written; ``year-month-day`` is understood under all three."""

    DAY_FIRST = "day_first"
    MONTH_FIRST = "month_first"
    SERIAL = "serial"


class Sign(StrEnum):
    """Whether money paid out is printed as a positive or as a negative number."""

    PAYMENTS_POSITIVE = "payments_positive"
    PAYMENTS_NEGATIVE = "payments_negative"


@dataclass(frozen=True)
class Layout:
    """How to read one publisher's files.

    ``columns`` maps a heading to its field. ``header_line`` counts from 1 and is None for files without headings,
    whose columns are then called ``column 1``, ``column 2`` and so on. ``delimiter`` is None for workbooks.
    ``threshold_pence`` is the smallest payment the publisher promises to list, None where it is not known.
    """

    columns: Mapping[str, Field]
    header_line: int | None = 1
    delimiter: str | None = ","
    date_order: DateOrder = DateOrder.DAY_FIRST
    sign: Sign = Sign.PAYMENTS_POSITIVE
    basis: Basis = Basis.UNKNOWN
    threshold_pence: int | None = None

    def to_dict(self) -> dict[str, Any]:
        """The layout as plain values that can be kept as JSON."""
        return {
            "columns": {heading: str(name) for heading, name in self.columns.items()},
            "header_line": self.header_line,
            "delimiter": self.delimiter,
            "date_order": str(self.date_order),
            "sign": str(self.sign),
            "basis": str(self.basis),
            "threshold_pence": self.threshold_pence,
        }

    @classmethod
    def from_dict(cls, values: Mapping[str, Any]) -> Self:
        """Read back what :meth:`to_dict` wrote; raises InputErrors naming every value that is not known."""
        errors: list[InputError] = []

        def choose(name: str, kind: type[StrEnum], value: Any) -> Any:
            try:
                return kind(value)
            except ValueError:
                errors.append(InputError(name, f"“{value}” is not one of {', '.join(kind)}"))
                return None

        columns = {heading: choose("columns", Field, name) for heading, name in values.get("columns", {}).items()}
        if Field.NET_AMOUNT not in columns.values():
            errors.append(InputError("columns", "say which column holds the amount"))
        date_order = choose("date_order", DateOrder, values.get("date_order", DateOrder.DAY_FIRST))
        sign = choose("sign", Sign, values.get("sign", Sign.PAYMENTS_POSITIVE))
        basis = choose("basis", Basis, values.get("basis", Basis.UNKNOWN))
        if errors:
            raise InputErrors(errors)
        return cls(
            columns=columns,
            header_line=values.get("header_line"),
            delimiter=values.get("delimiter"),
            date_order=date_order,
            sign=sign,
            basis=basis,
            threshold_pence=values.get("threshold_pence"),
        )
