"""Random keys of an installation, each in a file of its own beside the database, never in it."""

import os
import tempfile
from contextlib import suppress
from pathlib import Path
from secrets import token_hex

KEY_BYTES = 32


def open_key_file(path: Path) -> str:
    """The key in a file, in hexadecimal; made on first use and readable by its owner only."""
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        # Written in full under another name first: of two processes starting at once, one wins and both read its key.
        with tempfile.NamedTemporaryFile("w", dir=path.parent) as draft, suppress(FileExistsError):
            draft.write(token_hex(KEY_BYTES))
            draft.flush()
            os.fsync(draft.fileno())
            os.link(draft.name, path)
    return path.read_text()
