"""``wpound lm3``: a local multiplier from a file of rounds or of surveyed recipients."""

import json
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any, TypeVar

import click

from wpound.cli.output import print_json
from wpound.core.errors import InputError, InputErrors
from wpound.core.money import Money, round_half_up
from wpound.core.multiplier import (
    RESPONSE_FLOOR,
    Multiplier,
    Recipient,
    Rounds,
    SurveyGroup,
    explain_multiplier,
    multiply,
    multiply_survey,
)

T = TypeVar("T")

TOP_KEYS = {"title", "area", "r1", "r2", "r3", "response_floor", "recipients"}
RECIPIENT_KEYS = {"name", "group", "paid", "local_share", "modelled"}
ROUND_KEYS = {"r2", "r3"}


@dataclass(frozen=True)
class Lm3File:
    """What an LM3 file says: rounds as such, or the recipients of R1 with their surveyed shares."""

    title: str
    area: str
    r1: Money
    rounds: Rounds | None
    recipients: tuple[Recipient, ...]
    response_floor: Decimal

    def work_out(self) -> Multiplier:
        """The multiplier; raises what the rules of :mod:`wpound.core.multiplier` raise."""
        return multiply(self.rounds) if self.rounds else multiply_survey(self.r1, self.recipients, self.response_floor)


class _Fields:
    """Reads fields one by one and keeps every problem with its place, so that all are told at once."""

    def __init__(self) -> None:
        self.problems: list[InputError] = []

    def note(self, place: str, message: str) -> None:
        self.problems.append(InputError(place, message))

    def refuse_unknown(self, values: Mapping[str, Any], known: set[str], place: str) -> None:
        for key in sorted(set(values) - known):
            self.note(f"{place}{key}", f"is not a known field. Known are {', '.join(sorted(known))}.")

    def read(self, values: Mapping[str, Any], key: str, place: str, make: Callable[[Any], T], otherwise: T) -> T:
        """A field that may be left out."""
        try:
            return make(values[key]) if key in values else otherwise
        except (TypeError, ValueError) as error:
            self.note(f"{place}{key}", f"{error}.")
            return otherwise

    def need(self, values: Mapping[str, Any], key: str, place: str, make: Callable[[Any], T], otherwise: T) -> T:
        """A field that must be there."""
        if key not in values:
            self.note(f"{place}{key}", "is missing.")
        return self.read(values, key, place, make, otherwise)


def _text(value: Any) -> str:
    if not isinstance(value, str) or not value.strip():
        raise ValueError(f"{value!r} is not text")
    return value


def _flag(value: Any) -> bool:
    if not isinstance(value, bool):
        raise ValueError(f"{value!r} is neither true nor false")
    return value


def _share(value: Any) -> Decimal:
    if not isinstance(value, str):
        raise ValueError(f'{value!r} is not a share written as text, such as "0.45"')
    try:
        share = Decimal(value)
    except InvalidOperation:
        raise ValueError(f"{value!r} is not a number") from None
    if not 0 <= share <= 1:
        raise ValueError(f"{value} does not lie between 0 and 1")
    return share


def read_lm3_file(path: Path) -> Lm3File:
    """Read an LM3 file, JSON or TOML by its ending; raises InputErrors with every problem and its place."""
    values = _load(path)
    fields = _Fields()
    fields.refuse_unknown(values, TOP_KEYS, "")
    r1 = fields.need(values, "r1", "", Money.from_pounds, Money(0))
    rounds = None
    if "recipients" not in values:
        r2, r3 = (fields.need(values, key, "", Money.from_pounds, Money(0)) for key in ("r2", "r3"))
        rounds = Rounds(r1, r2, r3, r3)
    elif ROUND_KEYS & set(values):
        fields.note("recipients", "stands beside r2 or r3. Give either the rounds or the recipients.")
    read = Lm3File(
        title=fields.read(values, "title", "", _text, "Local multiplier"),
        area=fields.read(values, "area", "", _text, ""),
        r1=r1,
        rounds=rounds,
        recipients=_recipients(values.get("recipients", []), fields),
        response_floor=fields.read(values, "response_floor", "", _share, RESPONSE_FLOOR),
    )
    if fields.problems:
        raise InputErrors(fields.problems)
    return read


def _load(path: Path) -> Mapping[str, Any]:
    try:
        text = path.read_text(encoding="utf-8-sig")
        values = tomllib.loads(text) if path.suffix.lower() == ".toml" else json.loads(text)
    except ValueError as error:
        raise InputError("file", f"{path.name} cannot be read: {error}.") from error
    if not isinstance(values, dict):
        raise InputError("file", f"{path.name} does not hold an object of named fields.")
    return values


def _recipients(values: Any, fields: _Fields) -> tuple[Recipient, ...]:
    if not isinstance(values, list) or not all(isinstance(one, dict) for one in values):
        fields.note("recipients", "is not a list of recipients.")
        return ()
    return tuple(_recipient(one, f"recipients[{place}].", fields) for place, one in enumerate(values, start=1))


def _recipient(values: Mapping[str, Any], place: str, fields: _Fields) -> Recipient:
    fields.refuse_unknown(values, RECIPIENT_KEYS, place)
    return Recipient(
        name=fields.need(values, "name", place, _text, ""),
        group=fields.need(values, "group", place, _text, ""),
        paid=fields.need(values, "paid", place, Money.from_pounds, Money(0)),
        local_share=fields.read(values, "local_share", place, _share, None),
        modelled=fields.read(values, "modelled", place, _flag, False),
    )


def _as_json(file: Lm3File, result: Multiplier) -> dict[str, Any]:
    rounds = result.rounds
    return {
        "title": file.title,
        "area": file.area,
        "rounds": {
            "r1": str(rounds.r1.pounds),
            "r2": str(rounds.r2.pounds),
            "r3_low": str(rounds.r3_low.pounds),
            "r3_high": str(rounds.r3_high.pounds),
        },
        "lm3": {"low": str(result.low), "high": str(result.high), "printed": result.printed},
        "response": None if result.response is None else str(result.response),
        "response_floor": str(file.response_floor),
        "modelled": str(result.modelled.pounds),
        "groups": [
            {
                "name": group.name,
                "recipients": group.recipients,
                "answers": group.answers,
                "mean_share": None if group.mean_share is None else str(group.mean_share),
                "averaged": group.averaged,
            }
            for group in result.groups
        ],
        "explanation": explain_multiplier(result),
    }


def _describe_group(group: SurveyGroup) -> str:
    told = f"{group.name}: {group.answers} of {group.recipients} answered"
    if group.mean_share is None:
        return told
    used = "which stands for all of them" if group.averaged else "each answer standing for itself"
    return f"{told}, mean {round_half_up(group.mean_share * 100, 1)}%, {used}"


def _print_rounds(file: Lm3File, result: Multiplier) -> None:
    rounds = result.rounds
    click.echo(f"{file.title}, {file.area}" if file.area else file.title)
    r3 = rounds.r3_low.format()
    r3 = r3 if rounds.r3_low == rounds.r3_high else f"{r3} to {rounds.r3_high.format()}"
    for label, value in (("R1", rounds.r1.format()), ("R2", rounds.r2.format()), ("R3", r3), ("LM3", result.printed)):
        click.echo(f"  {label:<4} {value}")
    for group in result.groups:
        click.echo(f"  {_describe_group(group)}")
    if result.response is not None:
        click.echo(f"  Answers cover {round_half_up(result.response * 100, 1)}% of R2")
    click.echo(explain_multiplier(result))


@click.command("lm3")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def command(file: Path, as_json: bool) -> None:
    """Work out the local multiplier LM3 from FILE (JSON or TOML)."""
    lm3_file = read_lm3_file(file)
    result = lm3_file.work_out()
    if as_json:
        print_json(_as_json(lm3_file, result))
    else:
        _print_rounds(lm3_file, result)
