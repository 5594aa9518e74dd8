"""What a supplier declares as it sends a return, word for word.

The first two are those that Essex County Council closes its quarterly form with
(https://consultations.essex.gov.uk/procurement/797dd43e/); the third is this house's.
"""

from collections.abc import Collection
from enum import StrEnum


class Declaration(StrEnum):
    """One sentence to be ticked; its code is what a return keeps."""

    THIS_CONTRACT_ONLY = "this_contract_only"
    TIED_TO_COMMITMENT = "tied_to_commitment"
    TRUE_AND_COMPLETE = "true_and_complete"

    @property
    def text(self) -> str:
        """The sentence."""
        return _TEXTS[self]


_TEXTS = {
    Declaration.THIS_CONTRACT_ONLY: (
        "What we report was done for this contract and in this quarter only. It is counted nowhere else."
    ),
    Declaration.TIED_TO_COMMITMENT: "Every line we report belongs to the promise of this contract it stands under.",
    Declaration.TRUE_AND_COMPLETE: "As far as we know, what we report is true and complete, and we can show it.",
}


def missing_declarations(made: Collection[str]) -> list[Declaration]:
    """The declarations that were not made, in order.

    >>> missing_declarations(["this_contract_only", "tied_to_commitment"])
    [<Declaration.TRUE_AND_COMPLETE: 'true_and_complete'>]
    """
    return [one for one in Declaration if one.value not in made]
