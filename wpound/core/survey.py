"""The file form of a local multiplier: the three rounds, or the recipients of R1 and what each spends locally."""

from dataclasses import dataclass
from decimal import Decimal

from wpound.core.form import Form, Problems
from wpound.core.money import Money
from wpound.core.multiplier import RESPONSE_FLOOR, Multiplier, Recipient, Rounds, multiply, multiply_survey


@dataclass(frozen=True, slots=True)
class Survey:
    """What was found out about R1; ``rounds`` is None where recipients were asked."""

    title: str
    area: str
    r1: Money
    rounds: Rounds | None
    recipients: tuple[Recipient, ...]
    response_floor: Decimal

    def work_out(self) -> Multiplier:
        """The multiplier; raises as :func:`multiply` and :func:`multiply_survey` do."""
        return multiply(self.rounds) if self.rounds else multiply_survey(self.r1, self.recipients, self.response_floor)


def read_survey(data: object, problems: Problems) -> Survey:
    """Read the file form, recording every problem; what could not be read is replaced by a harmless stand-in."""
    form = Form(data, "", problems)
    r1, floor = form.money("r1") or Money(0), form.share("response_floor", required=False)
    survey = Survey(
        title=form.text("title", required=False) or "Local multiplier",
        area=form.text("area", required=False),
        r1=r1,
        rounds=_read_rounds(form, r1),
        recipients=tuple(_read_recipient(row) for row in form.rows("recipients", required=False)),
        response_floor=RESPONSE_FLOOR if floor is None else floor,
    )
    form.close()
    return survey


def _read_rounds(form: Form, r1: Money) -> Rounds | None:
    """The rounds of a file that lists no recipients."""
    is_survey = form.has("recipients")
    r2, r3 = (form.money(key, required=not is_survey) for key in ("r2", "r3"))
    if is_survey:
        if r2 is not None or r3 is not None:
            form.refuse("recipients", "stands beside r2 or r3; give either the rounds or the recipients")
        return None
    return Rounds(r1, r2 or Money(0), r3 or Money(0), r3 or Money(0))


def _read_recipient(form: Form) -> Recipient:
    recipient = Recipient(
        name=form.text("name"),
        group=form.text("group"),
        paid=form.money("paid") or Money(0),
        local_share=form.share("local_share", required=False),
        modelled=bool(form.flag("modelled", required=False)),
    )
    form.close()
    return recipient
