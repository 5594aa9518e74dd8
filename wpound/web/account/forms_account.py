"""Forms for registering, inviting and accepting."""

from typing import Any

from wtforms.validators import ValidationError  # type: ignore[import-untyped]

from wpound.ingest.suppliers.identifiers import charity_identifier, company_identifier
from wpound.services.check_password import MINIMUM_LENGTH
from wpound.services.invite_person import Firm
from wpound.services.manage_people import RoleChoices
from wpound.web.fields import (
    CharityNumberField,
    CompanyNumberField,
    EmailField,
    PasswordField,
    RadioField,
    SelectField,
    TextField,
)
from wpound.web.forms import Form

KINDS = {"company": "A company, or another body at Companies House", "charity": "A charity that is not a company"}


class FirmForm(Form):
    """The firm and the email address of its person."""

    firm = TextField("Name of the organisation", missing="Enter the name of the organisation", longest=200)
    kind = RadioField("What kind of organisation is it?", KINDS, missing="Select the kind of organisation")
    company = CompanyNumberField(
        "Company number", description="For a company: 8 characters, like 01234567 or SC123456."
    )
    charity = CharityNumberField("Charity number", description="For a charity: like 1234567, SC012345 or NIC100123.")
    email = EmailField("Email address", missing="Enter an email address")

    def validate_company(self, field: Any) -> None:
        """The number of the kind that was chosen has to be there; the other one is not looked at."""
        self._require("company", field, "Enter the company number")

    def validate_charity(self, field: Any) -> None:
        """As for the company number."""
        self._require("charity", field, "Enter the charity number")

    def _require(self, kind: str, field: Any, missing: str) -> None:
        if self.kind.data == kind and field.data is None and not field.errors:
            raise ValidationError(missing)

    @property
    def named(self) -> Firm:
        """The firm as the services know it."""
        number = self.company.data if self.kind.data == "company" else self.charity.data
        identify = company_identifier if self.kind.data == "company" else charity_identifier
        return Firm(name=str(self.firm.data), identifier=str(identify(str(number))))


class AcceptForm(Form):
    """Name and password of a new account."""

    name = TextField("Full name", missing="Enter your full name", longest=120)
    password = PasswordField(
        "Password",
        description=f"{MINIMUM_LENGTH} characters or more. Three random words are easy to remember and hard to guess.",
        missing="Enter a password",
    )


class ColleagueForm(Form):
    """Invite somebody into one's own organisation."""

    email = EmailField("Email address", missing="Enter your colleague's email address")
    role = RadioField("Role", {}, missing="Select a role for your colleague")
    tender = SelectField("Tender", {}, description="Only for an evaluator: the one tender they evaluate.")
    contract = SelectField("Contract", {}, description="Only for a contract manager: the one contract they manage.")

    def __init__(self, choices: RoleChoices, **options: Any) -> None:
        super().__init__(**options)
        self.role.offer(choices.roles)
        self.tender.offer({"": "No tender"} | choices.tenders)
        self.contract.offer({"": "No contract"} | choices.contracts)
