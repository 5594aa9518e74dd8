"""Codes that a telephone's camera reads, as SVG that can stand in a page."""


def draw_qr_code(text: str, *, title: str, css_class: str, border: int) -> str:
    """An ``<svg>`` element for a text, without a size or a style of its own; ``border`` counts in dots of the code."""
    import segno

    code = segno.make(text, error="m", micro=False)
    return code.svg_inline(
        title=title, border=border, omitsize=True, dark="#0b0c0c", svgclass=css_class, lineclass=None
    )
