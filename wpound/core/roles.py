"""The closed list of roles, which access, settings and commands go by."""

from enum import StrEnum


class Role(StrEnum):
    """What a person is to an organisation."""

    ADMIN = "admin"
    OFFICER = "officer"
    EVALUATOR = "evaluator"
    CONTRACT_MANAGER = "contract_manager"
    SUPPLIER = "supplier"
    ANCHOR = "anchor"
