"""Who may do what: decided here, from the roles people hold, and nowhere else."""

from enum import StrEnum


class Policy(StrEnum):
    """Who a page or an action is for."""

    PUBLIC = "public"
    SIGNED_IN = "signed in"
    MEMBER = "member"
    ADMIN = "admin"
    OFFICER = "officer"
    EVALUATOR = "evaluator"
    CONTRACT_MANAGER = "contract manager"
    BUYER = "buyer"
    SUPPLIER = "supplier"
    ANCHOR = "anchor"
