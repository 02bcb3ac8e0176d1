"""The leads by name."""

from frontend.pages.worklist.column import Column

COLUMN = Column(
    "leads",
    "Leads",
    order=30,
    width=76,
    value=lambda entry: ", ".join(entry["leads"]),
    words=lambda entry: entry["leads"],
)
