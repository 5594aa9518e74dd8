"""Fictional firms: what they do, how big they are and where they can be found."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from random import Random

from wpound.core.places import Ring
from wpound.demo.postcodes import PostcodePool
from wpound.demo.words import Trade, load_data, load_shapes, load_trades

# How many firms trade in each ring; those of the unknown ring are missing from the supplier register.
FIRMS_PER_RING = {
    Ring.CITY: 790,
    Ring.SUB_REGION: 390,
    Ring.COMBINED_AUTHORITY: 330,
    Ring.REGION: 240,
    Ring.UK: 500,
    Ring.UNKNOWN: 250,
}
FAR_RINGS = (Ring.COMBINED_AUTHORITY, Ring.REGION, Ring.UK, Ring.UK)
ENDINGS = {"company": " Ltd", "plc": " PLC", "charity": "", "sole_trader": "", "public": ""}


@dataclass(frozen=True, slots=True)
class DemoSupplier:
    """A fictional firm; blank text is "not known". ``ring`` is where it trades, unknown when it is in no register."""

    name: str
    trade: Trade
    form: str
    ring: Ring
    size: str
    company_number: str = ""
    charity_number: str = ""
    group: str = ""
    registered_postcode: str = ""
    invoice_postcode: str = ""
    trading_postcode: str = ""

    @property
    def is_vcse(self) -> bool:
        """Whether it is a voluntary, community or social enterprise."""
        return self.form == "charity"

    @property
    def is_public_body(self) -> bool:
        """Whether paying it is a transfer inside the public sector."""
        return self.form == "public"

    @property
    def identifier(self) -> str:
        """Its scheme-prefixed identifier, or nothing for a sole trader or public body."""
        if self.company_number:
            return f"GB-COH-{self.company_number}"
        return f"GB-CHC-{self.charity_number}" if self.charity_number else ""

    @property
    def in_register(self) -> bool:
        """Whether the anchors' vendor lists know where it is."""
        return self.ring is not Ring.UNKNOWN


def make_suppliers(chance: Random, postcodes: PostcodePool) -> list[DemoSupplier]:
    """About 2,500 firms, each with a name of its own, in the proportions of what anchors buy."""
    words = _coin_words(chance)
    suppliers: list[DemoSupplier] = []
    for ring, firms in FIRMS_PER_RING.items():
        for _ in range(firms):
            firm = _make_firm(chance, next(words), _pick_trade(chance), ring, len(suppliers))
            suppliers.append(_settle(chance, firm, postcodes) if firm.in_register else firm)
    return suppliers


def address_at(postcode: str) -> str:
    """Where to write to a fictional firm: an invented house at its postcode."""
    return f"Example House, {postcode}"


def email_of(name: str) -> str:
    """An address under a top level that never reaches anybody.

    >>> email_of("Thistlewick Joinery (Example) Ltd")
    'bids@thistlewick.example'
    """
    return f"bids@{name.split()[0].lower()}.example"


def draw(chance: Random, weights: Mapping[str, int]) -> str:
    """Pick a key with chances in proportion to whole weights."""
    return chance.choices(list(weights), list(weights.values()))[0]


def _coin_words(chance: Random) -> Iterator[str]:
    words = load_data("words.toml")
    coined = [first + second for first in words["first"] for second in words["second"]]
    chance.shuffle(coined)
    return iter(coined)


def _pick_trade(chance: Random) -> Trade:
    shapes = load_shapes()
    kind = draw(chance, {key: shape.suppliers for key, shape in shapes.items()})
    return load_trades()[draw(chance, shapes[kind].trades)]


def _make_firm(chance: Random, word: str, trade: Trade, ring: Ring, serial: int) -> DemoSupplier:
    form = draw(chance, trade.forms)
    size = "micro" if form == "sole_trader" else "large" if form == "plc" else draw(chance, trade.sizes)
    firm = DemoSupplier(_name_firm(chance, word, trade, form), trade, form, ring, size)
    if form in ("company", "plc"):
        firm = replace(firm, company_number=f"ZZ{100_000 + serial:06d}")
    if form == "charity":
        firm = replace(firm, charity_number=f"99{serial:05d}")
    return replace(firm, group=f"{word} Group (Example)") if size == "large" and form == "plc" else firm


def _name_firm(chance: Random, word: str, trade: Trade, form: str) -> str:
    noun = chance.choice(trade.nouns)
    if form == "sole_trader":
        return f"{chance.choice('ABCDEFGHJKLMNPRSTW')} {word} t/a {word} {noun} (Example)"
    return f"{word} {noun} (Example){ENDINGS[form]}"


def _settle(chance: Random, firm: DemoSupplier, postcodes: PostcodePool) -> DemoSupplier:
    """Give a firm addresses: mostly one; some are branches, some are registered in the city but work elsewhere."""
    home = postcodes.draw(chance, firm.ring)
    registered = invoice = trading = home
    luck = chance.randrange(100)
    if firm.ring in (Ring.CITY, Ring.SUB_REGION) and luck < (45 if firm.size == "large" else 9):
        registered = postcodes.draw(chance, chance.choice(FAR_RINGS))
        invoice = registered if luck % 2 else home
    elif firm.ring not in (Ring.CITY, Ring.SUB_REGION) and luck < 4:
        registered = postcodes.draw(chance, Ring.CITY)
    elif luck >= 90:
        trading = ""
    elif luck >= 86:
        trading = invoice = ""
    return replace(firm, registered_postcode=registered, invoice_postcode=invoice, trading_postcode=trading)
