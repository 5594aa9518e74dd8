"""A picture that a supplier shows on its own pages: what was verified and whether the certificate still stands."""

from xml.sax.saxutils import escape, quoteattr

BRAND, GREY = "#512f7a", "#505a5f"
WIDTH, HEIGHT = 360, 112
# What fits on a line of small letters.
LONGEST = 52


def draw_badge(headline: str, label: str, notes: tuple[str, str], address: str, *, stands: bool) -> bytes:
    """An SVG of four lines of words that leads to ``address``; grey where the certificate does not stand.

    It needs no script, style or font from anywhere, and its title says in words what it shows.
    """
    first, second = (escape(note if len(note) <= LONGEST else f"{note[: LONGEST - 1]}…") for note in notes)
    title = escape(f"Social value certificate. {headline} {label}. {'. '.join(notes)}. Verify: {address}")
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" width="{WIDTH}" height="{HEIGHT}" '
        f'role="img" aria-labelledby="badge-title"><title id="badge-title">{title}</title>'
        f'<a href={quoteattr(address)} target="_top">'
        f'<rect width="{WIDTH}" height="{HEIGHT}" rx="6" fill="{BRAND if stands else GREY}"/>'
        '<g fill="#ffffff" font-family="\'Source Sans 3\', Arial, sans-serif">'
        '<text x="16" y="26" font-size="14">Social value certificate</text>'
        f'<text x="16" y="60" font-size="30" font-weight="700">{escape(headline)}'
        f'<tspan dx="8" font-size="15" font-weight="400">{escape(label)}</tspan></text>'
        f'<text x="16" y="82" font-size="12">{first}</text><text x="16" y="99" font-size="12">{second}</text>'
        "</g></a></svg>"
    ).encode()
