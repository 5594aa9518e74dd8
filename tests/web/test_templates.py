"""Our own way to write values into pages is MarkupSafe's, and every template uses it."""

from flask import render_template_string
from hypothesis import given
from hypothesis import strategies as st
from markupsafe import Markup, escape

from wpound.web.extensions import escape_text


@given(st.one_of(st.text(), st.text(alphabet="&<>'\"a"), st.text().map(Markup), st.integers(), st.none()))
def test_a_value_is_written_as_markupsafe_writes_it(value: object) -> None:
    assert str(escape_text(value)) == str(escape(value))


def test_every_template_uses_it(make_app) -> None:
    environment = make_app().jinja_env
    for name in ("base.html", "macros/tables.html", "govuk_frontend_jinja/components/button/macro.html"):
        template = environment.get_template(name)
        assert template.root_render_func.__globals__["escape"] is escape_text


def test_macros_calls_and_blocks_escape_once(make_app) -> None:
    source = (
        "{% macro shown(text) %}<b>{{ text }}</b>{{ caller() }}{% endmacro %}"
        "{% set block %}<i>{{ text }}</i>{% endset %}"
        "{% call shown(text) %}{{ text ~ block }}{% endcall %}"
        "{{ [text, block] | join(', ') }}{% filter upper %}{{ text }}{% endfilter %}"
    )
    with make_app().test_request_context():
        made = render_template_string(source, text="<&>")
    safe = "&lt;&amp;&gt;"
    assert made == f"<b>{safe}</b>{safe}<i>{safe}</i>{safe}, <i>{safe}</i>&LT;&AMP;&GT;"
