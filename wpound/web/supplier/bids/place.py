"""What every page of a bid begins with: the bid, where it stands, and how much time is left."""

from datetime import timedelta
from typing import Any

from flask import render_template

from wpound.core.errors import NotFound
from wpound.services.view_bid import BidView, view_bid
from wpound.store.engine import reading
from wpound.web.access import current_person
from wpound.web.extensions import site

MINUTES_AN_HOUR, HOURS_A_DAY = 60, 24


def load_bid(ocid: str, lot: int) -> BidView:
    """The bid of the organisation acted for."""
    here = site()
    with reading(here.engine) as session:
        return view_bid(session, current_person(), ocid, lot, catalogue=here.catalogue, settings=here.settings)


def place_of(view: BidView) -> dict[str, Any]:
    """The arguments of the addresses of a bid."""
    return {"ocid": view.place.tender.ocid, "lot": view.place.lot.number}


def show(template: str, view: BidView, **facts: Any) -> str:
    """A page of a bid."""
    return render_template(
        template,
        view=view,
        place=place_of(view),
        tender=view.place.tender,
        deadline=view.place.terms.deadline_at,
        left=say_left(view.left),
        **facts,
    )


def say_left(left: timedelta) -> str:
    """The time left in words, in its two largest parts.

    >>> say_left(timedelta(days=3, hours=4, minutes=5)), say_left(timedelta(minutes=61)), say_left(timedelta(seconds=9))
    ('3 days 4 hours', '1 hour 1 minute', 'less than a minute')
    """
    minutes = int(left.total_seconds()) // 60
    hours, minutes = divmod(minutes, MINUTES_AN_HOUR)
    days, hours = divmod(hours, HOURS_A_DAY)
    parts = [(days, "day"), (hours, "hour"), (minutes, "minute")]
    first = next((i for i, (number, _) in enumerate(parts) if number > 0), None)
    if first is None:
        return "less than a minute"
    told = [f"{number} {name}{'' if number == 1 else 's'}" for number, name in parts[first : first + 2] if number]
    return " ".join(told)


def require_asked(is_asked: bool) -> None:
    """Raise NotFound for a part that this tender does not ask for."""
    if not is_asked:
        raise NotFound("This tender does not ask that.")
