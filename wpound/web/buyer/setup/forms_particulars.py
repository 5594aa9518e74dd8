"""The forms about what is bought: particulars, lots and priorities."""

import re
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from wpound.catalogue.model import Plan
from wpound.core.form import write_decimal, write_money
from wpound.core.money import Money
from wpound.core.particulars import LONGEST_TEXT, MOST_REPLY_DAYS, REPLY_DAYS, ContractKind, Reserved
from wpound.services.draft_tender import NewLot
from wpound.services.view_tender import TenderView
from wpound.web.fields import (
    CheckboxesField,
    CheckboxField,
    DateField,
    DecimalField,
    EmailField,
    IntegerField,
    LongTextField,
    MoneyField,
    RadioField,
    TextField,
)
from wpound.web.forms import EditForm

PENNY = Money(1)
WITH_VAT = {"yes": "It includes VAT", "no": "It is without VAT"}
MOST_LOTS = 50


class ParticularsForm(EditForm):
    """What is bought and by which rules; everything but the title can be filled in later."""

    title = TextField("Title of the tender", missing="Enter a title", description="As suppliers will read it.")
    description = LongTextField("What is bought", longest=LONGEST_TEXT, description="In plain words, for any supplier.")
    kind = RadioField("Kind of contract", {kind.value: kind.label for kind in ContractKind})
    is_framework = CheckboxField("This sets up a framework")
    contract_value = MoneyField(
        "Contract value", least=PENNY, description="Your estimate for the whole term, with every option to extend."
    )
    vat = RadioField("VAT", WITH_VAT, description="The thresholds of the law include VAT.")
    years = DecimalField(
        "Length in years", places=2, least=Decimal("0.01"), most=99, description="For example 3, or 2.5 for 30 months."
    )
    start_on = DateField("Expected start", description="For example, 1 4 2027.")
    cpv_codes = LongTextField(
        "CPV codes", longest=1000, description="Eight digits each, like 77310000. Put each on a line of its own."
    )
    reserved = RadioField(
        "Who can bid",
        {reserved.value: reserved.label for reserved in Reserved},
        description="Only a contract below the threshold can be reserved.",
    )
    reserved_area = TextField("Local area, where reserved to one", description="For example, the area of the council.")
    reserved_wording = LongTextField("Words of the advert that reserve it", longest=LONGEST_TEXT)
    contact_email = EmailField("Email address for questions about this service")
    two_envelopes = CheckboxField("Keep prices sealed until quality is agreed (two envelopes)")
    hide_names = CheckboxField("Hide the names of bidders from evaluators")
    reply_days = IntegerField(
        "Working days to answer a question about a bid", least=1, most=MOST_REPLY_DAYS, description="5 if left empty."
    )

    @classmethod
    def of(cls, view: TenderView, **options: Any) -> "ParticularsForm":
        """The form as the draft stands."""
        about, method = view.state.particulars, view.state.method
        same = ("description", "is_framework", "start_on", "reserved_area", "reserved_wording", "contact_email")
        data = {name: getattr(about, name) for name in (*same, "two_envelopes", "hide_names", "reply_days")} | {
            "version": view.tender.version,
            "title": method.title,
            "contract_value": method.contract_value,
            "years": method.years,
            "vat": {True: "yes", False: "no", None: None}[about.value_includes_vat],
            "kind": about.kind and about.kind.value,
            "reserved": about.reserved.value,
            "cpv_codes": "\n".join(about.cpv_codes),
        }
        return cls(data=data, **options)

    def basics(self) -> dict[str, str]:
        """Title, value and years as the file form of a method has them."""
        found = {"title": str(self.title.data)}
        if self.contract_value.data is not None:
            found["contract_value"] = write_money(self.contract_value.data)
        if self.years.data is not None:
            found["years"] = write_decimal(self.years.data)
        return found

    def particulars(self) -> dict[str, Any]:
        """The rest as particulars are stored; None takes away what was there."""
        names = ("description", "reserved_area", "reserved_wording", "contact_email", "is_framework")
        return {name: self[name].data for name in (*names, "two_envelopes", "hide_names")} | {
            "kind": self.kind.data or None,
            "value_includes_vat": {"yes": True, "no": False}.get(self.vat.data),
            "start_on": self.start_on.data and self.start_on.data.isoformat(),
            "cpv_codes": [code for code in re.split(r"[\s,;]+", self.cpv_codes.data or "") if code],
            "reserved": self.reserved.data or Reserved.NONE.value,
            "reply_days": self.reply_days.data or REPLY_DAYS,
        }


class LotsForm(EditForm):
    """Titles and values of the lots; made with as many rows as are needed."""

    rows: int

    @classmethod
    def of(cls, view: TenderView, **options: Any) -> "LotsForm":
        """The form as the draft stands, with room for three more lots."""
        lots = view.lots if len(view.lots) > 1 else ()
        rows = min(max(len(lots) + 3, 4), MOST_LOTS)
        fields: dict[str, Any] = {"rows": rows}
        for number in range(1, rows + 1):
            fields[f"title_{number}"] = TextField(f"Title of lot {number}")
            fields[f"value_{number}"] = MoneyField(f"Value of lot {number}", least=PENNY)
        data: dict[str, Any] = {"version": view.tender.version}
        for number, lot in enumerate(lots, start=1):
            data |= {f"title_{number}": lot.title, f"value_{number}": lot.contract_value}
        made: type[LotsForm] = type("LotsForm", (cls,), fields)
        return made(data=data, **options)

    def validate(self, extra_validators: Any = None) -> bool:
        """A value needs a title beside it, and one lot is no division."""
        super().validate(extra_validators)
        for number in range(1, self.rows + 1):
            title, value = self[f"title_{number}"], self[f"value_{number}"]
            if value.data is not None and not title.data:
                title.errors = ["Enter the title of this lot, or empty its value"]
        if not self.errors and len(self.lots()) == 1:
            self.form_errors.append("Enter at least two lots, or empty every box for a tender that is not divided")
        return not self.errors

    def lots(self) -> Sequence[NewLot]:
        """The lots with a title, in order."""
        rows = [(self[f"title_{n}"].data, self[f"value_{n}"].data) for n in range(1, self.rows + 1)]
        return [NewLot(title, value) for title, value in rows if title]


class PrioritiesForm(EditForm):
    """The outcomes of the plan that a contract serves, under each priority; made for a plan."""

    names: tuple[str, ...]

    @classmethod
    def of(cls, view: TenderView, plan: Plan, **options: Any) -> "PrioritiesForm":
        """The form for the plan as the draft stands."""
        chosen = set(view.state.particulars.priorities)
        offered = {
            f"priority_{priority.key}": (priority.title, {item.key: item.text for item in priority.outcomes})
            for priority in plan.priorities
        }
        if plan.principles:
            titles = {principle.key: principle.title for principle in plan.principles}
            offered["principles"] = ("Principles that cut across the priorities", titles)
        fields = {name: CheckboxesField(title, choices) for name, (title, choices) in offered.items()}
        data = {name: [key for key in choices if key in chosen] for name, (_, choices) in offered.items()}
        made: type[PrioritiesForm] = type("PrioritiesForm", (cls,), {"names": tuple(fields), **fields})
        return made(data={"version": view.tender.version, **data}, **options)

    def chosen(self) -> list[str]:
        """The keys chosen, in the order of the plan."""
        return [key for name in self.names for key in self[name].data or ()]
