"""The recording's name, and whether it is synthetic."""

from frontend import format
from frontend.pages.worklist.column import Column

COLUMN = Column(
    "name",
    "Record",
    order=0,
    width=104,
    value=lambda entry: format.record(entry["name"]),
    renderer="RecordName",
    words=lambda entry: [entry["name"], entry["source"], *entry["comments"], *entry.get("notes", ())],
)
