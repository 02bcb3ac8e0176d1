"""How long the recording is."""

from frontend import format
from frontend.pages.worklist.column import WIDE, Column

COLUMN = Column(
    "length",
    "Length",
    order=40,
    width=70,
    value=lambda entry: format.length(entry["seconds"]),
    compare=lambda entry: entry["seconds"],
    options=WIDE,
)
