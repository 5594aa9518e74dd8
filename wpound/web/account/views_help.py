"""Where to find help when the second factor is not at hand."""

from flask import render_template

from wpound.web.access import Policy, requires


@requires(Policy.PUBLIC)
def help_with_code() -> str:
    """What somebody can do who has neither app nor passkey at hand."""
    return render_template("account/help_with_code.html")
