"""Closed lists of what contracts are and what becomes of them."""

from enum import StrEnum


class ContractType(StrEnum):
    """The kinds of contract of the local government schema."""

    SINGLE_AWARD = "single_award"
    MULTIPLE_AWARD = "multiple_award"
    FRAMEWORK = "framework"
    DYNAMIC_PURCHASING = "dynamic_purchasing"
    GRANT = "grant"
    OTHER = "other"


class ChangeKind(StrEnum):
    """What became of a contract; ``reported`` is a change that a register file told of."""

    VARIATION = "variation"
    EXTENSION = "extension"
    TERMINATION = "termination"
    REPORTED = "reported"
