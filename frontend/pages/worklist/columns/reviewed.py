"""How many of the beats to read bear a label."""

from frontend.api import JSON
from frontend.pages.worklist.column import LARGEST_FIRST, Column, said


def share(entry: JSON) -> float | None:
    """The share of the beats to read that are read; None where there is none."""
    read, wanted = said(entry).get("read"), said(entry).get("to_read")
    return read / wanted if wanted and read is not None else None


COLUMN = Column(
    "progress",
    "Reviewed",
    order=90,
    width=141,
    value=lambda entry: [said(entry).get(name) for name in ("read", "to_read", "trouble")],
    renderer="Reviewed",
    compare=share,
    csv=(("Read", lambda entry: said(entry).get("read")), ("To read", lambda entry: said(entry).get("to_read"))),
    options=LARGEST_FIRST,
)
