"""The forms about the roles of people."""

from typing import Any

from wpound.services.manage_people import RoleChoices
from wpound.web.fields import RadioField, SelectField
from wpound.web.forms import Form


class GrantForm(Form):
    """Give a person a role."""

    role = RadioField("Role", {}, missing="Select the role to give")
    tender = SelectField("Tender", {}, description="Only for an evaluator: the one tender they evaluate.")
    contract = SelectField("Contract", {}, description="Only for a contract manager: the one contract they manage.")

    def __init__(self, choices: RoleChoices, **options: Any) -> None:
        super().__init__(**options)
        self.role.offer(choices.roles)
        self.tender.offer({"": "No tender"} | choices.tenders)
        self.contract.offer({"": "No contract"} | choices.contracts)
