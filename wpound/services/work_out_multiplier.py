"""Work out a local multiplier from a file, with no database."""

from wpound.core.form import Problems
from wpound.core.multiplier import Multiplier
from wpound.core.survey import Survey, read_survey
from wpound.ingest.nested_file import read_nested


def work_out_multiplier(content: bytes) -> tuple[Survey, Multiplier]:
    """The rounds or the survey of a JSON or TOML file, and the multiplier they come to.

    Raises :class:`InputErrors` with every problem of the file at once, and what the rules of ``core.multiplier`` raise.
    """
    problems = Problems()
    survey = read_survey(read_nested(content, "an LM3 file in JSON or TOML"), problems)
    problems.raise_if_any()
    return survey, survey.work_out()
