"""Pages that are closed now say why, and what to do instead: a gate is no error."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from flask import render_template

from wpound.core.errors import StaleEdit, StateError
from wpound.web.access import Policy, current_person


def tells_why(view: Callable[..., Any]) -> Callable[..., Any]:
    """Show the words of a StateError on a page of its own; two versions of one edit have theirs elsewhere."""

    @wraps(view)
    def shown(**values: Any) -> Any:
        try:
            return view(**values)
        except StaleEdit:
            raise
        except StateError as error:
            page = render_template(
                "buyer/marking/not_now.html",
                message=error.message,
                ocid=values["ocid"],
                is_evaluator=current_person().meets(Policy.EVALUATOR),
            )
            return page, 409

    return shown
