"""Why a payee's name is not published."""

from enum import StrEnum


class Redaction(StrEnum):
    """Why a name was left out; where no reason is printed it is taken to be a person's."""

    PERSONAL = "personal"
    CONFIDENTIAL = "confidential"
