"""Ask of a tender in a file how firmly its result stands and which promises need a question; no database."""

from wpound.core.plausibility import Plausibility, check_plausibility
from wpound.core.robustness import RobustnessPanel, check_robustness
from wpound.core.valuing import CatalogueLike
from wpound.services.score_tender import read_whole_tender


def check_file_robustness(content: bytes, catalogue: CatalogueLike, *, seed: int, draws: int) -> RobustnessPanel:
    """The robustness panel; raises :class:`InputErrors` where the file cannot be scored."""
    tender = read_whole_tender(content, catalogue)
    return check_robustness(tender.method, tender.bids, catalogue, tender.as_of, seed=seed, draws=draws)


def check_file_plausibility(content: bytes, catalogue: CatalogueLike) -> Plausibility:
    """The questions to bidders; raises :class:`InputErrors` where the file cannot be scored."""
    tender = read_whole_tender(content, catalogue)
    return check_plausibility(tender.method, tender.bids, catalogue, tender.as_of)
