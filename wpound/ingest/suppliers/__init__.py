"""Who was paid: names, identifiers, registers and matching between them."""
