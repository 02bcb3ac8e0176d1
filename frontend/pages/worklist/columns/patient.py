"""Age and sex, ordered by age."""

from frontend import format
from frontend.pages.worklist.column import WIDE, Column

COLUMN = Column(
    "patient",
    "Patient",
    order=20,
    width=72,
    value=lambda entry: format.patient(entry["age"], entry["sex"]),
    compare=lambda entry: entry["age"],
    options=WIDE,
)
