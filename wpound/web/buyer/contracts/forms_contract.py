"""The forms of the register: an entry, its details, its promises, and a file of contracts."""

from collections.abc import Mapping
from datetime import date
from typing import cast

from wpound.core.contract_words import ChangeKind, ContractType
from wpound.core.delivery import DueProfile
from wpound.core.due_dates import DueDate, Settlement
from wpound.core.money import Money
from wpound.core.particulars import ContractKind
from wpound.core.periods import Period
from wpound.core.reproportion import Rule
from wpound.ingest.contracts_file import MOST_BYTES
from wpound.services.change_contract import KIND_TITLES, LONGEST_REASON, RULE_TITLES, NewTerms
from wpound.services.edit_contract import ContractDetails
from wpound.services.enter_contract import ContractTerms
from wpound.services.hand_over import LONGEST_TEXT
from wpound.services.register_contract import NamedSupplier
from wpound.services.show_contract import TYPE_TITLES
from wpound.web.fields import (
    CharityNumberField,
    CompanyNumberField,
    DateField,
    DecimalField,
    FileField,
    IntegerField,
    LongTextField,
    MoneyField,
    RadioField,
    SelectField,
    TextField,
)
from wpound.web.forms import EditForm, Form

TYPES = {"": "Not said"} | {kind.value: title for kind, title in TYPE_TITLES.items()}
REGIMES = {"": "Not said"} | {kind.value: kind.label for kind in ContractKind}
PROFILES = {
    DueProfile.EVEN.value: "Evenly, by the end of every quarter",
    DueProfile.FRONT_LOADED.value: "Early, by the end of every quarter in the first half of the contract",
    DueProfile.MILESTONES.value: "By milestones",
}
CHANGES = (ChangeKind.VARIATION, ChangeKind.EXTENSION, ChangeKind.TERMINATION)
AN_EVEN_DAY = "For example, 1 4 2026"


class TermsFields:
    """What an entry says first; errors are listed in the order in which the fields are made."""

    reference = TextField("Reference", longest=100, missing="Enter the reference of the contract")
    title = TextField("Title", missing="Enter the title of the contract")
    supplier = TextField("Supplier", missing="Enter the name of the supplier")
    company_number = CompanyNumberField("Company number of the supplier", description="Leave blank if it has none.")
    charity_number = CharityNumberField("Charity number of the supplier", description="Leave blank if it has none.")
    value = MoneyField("Value over its whole life", missing="Enter the value of the contract")
    start_on = DateField("First day", missing="Enter the first day", description=AN_EVEN_DAY)
    end_on = DateField("Last day", missing="Enter the last day", description="For example, 31 3 2028")


class DetailsFields:
    """What an entry says beside its terms."""

    description = LongTextField("Description", longest=2000)
    contract_type = SelectField("Type of contract", TYPES)
    regime = SelectField("What the law calls it", REGIMES, description="It decides which duties apply.")
    department = TextField("Department")
    manager = TextField("Contract manager", description="The person or post that looks after it.")
    cpv_code = TextField("CPV code", longest=10, description="8 digits, such as 77310000.")
    cpv_label = TextField("What the code stands for")
    procedure = TextField("How it was bought", description="For example, invitation to tender.")
    extension_terms = TextField("Extensions that the contract allows")
    review_on = DateField("Review day", description=AN_EVEN_DAY)

    def to_details(self, lot: str | None = None) -> ContractDetails:
        """What the form says."""
        return ContractDetails(
            description=self.description.data,
            contract_type=ContractType(self.contract_type.data) if self.contract_type.data else None,
            regime=ContractKind(self.regime.data) if self.regime.data else None,
            lot=lot,
            department=self.department.data,
            manager=self.manager.data,
            cpv_code=self.cpv_code.data,
            cpv_label=self.cpv_label.data,
            process=self.procedure.data,
            extension_terms=self.extension_terms.data,
            review_on=self.review_on.data,
        )


class NewContractForm(TermsFields, DetailsFields, Form):
    """A contract that came from no tender here."""

    def validate(self, *args: object, **options: object) -> bool:
        """The contract does not end before it starts."""
        is_sound = bool(super().validate(*args, **options))
        start_on, end_on = self.start_on.data, self.end_on.data
        if start_on and end_on and end_on < start_on:
            self.end_on.errors = ["The last day must be on or after the first day"]
            return False
        return is_sound

    def to_supplier(self) -> NamedSupplier:
        """Whom the form names."""
        return NamedSupplier(str(self.supplier.data), self.company_number.data, self.charity_number.data)

    def to_terms(self) -> ContractTerms:
        """The terms of a sound form."""
        life = Period(cast(date, self.start_on.data), cast(date, self.end_on.data))
        return ContractTerms(str(self.reference.data), str(self.title.data), cast(Money, self.value.data), life)


class DetailsForm(DetailsFields, EditForm):
    """The details of an entry."""


class SettleFields:
    """Owner, due dates, evidence and remedy of a promise."""

    owner = TextField("Who looks after it", description="The person or team that checks that this is delivered.")
    due_profile = RadioField("When it is due", PROFILES)
    milestones = LongTextField(
        "Milestones",
        longest=LONGEST_TEXT,
        description="Only if it is due by milestones: one line each, a day and the quantity due by then, like "
        "31/3/2027 4.5. They must add up to what was promised.",
    )
    evidence = LongTextField("What proves it", longest=LONGEST_TEXT)
    remedy = LongTextField("What follows if it is not delivered", longest=LONGEST_TEXT)

    def to_settlement(self, milestones: tuple[DueDate, ...]) -> Settlement:
        """What the form says."""
        profile = DueProfile(self.due_profile.data) if self.due_profile.data else None
        return Settlement(
            owner=self.owner.data,
            due_profile=profile,
            milestones=milestones if profile is DueProfile.MILESTONES else (),
            evidence=self.evidence.data,
            remedy=self.remedy.data,
        )


class PromiseForm(SettleFields, EditForm):
    """What is settled for a promise."""


class NewPromiseForm(SettleFields, Form):
    """A promise from the catalogue."""

    measure = SelectField("Measure", {}, missing="Choose the measure")
    quantity = DecimalField("Quantity", places=4, missing="Enter the quantity")
    year = IntegerField("Calendar year", least=1990, most=2100, description="Leave blank for the whole contract.")

    def __init__(self, measures: Mapping[str, str], **options: object) -> None:
        super().__init__(**options)
        self.measure.offer({"": "Choose a measure", **measures})


class ChangeForm(EditForm):
    """A change as its person describes it; the second time with ``confirmed``."""

    kind = RadioField(
        "What changes", {kind.value: KIND_TITLES[kind] for kind in CHANGES}, missing="Select what changes"
    )
    reason = LongTextField("Reason", longest=LONGEST_REASON, missing="Enter the reason")
    effective_on = DateField("From which day it counts", missing="Enter the day", description=AN_EVEN_DAY)
    value = MoneyField("Value of the contract afterwards", missing="Enter the value afterwards")
    end_on = DateField("Last day of the contract afterwards", missing="Enter the last day afterwards")
    rule = RadioField(
        "How the promises follow",
        {rule.value: title for rule, title in RULE_TITLES.items()},
        missing="Select how the promises follow",
    )

    def to_terms(self) -> NewTerms:
        """The change of a sound form."""
        value = cast(Money, self.value.data)
        return NewTerms(
            ChangeKind(self.kind.data),
            str(self.reason.data),
            cast(date, self.effective_on.data),
            value,
            cast(date, self.end_on.data),
            Rule(self.rule.data),
        )


class ImportForm(Form):
    """A file of contracts."""

    file = FileField(
        "File",
        largest=MOST_BYTES,
        missing="Choose the file",
        description="A contracts register as CSV or XLSX with the columns of the Transparency Code, or open "
        "contracting (OCDS) releases as JSON.",
    )
    named_as = TextField(
        "What the file calls your organisation",
        description="Only if it is another name than yours. Contracts of others are left out.",
    )
