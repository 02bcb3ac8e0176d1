"""The columns of the worklist: each file exports its `COLUMN`; nothing else names it."""

import sys

from frontend.discovery import discover
from frontend.pages.worklist.column import Column
from frontend.pages.worklist.rows import GROUP


def columns() -> list[Column]:
    """All columns in their order; other packages name theirs as entry points `beatlens.columns`."""
    found = discover(sys.modules[__name__], "COLUMN", Column, GROUP)
    return sorted(found, key=lambda column: column.order)
