"""The first seconds of the first lead."""

from frontend.pages.worklist.column import Column

COLUMN = Column(
    "spark",
    "Lead 1, 3 s",
    order=10,
    width=124,
    value=lambda entry: entry["spark"],
    renderer="Spark",
    csv=(),
    options={"sortable": False, "flex": 108, "minWidth": 76},
)
