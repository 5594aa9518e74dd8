"""``wpound lm3``: a local multiplier from a file of rounds or of surveyed recipients."""

from typing import TYPE_CHECKING, BinaryIO

import click

from wpound.cli.output import print_json
from wpound.core.money import format_share

if TYPE_CHECKING:
    from wpound.core.multiplier import Multiplier, SurveyGroup
    from wpound.core.survey import Survey


@click.command("lm3")
@click.argument("file", type=click.File("rb"))
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def command(file: BinaryIO, as_json: bool) -> None:
    """Work out the local multiplier LM3 from FILE (JSON or TOML; - for standard input)."""
    from wpound.services.work_out_multiplier import work_out_multiplier

    survey, result = work_out_multiplier(file.read())
    if as_json:
        about = {"title": survey.title, "area": survey.area, "response_floor": str(survey.response_floor)}
        print_json(about | result.to_dict())
    else:
        _print(survey, result)


def _print(survey: "Survey", result: "Multiplier") -> None:
    from wpound.core.multiplier import explain_multiplier

    rounds = result.rounds
    click.echo(f"{survey.title}, {survey.area}" if survey.area else survey.title)
    r3 = rounds.r3_low.format()
    r3 = r3 if rounds.r3_low == rounds.r3_high else f"{r3} to {rounds.r3_high.format()}"
    for label, value in (("R1", rounds.r1.format()), ("R2", rounds.r2.format()), ("R3", r3), ("LM3", result.printed)):
        click.echo(f"  {label:<4} {value}")
    for group in result.groups:
        click.echo(f"  {_describe(group)}")
    if result.response is not None:
        click.echo(f"  Answers cover {format_share(result.response)} of R2")
    click.echo(explain_multiplier(result))


def _describe(group: "SurveyGroup") -> str:
    told = f"{group.name}: {group.answers} of {group.recipients} answered"
    if group.mean_share is None:
        return told
    used = "which stands for all of them" if group.averaged else "each answer standing for itself"
    return f"{told}, mean {format_share(group.mean_share)}, {used}"
