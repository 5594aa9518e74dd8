"""Whether a tender's priorities are the plan's own, and every measure it marks serves one of them."""

from collections.abc import Iterator

from wpound.catalogue.model import Catalogue
from wpound.core.errors import InputError, UnknownMeasure
from wpound.core.form import write_list
from wpound.core.method import Method
from wpound.core.particulars import Particulars

MOST_NAMED = 3


def list_priority_problems(particulars: Particulars, method: Method, catalogue: Catalogue) -> tuple[InputError, ...]:
    """Every priority the plan does not have, and every marked measure that serves none of those chosen.

    A priority is the key of an outcome, objective, ask or principle of the plan. Fields are ``priorities[i]``, and the
    path of the criterion in the method. Nothing is said of measures before a priority is chosen, nor of a measure that
    is not in the catalogue, which is a problem of its own. Source: ``docs/method/particulars.md``.
    """
    return tuple(_problems(particulars, method, catalogue))


def _problems(particulars: Particulars, method: Method, catalogue: Catalogue) -> Iterator[InputError]:
    texts = catalogue.plan.texts()
    for i, key in enumerate(particulars.priorities):
        if key not in texts:
            message = f"{key!r} is no outcome, objective or principle of {catalogue.plan.title}; choose from the list"
            yield InputError(f"priorities[{i}]", message)
    chosen = set(particulars.priorities) & texts.keys()
    for leaf in method.tree.leaves if chosen else ():
        if not leaf.criterion.measure:
            continue
        try:
            measure = catalogue.get_measure(leaf.criterion.measure)
        except UnknownMeasure:
            continue
        if not chosen & set(measure.serves):
            yield InputError(
                f"{leaf.path}.measure", f"{measure.title} serves none of the priorities. {_hint(measure.serves, texts)}"
            )


def _hint(serves: tuple[str, ...], texts: dict[str, str]) -> str:
    if not serves:
        return "The plan names nothing that it serves: mark another measure."
    named = write_list([f'"{texts[key]}"' for key in serves[:MOST_NAMED]])
    return f"Mark another measure, or choose a priority it does serve, such as {named}."
