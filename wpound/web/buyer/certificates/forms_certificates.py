"""What to certify, a year of certificates at once, and why one is taken back."""

from datetime import date
from typing import Any

from wpound.core.delivery import CertificateScope
from wpound.core.periods import Period, format_financial_year
from wpound.services.choose_work import WorkChoices, span_quarters
from wpound.services.list_certificates import SCOPE_TITLES
from wpound.web.fields import RadioField, SelectField, TextField
from wpound.web.forms import Form, SearchForm


class _Work:
    """The choice of work and period; ``offer`` fills it with what the person may certify."""

    scope = RadioField("What to certify", {}, missing="Select what to certify")
    contract = SelectField("Contract", {}, description="Only for one contract.")
    supplier = SelectField("Supplier", {}, description="Only for all contracts of a supplier.")
    first = SelectField("First quarter", {}, missing="Select the first quarter")
    last = SelectField("Last quarter", {}, missing="Select the last quarter")

    def offer(self, choices: WorkChoices) -> None:
        """Fill the lists."""
        self.scope.offer({scope.value: SCOPE_TITLES[scope] for scope in choices.scopes})
        self.contract.offer({"": "Select a contract"} | choices.contracts)
        self.supplier.offer({"": "Select a supplier"} | choices.suppliers)
        spans = {quarter.start_on.isoformat(): quarter.format() for quarter in choices.quarters}
        for field in (self.first, self.last):
            field.offer({"": "Select a quarter"} | spans)

    @property
    def work(self) -> tuple[CertificateScope, int | None, int | None]:
        """The scope, and the numbers of the contract and the supplier where they are chosen."""
        return CertificateScope(self.scope.data), self.contract.row_number, self.supplier.row_number

    @property
    def period(self) -> Period:
        """The quarters chosen; raises InputError where the last is before the first."""
        return span_quarters(date.fromisoformat(self.first.data), date.fromisoformat(self.last.data))


class ChooseForm(_Work, SearchForm):
    """Ask what a certificate would say."""

    def __init__(self, choices: WorkChoices, formdata: Any) -> None:
        super().__init__(formdata)
        self.offer(choices)
        if formdata is None and len(choices.scopes) == 1:
            self.scope.data = choices.scopes[0].value


class IssueForm(_Work, Form):
    """Issue what was asked for."""

    def __init__(self, choices: WorkChoices) -> None:
        super().__init__()
        self.offer(choices)


class YearForm(Form):
    """Issue a certificate for every contract of a year."""

    year = SelectField("Financial year", {}, missing="Select a financial year")

    def __init__(self, choices: WorkChoices) -> None:
        super().__init__()
        self.year.offer({"": "Select a year"} | {str(year): format_financial_year(year) for year in choices.years})


class RevokeForm(Form):
    """Take a certificate back."""

    because = TextField(
        "Reason",
        description="Everybody who verifies the certificate sees the reason. You cannot undo this.",
        missing="Enter the reason",
        longest=300,
    )
