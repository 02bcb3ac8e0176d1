"""The first seconds of the first lead."""

from frontend.api import JSON
from frontend.pages.worklist.column import WIDE, Column

TALL = 3.0  # mV: what a series of any unit is drawn as tall as


def spark(entry: JSON) -> list[float | None] | None:
    """Values in mV; those of a series fill the cell, whatever their unit."""
    values: list[float | None] | None = entry["spark"]
    present = [value for value in values or () if value is not None]
    if entry.get("kind", "ecg") == "ecg" or not values or len(present) < 2:
        return values
    by = TALL / ((max(present) - min(present)) or 1.0)
    return [None if value is None else value * by for value in values]


COLUMN = Column(
    "spark",
    "Lead 1, 3 s",
    order=10,
    width=124,
    value=spark,
    renderer="Spark",
    csv=(),
    options={"sortable": False, "flex": 108, "minWidth": 60, **WIDE},
)
