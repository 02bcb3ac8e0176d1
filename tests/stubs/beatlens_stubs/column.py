"""A column of the worklist: what kind of recording it is."""

from frontend.pages.worklist.column import Column

COLUMN = Column("stub_kind", "Kind", order=35, width=90, value=lambda row: row["kind"])
