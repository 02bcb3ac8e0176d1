"""The leads by name."""

from frontend.api import JSON
from frontend.pages.worklist.column import Column

FEW = 2  # whose names fit into a cell


def names(entry: JSON) -> str:
    """All names."""
    return ", ".join(entry["leads"])


def shown(entry: JSON) -> str:
    """`MLII, V1`; of many leads how many they are."""
    return names(entry) if len(entry["leads"]) <= FEW else f"{len(entry['leads'])} leads"


COLUMN = Column(
    "leads",
    "Leads",
    order=30,
    width=72,
    value=shown,
    csv=(("Leads", names),),
    words=lambda entry: entry["leads"],
)
